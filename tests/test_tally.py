"""Counts, scorable time, exact intervals, minutes."""

import random
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import chi2, poisson

from myowatch.signal.dsp.spans import Union
from myowatch.signal.model.events import Event, Kind, Reason
from myowatch.signal.model.samples import Modality, Stream, Unit
from myowatch.signal.statistics.counts import Tally, poisson_interval, tally

RATE = 100
STREAM = Stream("EMG", Modality.EMG, Unit.MICROVOLT, RATE, ("EMG",), 0.1)


def twitch(at_s: float, stream: str = "EMG") -> Event:
    return Event(stream, Kind.TWITCH, round(at_s * RATE), round(at_s * RATE) + 2, 100.0, 20.0)


def lost(begin_s: float, end_s: float, reason: Reason = Reason.GAP) -> Event:
    return Event("EMG", Kind.ARTEFACT, round(begin_s * RATE), round(end_s * RATE), reason=reason)


@pytest.mark.parametrize("count", [0, 1, 2, 5, 41, 1000])
def test_the_interval_is_garwoods(count: int) -> None:
    low, high = poisson_interval(count)
    assert low == pytest.approx(chi2.ppf(0.025, 2 * count) / 2 if count else 0.0)
    assert high == pytest.approx(chi2.ppf(0.975, 2 * count + 2) / 2)


@given(st.integers(1, 500), st.floats(0.5, 0.999))
def test_each_end_leaves_half_the_rest_to_the_poisson_distribution(
    count: int, level: float
) -> None:
    low, high = poisson_interval(count, level=level)
    assert poisson.sf(count - 1, low) == pytest.approx((1 - level) / 2, rel=1e-6)
    assert poisson.cdf(count, high) == pytest.approx((1 - level) / 2, rel=1e-6)


@pytest.mark.parametrize(("count", "level"), [(-1, 0.95), (3, 0.0), (3, 1.0)])
def test_impossible_counts_and_levels_are_refused(count: int, level: float) -> None:
    with pytest.raises(ValueError, match="need count >= 0 and 0 < level < 1"):
        poisson_interval(count, level=level)


def test_rates_are_over_scorable_time_only() -> None:
    events = [twitch(at) for at in range(10, 200, 10)] + [lost(200, 260), lost(250, 290)]
    summary = tally(STREAM, events).summary(300 * RATE)
    assert summary.scorable_s == pytest.approx(210.0)
    assert summary.twitches == 19
    assert summary.twitches_per_min == pytest.approx(19 / 3.5)
    assert summary.ci95 == pytest.approx(np.array(poisson_interval(19)) / 3.5)


@pytest.mark.parametrize(("seconds", "has_rate"), [(119.99, False), (120.0, True)])
def test_there_is_no_rate_before_two_scorable_minutes(seconds: float, has_rate: bool) -> None:  # noqa: FBT001
    summary = tally(STREAM, [twitch(5)]).summary(round(seconds * RATE))
    assert (summary.twitches_per_min is not None) is has_rate
    assert (summary.ci95 is not None) is has_rate


def test_only_unscorable_reasons_take_time_away() -> None:
    events = [lost(0, 1, Reason.EDGE), lost(5, 9, Reason.ELECTRODE_POP), lost(20, 30, Reason.NOISE)]
    summary = tally(STREAM, events).summary(60 * RATE)
    assert summary.unscorable == {"edge": 1.0, "noise": 10.0}
    assert summary.scorable_s == pytest.approx(49.0)


def test_other_streams_are_left_out_and_nothing_gives_nothing() -> None:
    summary = tally(STREAM, [twitch(1, stream="other")]).summary(0)
    assert (summary.twitches, summary.scorable_s, summary.twitches_per_min) == (0, 0.0, None)
    assert tally(STREAM, []).minutes(0) == []


@given(
    n_samples=st.integers(0, 20 * 60 * RATE),
    times=st.lists(st.floats(0, 1200)),
    gaps=st.lists(st.tuples(st.floats(0, 1200), st.floats(0.01, 200))),
)
def test_minutes_add_up_to_the_whole(
    n_samples: int, times: list[float], gaps: list[tuple[float, float]]
) -> None:
    events = [twitch(t) for t in times if t * RATE < n_samples - 1]
    events += [
        lost(a, a + d, Reason.FLAT)
        for a, d in gaps
        if a * RATE < n_samples and round((a + d) * RATE) > round(a * RATE)
    ]
    summary = tally(STREAM, events).summary(n_samples)
    minutes = tally(STREAM, events).minutes(n_samples)
    assert sum(m.twitches for m in minutes) == summary.twitches
    assert sum(m.scorable_s for m in minutes) == pytest.approx(summary.scorable_s, abs=1e-6)
    assert all(-1e-9 <= m.scorable_s <= 60 + 1e-9 for m in minutes)
    assert [m.minute for m in minutes] == list(range(-(-n_samples // (60 * RATE))))


NIGHT = Stream("EMG", Modality.EMG, Unit.MICROVOLT, 1000.0, ("EMG",), 0.025)


@st.composite
def events_of_a_night(draw: st.DrawFn) -> list[Event]:
    onsets = sorted(draw(st.lists(st.integers(0, 400_000), max_size=30)))
    reasons = st.sampled_from([None, None, Reason.NOISE, Reason.ECG])
    kinds = st.sampled_from([Kind.TWITCH, Kind.CRAMP, Kind.MOVEMENT])
    events = []
    for onset in onsets:
        offset, reason = onset + draw(st.integers(1, 30_000)), draw(reasons)
        kind = Kind.ARTEFACT if reason else draw(kinds)
        events.append(Event("EMG", kind, onset, offset, reason=reason))
    return events


@given(events_of_a_night(), st.randoms())
def test_counts_made_on_the_way_are_those_of_all_events(
    events: list[Event], rng: random.Random
) -> None:
    at_once = tally(NIGHT, events)
    rng.shuffle(events)
    on_the_way = Tally(NIGHT)
    for event in events:
        on_the_way.add(event)
    assert on_the_way.summary(500_000) == at_once.summary(500_000)
    assert on_the_way.minutes(500_000) == at_once.minutes(500_000)


@given(events_of_a_night())
def test_stretches_cover_what_any_of_them_covers(events: list[Event]) -> None:
    stretches, covered = Union(), np.zeros(600_000, bool)
    for event in events:
        stretches.add(event.onset, event.offset)
        covered[event.onset : event.offset] = True
    assert stretches.covered(500_000) == covered[:500_000].sum()


def test_an_unscorable_stretch_that_goes_on_counts_until_now() -> None:
    counted = Tally(NIGHT)
    counted.add(Event("EMG", Kind.ARTEFACT, 0, 1000, reason=Reason.EDGE))
    assert counted.summary(10_000).scorable_s == 9.0
    assert counted.summary(10_000, unscorable_since=8_000).scorable_s == 7.0


def test_a_provisional_event_counts_until_it_is_settled() -> None:
    counted = tally(STREAM, [twitch(5), replace(twitch(70), provisional=True), lost(80, 82)])
    assert counted.summary(9000).twitches == 2
    assert [m.twitches for m in counted.minutes(9000)] == [1, 1]
    assert [event.onset for event in counted.replaced_by(8000)] == [7000]
    counted.settle(8000)
    assert counted.summary(9000).twitches == 1
    counted.add(replace(twitch(70), onset=5990))
    assert [m.twitches for m in counted.minutes(9000)] == [2, 0]


def test_unscorable_time_that_is_announced_and_settled_is_lost_once() -> None:
    counted = tally(STREAM, [replace(lost(10, 20), provisional=True)])
    assert counted.summary(6000).scorable_s == 50
    counted.settle(3000)
    counted.add(lost(10, 20))
    assert counted.summary(6000).scorable_s == 50


def test_twitches_of_50_microvolts_peak_to_peak_are_counted_apart() -> None:
    peaks = (24.9, 25.0, 300.0)
    events = [replace(twitch(n), peak=peak) for n, peak in enumerate(peaks)]
    events += [Event("EMG", Kind.MOVEMENT, 900, 999, 500.0)]
    assert tally(STREAM, events).summary(6000).twitches_above_50_uv == 2
    for changes in ({"unit": Unit.ADC}, {"modality": Modality.ENVELOPE}):
        other = replace(STREAM, **changes)
        assert tally(other, events).summary(6000).twitches_above_50_uv is None


def test_the_smallest_detectable_twitch_is_the_median_of_the_minutes() -> None:
    counted = tally(STREAM, [], {0: 30.0, 1: 34.0, 5: 90.0})
    assert counted.summary(30_000).detectable_peak == 34.0
    assert [m.detectable_peak for m in counted.minutes(3 * 6000)] == [30.0, 34.0, 0.0]
    assert tally(STREAM, []).summary(30_000).detectable_peak is None
