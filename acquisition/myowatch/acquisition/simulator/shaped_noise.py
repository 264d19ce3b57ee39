"""Noise of a given colour, read in order."""

from collections.abc import Callable

import numpy as np
from scipy import signal

from myowatch.acquisition.simulator.chance import chance
from myowatch.signal.samples import Samples

N_FREQUENCIES = 4096


class ShapedNoise:
    """White noise through a filter, of unit RMS above a given frequency.

    Parameters
    ----------
    sos
        Shape (n_sections, 6).
    above_hz
        What lies below is there, but is not counted in the RMS.

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
        """Give the next samples, shape (n_samples, n_channels)."""
        white = rng.standard_normal((n_samples, self._state.shape[2]))
        shaped, self._state = signal.sosfilt(self._sos, white, axis=0, zi=self._state)
        return np.asarray(shaped)


class Steps:
    """A level that is drawn anew now and then.

    Parameters
    ----------
    draw
        Gives a level.
    every_s
        How often, on the average.
    place
        Seed and names, as for `chance`.
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
        """Give the level at these times, which have to be in order."""
        level = np.empty_like(time_s)
        if len(time_s):
            before = max(int(time_s[0] // self._every_s) - 1, 0)
            for number in range(before, int(time_s[-1] // self._every_s) + 1):
                rng = chance(self._seed, *self._place, number)
                begins_s = (number + rng.random()) * self._every_s if number else 0.0
                level[time_s >= begins_s] = self._draw(rng)
        return level


def pink(sampling_rate: float) -> Samples:
    """Design a filter that makes white noise fall by 10 dB a decade from 2 Hz up.

    Poles and zeros in turn, each pair a factor of four above the one before: within half a
    decibel of a straight line.
    """
    pole_hz = 2.0 * 4.0 ** np.arange(5)
    pole_hz = pole_hz[2 * pole_hz < 0.45 * sampling_rate]
    zeros, poles = -2 * np.pi * 2 * pole_hz, -2 * np.pi * pole_hz
    digital = signal.bilinear_zpk(zeros, poles, 1.0, sampling_rate)
    return np.asarray(signal.zpk2sos(*digital))
