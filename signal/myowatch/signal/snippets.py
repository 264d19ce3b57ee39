"""The potential of one twitch, cut out of the raw signal and freed of hum and wander.

Made anew for each twitch from a fixed window of raw samples around it, so that it is the same
live and from a file, and however the samples were cut.
"""

import math

import numpy as np
from scipy.signal import resample_poly

from myowatch.signal.filters import SosFilter, design_bandpass
from myowatch.signal.samples import Samples

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
        """Filter forwards and backwards, which delays nothing and leaves shapes upright."""
        return self._filtered(self._filtered(windows)[::-1])[::-1]

    def _filtered(self, windows: Samples) -> Samples:
        self._band.reset()
        return self._band.process(windows)
