"""Where a waveform truly begins and ends."""

import numpy as np

from myowatch.signal.samples import Samples

BRIEF = 0.1
"""A twitch is there from where it first passes this share of its peak, to where it last does."""


def extent(wave: Samples, level: float | None = None) -> tuple[int, int]:
    """Give the first and one past the last index at which a waveform is there.

    Parameters
    ----------
    level
        Magnitude at which it is there; by default a tenth of its peak.

    Examples
    --------
    >>> extent(np.array([0.0, 0.05, 1.0, -0.5, 0.0]))
    (2, 4)
    """
    magnitude = np.abs(wave)
    peak = magnitude.max()
    visible = np.flatnonzero(magnitude >= min(BRIEF * peak if level is None else level, peak))
    return int(visible[0]), int(visible[-1]) + 1
