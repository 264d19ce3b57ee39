"""Whether anybody could see a waveform in the noise that surrounds it."""

import numpy as np

from myowatch.signal.samples import Samples

SEEN = 7.0
"""Deflection from which a twitch is made, so that scenes ask for what can be had.

An observer who waits for that very shape and takes noise for it 20 times an hour has a threshold
of 4.1, and misses one in five hundred at 7. One who knows only band and duration, eight to sixteen
degrees of freedom, misses one in ten at 7 and none at 9. A potential of 10 ms has a deflection
of 7 at a peak-to-peak amplitude of four to eight times the noise.
"""


class Observer:
    """One who knows the shape of what is looked for, and the colour of the noise.

    Parameters
    ----------
    power
        Of the noise at its unit level, from 0 Hz to half the sampling rate in even steps;
        1 throughout for white noise.
    from_hz
        What lies below is lost in the wander of the baseline.
    """

    def __init__(self, power: Samples, sampling_rate: float, *, from_hz: float) -> None:
        self._hertz = np.linspace(0.0, sampling_rate / 2, len(power))
        self._power = np.where(self._hertz < from_hz, np.inf, power)
        self._rate = sampling_rate

    def deflection(self, wave: Samples, level: float) -> float:
        """Signal-to-noise ratio at the output of the filter that matches the waveform.

        Parameters
        ----------
        wave
            Shape (n_samples,).
        level
            RMS of the noise, in the unit of the waveform.
        """
        n = 2 * len(wave)
        energy = np.abs(np.fft.rfft(wave, n)) ** 2 * (2.0 / n)
        energy[[0, -1]] /= 2  # all others stand for a negative frequency too
        power = np.interp(np.fft.rfftfreq(n, 1 / self._rate), self._hertz, self._power)
        return float(np.sqrt((energy / power).sum()) / level)
