"""The rhythm distinguishes heart beats from twitches, and a twitch on a beat is still one."""

import h5py
import numpy as np
import pytest
from event_lists import settled
from real_recordings import real_recording
from scipy.signal import decimate

from myowatch.signal.detector.detector import Detector
from myowatch.signal.model.events import Event, Kind, Reason
from myowatch.signal.model.samples import Modality, SampleBlock, Samples, Stream, Unit, quantise


def beat(rate: float, *, width: float = 1.0) -> Samples:
    """QRS complex, the R wave of height 1 in its middle."""
    time = np.arange(-round(0.1 * width * rate), round(0.1 * width * rate)) / rate
    waves = [(-0.024, 0.009, -0.2), (0.0, 0.010, 1.0), (0.027, 0.012, -0.4)]
    shape = sum(a * np.exp(-0.5 * ((time - at * width) / (s * width)) ** 2) for at, s, a in waves)
    return np.asarray(shape)


def rhythm(seconds: float, rng: np.random.Generator, *, spread: float = 0.01) -> Samples:
    """Times of beats at 66 a minute that follow the breath."""
    times = [0.4]
    while times[-1] < seconds:
        breath = 1 + 0.05 * np.sin(2 * np.pi * 0.22 * times[-1])
        times.append(times[-1] + 0.9 * breath * (1 + spread * rng.standard_normal()))
    return np.array(times)


def add(samples: Samples, rate: float, times_s: Samples, wave: Samples) -> None:
    for time_s in times_s:
        begin = round(time_s * rate)
        part = samples[begin : begin + len(wave)]
        part += wave[: len(part)]


def detect(samples: Samples, rate: float) -> list[Event]:
    stream = Stream("EMG", Modality.EMG, Unit.MICROVOLT, rate, ("EMG",), 0.1)
    detector = Detector([stream])
    block = SampleBlock(stream, 0, quantise(samples[:, np.newaxis], 0.1))
    events = settled(detector.process(block) + detector.flush())
    return [event for event in events if event.reason is not Reason.EDGE]


def twitch(rate: float, peak: float) -> Samples:
    phase = np.linspace(0, 1, round(0.012 * rate), endpoint=False)
    return np.asarray(peak * np.sin(2 * np.pi * phase))


@pytest.mark.parametrize("rate", [250.0, 500.0, 1000.0, 2000.0])
@pytest.mark.parametrize("height", [60.0, 220.0, 500.0])
def test_a_quiet_muscle_under_heart_beats_has_no_twitch(rate: float, height: float) -> None:
    rng = np.random.default_rng(1)
    samples = rng.normal(0.0, 4.0, round(120 * rate))
    add(samples, rate, rhythm(119.5, rng), height * beat(rate))
    events = detect(samples, rate)
    assert {event.reason for event in events} == {Reason.ECG}


def test_random_twitches_of_one_unit_are_not_heart_beats() -> None:
    rng = np.random.default_rng(2)
    samples = rng.normal(0.0, 4.0, 600_000)
    times = np.cumsum(0.3 + rng.exponential(0.5, 700))
    add(samples, 1000.0, times, twitch(1000.0, 150.0))
    events = detect(samples, 1000.0)
    assert sum(event.kind is Kind.TWITCH for event in events) >= 0.99 * (times < 599).sum()


@pytest.mark.parametrize("pause", ["a pause", "no pause"])
def test_a_broad_early_beat_with_a_pause_is_a_heart_beat(pause: str) -> None:
    rng = np.random.default_rng(5)
    samples = rng.normal(0.0, 4.0, 180_000)
    beats = rhythm(179.5, rng)
    early = beats[20::13] + 0.43
    left_out = np.arange(21, len(beats) if pause == "a pause" else 0, 13)
    add(samples, 1000.0, np.delete(beats, left_out), 150 * beat(1000.0))
    add(samples, 1000.0, early, -180 * beat(1000.0, width=2.2))
    events = detect(samples, 1000.0)
    counted = sum(event.reason is not Reason.ECG for event in events)
    assert counted == 0 if pause == "a pause" else counted >= len(early) - 1


@pytest.mark.parametrize("rate", [250.0, 1000.0])
def test_twitches_between_and_on_beats_are_kept(rate: float) -> None:
    rng = np.random.default_rng(3)
    samples = rng.normal(0.0, 4.0, round(180 * rate))
    beats = rhythm(179.5, rng)
    add(samples, rate, beats, 150 * beat(rate))
    on_beats = beats[20::13] + 0.1
    between = beats[25::13] + 0.5
    add(samples, rate, np.concatenate([on_beats, between]), twitch(rate, 300.0))
    found = np.array([e.onset / rate for e in detect(samples, rate) if e.kind is Kind.TWITCH])
    for time_s in [*on_beats, *between]:
        assert np.abs(found - time_s).min() < 0.08
    assert len(found) == len(on_beats) + len(between)


def test_a_twitch_on_a_t_wave_is_not_an_electrode_step() -> None:
    rng = np.random.default_rng(6)
    samples = rng.normal(0.0, 4.0, 180_000)
    beats = rhythm(179.0, rng)
    t_wave = 60.0 * np.exp(-0.5 * ((np.arange(400) - 200) / 45.0) ** 2)
    add(samples, 1000.0, beats, 200 * beat(1000.0))
    add(samples, 1000.0, beats + 0.15, t_wave)
    rising = beats[20:-1:7] + 0.3
    add(samples, 1000.0, rising, twitch(1000.0, 45.0))
    found = [event.onset / 1000 for event in detect(samples, 1000.0) if event.kind is Kind.TWITCH]
    assert sum(np.abs(np.array(found) - at).min() < 0.05 for at in rising) >= 0.9 * len(rising)


@pytest.mark.parametrize("rate", [250, 1000])
@pytest.mark.parametrize("height", [60.0, 220.0, 500.0])
def test_a_real_heart_makes_no_twitch(rate: int, height: float) -> None:
    with h5py.File(real_recording("ecg_5_min.h5")) as file:
        (device,) = file.values()
        counts = device["raw/channel_1"][:, 0].astype(np.float64)
    counts -= np.median(counts)
    samples = height * counts / np.quantile(np.abs(counts), 0.995)
    if rate < 1000:
        samples = decimate(samples, 1000 // rate, ftype="fir")
    samples = samples + np.random.default_rng(4).normal(0.0, 5.0, len(samples))
    events = detect(samples, float(rate))
    # In five minutes noise may reach the threshold once.
    assert sum(event.reason is not Reason.ECG for event in events) <= 1
    assert len(events) > 370
