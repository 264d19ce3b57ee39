import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from myowatch.acquisition.counting import Counting
from myowatch.acquisition.gathering import Gathering
from myowatch.signal.events import Event, Kind, Reason
from myowatch.signal.samples import Modality, SampleBlock, Stream, Unit
from myowatch.signal.summary import summarise

EMG = Stream("EMG", Modality.EMG, Unit.MICROVOLT, 1000.0, ("EMG",), 0.025)


@given(lengths=st.lists(st.integers(1, 300), max_size=40), gap_at=st.integers(0, 40))
def test_gathering_joins_blocks_and_changes_no_sample(lengths: list[int], gap_at: int) -> None:
    gathering, end = Gathering(EMG), 0
    given_out: list[SampleBlock] = []
    expected: dict[int, float] = {}
    for number, length in enumerate(lengths):
        first = end + (50 if number == gap_at else 0)
        samples = np.arange(first, first + length, dtype=float)[:, np.newaxis]
        expected |= dict(enumerate(samples[:, 0], first))
        given_out += gathering.add(SampleBlock(EMG, first, samples))
        end = first + length
    held = gathering.rest()
    assert sum(map(len, held)) < 400
    joined = {
        block.first_sample + n: x
        for block in given_out + held
        for n, x in enumerate(block.samples[:, 0])
    }
    assert joined == expected
    cut_off = {first - 50 for first in (b.first_sample for b in given_out + held)}
    assert all(len(b) >= 100 or b.end_sample in cut_off for b in given_out)


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


@given(events_of_a_night())
def test_counts_made_on_the_way_are_those_of_the_summary(events: list[Event]) -> None:
    counting = Counting(EMG)
    for event in events:
        counting.add(event)
    counts, summary = counting.counts(500_000), summarise(EMG, 500_000, events)
    assert (counts.twitches, counts.cramps, counts.movements) == (
        summary.twitches,
        summary.cramps,
        summary.movements,
    )
    assert abs(counts.scorable_s - summary.scorable_s) < 1e-6
    assert (counts.twitches_per_min is None) == (summary.twitches_per_min is None)


def test_an_unscorable_stretch_that_goes_on_counts_until_now() -> None:
    counting = Counting(EMG)
    counting.add(Event("EMG", Kind.ARTEFACT, 0, 1000, reason=Reason.EDGE))
    assert counting.counts(10_000).scorable_s == 9.0
    assert counting.counts(10_000, unscorable_since=8_000).scorable_s == 7.0
