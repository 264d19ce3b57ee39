"""The detector as others use it: scenes, gaps, artefacts, latency, live condition."""

from itertools import pairwise

import numpy as np
import pytest
from event_lists import provisional, settled
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.signal import sosfilt

from myowatch.signal.detector.detector import Detector
from myowatch.signal.dsp.filters import design_bandpass
from myowatch.signal.model.events import UNSCORABLE, Event, Kind, Quality, Reason
from myowatch.signal.model.samples import Modality, SampleBlock, Samples, Stream, Unit, quantise

RATE = 1000.0
EMG = Stream("EMG", Modality.EMG, Unit.MICROVOLT, RATE, ("EMG",), 0.05)
ACC = Stream("ACC", Modality.ACCELEROMETER, Unit.G, 200.0, ("x", "y", "z"), 1e-4)


def noise(seconds: float, rms: float = 5.0, seed: int = 0, rate: float = RATE) -> Samples:
    return np.random.default_rng(seed).normal(0.0, rms, (round(seconds * rate), 1))


def potential(peak: float, seconds: float = 0.015, rate: float = RATE) -> Samples:
    phase = np.linspace(0, 1, max(round(seconds * rate), 4), endpoint=False)
    return peak * np.sin(2 * np.pi * phase) * np.sin(np.pi * phase) / 0.77


def muscle(seconds: float, rms: float, rate: float = RATE) -> Samples:
    """Interference pattern of a contraction: noise in the band of a muscle."""
    sos = design_bandpass(30, min(150, 0.4 * rate), order=2, sampling_rate=rate)
    pattern = sosfilt(sos, noise(seconds + 1, 1.0, seed=1, rate=rate), axis=0)[round(rate) :]
    active: Samples = pattern * (rms / pattern.std())
    return active


def with_twitches(samples: Samples, onsets: list[int], peak: float = 150.0) -> Samples:
    samples = samples.copy()
    for onset in onsets:
        wave = potential(peak)
        samples[onset : onset + len(wave), 0] += wave
    return samples


def detect_both(
    samples: Samples, cuts: list[int] | None = None, stream: Stream = EMG, first: int = 0
) -> list[Event]:
    samples = quantise(samples, stream.resolution)
    detector = Detector([stream])
    edges = [0, *sorted(cuts or []), len(samples)]
    events: list[Event] = []
    for begin, end in pairwise(edges):
        events += detector.process(SampleBlock(stream, first + begin, samples[begin:end]))
    return events + detector.flush()


def detect(
    samples: Samples, cuts: list[int] | None = None, stream: Stream = EMG, first: int = 0
) -> list[Event]:
    return settled(detect_both(samples, cuts, stream, first))


def kept(events: list[Event], kind: Kind = Kind.TWITCH) -> list[Event]:
    return [event for event in events if event.kind is kind]


def rejected(events: list[Event], reason: Reason) -> list[Event]:
    return [event for event in events if event.reason is reason]


@pytest.mark.parametrize("rate", [250.0, 500.0, 1000.0, 10_000.0])
def test_twitches_are_found_within_five_milliseconds_and_nothing_else(rate: float) -> None:
    stream = Stream("EMG", Modality.EMG, Unit.MICROVOLT, rate, ("EMG",), 0.05)
    samples = noise(30, rate=rate)
    onsets = [round(t * rate) for t in (3.1, 5.0, 5.7, 11.3, 20.0, 28.9)]
    for onset in onsets:
        wave = potential(200.0, rate=rate)
        samples[onset : onset + len(wave), 0] += wave
    events = detect(samples, stream=stream)
    assert [e.kind for e in events] == [Kind.ARTEFACT] + [Kind.TWITCH] * 6
    found = np.array([e.onset for e in kept(events)])
    assert np.abs(found - onsets).max() <= max(0.005 * rate, 2)


def test_a_hundred_hertz_sensor_works() -> None:
    stream = Stream("EMG", Modality.EMG, Unit.MICROVOLT, 100.0, ("EMG",), 0.05)
    samples = noise(30, rate=100.0)
    samples[1000:1200] += muscle(2, 200.0, rate=100.0)
    (movement,) = kept(detect(samples, stream=stream), Kind.MOVEMENT)
    assert movement.onset == pytest.approx(1000, abs=10)
    assert movement.offset == pytest.approx(1200, abs=15)


def test_half_an_hour_of_noise_holds_at_most_one_twitch() -> None:
    assert len(kept(detect(noise(1800)))) <= 1


@pytest.mark.parametrize("seconds", [2.0, 10.0, 40.0])
def test_a_long_burst_is_one_event_without_twitches(seconds: float) -> None:
    samples = noise(60)
    samples[10_000 : 10_000 + round(seconds * RATE)] += muscle(seconds, 150.0)
    events = detect(samples)
    (event,) = [e for e in events if e.kind is not Kind.ARTEFACT]
    # Held as evenly as this, ten seconds are a contraction.
    assert event.kind is (Kind.CRAMP if seconds > 20 else Kind.MOVEMENT)
    assert event.onset == pytest.approx(10_000, abs=20)
    assert event.offset - event.onset == pytest.approx(seconds * RATE, abs=60)


def test_peak_and_snr_are_those_of_the_twitch() -> None:
    (twitch,) = kept(detect(with_twitches(noise(10), [5000], peak=200.0)))
    assert twitch.peak == pytest.approx(200.0, rel=0.2)
    assert twitch.snr_db == pytest.approx(20 * np.log10(twitch.peak / 4.7), abs=1.5)


def test_mains_and_a_wandering_baseline_make_no_event_and_hide_none() -> None:
    time = np.arange(60_000)[:, np.newaxis] / RATE
    hum = 40 * np.sin(2 * np.pi * 50.03 * time) + 12 * np.sin(2 * np.pi * 150.09 * time)
    wander = 200 * np.sin(2 * np.pi * 0.3 * time)
    onsets = list(range(2500, 59_000, 1770))
    events = detect(with_twitches(noise(60) + hum + wander, onsets))
    assert len(kept(events)) == len(onsets)


def test_an_electrode_step_is_not_a_twitch() -> None:
    samples = noise(20)
    samples[8000:] += 800 * np.exp(-np.arange(12_000) / 300)[:, np.newaxis]
    events = detect(samples)
    assert not kept(events)
    assert rejected(events, Reason.ELECTRODE_POP)


def test_a_flat_line_is_not_scorable_and_its_edges_are_no_twitches() -> None:
    samples = noise(20) + 30
    samples[8000:11_000] = 0.0
    events = detect(samples)
    (flat,) = rejected(events, Reason.FLAT)
    assert (flat.onset, flat.offset) == (8000, 11_000)
    assert not kept(events)


def test_rails_are_not_scorable_but_a_contraction_that_reaches_them_is_one() -> None:
    samples = noise(30)
    samples[10_000:13_000] += muscle(3, 900.0)
    samples = np.clip(samples, -500, 500)
    events = detect(samples)
    assert rejected(events, Reason.SATURATION)
    assert len(kept(events, Kind.MOVEMENT)) == 1
    assert not kept(events)


def test_a_loose_electrode_is_noise_and_neither_cramp_nor_twitches() -> None:
    samples = noise(60)
    time = np.arange(20_000)[:, np.newaxis] / RATE
    hum = 300 * np.sin(2 * np.pi * 50 * time) * (1 + 0.4 * np.sin(2 * np.pi * 0.5 * time))
    samples[20_000:40_000] += hum + noise(20, 40.0, seed=2)
    events = detect(samples)
    assert sum(e.offset - e.onset for e in rejected(events, Reason.NOISE)) > 18_000
    assert not [e for e in events if e.kind is not Kind.ARTEFACT]


def test_too_much_noise_is_not_scorable() -> None:
    events = detect(noise(30, rms=60.0))
    assert sum(e.offset - e.onset for e in rejected(events, Reason.NOISE)) > 25_000


def test_a_gap_is_reported_and_never_bridged() -> None:
    samples = with_twitches(noise(20), [4000, 15_000])
    samples[8000:10_000] = np.nan
    events = detect(samples)
    (gap,) = rejected(events, Reason.GAP)
    assert (gap.onset, gap.offset) == (8000, 10_000)
    assert [e.onset // 1000 for e in kept(events)] == [4, 15]
    assert [(e.onset, e.offset) for e in rejected(events, Reason.EDGE)] == [
        (0, 1000),
        (10_000, 10_500),
    ]


def test_a_movement_into_a_gap_ends_there() -> None:
    samples = noise(20)
    samples[7000:9000] += muscle(2, 150.0)
    samples[8000:10_000] = np.nan
    (movement,) = kept(detect(samples), Kind.MOVEMENT)
    assert movement.onset == pytest.approx(7000, abs=20)
    assert 7950 <= movement.offset <= 8000


def test_a_jump_of_the_first_sample_means_the_same_as_nan() -> None:
    samples = quantise(with_twitches(noise(20), [4000, 7995, 15_000]), EMG.resolution)
    detector = Detector([EMG])
    jumped = detector.process(SampleBlock(EMG, 0, samples[:8000]))
    jumped += detector.process(SampleBlock(EMG, 10_000, samples[10_000:]))
    jumped += detector.flush()
    samples[8000:10_000] = np.nan
    assert settled(jumped) == detect(samples, [8500, 9000])


def test_all_three_axes_are_missing_when_one_is() -> None:
    samples = np.random.default_rng(0).normal(0, 1e-3, (2000, 3))
    samples[900:1000, 1] = np.nan
    (gap,) = rejected(detect(samples, stream=ACC), Reason.GAP)
    assert (gap.onset, gap.offset) == (900, 1000)


def test_a_recording_that_begins_late_or_ends_missing_says_so() -> None:
    samples = noise(10)
    samples[9000:] = np.nan
    gaps = rejected(detect(samples, first=500), Reason.GAP)
    assert [(e.onset, e.offset) for e in gaps] == [(0, 500), (9500, 10_500)]


@pytest.mark.parametrize("value", [np.nan, 0.0, 7.25, 1e9])
@pytest.mark.parametrize("n_samples", [0, 1, 2, 3, 50, 3000])
def test_invalid_signals_give_no_twitch_and_no_error(value: float, n_samples: int) -> None:
    events = detect(np.full((n_samples, 1), value))
    assert all(e.reason in UNSCORABLE for e in events)
    assert all(0 <= e.onset < e.offset <= n_samples for e in events)


@settings(max_examples=15, deadline=None)
@given(data=st.data(), seed=st.integers(0, 2**16), gap=st.sampled_from([0, 1, 100]))
def test_any_cutting_gives_the_same_events_in_the_same_order(
    data: st.DataObject, seed: int, gap: int
) -> None:
    rng = np.random.default_rng(seed)
    samples = with_twitches(noise(12, seed=seed), rng.integers(500, 11_900, 12).tolist())
    begin = int(rng.integers(1000, 9000))
    samples[begin : begin + 700] += muscle(0.7, 120.0)
    samples[begin + 1500 : begin + 1540] = 400.0
    samples[begin + 1200 : begin + 1200 + gap] = np.nan
    cuts = data.draw(st.lists(st.integers(0, len(samples)), max_size=60))
    whole, cut = detect_both(samples), detect_both(samples, cuts)
    for events in (provisional, settled):
        assert events(cut) == events(whole)
        assert events(whole) == sorted(events(whole), key=lambda e: e.onset)


def test_a_twitch_leaves_within_400_milliseconds_of_its_end() -> None:
    # After the twelve seconds in which they might be heart beats.
    onsets = [13_000 + 977 * i + 90 * (i * i % 7) for i in range(17)]
    samples = quantise(with_twitches(noise(30), onsets), EMG.resolution)
    detector = Detector([EMG])
    late = []
    for begin in range(0, len(samples), 10):
        block = SampleBlock(EMG, begin, samples[begin : begin + 10])
        late += [block.end_sample - e.offset for e in kept(provisional(detector.process(block)))]
    assert len(late) == len(onsets)
    assert max(late) <= 400


def test_streams_are_kept_apart() -> None:
    streams = [EMG, ACC]
    detector = Detector(streams)
    emg = quantise(with_twitches(noise(10), [5000]), EMG.resolution)
    still = np.random.default_rng(0).normal(0, 1e-3, (2000, 3))
    events = detector.process(SampleBlock(EMG, 0, emg))
    events += detector.process(SampleBlock(ACC, 0, still)) + detector.flush()
    assert {(e.stream, e.kind) for e in events} == {
        ("EMG", Kind.ARTEFACT),
        ("EMG", Kind.TWITCH),
        ("ACC", Kind.ARTEFACT),
    }


def test_wrong_names_blocks_and_rates_are_refused() -> None:
    with pytest.raises(ValueError, match="need a different name for each stream"):
        Detector([EMG, EMG])
    slow = Stream("slow", Modality.EMG, Unit.MICROVOLT, 50.0, ("EMG",), 0.05)
    with pytest.raises(ValueError, match="100 to 10000 Hz, got 50 Hz in stream 'slow'"):
        Detector([slow])
    axes = ("x", "y", "z")
    slower = Stream("slower", Modality.ACCELEROMETER, Unit.G, 49.0, axes, 1e-3)
    with pytest.raises(ValueError, match="50 to 10000 Hz, got 49 Hz in stream 'slower'"):
        Detector([slower])
    detector = Detector([EMG])
    detector.process(SampleBlock(EMG, 100, noise(1)))
    with pytest.raises(ValueError, match="'EMG' is at sample 1100, got a block from 1099"):
        detector.process(SampleBlock(EMG, 1099, noise(1)))


def test_an_accelerometer_finds_twitches_and_movements() -> None:
    rng = np.random.default_rng(0)
    samples = rng.normal(0, 5e-4, (12_000, 3)) + np.array([0.0, 0.6, 0.8])
    time = np.arange(40) / 200
    ring = 0.03 * np.exp(-time / 0.05) * np.sin(2 * np.pi * 15 * time)
    onsets = [1000, 2500, 4000]
    for onset in onsets:
        samples[onset : onset + 40, 2] += ring
    turn = np.clip((np.arange(12_000) - 8000) / 300, 0, 1)[:, np.newaxis]
    samples += turn * np.array([0.5, -0.4, 0.1])
    samples[8000:8300] += rng.normal(0, 0.05, (300, 3))
    events = detect(samples, stream=ACC)
    found = [e.onset for e in kept(events)]
    assert found == [pytest.approx(onset, abs=5) for onset in onsets]
    (movement,) = kept(events, Kind.MOVEMENT)
    assert movement.onset == pytest.approx(8000, abs=40)


def test_a_constant_axis_does_not_delay_events() -> None:
    rng = np.random.default_rng(0)
    samples = rng.normal(0, 5e-4, (4000, 3))
    samples[:, 0] = 0.5
    time = np.arange(40) / 200
    samples[1000:1040, 2] += 0.03 * np.exp(-time / 0.05) * np.sin(2 * np.pi * 15 * time)
    detector = Detector([ACC])
    events = detector.process(SampleBlock(ACC, 0, samples))
    assert [e.kind for e in settled(events)] == [Kind.ARTEFACT, Kind.TWITCH]


def test_the_live_condition_follows_the_signal() -> None:
    samples = noise(60)
    samples[20_000:35_000] += muscle(15, 150.0)
    samples[45_000:50_000] = 0.0
    samples[52_000:53_000] = np.nan
    seen = {}
    detector = Detector([EMG])
    assert detector.condition("EMG").quality is Quality.STARTING
    for begin in range(0, 60_000, 500):
        detector.process(SampleBlock(EMG, begin, samples[begin : begin + 500]))
        seen[begin + 500] = detector.condition("EMG")
    assert seen[500].quality is Quality.STARTING
    assert seen[19_000].quality is Quality.GOOD
    assert seen[19_000].noise_floor == pytest.approx(4.7, rel=0.1)
    assert 2 < seen[19_000].threshold / seen[19_000].noise_floor < 6
    assert seen[19_000].active is None
    assert seen[19_000].mains_hz is None
    assert seen[22_000].active is Kind.MOVEMENT
    assert seen[30_000].active is Kind.CRAMP
    assert (seen[48_000].quality, seen[48_000].unscorable_since) == (Quality.FLAT, 45_000)
    assert (seen[53_000].quality, seen[53_000].unscorable_since) == (Quality.GAP, 52_000)


@given(st.lists(st.integers(0, 5000), max_size=6))
@settings(max_examples=20, deadline=None)
def test_a_stream_too_slow_for_twitches_is_unscored_beside_one_that_is_not(cuts: list[int]) -> None:
    slow = Stream("ACC", Modality.ACCELEROMETER, Unit.G, 25.0, ("x", "y", "z"), 1e-4)
    detector = Detector([EMG, slow])
    events: list[Event] = []
    for begin, end in pairwise([0, *sorted(cuts), 5000]):
        events += detector.process(SampleBlock(slow, begin, np.zeros((end - begin, 3))))
    assert detector.condition("ACC").quality is Quality.UNSCORED
    events += detector.flush()
    assert {event.reason for event in events} == {Reason.SAMPLING_RATE}
    assert [e.onset for e in events] == [0, 1500, 3000, 4500]
    assert events[-1].offset == 5000


def test_a_slow_stream_beside_it_changes_nothing_that_is_found_in_the_other() -> None:
    samples = quantise(with_twitches(noise(20), [8000, 12000, 15000]), EMG.resolution)
    slow = Stream("ACC", Modality.ACCELEROMETER, Unit.G, 25.0, ("x", "y", "z"), 1e-4)
    detector = Detector([slow, EMG])
    events = detector.process(SampleBlock(EMG, 0, samples))
    events += detector.process(SampleBlock(slow, 0, np.zeros((500, 3))))
    events += detector.flush()
    assert [e for e in settled(events) if e.stream == "EMG"] == detect(samples)


def test_streams_that_are_all_too_slow_are_refused() -> None:
    slow = Stream("ACC", Modality.ACCELEROMETER, Unit.G, 25.0, ("x", "y", "z"), 1e-4)
    with pytest.raises(ValueError, match=r"need a sampling rate of 50 to 10000 Hz, got 25 Hz"):
        Detector([slow])
