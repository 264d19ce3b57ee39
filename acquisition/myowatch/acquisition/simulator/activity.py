"""Sustained activity of a muscle: held contractions and cramps, on the skin's surface."""

import numpy as np
from scipy import signal

from myowatch.acquisition.simulator.chance import chance, log_uniform
from myowatch.acquisition.simulator.motor_unit import MotorUnit
from myowatch.acquisition.simulator.timetable import Happening
from myowatch.signal.samples import Samples

CONTRACTION_UV = (40.0, 400.0)
"""RMS of the interference pattern of a limb that is moved, not of full effort."""
CONTRACTION_HZ = (20.0, 200.0)
CRAMP_UV = (60.0, 400.0)
CRAMP_UNIT_HZ = (18.0, 35.0)
"""Discharge of each unit: induced cramps begin at 14-18 Hz,
and of all the three to five that fire here 50-150 Hz, as textbooks give for a cramp discharge."""
TREMOR_HZ = (8.0, 30.0)
TREMOR_G = (0.008, 0.050)


def contraction_course(happening: Happening, time_s: Samples) -> Samples:
    """Give the strength of a held contraction, 0 to 1, at times counted from its onset."""
    rng = chance(happening.draw, "course")
    rise_s = min(rng.uniform(0.05, 0.3), happening.lasting_s / 3)
    fall_s = min(rng.uniform(0.05, 0.4), happening.lasting_s / 3)
    unsteady = 1.0 + 0.15 * np.sin(2 * np.pi * (rng.uniform(0.5, 2.5) * time_s + rng.random()))
    left_s = happening.lasting_s - time_s
    return np.asarray(np.clip(time_s / rise_s, 0, 1) * np.clip(left_s / fall_s, 0, 1) * unsteady)


def cramp_course(happening: Happening, time_s: Samples) -> Samples:
    """Give the strength of a cramp, 0 to 1: it begins at once, ramps up, and fades unevenly."""
    rng = chance(happening.draw, "course")
    rise_s = max(0.5, happening.lasting_s * rng.uniform(0.1, 0.3))
    fade_s = happening.lasting_s * rng.uniform(0.2, 0.5)
    strength = 0.2 + 0.8 * np.clip(time_s / rise_s, 0, 1)
    left = np.clip((happening.lasting_s - time_s) / fade_s, 0, 1)
    flicker = 1.0 + 0.25 * np.sin(2 * np.pi * (rng.uniform(0.2, 0.8) * time_s + rng.random()))
    return np.asarray(strength * (0.1 + 0.9 * left) * flicker)


def contraction(happening: Happening, muscle: int, time_s: Samples, rate: float) -> Samples:
    """Give the EMG of a held contraction in uV; `time_s` counts from its onset."""
    rng = chance(happening.draw, "contraction", muscle)
    noise = _band_noise(rng, len(time_s), CONTRACTION_HZ, rate)
    rms = log_uniform(rng, CONTRACTION_UV)
    return np.asarray(rms * noise * contraction_course(happening, time_s))


def cramp(
    happening: Happening, units: tuple[MotorUnit, ...], time_s: Samples, rate: float
) -> Samples:
    """Give the EMG of a cramp in uV: a few units discharging fast, recruited one by one."""
    rng = chance(happening.draw, "cramp")
    firing = [units[int(i)] for i in rng.permutation(len(units))[: int(rng.integers(3, 6))]]
    each_hz = log_uniform(rng, CRAMP_UNIT_HZ)
    discharges = np.zeros(len(time_s))
    for number, unit in enumerate(firing):
        starts_s = happening.lasting_s * 0.08 * number
        ends_s = happening.lasting_s * (1.0 - 0.06 * number)
        train = _train(rng, starts_s, ends_s, each_hz)
        discharges += _convolved(unit, train, len(time_s), rate)
    rms = np.sqrt(np.mean(discharges**2))
    return np.asarray(
        log_uniform(rng, CRAMP_UV) * discharges / rms * cramp_course(happening, time_s)
    )


def tremor(happening: Happening, strength: Samples, rate: float) -> Samples:
    """Give the shake that a cramp of that course gives the skin, in g along one direction."""
    rng = chance(happening.draw, "tremor")
    centre_hz = rng.uniform(TREMOR_HZ[0] + 2, TREMOR_HZ[1] - 3)
    noise = _band_noise(rng, len(strength), (centre_hz - 2, centre_hz + 3), rate)
    return np.asarray(log_uniform(rng, TREMOR_G) * noise * strength)


def _train(rng: np.random.Generator, starts_s: float, ends_s: float, hz: float) -> Samples:
    """Discharge times of one unit, a fifth irregular."""
    n = int((ends_s - starts_s) * hz * 1.5) + 10
    times = starts_s + np.cumsum(rng.gamma(25.0, 1.0 / (25.0 * hz), n))
    return np.asarray(times[times < ends_s])


def _convolved(unit: MotorUnit, train: Samples, n_samples: int, rate: float) -> Samples:
    impulses = np.bincount((train * rate).astype(int), minlength=n_samples)[:n_samples]
    potential = unit.potential(np.arange(int(unit.ends_s * rate) + 1) / rate, rate)
    return np.asarray(signal.oaconvolve(impulses, potential)[:n_samples])


def _band_noise(
    rng: np.random.Generator, n_samples: int, band_hz: tuple[float, float], rate: float
) -> Samples:
    """Noise of unit RMS in a band."""
    band = (band_hz[0], min(band_hz[1], 0.45 * rate))
    sos = signal.butter(2, band, "bandpass", fs=rate, output="sos")
    settle = int(rate * 2 / band[0]) + 1
    noise = signal.sosfilt(sos, rng.standard_normal(n_samples + settle))[settle:]
    return np.asarray(noise / np.sqrt(np.mean(noise**2)))
