"""Filters in pieces against SciPy on the whole, mains removal, envelope."""

import numpy as np
import pytest
from scipy.signal import butter, sosfilt, sosfilt_zi, sosfreqz

from myowatch.signal.dsp.filters import (
    Envelope,
    SosFilter,
    design_bandpass,
    design_lowpass,
    energy_delay,
)
from myowatch.signal.dsp.mains import MainsCanceller
from myowatch.signal.emg.emg_front import EmgFront
from myowatch.signal.model.samples import Modality, Samples, Stream, Unit
from myowatch.signal.model.settings import DetectionSettings, EmgSettings

RATES = [100.0, 250.0, 1000.0, 10_000.0]


def noise(n_samples: int, seed: int = 0, n_channels: int = 1) -> Samples:
    return np.random.default_rng(seed).normal(0.0, 5.0, (n_samples, n_channels))


@pytest.mark.parametrize("n_pieces", [1, 7, 400])
def test_filters_in_blocks_equal_scipy_on_the_whole_signal(n_pieces: int) -> None:
    sos = design_bandpass(20, 450, order=2, sampling_rate=1000)
    samples = 700 + noise(3000, n_channels=3)
    stage = SosFilter(sos)
    pieces = [stage.process(piece) for piece in np.array_split(samples, n_pieces, axis=0)]
    state = sosfilt_zi(sos)[:, :, np.newaxis] * samples[0]
    assert np.array_equal(np.concatenate(pieces), sosfilt(sos, samples, axis=0, zi=state)[0])


@pytest.mark.parametrize("rate", RATES)
def test_bandpass_is_three_decibels_down_at_its_corners(rate: float) -> None:
    high = min(450.0, 0.45 * rate)
    sos = design_bandpass(20, high, order=2, sampling_rate=rate)
    assert np.array_equal(sos, butter(2, (20, high), "bandpass", fs=rate, output="sos"))
    gain = np.abs(sosfreqz(sos, worN=[20, high], fs=rate)[1])
    assert gain == pytest.approx(np.sqrt(0.5), rel=1e-3)


@pytest.mark.parametrize(("low", "high"), [(0, 100), (100, 100), (200, 100), (20, 500), (20, 700)])
def test_impossible_corners_are_refused_with_the_limit(low: float, high: float) -> None:
    with pytest.raises(ValueError, match=r"need 0 < low < high < 500"):
        design_bandpass(low, high, order=2, sampling_rate=1000)


def test_impossible_lowpass_is_refused_with_the_limit() -> None:
    with pytest.raises(ValueError, match=r"need 0 < high < 50.0 Hz, got high=60"):
        design_lowpass(60, order=2, sampling_rate=100)


@pytest.mark.parametrize("rate", RATES)
def test_the_band_is_late_by_two_samples_or_milliseconds_at_most(rate: float) -> None:
    sos = design_bandpass(20, min(450.0, 0.45 * rate), order=2, sampling_rate=rate)
    assert 0 <= energy_delay(sos, rate) <= max(2, 0.002 * rate)


def hum(hertz: float, rate: float, seconds: float, drift_hz: float = 0.0) -> Samples:
    time = np.arange(round(seconds * rate)) / rate
    cycles = hertz * time + drift_hz * np.sin(2 * np.pi * time / 60) * 60 / (2 * np.pi)
    third = 10 * np.sin(2 * np.pi * 3 * cycles + 1) if 3 * hertz < rate / 2 else 0.0
    return 40 * np.sin(2 * np.pi * cycles) + third


@pytest.mark.parametrize("rate", [250.0, 500.0, 1000.0, 1111.0, 10_000.0])
@pytest.mark.parametrize("hertz", [50.0, 60.0])
@pytest.mark.parametrize("drift_hz", [0.0, 0.05])
def test_mains_is_found_and_taken_away(rate: float, hertz: float, drift_hz: float) -> None:
    stage = MainsCanceller(rate, None, highest=min(450.0, 0.45 * rate))
    rest = stage.process(hum(hertz, rate, 20, drift_hz) + noise(round(20 * rate))[:, 0])
    assert stage.mains_hz == hertz
    assert np.std(rest[round(10 * rate) :]) < 6.0


def test_a_known_mains_frequency_is_the_only_one_looked_for() -> None:
    stage = MainsCanceller(1000.0, 50.0, highest=450.0)
    samples = hum(60.0, 1000.0, 5)
    assert np.std(stage.process(samples)[2000:]) == pytest.approx(np.std(samples), rel=0.1)


def test_noise_alone_is_left_nearly_as_it_is() -> None:
    samples = noise(60_000)[:, 0]
    rest = MainsCanceller(1000.0, None, highest=450.0).process(samples)
    assert np.std(rest - samples) < 0.05 * np.std(samples)


def test_nothing_rings_after_a_strong_twitch_in_hum() -> None:
    samples = hum(50.0, 1000.0, 20) + noise(20_000)[:, 0]
    twitch = np.zeros(20_000)
    twitch[10_000:10_015] = 2000 * np.sin(np.linspace(0, 2 * np.pi, 15))
    quiet, loud = (
        MainsCanceller(1000.0, None, highest=450.0).process(s) for s in (samples, samples + twitch)
    )
    assert np.abs((loud - quiet - twitch)[10_100:]).max() < 5.0


def test_envelope_is_the_mean_square_of_a_window() -> None:
    samples = noise(1000)[:, 0]
    stage = Envelope(1000.0, 0.008)
    energy, magnitude = stage.process(samples)
    expected = np.convolve(samples**2, np.full(8, 1 / 8))[: len(samples)]
    assert stage.frame == 2
    assert energy == pytest.approx(expected[1::2])
    assert magnitude == pytest.approx(np.abs(samples).reshape(-1, 2).max(axis=1))


def test_frames_of_an_envelope_keep_the_largest() -> None:
    samples = noise(4000)[:, 0]
    stage = Envelope(4000.0, 0.008)
    _, magnitude = stage.process(samples)
    assert stage.frame == 8
    assert magnitude == pytest.approx(np.abs(samples).reshape(-1, 8).max(axis=1))


@pytest.mark.parametrize("rate", RATES)
def test_the_emg_front_works_at_every_rate(rate: float) -> None:
    stream = Stream("EMG", Modality.EMG, Unit.MICROVOLT, rate, ("EMG",), 0.1)
    front = EmgFront(stream, DetectionSettings(emg=EmgSettings()))
    energy, magnitude, motion = front.process(noise(round(5 * rate)))
    assert motion is None
    assert len(energy) == len(magnitude) == round(5 * rate) // front.envelope.frame
    assert np.isfinite(energy).all()


def test_an_invalid_mains_frequency_is_refused() -> None:
    with pytest.raises(ValueError, match="need a mains frequency of 50 or 60 Hz or None, got 16"):
        DetectionSettings(mains_hz=16.7)
