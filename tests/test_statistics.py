"""What a stream's events say together: scatter, amplitude, doublets, references, JSON."""

import json
import random
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import chi2
from test_real_recordings_detection import SOLO_S, emg, events_of

from myowatch.recordings.analysis.analyze import Analysis
from myowatch.recordings.export.analysis_json import analysis_as_json
from myowatch.signal.model.events import Event, Kind, Reason
from myowatch.signal.model.samples import Modality, Stream, Unit
from myowatch.signal.statistics.counts import Minute, dispersion, poisson_interval
from myowatch.signal.statistics.reference_rates import reference_of
from myowatch.signal.statistics.stream_statistics import amplitude, statistics

EMG = Stream("EMG", Modality.EMG, Unit.MICROVOLT, 1000.0, ("EMG",), 0.025, "left-thigh")


def twitch(onset: int, peak: float = 50.0, count: int = 1) -> Event:
    return Event("EMG", Kind.TWITCH, onset, onset + 12, peak, count=count)


def minutes(*counts: int, scorable_s: float = 60.0) -> list[Minute]:
    return [Minute("EMG", i, n, 0, 0, scorable_s) for i, n in enumerate(counts)]


def test_of_whole_minutes_the_index_of_dispersion_is_variance_over_mean() -> None:
    counts = [3, 5, 0, 9, 4, 2, 7]
    found = dispersion(minutes(*counts))
    assert found.index == pytest.approx(np.var(counts, ddof=1) / np.mean(counts))
    assert found.p == pytest.approx(chi2.sf(6 * np.var(counts, ddof=1) / np.mean(counts), 6))


@pytest.mark.parametrize(
    ("counts", "known"), [((3, 3, 3, 3), 0), ((1, 1, 1, 3, 3), 0), ((2, 2, 2, 2, 2), 1)], ids=str
)
def test_five_minutes_and_ten_twitches_are_needed_to_tell(
    counts: tuple[int, ...], known: int
) -> None:
    assert (dispersion(minutes(*counts)).index is not None) == known


def test_a_minute_that_was_hardly_scored_takes_no_part_and_half_a_one_counts_half() -> None:
    hardly = replace(minutes(40)[0], scorable_s=29.9)
    assert dispersion([*minutes(4, 6, 5, 5, 5), hardly]).minutes == 5
    halves = [*minutes(4, 4, 4, 4), *minutes(2, 2, 2, 2, scorable_s=30.0)]
    assert dispersion(halves).index == pytest.approx(0.0)


def test_clustered_counts_are_not_poisson_and_widen_the_interval() -> None:
    found = dispersion(minutes(0, 0, 40, 35, 0, 1, 0, 44, 0, 0))
    assert found.is_poisson is False
    assert found.ci95 is not None
    low, high = poisson_interval(120)
    assert found.ci95[0] < low / 10 < 12 < high / 10 < found.ci95[1]


@pytest.mark.parametrize("rate", [0.5, 3.0, 40.0])
def test_poisson_counts_are_seldom_called_anything_else(rate: float) -> None:
    rng = np.random.default_rng(4)
    found = [dispersion(minutes(*rng.poisson(rate, 60).tolist())) for _ in range(300)]
    assert sum(one.is_poisson is False for one in found) <= 0.04 * len(found)
    assert all(one.ci95 is None for one in found if one.is_poisson)


def test_amplitudes_have_quartiles_and_a_maximum() -> None:
    found = amplitude([twitch(i, peak) for i, peak in enumerate([10.0, 20.0, 30.0, 40.0, 500.0])])
    assert (found.median, found.quartiles, found.largest) == (30.0, (20.0, 40.0), 500.0)
    assert amplitude([]).median is None


def test_doublets_are_twitches_of_two_potentials_or_more() -> None:
    found = statistics(EMG, 60_000, [twitch(1000), twitch(2000, count=2), twitch(3000, count=3)])
    assert (found.doublets, found.doublet_share) == (2, 2 / 3)
    assert statistics(EMG, 60_000, []).doublet_share is None


@pytest.mark.parametrize(
    ("site", "muscle"),
    [
        ("left-shin", "tibialis anterior"),
        ("right tibialis anterior", "tibialis anterior"),
        ("left foot", "abductor hallucis"),
        ("Right_Calf", "gastrocnemius"),
        ("left-thigh", None),
        ("", None),
    ],
)
def test_references_are_found_by_the_site_and_only_where_there_are_any(
    site: str, muscle: str | None
) -> None:
    found = reference_of(replace(EMG, site=site))
    assert (found.muscle if found else None) == muscle


def test_an_accelerometer_has_no_reference() -> None:
    axes = ("x", "y", "z")
    acc = Stream("ACC", Modality.ACCELEROMETER, Unit.G, 104.0, axes, 2e-6, "left-shin")
    assert reference_of(acc) is None


@st.composite
def any_events(draw: st.DrawFn) -> list[Event]:
    kinds = st.sampled_from([Kind.TWITCH, Kind.TWITCH, Kind.MOVEMENT, Kind.CRAMP, Kind.ARTEFACT])
    events = []
    for onset in draw(st.lists(st.integers(0, 900_000), max_size=30, unique=True)):
        kind = draw(kinds)
        reason = draw(st.sampled_from([Reason.GAP, Reason.ECG])) if kind is Kind.ARTEFACT else None
        events.append(
            Event("EMG", kind, onset, onset + draw(st.integers(1, 20_000)), reason=reason)
        )
    return events


@given(any_events(), st.randoms())
def test_the_order_of_the_events_and_other_streams_do_not_matter(
    events: list[Event], rng: random.Random
) -> None:
    expected = statistics(EMG, 950_000, events)
    shuffled = [*events, replace(twitch(500), stream="other")]
    rng.shuffle(shuffled)
    assert statistics(EMG, 950_000, shuffled) == expected


@given(any_events())
def test_the_json_never_holds_nan(events: list[Event]) -> None:
    said = analysis_as_json(Analysis("a.csv", (EMG,), {"EMG": 950_000}, events))
    json.dumps(said, allow_nan=False)
    assert list(said["summary"][0]["statistics"]) == [
        *("intervals", "isolation", "clusters", "dispersion", "amplitude", "doublets"),
        *("periodic_movements", "recurrence", "reference"),
    ]


def test_the_brief_bursts_of_a_real_recording_come_every_three_seconds_or_so() -> None:
    ((stream, samples),) = emg("emg_1000_hz_16_bits_solo.h5")
    (events,) = events_of("emg_1000_hz_16_bits_solo.h5")
    strong = [event for event in events if event.peak > 200]
    found = statistics(stream, len(samples), strong)
    assert found.intervals.median_s == pytest.approx(np.median(np.diff(SOLO_S)), abs=0.25)
    assert found.isolation.continual == 0
    assert found.amplitude.largest == pytest.approx(1618, rel=0.02)
    assert [one.series for one in found.periodic] == [0, 0]


def test_contractions_made_on_purpose_look_like_a_series_too() -> None:
    ((stream, samples),) = emg("emg_fatigue.h5")
    (events,) = events_of("emg_fatigue.h5")
    aasm, wasm = statistics(stream, len(samples), events).periodic
    assert aasm.movements >= 10
    assert (wasm.movements, aasm.per_hour) == (0, None)
