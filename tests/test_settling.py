"""Provisional events are settled later: when, and what replaces them."""

from dataclasses import replace
from itertools import pairwise

import numpy as np
import pytest
from event_lists import provisional, settled
from hypothesis import given
from hypothesis import strategies as st

from myowatch.signal.detector.detect import detect
from myowatch.signal.detector.detector import Detector
from myowatch.signal.model.events import Event, Kind, Quality, current_events
from myowatch.signal.model.samples import Modality, SampleBlock, Samples, Stream, Unit, quantise
from myowatch.signal.model.settings import DetectionSettings
from myowatch.signal.verdict.settling import Settling, n_leading

RATE = 1000.0
EMG = Stream("EMG", Modality.EMG, Unit.MICROVOLT, RATE, ("EMG",), 0.05)
DELAY, HOP = 400, 20

spans = st.lists(
    st.tuples(st.integers(0, 3000), st.integers(1, 900)).map(lambda s: (s[0], s[0] + s[1])),
    max_size=25,
).map(sorted)


def twitch(onset: int, offset: int) -> Event:
    return Event("EMG", Kind.TWITCH, onset, offset)


def fed(
    stage: Settling, events: list[Event], cuts: list[int], end: int = 4000
) -> list[tuple[int, list[Event]]]:
    """Give each event as soon as its end is known; return what came at each step."""
    found, left = [], list(events)
    for begin, now in pairwise([0, *sorted(cuts), end]):
        new = [e for e in left if begin <= e.offset < now]
        # Those that began before one that lasts still wait, as in a segment.
        known = min([e.onset for e in left if e.offset >= now], default=now)
        new = [e for e in left if e.onset < known and e.offset < now]
        left = left[len(new) :]
        found.append((now, stage.process(new, now, known)))
    found.append((end, stage.flush(left, end)))
    return found


@given(spans, st.lists(st.integers(1, 3999), max_size=30))
def test_any_cutting_gives_the_same_two_lists(
    spans: list[tuple[int, int]], cuts: list[int]
) -> None:
    events = [twitch(*span) for span in spans]
    found = [e for _, each in fed(Settling(DELAY, HOP), events, cuts) for e in each]
    assert settled(found) == events
    assert provisional(found) == [replace(event, provisional=True) for event in events]


@given(spans, st.lists(st.integers(1, 3999), max_size=30))
def test_one_sample_divides_settled_events_from_the_others(
    spans: list[tuple[int, int]], cuts: list[int]
) -> None:
    stage = Settling(DELAY, HOP)
    events, seen = [twitch(*span) for span in spans], []
    before, left = 0, list(events)
    for now in [*sorted(cuts), 4000]:
        known = min([e.onset for e in left if e.offset >= now], default=now)
        new = [e for e in left if e.onset < known]
        left = left[len(new) :]
        seen += stage.process(new, now, known)
        until = stage.settled_until
        assert before <= until
        assert all(e.offset <= until for e in settled(seen))
        assert all(e.offset > until for e in events if e not in settled(seen))
        standing = current_events(seen, {"EMG": until})
        assert [replace(e, provisional=False) for e in standing if e.provisional] == [
            e for e in events if e.offset > until and replace(e, provisional=True) in seen
        ]
        before = until


def test_events_settle_on_a_grid_after_the_delay() -> None:
    stage = Settling(DELAY, HOP)
    stage.process([twitch(100, 110)], 130, 130)
    assert stage.process([], 519, 519) == []
    assert stage.process([], 520, 520) == [twitch(100, 110)]
    assert stage.settled_until == 120


def test_nothing_settles_while_something_earlier_may_still_come() -> None:
    stage = Settling(DELAY, HOP)
    stage.process([twitch(100, 300)], 2000, 200)
    assert stage.settled_until == 200
    assert stage.process([twitch(200, 250)], 2020, 2000)[1:] == [twitch(100, 300), twitch(200, 250)]


@given(st.lists(st.integers(0, 50), max_size=12), st.integers(-1, 60))
def test_leading_events_end_before_all_that_follow(offsets: list[int], last: int) -> None:
    n = n_leading(offsets, last)
    assert all(a < b for a in offsets[:n] for b in offsets[n:])
    assert all(offset <= last for offset in offsets[:n])
    for more in range(n + 1, len(offsets) + 1):
        fits = all(offset <= last for offset in offsets[:more])
        assert not (fits and all(a < b for a in offsets[:more] for b in offsets[more:]))


def recorded(seconds: float = 40.0) -> Samples:
    samples = np.random.default_rng(0).normal(0.0, 5.0, (round(seconds * RATE), 1))
    phase = np.linspace(0, 2 * np.pi, 15)
    for onset in range(13_000, len(samples) - 100, 1370):
        samples[onset : onset + 15, 0] += 150.0 * np.sin(phase)
    return quantise(samples, EMG.resolution)


@pytest.mark.parametrize("settle_s", [0.0, 4.0, 10.0])
def test_a_twitch_settles_at_its_time_by_sample_clock(settle_s: float) -> None:
    samples = recorded()
    detector = Detector([EMG], DetectionSettings(settle_s=settle_s))
    at: dict[bool, dict[int, float]] = {True: {}, False: {}}
    for begin in range(0, len(samples), 50):
        for event in detector.process(SampleBlock(EMG, begin, samples[begin : begin + 50])):
            if event.kind is Kind.TWITCH:
                at[event.provisional][event.onset] = (begin + 50 - event.offset) / RATE
                assert event.provisional or event.offset <= detector.settled_until("EMG")
    assert len(at[True]) >= 19
    assert max(at[True].values()) <= 0.4
    for onset, seconds in at[False].items():
        assert max(settle_s, at[True][onset]) <= seconds <= max(settle_s, 0.4) + 0.4
    assert len(at[False]) >= 19 - settle_s / 1.37


def test_a_gap_settles_what_came_before_it() -> None:
    samples = recorded(20.0)
    samples[18_500:19_500] = np.nan
    detector = Detector([EMG])
    events = detector.process(SampleBlock(EMG, 0, samples[:18_600]))
    assert [replace(e, provisional=False) for e in provisional(events)] == settled(events)
    assert detector.settled_until("EMG") == 18_500


def test_detect_returns_settled_events_only_and_each_once() -> None:
    found = [e.onset_s for e in detect(recorded(), RATE)]
    assert len(found) == len(set(found)) >= 19


def test_a_delay_must_be_finite_and_not_negative() -> None:
    for seconds in (-1.0, float("inf"), float("nan")):
        with pytest.raises(ValueError, match="until events settle"):
            DetectionSettings(settle_s=seconds)


def test_only_a_cramp_or_a_movement_has_a_probability_of_cramp() -> None:
    assert Event("EMG", Kind.CRAMP, 0, 9, cramp_probability=0.654).cramp_probability == 0.65
    for kind, probability in ((Kind.TWITCH, 0.5), (Kind.CRAMP, 1.2)):
        with pytest.raises(ValueError, match="need a probability of 0 to 1 for a cramp"):
            Event("EMG", kind, 0, 9, cramp_probability=probability)


def test_the_smallest_twitch_that_would_be_found_is_stated_for_each_minute() -> None:
    quiet, loud = (np.random.default_rng(1).normal(0.0, s, (120_000, 1)) for s in (4.0, 12.0))
    samples = quantise(np.concatenate([quiet, loud]), EMG.resolution)
    peaks = {}
    for step in (240_000, 7000):
        detector = Detector([EMG])
        for begin in range(0, len(samples), step):
            detector.process(SampleBlock(EMG, begin, samples[begin : begin + step]))
        peaks[step] = detector.detectable_peaks("EMG")
        condition = detector.condition("EMG")
        assert condition.quality is Quality.GOOD
        assert condition.detectable_peak == pytest.approx(2 * condition.threshold)
    assert peaks[7000] == peaks[240_000]
    assert list(peaks[7000]) == [0, 1, 2, 3]
    assert 15 < peaks[7000][1] < 50
    assert peaks[7000][3] == pytest.approx(3 * peaks[7000][1], rel=0.15)


def test_a_planted_twitch_of_that_size_is_found_more_often_than_not() -> None:
    rng = np.random.default_rng(2)
    samples = rng.normal(0.0, 5.0, (180_000, 1))
    detector = Detector([EMG])
    detector.process(SampleBlock(EMG, 0, quantise(samples, EMG.resolution)))
    peak = detector.detectable_peaks("EMG")[1]
    # At uneven intervals: even ones are taken for heart beats.
    onsets = [
        at for at in np.cumsum(rng.integers(400, 2500, 150)).tolist() if 15_000 < at < 179_000
    ]
    phase = np.linspace(0, 2 * np.pi, 12)
    found = {}
    for size in (0.5, 1.0, 2.0):
        planted = samples.copy()
        for onset in onsets:
            planted[onset : onset + 12, 0] += 0.5 * size * peak * np.sin(phase)
        twitches = [round(e.onset_s * RATE) for e in detect(planted, RATE)]
        hits = [any(abs(at - onset) < 20 for at in twitches) for onset in onsets]
        found[size] = sum(hits) / len(hits)
    assert found[0.5] < 0.1
    assert 0.5 < found[1.0] < 0.95
    assert found[2.0] > 0.95


def test_no_twitch_is_said_to_be_detectable_where_nothing_is_scored() -> None:
    samples = np.random.default_rng(3).normal(0.0, 5.0, (180_000, 1))
    samples[50_000:130_000] = np.nan
    detector = Detector([EMG])
    detector.process(SampleBlock(EMG, 0, quantise(samples, EMG.resolution)))
    detector.flush()
    assert list(detector.detectable_peaks("EMG")) == [0, 2]
    slow = Stream("E", Modality.ENVELOPE, Unit.MICROVOLT, 100.0, ("E",), 0.05)
    envelope = Detector([slow])
    envelope.process(SampleBlock(slow, 0, np.abs(samples[:20_000])))
    assert envelope.condition("E").detectable_peak == 0
    assert envelope.detectable_peaks("E") == {}
