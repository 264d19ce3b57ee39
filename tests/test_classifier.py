"""Kinds by duration, and which bursts belong together."""

import pytest

from myowatch.signal.bursts.grouping import Grouper
from myowatch.signal.dsp.spans import Group, Scale, Span
from myowatch.signal.model.events import Kind
from myowatch.signal.verdict.classification import Durations, classify

DURATIONS = Durations(twitch_max=250, cramp_min=6000)


@pytest.mark.parametrize(
    ("duration", "kind"),
    [
        (1, Kind.TWITCH),
        (250, Kind.TWITCH),
        (251, Kind.MOVEMENT),
        (5999, Kind.MOVEMENT),
        (6000, Kind.CRAMP),
        (600_000, Kind.CRAMP),
    ],
)
def test_the_duration_decides_the_kind(duration: int, kind: Kind) -> None:
    assert classify(duration, DURATIONS) is kind


def grouped(
    *spans: tuple[int, int, float] | tuple[int, int, float, Scale], steady: bool = False
) -> list[Group]:
    """Group spans at 1 kHz: onset, offset, peak, and the scale if it is not the brief one."""
    stage = Grouper(1000.0, twitch_max_s=0.25, doublet_s=0.11, slack_s=0.25, steady=steady)
    all_spans = [Span(s[0], s[1], s[2], 1.0, s[3] if len(s) > 3 else Scale.BRIEF) for s in spans]
    return stage.process(all_spans, 10**6) + stage.flush()


def test_a_doublet_is_one_twitch_with_a_count() -> None:
    (group,) = grouped((100, 110, 50.0), (135, 145, 40.0))
    assert (group.onset, group.offset, group.count) == (100, 145, 2)


def test_phases_of_one_potential_are_not_counted_apart() -> None:
    (group,) = grouped((100, 110, 50.0), (114, 120, 40.0))
    assert group.count == 1


@pytest.mark.parametrize(("second", "n_groups"), [(210, 1), (211, 2)])
def test_potentials_are_joined_up_to_110_milliseconds(second: int, n_groups: int) -> None:
    assert len(grouped((100, 110, 50.0), (second, second + 10, 40.0))) == n_groups


def test_dips_inside_a_contraction_do_not_divide_it() -> None:
    (group,) = grouped((100, 500, 50.0), (700, 1200, 50.0), (1450, 1900, 50.0))
    assert (group.onset, group.offset) == (100, 1900)


def test_contractions_do_not_chain_into_a_cramp() -> None:
    spans = [(at, at + 3000, 50.0) for at in range(0, 60_000, 4000)]
    assert len(grouped(*spans)) == len(spans)


def test_a_long_event_may_be_interrupted_for_longer() -> None:
    lasting = (0, 6000, 50.0, Scale.SUSTAINED), (6700, 12_000, 50.0, Scale.SUSTAINED)
    (group,) = grouped(*lasting)
    assert (group.onset, group.offset) == (0, 12_000)
    assert len(grouped(lasting[0], (7000, 12_000, 50.0, Scale.SUSTAINED))) == 2


def test_the_edge_of_a_contraction_is_not_a_twitch() -> None:
    (group,) = grouped((0, 1000, 100.0), (1400, 1410, 45.0), (2900, 2910, 20.0))
    assert (group.onset, group.offset) == (0, 1000)


def test_a_twitch_as_strong_as_the_contraction_before_it_is_kept() -> None:
    assert len(grouped((0, 1000, 100.0), (1400, 1410, 90.0))) == 2


def test_a_faint_twitch_after_the_muscle_has_come_to_rest_is_kept() -> None:
    assert len(grouped((0, 1000, 100.0), (4100, 4110, 20.0))) == 2


def test_twitches_after_a_contraction_count_if_there_are_some_at_rest() -> None:
    at_rest = [(at, at + 10, 20.0) for at in range(0, 50_000, 4000)]
    after = [(52_000, 53_000, 100.0), (53_700, 53_710, 20.0), (54_500, 54_510, 20.0)]
    assert len(grouped(*at_rest, *after, steady=True)) == len(at_rest) + 2
    assert len(grouped(*at_rest[:5], *after, steady=True)) == 6


def test_a_potential_that_leads_into_a_contraction_is_part_of_it() -> None:
    (group,) = grouped((0, 20, 50.0), (140, 1100, 100.0))
    assert group.onset == 140


def test_faint_activity_beside_a_burst_does_not_move_its_edges() -> None:
    (group,) = grouped((0, 10, 4.0), (60, 160, 100.0), (175, 185, 4.0))
    assert (group.onset, group.offset) == (60, 160)


def test_a_train_of_four_per_second_or_more_is_not_single_twitches() -> None:
    spans = [(at, at + 10, 50.0) for at in range(0, 20_000, 200)]
    groups = grouped(*spans)
    assert len(groups) == 4
    assert groups[-1].offset - groups[-1].onset > 19_000


def test_the_slow_scale_fills_gaps_and_the_brief_one_gives_the_edges() -> None:
    (group,) = grouped(
        (1000, 1010, 50.0), (1000 - 60, 3200, 50.0, Scale.SUSTAINED), (3080, 3100, 50.0)
    )
    assert (group.onset, group.offset) == (1000, 3100)


def test_slow_motion_is_known_as_a_share_of_the_time() -> None:
    (group,) = grouped((0, 1000, 50.0), (0, 500, 50.0, Scale.MOTION))
    assert group.moved == pytest.approx(0.5)
