"""How felt and detected agree (issue 6, point 2): honest beside chance, silent with few presses."""

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from myowatch.signal.model.events import Event, Kind, Reason
from myowatch.signal.model.samples import Modality, Stream, Unit
from myowatch.signal.statistics.felt_agreement import (
    ENOUGH,
    REACTION_S,
    FeltAgreement,
    Verdict,
    felt_agreement,
)

RATE = 200.0
LENGTH_S = 600
STREAM = Stream("EMG", Modality.EMG, Unit.MICROVOLT, RATE, ("EMG",), 0.1)
times = st.lists(st.integers(0, LENGTH_S * 2 - 1).map(lambda half: half / 2), max_size=30)
gaps = st.lists(
    st.tuples(st.integers(0, LENGTH_S - 1), st.integers(1, 60)).map(lambda g: (g[0], g[0] + g[1])),
    max_size=3,
)


def twitch(at_s: float) -> Event:
    onset = round(at_s * RATE)
    return Event("EMG", Kind.TWITCH, onset, onset + 4)


def gap(from_s: float, to_s: float) -> Event:
    return Event("EMG", Kind.ARTEFACT, round(from_s * RATE), round(to_s * RATE), reason=Reason.GAP)


def agree(
    twitches: list[float], presses: list[float], lost: list[tuple[int, int]] | None = None
) -> FeltAgreement:
    events = [*map(twitch, twitches), *(gap(*span) for span in lost or [])]
    return felt_agreement(STREAM, round(LENGTH_S * RATE), events, presses)


@settings(max_examples=40)
@given(times, times, gaps)
def test_presses_in_unscored_time_do_not_count(
    twitches: list[float], presses: list[float], lost: list[tuple[int, int]]
) -> None:
    felt = agree(twitches, presses, lost)
    for share in (felt.presses, felt.twitches):
        assert 0 <= share.count <= share.of
        assert 0 <= share.chance <= 1
    in_gap = {p for p in presses if any(a <= p < b for a, b in lost)}
    assert (felt.presses.of, felt.unscored) == (len(set(presses)) - len(in_gap), len(in_gap))
    assert felt.twitches.of == len(twitches)


@settings(max_examples=40)
@given(times, times)
def test_a_press_agrees_exactly_if_a_twitch_came_shortly_before_it(
    twitches: list[float], presses: list[float]
) -> None:
    felt = agree(twitches, presses)
    followed = [any(0 <= p - t <= REACTION_S + 1e-9 for t in twitches) for p in set(presses)]
    felt_ones = [any(0 <= p - t <= REACTION_S + 1e-9 for p in presses) for t in twitches]
    assert (felt.presses.count, felt.twitches.count) == (sum(followed), sum(felt_ones))


@settings(max_examples=40)
@given(times, times, st.floats(0, LENGTH_S - 1))
def test_one_more_press_never_makes_fewer_twitches_felt(
    twitches: list[float], presses: list[float], more: float
) -> None:
    assume(all(abs(more - press) > 0.3 for press in presses))
    before, after = agree(twitches, presses), agree(twitches, [*presses, more])
    assert after.twitches.count >= before.twitches.count
    assert after.presses.of == before.presses.of + 1


@pytest.mark.parametrize("per_minute", [2, 20])
def test_chance_is_what_blind_presses_come_to(per_minute: int) -> None:
    rng = np.random.default_rng(4)
    twitches = rng.uniform(0, LENGTH_S, per_minute * LENGTH_S // 60).tolist()
    blind = np.sort(rng.permutation(LENGTH_S * 2)[:900] / 2.0).tolist()
    felt = agree(twitches, blind, lost=[(100, 160)])
    assert felt.presses.count / felt.presses.of == pytest.approx(felt.presses.chance, abs=0.04)
    assert felt.presses.verdict is Verdict.LIKE_CHANCE


def test_presses_that_follow_twitches_are_beyond_chance_and_far_from_them_below_it() -> None:
    twitches = [20.0 * k for k in range(1, 29)]
    felt = agree(twitches, [t + 0.8 for t in twitches[:14]])
    assert (felt.presses.count, felt.presses.of) == (14, 14)
    assert felt.presses.verdict is felt.twitches.verdict is Verdict.BEYOND_CHANCE
    assert (felt.twitches.count, felt.twitches.of) == (14, 28)
    dense = [2.6 * k for k in range(230)]
    assert agree(dense, [t - 0.05 for t in dense[1:60]]).presses.verdict is Verdict.BELOW_CHANCE


def test_presses_during_constant_twitching_prove_nothing() -> None:
    felt = agree([0.5 * k for k in range(1200)], [7.0 * k + 0.1 for k in range(80)])
    assert felt.presses.chance == pytest.approx(1, abs=0.01)
    assert felt.presses.verdict is Verdict.LIKE_CHANCE


@settings(max_examples=40)
@given(times, times)
def test_too_few_presses_give_no_share(twitches: list[float], presses: list[float]) -> None:
    for share in (agree(twitches, presses).presses, agree(twitches, presses).twitches):
        assert (share.interval is None) == (share.of < ENOUGH)
        assert (share.verdict is Verdict.TOO_FEW) == (share.of < ENOUGH)
        if share.interval:
            assert 0 <= share.interval[0] <= share.count / share.of <= share.interval[1] <= 1


def test_a_double_click_is_one_press() -> None:
    felt = agree([10.0], [10.5, 10.6, 10.72])
    assert (felt.presses.count, felt.presses.of) == (1, 1)


def test_a_reaction_time_of_zero_is_refused() -> None:
    with pytest.raises(ValueError, match="above 0 s, got 0"):
        felt_agreement(STREAM, 100, [], [], reaction_s=0)
