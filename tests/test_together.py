"""Streams worn together: crosstalk, and electrode and accelerometer agreeing."""

from dataclasses import replace
from itertools import pairwise

import numpy as np
import pytest
from event_lists import provisional, settled
from hypothesis import given, settings
from hypothesis import strategies as st

from myowatch.signal.detector.detector import Detector
from myowatch.signal.model.events import Event, Kind, Reason, current_events
from myowatch.signal.model.samples import Modality, SampleBlock, Samples, Stream, Unit, quantise

EMG1, EMG2 = (
    Stream(name, Modality.EMG, Unit.MICROVOLT, 1000.0, (name,), 0.05) for name in ("EMG1", "EMG2")
)
ACC = Stream("ACC", Modality.ACCELEROMETER, Unit.G, 200.0, ("x", "y", "z"), 6e-5)


def noise(stream: Stream, seconds: float, seed: int) -> Samples:
    rng = np.random.default_rng(seed)
    shape = (round(seconds * stream.sampling_rate), len(stream.channels))
    if stream.modality is Modality.EMG:
        return np.asarray(rng.normal(0.0, 5.0, shape))
    return np.asarray(rng.normal(0.0, 5e-4, shape) + np.array([0.0, 0.6, 0.8]))


def potential(peak_uv: float, hertz: float = 90.0, turn: float = 0.0) -> Samples:
    time_s = np.arange(20) / 1000
    wave = np.sin(2 * np.pi * hertz * time_s + turn) * np.hanning(20)
    return peak_uv * wave[:, np.newaxis]


def add(samples: Samples, at: int, wave: Samples) -> None:
    samples[at : at + len(wave)] += wave


def ring(peak_g: float, seconds: float = 0.25, hertz: float = 15.0) -> Samples:
    time_s = np.arange(round(200 * seconds)) / 200
    wave = np.sin(2 * np.pi * hertz * time_s) * np.exp(-time_s / 0.05)
    return np.outer(peak_g * wave, [0.3, 0.0, 0.95])


def swing(seconds: float) -> Samples:
    time_s = np.arange(round(200 * seconds)) / 200
    return np.outer(np.sin(2 * np.pi * 1.2 * time_s), [0.3, 0.2, 0.1])


def muscle(seconds: float, rms: float, rate: float, band: tuple[float, float]) -> Samples:
    """Noise in a band, for a contraction or a tremor."""
    rng = np.random.default_rng(9)
    n = round(seconds * rate)
    spectrum = np.fft.rfft(rng.standard_normal(n))
    hertz = np.fft.rfftfreq(n, 1 / rate)
    wave = np.fft.irfft(np.where((hertz > band[0]) & (hertz < band[1]), spectrum, 0), n)
    return np.asarray(rms * wave / wave.std())[:, np.newaxis]


Recorded = dict[Stream, Samples]


def detect(recorded: Recorded, cuts_s: list[float] | None = None) -> dict[str, list[Event]]:
    """Settled events of each stream, see `detect_both`."""
    return {name: settled(events) for name, events in detect_both(recorded, cuts_s).items()}


def detect_both(recorded: Recorded, cuts_s: list[float] | None = None) -> dict[str, list[Event]]:
    """Events of each stream; blocks of all streams come in turn, cut at these times."""
    detector = Detector(list(recorded))
    longest = max(len(x) / s.sampling_rate for s, x in recorded.items())
    events: list[Event] = []
    for begin_s, end_s in pairwise([0.0, *sorted(cuts_s or []), longest]):
        for stream, samples in recorded.items():
            a, b = (round(t * stream.sampling_rate) for t in (begin_s, end_s))
            block = quantise(samples[a:b], stream.resolution)
            events += detector.process(SampleBlock(stream, a, block))
    events += detector.flush()
    return {s.name: [e for e in events if e.stream == s.name] for s in recorded}


def kinds(events: list[Event]) -> list[Kind | Reason]:
    return [e.reason or e.kind for e in events if e.reason is not Reason.EDGE]


def test_a_twitch_seen_from_the_next_muscle_is_crosstalk_and_not_counted_twice() -> None:
    first, second = noise(EMG1, 10, 1), noise(EMG2, 10, 2)
    for at in (3000, 5000, 7000):
        add(first, at, potential(400.0))
        add(second, at, potential(100.0))
    found = detect({EMG1: first, EMG2: second})
    assert kinds(found["EMG1"]) == [Kind.TWITCH] * 3
    assert kinds(found["EMG2"]) == [Reason.CROSSTALK] * 3


def test_twitches_of_two_muscles_at_one_moment_are_two_when_their_shapes_differ() -> None:
    first, second = noise(EMG1, 10, 1), noise(EMG2, 10, 2)
    add(first, 4000, potential(400.0, hertz=60.0))
    add(second, 4000, potential(120.0, hertz=170.0, turn=1.0))
    found = detect({EMG1: first, EMG2: second})
    assert kinds(found["EMG1"]) == kinds(found["EMG2"]) == [Kind.TWITCH]


def test_a_unit_between_two_electrodes_is_kept_in_both() -> None:
    first, second = noise(EMG1, 10, 1), noise(EMG2, 10, 2)
    add(first, 4000, potential(300.0))
    add(second, 4000, potential(250.0))
    found = detect({EMG1: first, EMG2: second})
    assert kinds(found["EMG1"]) == kinds(found["EMG2"]) == [Kind.TWITCH]


def test_a_twitch_seen_by_both_sensors_has_higher_confidence() -> None:
    emg, skin = noise(EMG1, 12, 1), noise(ACC, 12, 2)
    for at_s in (4, 8):
        add(emg, at_s * 1000, potential(26.0))
    add(skin, 4 * 200 + 1, ring(0.03))
    found = detect({EMG1: emg, ACC: skin})
    both, alone = [e for e in found["EMG1"] if e.kind is Kind.TWITCH]
    assert both.confidence > alone.confidence


def test_bursts_while_the_limb_swings_are_explained_by_it() -> None:
    emg, limb = noise(EMG1, 14, 1), noise(ACC, 14, 2)
    for at in (3000, 8000, 9000):
        add(emg, at, potential(200.0))
    add(limb, 7 * 200, swing(3.5))
    found = detect({EMG1: emg, ACC: limb})
    assert kinds(found["EMG1"]) == [Kind.TWITCH, Reason.MOVEMENT, Reason.MOVEMENT]


@pytest.mark.parametrize(("swings_s", "kind"), [(12.0, Kind.MOVEMENT), (0.0, Kind.CRAMP)])
def test_a_long_burst_is_a_cramp_only_while_the_limb_is_still(swings_s: float, kind: Kind) -> None:
    emg, limb = noise(EMG1, 30, 1), noise(ACC, 30, 2)
    alone = detect({EMG1: emg_with_cramp(emg)})["EMG1"]
    assert Kind.CRAMP in kinds(alone)
    add(limb, 8 * 200, swing(swings_s))
    found = detect({EMG1: emg_with_cramp(emg), ACC: limb})
    assert kinds([e for e in found["EMG1"] if e.offset - e.onset > 6000]) == [kind]


def emg_with_cramp(rest: Samples) -> Samples:
    course = np.concatenate([np.linspace(0.2, 1, 4000), np.linspace(1, 0.1, 8000)])
    samples = rest.copy()
    add(samples, 8000, muscle(12, 150.0, 1000.0, (25, 150)) * course[:, np.newaxis])
    return samples


def test_a_table_that_shakes_is_no_cramp_of_a_silent_muscle() -> None:
    emg, shaken = noise(EMG1, 30, 1), noise(ACC, 30, 2)
    add(shaken, 8 * 200, muscle(12, 0.03, 200.0, (9, 14)) * np.array([0.1, 0.2, 0.9]))
    assert Kind.CRAMP in kinds(detect({ACC: shaken})["ACC"])
    assert Kind.CRAMP not in kinds(detect({EMG1: emg, ACC: shaken})["ACC"])
    assert Kind.CRAMP in kinds(detect({EMG1: emg_with_cramp(emg), ACC: shaken})["ACC"])


def everything(seed: int) -> Recorded:
    rng = np.random.default_rng(seed)
    first, second, limb = noise(EMG1, 14, seed), noise(EMG2, 14, seed + 1), noise(ACC, 14, seed + 2)
    for at in rng.integers(1500, 13_500, 8).tolist():
        add(first, at, potential(300.0))
        add(second, at, potential(rng.choice([0.0, 70.0, 280.0])))
        add(limb, at // 5, ring(rng.choice([0.0, 0.02])))
    add(limb, int(rng.integers(4, 9)) * 200, swing(2.5))
    second[int(rng.integers(3000, 9000)) :][:900] = np.nan
    return {EMG1: first, EMG2: second, ACC: limb}


@settings(max_examples=10, deadline=None)
@given(seed=st.integers(0, 2**16), cuts_s=st.lists(st.floats(0, 14), max_size=40))
def test_any_cutting_of_several_streams_gives_the_same_events(
    seed: int, cuts_s: list[float]
) -> None:
    recorded = everything(seed)
    whole, cut = detect_both(recorded), detect_both(recorded, cuts_s)
    for name in whole:
        for events in (provisional, settled):
            assert events(cut[name]) == events(whole[name])
            assert events(whole[name]) == sorted(events(whole[name]), key=lambda e: e.onset)


@settings(max_examples=8, deadline=None)
@given(seed=st.integers(0, 2**16), cuts_s=st.lists(st.floats(0, 14), min_size=1, max_size=40))
def test_every_announced_event_stands_once_at_any_time(seed: int, cuts_s: list[float]) -> None:
    recorded = everything(seed)
    detector = Detector(list(recorded))
    seen: list[Event] = []
    for begin_s, end_s in pairwise([0.0, *sorted(cuts_s), 14.0]):
        for stream, samples in recorded.items():
            a, b = (round(t * stream.sampling_rate) for t in (begin_s, end_s))
            block = quantise(samples[a:b], stream.resolution)
            seen += detector.process(SampleBlock(stream, a, block))
            until = {s.name: detector.settled_until(s.name) for s in recorded}
            standing = current_events(seen, until)
            as_settled = [replace(event, provisional=False) for event in standing]
            assert len(set(as_settled)) == len(standing)
            # Nothing is withdrawn or changed here.
            assert set(as_settled) == {replace(event, provisional=False) for event in seen}


def test_a_stopped_stream_does_not_block_the_others() -> None:
    emg = noise(EMG1, 150, 1)
    for at in range(5000, 145_000, 10_000):
        add(emg, at, potential(200.0))
    detector = Detector([EMG1, ACC])
    detector.process(SampleBlock(ACC, 0, noise(ACC, 8, 2)))
    events: list[Event] = []
    for begin in range(0, len(emg), 1000):
        events += detector.process(SampleBlock(EMG1, begin, emg[begin : begin + 1000]))
    for each in (provisional, settled):
        assert kinds(each(events)).count(Kind.TWITCH) >= 6
    events += detector.flush()
    for each in (provisional, settled):
        assert kinds(each(events)).count(Kind.TWITCH) == 14


def test_a_twitch_is_not_late_because_several_sensors_are_worn() -> None:
    recorded = {EMG1: noise(EMG1, 30, 1), EMG2: noise(EMG2, 30, 2), ACC: noise(ACC, 30, 3)}
    # After the twelve seconds in which they might be heart beats.
    onsets = [13_000 + 977 * i + 90 * (i * i % 7) for i in range(17)]
    for at in onsets:
        add(recorded[EMG1], at, potential(200.0))
    detector = Detector(list(recorded))
    late: list[int] = []
    for begin in range(0, 30_000, 10):
        for stream, samples in recorded.items():
            a, b = (round(t * stream.sampling_rate / 1000) for t in (begin, begin + 10))
            events = detector.process(SampleBlock(stream, a, samples[a:b]))
            twitches = [e for e in provisional(events) if e.kind is Kind.TWITCH]
            late += [begin + 10 - e.offset for e in twitches]
    assert len(late) == len(onsets)
    assert max(late) <= 400
