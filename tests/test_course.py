"""A cramp swells and fades, a contraction is held, a single unit leaves silence."""

import numpy as np
import pytest
from scipy.signal import sosfilt

from myowatch.signal.bursts.cramp_shape import CrampShape
from myowatch.signal.dsp.filters import design_bandpass
from myowatch.signal.dsp.mains import MainsCanceller
from myowatch.signal.emg.electrode_contact import ElectrodeContact
from myowatch.signal.model.samples import Samples

RATE = 1000.0


def muscle(strength: Samples) -> Samples:
    """Interference pattern of many units, with this RMS over time, in noise of 4 uV."""
    rng = np.random.default_rng(0)
    sos = design_bandpass(30, 150, order=2, sampling_rate=RATE)
    pattern = sosfilt(sos, rng.standard_normal(len(strength)))
    return np.asarray(strength * pattern / pattern.std() + rng.normal(0.0, 4.0, len(strength)))


def course(samples: Samples) -> CrampShape:
    stage = CrampShape(RATE)
    stage.process(samples)
    return stage


def test_a_burst_that_rises_and_falls_is_a_cramp_and_a_steady_one_is_not() -> None:
    time = np.arange(8000) / 8000
    cramp = muscle(100.0 * np.interp(time, [0, 0.2, 0.6, 1], [0.1, 1.0, 0.55, 0.08]))
    held = muscle(100.0 * np.interp(time, [0, 0.15, 0.85, 1], [0, 1, 1, 0]))
    assert course(cramp).is_cramp(0, 8000, 16.0)
    assert not course(held).is_cramp(0, 8000, 16.0)


def test_a_long_burst_is_a_cramp_even_if_it_is_steady() -> None:
    assert course(muscle(np.full(20_000, 100.0))).is_cramp(0, 20_000, 16.0)


@pytest.mark.parametrize("peak", [60.0, 400.0])
def test_a_single_unit_that_keeps_firing_is_not_a_cramp(peak: float) -> None:
    rng = np.random.default_rng(1)
    samples = rng.normal(0.0, 4.0, 20_000)
    wave = peak * np.sin(2 * np.pi * np.arange(12) / 12)
    for at in np.cumsum(rng.normal(110, 12, 175)).astype(int):
        samples[at : at + 12] += wave
    assert not course(samples).is_cramp(0, 20_000, 16.0)


def test_a_single_unit_that_fires_as_fast_as_in_a_cramp_may_be_one() -> None:
    rng = np.random.default_rng(2)
    samples = rng.normal(0.0, 4.0, 10_000)
    wave = 200.0 * np.sin(2 * np.pi * np.arange(16) / 16)
    for at in np.arange(0, 9900, 45):
        samples[at : at + 16] += wave * np.interp(at, [0, 2000, 6000, 9900], [0.2, 1.0, 0.6, 0.1])
    assert course(samples).is_cramp(0, 10_000, 16.0)


def test_rising_noise_lasts_longer_than_a_twitch() -> None:
    noise = np.random.default_rng(4).normal(0.0, 4.0, 3000)
    rising = noise * np.where(np.arange(3000) < 1000, 1, 5)
    assert course(rising).goes_on(1200, 1290, 60.0, 16.0)
    twitch = noise.copy()
    twitch[1000:1020] += 300.0 * np.sin(2 * np.pi * np.arange(20) / 20)
    assert not course(twitch).goes_on(1020, 1110, 300.0, 16.0)


def contact(samples: Samples) -> ElectrodeContact:
    mains = MainsCanceller(RATE, None, highest=450.0)
    stage = ElectrodeContact(mains.block_length, RATE, (20.0, 450.0))
    stage.process(mains.process(samples), mains.hum)
    return stage


def hum(amplitude: Samples | float, n_samples: int) -> Samples:
    return np.asarray(amplitude * np.sin(2 * np.pi * 50 * np.arange(n_samples) / RATE))


def test_a_muscle_over_steady_hum_is_no_bad_contact() -> None:
    strength = np.zeros(40_000)
    strength[20_000:30_000] = 60.0
    stage = contact(muscle(strength) + hum(40.0, 40_000))
    assert not stage.is_bad(20_000, 30_000)
    assert not stage.hums(35_000, 4.0)


def test_hum_that_rises_is_a_bad_contact() -> None:
    amplitude = np.full(40_000, 20.0)
    amplitude[20_000:30_000] = 80.0
    noise = np.random.default_rng(3).normal(0.0, 0.2 * amplitude)
    stage = contact(noise + hum(amplitude, 40_000))
    assert stage.is_bad(20_000, 30_000)
    assert stage.hums(25_000, 16.0)
    assert not stage.hums(15_000, 4.0)
    lamp = contact(muscle(np.zeros(40_000)) + hum(amplitude, 40_000))
    assert not lamp.hums(25_000, 4.0)


def test_a_lamp_that_was_switched_on_before_a_cramp_makes_it_no_bad_contact() -> None:
    amplitude = np.full(40_000, 10.0)
    amplitude[12_000:] = 60.0
    strength = np.zeros(40_000)
    strength[20_000:30_000] = 60.0
    assert not contact(muscle(strength) + hum(amplitude, 40_000)).is_bad(20_000, 30_000)
