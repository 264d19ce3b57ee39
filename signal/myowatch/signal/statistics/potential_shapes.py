"""Shapes of potentials: cut out of the raw signal, and kept as running averages."""

import math

import numpy as np

from myowatch.signal.dsp.filters import SosFilter, design_bandpass
from myowatch.signal.model.samples import Samples

CORE_S = (-0.012, 0.018)
"""Around the peak: the core of a potential of 5 to 40 ms, without most of what a doublet adds."""
SLIDE_S = 0.012
"""A snippet reaches so much farther: of a potential with two peaks of about the same height, noise
decides which is the peak."""
FINE_HZ = 2000.0
"""Snippets are sampled at least so finely, four times as finely as their band asks: potentials that
are laid over each other half a sample off still correlate to 0.98."""
LOW_HZ, HIGH_HZ = 20.0, 450.0
# Where the peak is looked for, from the onset.
_SEARCH_S = (-0.010, 0.040)
# Samples a tenth or two of a second away are at the same phase of 50 and of 60 Hz and of all their
# harmonics. Their median is the hum, whatever another twitch does to one of them.
_SAME_PHASE_S = (-0.2, -0.1, 0.1, 0.2)
# Of the window's ends the filter knows too little: 60 ms is 7 time constants of its lower corner.
_SETTLE_S = 0.06


class SnippetCutter:
    """Cuts potentials out of windows of raw EMG.

    Parameters
    ----------
    rate
        Sampling rate, Hz.

    Attributes
    ----------
    before, after
        The window begins so many samples before the onset, and ends so many after it.
    length
        Of a snippet.
    slide, core
        A snippet is a core of so many values, and before and after it so many that the core may
        slide by.
    """

    def __init__(self, rate: float) -> None:
        sos = design_bandpass(LOW_HZ, min(HIGH_HZ, 0.45 * rate), order=2, sampling_rate=rate)
        self._band = SosFilter(sos)
        up = math.ceil(FINE_HZ / rate)
        self.slide = round(SLIDE_S * up * rate)
        to_peak = self.slide - round(CORE_S[0] * up * rate)
        from_peak = self.slide + round(CORE_S[1] * up * rate)
        self.length = to_peak + from_peak
        self.core = self.length - 2 * self.slide
        first = round(_SEARCH_S[0] * rate) - math.ceil(to_peak / up)
        end = round(_SEARCH_S[1] * rate) + math.ceil(from_peak / up)
        phases = [round(s * rate) for s in _SAME_PHASE_S]
        settle = round(_SETTLE_S * rate)
        self.before = -first - phases[0] + settle
        self.after = end + phases[-1] + settle
        self._part = slice(self.before + first, self.before + end)
        self._same_phase = [slice(self._part.start + p, self._part.stop + p) for p in phases]
        from scipy.signal import resample_poly

        # Interpolation is linear, and the part always as long: one matrix.
        self._fine = resample_poly(np.eye(end - first), up, 1, axis=0)
        self._to_peak, self._searched = to_peak, len(self._fine) - self.length

    def cut(self, windows: Samples) -> Samples:
        """Cut potentials out of windows, (before + after, n_windows); (n_windows, length) out.

        What comes out of a window does not depend on the others.
        """
        band = self._there_and_back(windows)
        hum = np.sort([band[part] for part in self._same_phase], axis=0)
        clean = band[self._part] - 0.5 * (hum[1] + hum[2])
        return np.stack([self._around_peak(one) for one in clean.T])

    def _around_peak(self, potential: Samples) -> Samples:
        fine = self._fine @ np.ascontiguousarray(potential)
        searched = fine[self._to_peak : self._to_peak + self._searched]
        begin = int(np.argmax(np.abs(searched)))
        snippet: Samples = fine[begin : begin + self.length]
        return snippet

    def _there_and_back(self, windows: Samples) -> Samples:
        """Filter forwards and backwards, without delay."""
        return self._filtered(self._filtered(windows)[::-1])[::-1]

    def _filtered(self, windows: Samples) -> Samples:
        self._band.reset()
        return self._band.process(windows)


ALIKE = 0.9
"""Correlation from which two potentials are one shape, after what noise takes from it is given
back. Together with `AS_LARGE` 98 in 100 pairs of simulated potentials of one unit pass, and 4 in
100 of two units (docs/explanation/numbers.md)."""
AS_LARGE = 2.0
"""Their energies differ by no more than this factor: a unit keeps its size from one discharge to
the next, and another one of the same shape lies deeper or nearer."""
CLEAR = 4.0
"""Energy over that of the noise; less, and noise alone takes more than a tenth of the likeness."""
MOST_SHAPES = 64
"""More are no longer told from chance; the one seen least, and longest ago, makes room."""
_AVERAGED = 16
_LEAST = 1e-200


class Shapes:
    """Numbers potentials: similar ones get the same number.

    A potential is compared with the average of each shape, at whatever shift fits best. If the
    best is alike enough it joins and moves the average a little; else it begins a new shape. The
    outcome depends on the order, which is that of time.

    Parameters
    ----------
    core, slide
        See `SnippetCutter`.
    """

    def __init__(self, core: int, slide: int) -> None:
        self._core, self._slide = core, slide
        self._shifts = np.arange(2 * slide + 1)[:, np.newaxis] + np.arange(core)
        self.reset()

    def reset(self) -> None:
        """Reset to the initial state."""
        self._cores: Samples = np.empty((0, self._core))
        self._energies: Samples = np.empty((0, 1))
        # Of each shape: its number, how often it was seen, and when last.
        self._seen: list[tuple[int, int, int]] = []
        self._numbers = self._time = 0

    def number(self, snippet: Samples, noise: float) -> int | None:
        """Return the number of a snippet, (core + 2 slide,), from 1 on; None if it is too faint.

        Parameters
        ----------
        noise
            Mean square of the noise in the snippet.
        """
        self._time += 1
        shifted = snippet[self._shifts]
        # Never nothing, so that silence beside a potential can be divided by.
        energies = np.maximum((shifted * shifted).sum(axis=1), _LEAST)
        energy = float(energies[self._slide])
        lost = noise * self._core / energy
        if lost > 1 / CLEAR or energy == _LEAST:
            return None
        place, shift, likeness = self._most_alike(shifted, energies)
        if likeness < ALIKE * (1 - lost) ** 0.5:
            place, shift = self._begin(), self._slide
        return self._join(place, shifted[shift])

    def _most_alike(self, shifted: Samples, energies: Samples) -> tuple[int, int, float]:
        """Return the most similar shape, where it begins in the snippet, and the similarity."""
        if not len(self._cores):
            return 0, 0, 0.0
        alike = (self._cores @ shifted.T) / np.sqrt(self._energies * energies)
        ratio = energies / self._energies
        alike[(ratio > AS_LARGE) | (ratio < 1 / AS_LARGE)] = 0.0
        place, shift = divmod(int(np.argmax(alike)), len(energies))
        return place, shift, float(alike[place, shift])

    def _begin(self) -> int:
        """Start a new shape."""
        self._numbers += 1
        if len(self._seen) == MOST_SHAPES:
            place = min(range(MOST_SHAPES), key=lambda i: self._seen[i][1:])
        else:
            place = len(self._seen)
            self._seen.append((0, 0, 0))
            self._cores = np.append(self._cores, np.zeros((1, self._core)), axis=0)
            self._energies = np.append(self._energies, np.ones((1, 1)), axis=0)
        self._seen[place] = self._numbers, 0, 0
        self._cores[place] = 0.0
        return place

    def _join(self, place: int, core: Samples) -> int:
        """Add a potential to the average of a shape."""
        number, seen, _ = self._seen[place]
        self._seen[place] = number, seen + 1, self._time
        self._cores[place] += (core - self._cores[place]) / min(seen + 1, _AVERAGED)
        self._energies[place] = (self._cores[place] ** 2).sum()
        return number
