"""Permanent background of an EMG: coloured noise, mains hum, a wandering baseline."""

from collections.abc import Callable
from functools import partial

import numpy as np
from scipy import signal

from myowatch.acquisition.simulator.scene import Electrodes
from myowatch.acquisition.simulator.timetable import log_uniform, random_draws
from myowatch.acquisition.simulator.true_events import VisibilityTest
from myowatch.signal.model.samples import Samples

N_FREQUENCIES = 4096


class ShapedNoise:
    """White noise through a filter, of unit RMS above a given frequency.

    Parameters
    ----------
    sos
        Shape (n_sections, 6).
    above_hz
        Lower frequencies are present, but not counted in the RMS.

    Attributes
    ----------
    power
        From 0 Hz to half the sampling rate in even steps; 1 throughout for white noise.
    """

    def __init__(
        self, sos: Samples, sampling_rate: float, *, above_hz: float, n_channels: int = 1
    ) -> None:
        hertz, response = signal.freqz_sos(sos, N_FREQUENCIES, fs=sampling_rate)
        power = np.abs(response) ** 2
        variance = power[hertz >= above_hz].sum() / len(power)
        self._sos = sos.copy()
        self._sos[0, :3] /= np.sqrt(variance)
        self.power = np.asarray(power / variance)
        self._state = np.zeros((len(sos), 2, n_channels))

    def read(self, rng: np.random.Generator, n_samples: int) -> Samples:
        """Return the next samples, shape (n_samples, n_channels)."""
        white = rng.standard_normal((n_samples, self._state.shape[2]))
        shaped, self._state = signal.sosfilt(self._sos, white, axis=0, zi=self._state)
        return np.asarray(shaped)


class Steps:
    """A level that is drawn again from time to time.

    Parameters
    ----------
    draw
        Draws a level.
    every_s
        Mean time between levels.
    place
        Seed and names, as for `random_draws`.
    """

    def __init__(
        self,
        draw: Callable[[np.random.Generator], float],
        every_s: float,
        seed: int,
        *place: int | str,
    ) -> None:
        self._draw, self._every_s = draw, every_s
        self._seed, self._place = seed, place

    def at(self, time_s: Samples) -> Samples:
        """Return the level at these times, which must be in order."""
        level = np.empty_like(time_s)
        if len(time_s):
            before = max(int(time_s[0] // self._every_s) - 1, 0)
            for number in range(before, int(time_s[-1] // self._every_s) + 1):
                rng = random_draws(self._seed, *self._place, number)
                begins_s = (number + rng.random()) * self._every_s if number else 0.0
                level[time_s >= begins_s] = self._draw(rng)
        return level


def pink(sampling_rate: float, exponent: float = 1.0) -> Samples:
    """Design a filter that makes the power of white noise fall with the frequency from 2 Hz up.

    The power falls as 1 / f ** `exponent`, by 10 dB a decade at 1; the exponent is 0 to 2.

    Poles and zeros in turn, each pair a factor of four above the one before: within half a
    decibel of a straight line.
    """
    pole_hz = 2.0 * 4.0 ** np.arange(5)
    pole_hz = pole_hz[2 * pole_hz < 0.45 * sampling_rate]
    zeros, poles = -2 * np.pi * 4.0 ** (exponent / 2) * pole_hz, -2 * np.pi * pole_hz
    digital = signal.bilinear_zpk(zeros, poles, 1.0, sampling_rate)
    return np.asarray(signal.zpk2sos(*digital))


HARMONICS = ((1, 1.0), (2, 0.15), (3, 0.4), (5, 0.2))
"""Order and share; rectifiers on the mains cause odd harmonics."""
BASELINE_HZ = 20.0
COUNTED_HZ = 10.0
"""The RMS of the noise counts what is above this; the 1/f part below is baseline wander."""


class Noise:
    """Noise of an electrode: white and coloured, with a level that steps from time to time.

    Attributes
    ----------
    observer
        Visibility test with its spectrum.
    """

    def __init__(self, electrodes: Electrodes, sampling_rate: float, seed: int, channel: int):
        self._seed, self._channel, self._rate = seed, channel, sampling_rate
        draw = partial(log_uniform, between=electrodes.noise_uv)
        self._level = Steps(draw, electrodes.step_s, seed, "noise level", channel)
        self._coloured = ShapedNoise(
            pink(sampling_rate, electrodes.exponent), sampling_rate, above_hz=COUNTED_HZ
        )
        self._shares = np.sqrt([electrodes.coloured, 1.0 - electrodes.coloured])
        power = electrodes.coloured * self._coloured.power + 1.0 - electrodes.coloured
        self.observer = VisibilityTest(power, sampling_rate, from_hz=BASELINE_HZ)

    def level(self, time_s: Samples) -> Samples:
        """Return the RMS in uV at these times."""
        return self._level.at(time_s)

    def read(self, first_sample: int, time_s: Samples) -> Samples:
        """Return the next samples in uV, shaped like `time_s`; calls must be in order."""
        rng = random_draws(self._seed, "noise", self._channel, first_sample)
        coloured, white = self._shares
        mixed = coloured * self._coloured.read(rng, len(time_s))[:, 0]
        mixed += white * rng.standard_normal(len(time_s))
        return np.asarray(self.level(time_s) * mixed)


class Mains:
    """Mains hum: frequency and strength drift and step; each harmonic has its own phase."""

    def __init__(self, electrodes: Electrodes, mains_hz: float, seed: int, *place: int | str):
        rng = random_draws(seed, "mains", *place)
        draw = partial(log_uniform, between=electrodes.mains_uv)
        self._level = Steps(draw, electrodes.step_s, seed, "mains level", *place)
        self._mains_hz, self._drift_hz = mains_hz, electrodes.mains_drift_hz
        self._phases = rng.random(len(HARMONICS))
        many = electrodes.mains_harmonics
        self._shares = [many * s * rng.uniform(0.5, 1.5) if n > 1 else s for n, s in HARMONICS]
        self._period_s = rng.uniform(60.0, 180.0)

    def read(self, time_s: Samples) -> Samples:
        """Return the hum in uV at these times."""
        return np.asarray(self._level.at(time_s) * self.shape(time_s))

    def shape(self, time_s: Samples) -> Samples:
        """Return the hum with a fundamental of amplitude 1, apart from its slow changes."""
        slow = np.sin(2 * np.pi * time_s / self._period_s)
        swing = self._drift_hz * self._period_s / (2 * np.pi)
        # The harmonics are powers of one rotation: a complex product costs less than a sine.
        turn = np.exp(2j * np.pi * (self._mains_hz * time_s + swing * slow))
        hum = np.zeros_like(time_s)
        for (order, _), share, phase in zip(HARMONICS, self._shares, self._phases, strict=True):
            hum += (share * np.exp(2j * np.pi * phase) * turn**order).imag
        return np.asarray((1.0 + 0.3 * slow) * hum)


class Wander:
    """Slow drift of the electrode's potential, and breathing."""

    def __init__(self, amplitude_uv: float, seed: int, channel: int) -> None:
        rng = random_draws(seed, "wander", channel)
        self._amplitude_uv = amplitude_uv
        self._hertz = np.array([rng.uniform(0.2, 0.3), rng.uniform(0.03, 0.1), 0.011])
        self._phases = rng.random(3)

    def read(self, time_s: Samples) -> Samples:
        """Return the drift in uV at these times."""
        cycles = np.outer(time_s, self._hertz) + self._phases
        return np.asarray(self._amplitude_uv * np.sin(2 * np.pi * cycles) @ [0.3, 0.5, 0.2])
