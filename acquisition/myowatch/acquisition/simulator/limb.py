"""A limb as an accelerometer measures it: tremor, movements, steps, taps, and posture."""

import numpy as np
from scipy import signal

from myowatch.acquisition.simulator.contractions import smooth
from myowatch.acquisition.simulator.timetable import log_uniform
from myowatch.signal.model.samples import AXES, Samples

TURN_RAD = (0.1, 1.2)


class Posture:
    """Gravity in the sensor's axes, read in order; a turn may last into the next samples."""

    def __init__(self, gravity: Samples) -> None:
        self._gravity = gravity
        self._turns: list[tuple[int, Samples]] = []

    def turn(self, start: int, share: Samples, rng: np.random.Generator) -> Samples:
        """Turn the limb by a random angle from sample `start`.

        Parameters
        ----------
        share
            Share of the angle at each sample, 0 to 1; shape (n_samples,).

        Returns
        -------
        how far gravity has moved in g, shape (n_samples,)
        """
        before = self._turns[-1][1][-1] if self._turns else self._gravity
        angle = log_uniform(rng, TURN_RAD) * share[:, np.newaxis]
        aside = np.cross(before, rng.standard_normal(AXES))
        aside /= np.linalg.norm(aside)
        self._turns.append((start, np.cos(angle) * before + np.sin(angle) * aside))
        return np.asarray(2 * np.sin(angle[:, 0] / 2))

    def read(self, first_sample: int, end_sample: int) -> Samples:
        """Return gravity in g, shape (end_sample - first_sample, 3)."""
        gravity = np.tile(self._gravity, (end_sample - first_sample, 1))
        for start, path in self._turns:
            when = np.arange(first_sample, end_sample) - start
            turned = when >= 0
            gravity[turned] = path[np.minimum(when[turned], len(path) - 1)]
        while self._turns and self._turns[0][0] + len(self._turns[0][1]) <= end_sample:
            self._gravity = self._turns.pop(0)[1][-1]
        return gravity


SHAKES_HZ = 15.0
POSTURE_HZ = 3.0
COUNTED_HZ = 2.0
"""The RMS of the tremor counts what is above this."""
TREMOR_HZ = (8.0, 30.0)
"""Of a cramp, and of a tensed muscle."""
TREMOR_G = (0.008, 0.050)
TAP_G = (0.015, 0.250)
TAP_HZ = (35.0, 90.0)
TAP_DECAY_S = (0.006, 0.020)
LIMB_G = (0.02, 0.4)
LIMB_HZ = (0.5, 3.0)
STRIKE_G = (0.2, 1.0)
STRIKE_HZ = (10.0, 25.0)
OTHER_LEG = 0.3


def resting_tremor(sampling_rate: float) -> Samples:
    """Return the spectrum of a resting limb's tremor, as second-order sections.

    In real arms on a table (`sync_acc_1`, `sync_acc_2` of biosignalsnotebooks 0.6.14) it is flat
    up to 15 Hz, with most of the power, and falls slowly above: 2.5 to 3 mg in all.
    """
    return np.asarray(signal.butter(1, SHAKES_HZ, "lowpass", fs=sampling_rate, output="sos"))


def tremor(rng: np.random.Generator, course: Samples, rate: float) -> Samples:
    """Return the shaking of a tensed muscle in g, along one direction."""
    centre_hz = min(rng.uniform(TREMOR_HZ[0] + 2, TREMOR_HZ[1] - 3), 0.45 * rate - 3)
    band_hz = (centre_hz - 2, centre_hz + 3)
    sos = signal.butter(2, band_hz, "bandpass", fs=rate, output="sos")
    settle = int(2 * rate / band_hz[0]) + 1
    noise = signal.sosfilt(sos, rng.standard_normal(len(course) + settle))[settle:]
    rms = np.sqrt(np.mean(noise**2))
    return np.asarray(log_uniform(rng, TREMOR_G) * noise / rms * course)


def swing(rng: np.random.Generator, time_s: Samples, course: Samples) -> Samples:
    """Return the acceleration in g of a swung limb, along one direction."""
    hertz = log_uniform(rng, LIMB_HZ)
    return np.asarray(log_uniform(rng, LIMB_G) * np.sin(2 * np.pi * hertz * time_s) * course)


def walk(rng: np.random.Generator, time_s: Samples, at_s: Samples, rate: float) -> Samples:
    """Return the acceleration in g of a walking leg, along one direction."""
    lasting_s = float(time_s[-1])
    course = smooth(time_s / 0.5) * smooth((lasting_s - time_s) / 0.5)
    step_hz = 1 / float(np.mean(np.diff(at_s)))
    wave = rng.uniform(0.1, 0.3) * np.sin(np.pi * step_hz * time_s) * course
    wave += rng.uniform(0.05, 0.2) * np.sin(2 * np.pi * step_hz * time_s) * course
    strike_g, hertz = log_uniform(rng, STRIKE_G), log_uniform(rng, STRIKE_HZ)
    hertz = min(hertz, 0.4 * rate)
    for number, begins_s in enumerate(at_s):
        first, end = np.searchsorted(time_s, (begins_s, begins_s + 0.4))
        later = time_s[first:end] - begins_s
        height_g = strike_g * (OTHER_LEG if number % 2 else 1.0) * rng.uniform(0.8, 1.2)
        ring = np.sin(2 * np.pi * hertz * later) * np.exp(-later / 0.05)
        wave[first:end] += height_g * ring
    return np.asarray(wave)


def tap(rng: np.random.Generator, decay_s: float, time_s: Samples, rate: float) -> Samples:
    """Return a knock on the table or bed, in g along one direction."""
    hertz = min(log_uniform(rng, TAP_HZ), 0.45 * rate)
    ring = np.sin(2 * np.pi * hertz * time_s + np.pi / 4) * np.exp(-time_s / decay_s)
    return np.asarray(log_uniform(rng, TAP_G) * ring)
