"""Where a waveform truly begins and ends."""

import numpy as np

from myowatch.signal.samples import Samples

VISIBLE = 0.1
"""A waveform is there from where it first passes this share of its peak, to where it last does."""


def extent(wave: Samples) -> tuple[int, int]:
    """Give the first and one past the last index at which a waveform is visible.

    Examples
    --------
    >>> extent(np.array([0.0, 0.05, 1.0, -0.5, 0.0]))
    (2, 4)
    """
    magnitude = np.abs(wave)
    visible = np.flatnonzero(magnitude >= VISIBLE * magnitude.max())
    return int(visible[0]), int(visible[-1]) + 1
