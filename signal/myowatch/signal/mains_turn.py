"""How far the mains have turned: they keep fifty periods a second only on average."""

import math
from collections.abc import Sequence
from itertools import accumulate

import numpy as np

from myowatch.signal.samples import Samples
from myowatch.signal.sliding import lately

PAST = 5
# Share of the way to the latest drift in each block: smooth over some fifteen blocks, three
# seconds, in which the mains keep their frequency to a few mHz.
_SMOOTH = 0.065


class MainsTurn:
    """Follows the fundamentals of the hum from block to block.

    Parameters
    ----------
    nominal
        Angle by which each turns in a block beyond whole periods while the mains keep their
        frequency, rad.
    """

    def __init__(self, nominal: Sequence[float]) -> None:
        self._nominal = list(nominal)
        self.reset()

    def reset(self) -> None:
        """Forget the past."""
        n = len(self._nominal)
        self._last: Samples = np.zeros((2, n, 1))
        # Before anything is known the mains are taken to keep their frequency.
        self._steps: Samples = np.zeros((n, PAST - 1))
        self._drift = [0.0] * n
        self._turned = [0.0] * n

    def process(self, fits: Samples) -> Samples:
        """Take the cosine and sine fitted to each of the next blocks, shape (2, n, n_blocks).

        Returns
        -------
        the angle that each has turned since the reset, up to each of the blocks and up to the one
        after them, shape (n, n_blocks + 1), rad
        """
        known = np.concatenate([self._last, fits], axis=2)
        self._last = known[:, :, -1:].copy()
        cosine, sine = known
        along = cosine[:, 1:] * cosine[:, :-1] + sine[:, 1:] * sine[:, :-1]
        across = sine[:, 1:] * cosine[:, :-1] - cosine[:, 1:] * sine[:, :-1]
        angles = np.arctan2(across, along) - np.array(self._nominal)[:, np.newaxis]
        past, self._steps = lately(self._steps, angles - math.tau * np.rint(angles / math.tau))
        steps = median_of_five(past).tolist()
        return np.array([self._add_up(family, each) for family, each in enumerate(steps)])

    def _add_up(self, family: int, steps: list[float]) -> list[float]:
        drifts = list(accumulate(steps, _smooth, initial=self._drift[family]))
        nominal = self._nominal[family]
        turned = list(accumulate((nominal + d for d in drifts[1:]), initial=self._turned[family]))
        self._drift[family], self._turned[family] = drifts[-1], turned[-1]
        return turned


def _smooth(drift: float, now: float) -> float:
    return drift + _SMOOTH * (now - drift)


def median_of_five(values: Samples) -> Samples:
    """Median over the first axis, which is five long."""
    a, b, c, d, e = values
    a, b = np.minimum(a, b), np.maximum(a, b)
    c, d = np.minimum(c, d), np.maximum(c, d)
    # The least of the four and the greatest of the four cannot be the median of five.
    low, high = np.maximum(a, c), np.minimum(b, d)
    low, high = np.minimum(low, high), np.maximum(low, high)
    median: Samples = np.maximum(low, np.minimum(high, e))
    return median
