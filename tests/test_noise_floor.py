"""The floor follows noise and nothing else; the threshold is rarely reached by noise."""

import numpy as np
import pytest

from myowatch.signal.bursts.bursts import BurstDetector, energy_threshold
from myowatch.signal.emg.emg_front import EmgFront
from myowatch.signal.model.samples import Modality, Samples, Stream, Unit
from myowatch.signal.model.settings import DetectionSettings
from myowatch.signal.noise.noise_floor import NoiseFloor


def floor_of(samples: Samples, rate: float = 1000.0) -> Samples:
    """RMS of the floor under each sample, as the detector has it."""
    stream = Stream("EMG", Modality.EMG, Unit.MICROVOLT, rate, ("EMG",), 0.05)
    front = EmgFront(stream, DetectionSettings())
    envelope = front.envelope
    stage = NoiseFloor(
        envelope.frame_rate, envelope.window, front.degrees, least=0.25, tone=256.0, deviate=4.8
    )
    energy, _, _ = front.process(samples[:, np.newaxis])
    return np.repeat(np.sqrt(stage.process(energy)[0]), envelope.frame)


def noise(seconds: float, rms: float, rate: float = 1000.0, seed: int = 0) -> Samples:
    return np.random.default_rng(seed).normal(0.0, rms, round(seconds * rate))


@pytest.mark.parametrize("rate", [250.0, 500.0, 1000.0, 4000.0, 10_000.0])
def test_the_floor_is_the_rms_of_the_noise_in_the_band(rate: float) -> None:
    in_band = min((min(450.0, 0.45 * rate) - 20) / (rate / 2), 1.0)
    floor = floor_of(noise(30, 5.0, rate), rate)
    assert np.median(floor[len(floor) // 2 :]) == pytest.approx(5.0 * in_band**0.5, rel=0.12)


def test_twitches_do_not_lift_it() -> None:
    samples = noise(60, 5.0)
    twitchy = samples.copy()
    for at in range(2000, 59_000, 700):
        twitchy[at : at + 15] += 400 * np.sin(np.linspace(0, 2 * np.pi, 15))
    assert floor_of(twitchy)[-1] == pytest.approx(floor_of(samples)[-1], rel=0.1)


def test_a_cramp_of_90_seconds_hardly_raises_the_floor() -> None:
    samples = noise(120, 5.0)
    samples[20_000:110_000] += noise(90, 250.0, seed=1)
    floor = floor_of(samples)
    assert floor[105_000] < 16.0 * 10 ** (0.03 * 90 / 20) * 1.05
    assert floor[112_000] < 6.0


def test_muscle_tone_becomes_background_within_three_seconds() -> None:
    samples = np.concatenate([noise(20, 3.0), noise(20, 12.0, seed=1)])
    floor = floor_of(samples)
    assert floor[19_000] == pytest.approx(2.8, rel=0.15)
    assert floor[23_000] == pytest.approx(11.1, rel=0.15)


def test_a_fall_is_followed_within_two_seconds() -> None:
    samples = np.concatenate([noise(20, 12.0), noise(20, 3.0, seed=1)])
    assert floor_of(samples)[22_000] == pytest.approx(2.8, rel=0.2)


def test_silence_has_the_floor_of_the_quantisation() -> None:
    assert floor_of(np.zeros(5000))[-1] == pytest.approx(0.5)


def test_nothing_is_known_in_the_first_second() -> None:
    floor = floor_of(noise(2, 5.0))
    assert np.isinf(floor[:1000]).all()
    assert np.isfinite(floor[1000:]).all()


@pytest.mark.parametrize("degrees", [2.0, 7.0, 30.0])
def test_the_threshold_is_exceeded_as_often_as_a_normal_deviate(degrees: float) -> None:
    energy = np.random.default_rng(3).chisquare(degrees, 400_000) / degrees
    assert (energy > energy_threshold(3.0, degrees)).mean() == pytest.approx(0.00135, rel=0.2)


def test_a_burst_reaches_from_low_to_low_around_high() -> None:
    level = np.array([0, 2, 2, 5, 2, 0, 2, 0, 5, 5], dtype=float)
    stage = BurstDetector(4.0, 1.0)
    found = stage.process(level, level * 10, np.ones(10))
    assert [(b.start, b.end, b.top, b.peak) for b in found] == [(1, 5, 5.0, 50.0)]
    assert stage.open_since == 8
    assert [(b.start, b.end) for b in stage.flush()] == [(8, 10)]


def test_a_strong_burst_is_measured_clear_of_faint_activity_around_it() -> None:
    level = np.concatenate([np.full(30, 3.0), np.full(10, 5e4), np.full(30, 3.0), np.zeros(1)])
    (burst,) = BurstDetector(4.0, 1.0).process(level, level, level)
    assert (burst.start, burst.end) == (30, 40)


@pytest.mark.parametrize(("high", "low"), [(1.0, 2.0), (1.0, 0.0), (-1.0, -2.0)])
def test_thresholds_out_of_order_are_refused(high: float, low: float) -> None:
    with pytest.raises(ValueError, match="need 0 < low <= high"):
        BurstDetector(high, low)
