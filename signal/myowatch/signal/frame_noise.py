"""The noise under the frames that heart beats are looked for in."""

import numpy as np

from myowatch.signal.frames import Frames
from myowatch.signal.samples import Samples
from myowatch.signal.sliding import lately

_HOP_S, _N_HOPS = 0.5, 9
_RMS = 1 / 0.6745
"""Root mean square of normal noise over its median magnitude."""


class FrameNoise:
    """Median magnitude of every half second, as a root mean square.

    Parameters
    ----------
    frame_rate
        Hz.
    """

    def __init__(self, frame_rate: float) -> None:
        self._hops = Frames(round(_HOP_S * frame_rate), 2)
        self.reset()

    def reset(self) -> None:
        """Forget the past."""
        self._hops.reset()
        self._medians: Samples | None = None
        self._level: Samples = np.full((2, 1), np.inf)

    def process(self, frames: Samples) -> Samples:
        """Give the RMS of the noise under the next frames, plain and smoothed, (2, n_frames)."""
        held = self._hops.n_left
        hops = self._hops.process(frames)
        each = self._level
        if hops.shape[1]:
            medians = _median(np.abs(hops)) * _RMS
            if self._medians is None:
                self._medians = np.repeat(medians[:, :1], _N_HOPS - 1, axis=1)
            last, self._medians = lately(self._medians, medians)
            # What may stand out is looked for above a noise whose rise is followed slowly, its fall
            # at once; what a shape may leave depends on the noise as it is.
            middle = np.sort(last[:, 1], axis=0)[_N_HOPS // 2]
            medians[1] = np.minimum(middle, medians[1])
            each = np.concatenate([each, medians], axis=1)
            self._level = each[:, -1:]
        return np.repeat(each, self._hops.length, axis=1)[:, held : held + frames.shape[1]]


def _median(rows: Samples) -> Samples:
    """Median over the last axis; NumPy's own takes three times as long."""
    ranked = np.sort(rows, axis=-1)
    n = rows.shape[-1]
    median: Samples = 0.5 * (ranked[..., (n - 1) // 2] + ranked[..., n // 2])
    return median
