"""A running count of samples, from package numbers whose period nobody tells."""

from itertools import pairwise

import numpy as np

from myowatch.signal.samples import Samples


class PackageCount:
    """Counts the samples of a board that numbers its packages.

    Boards differ: a package may hold several samples, which then share its number; numbers may
    rise by two; and they begin again at 0 after 101, 128, 256 or more. All three are learnt from
    what comes. What is lost across the first fresh start is not seen.
    """

    def __init__(self) -> None:
        self._last: int | None = None
        self._period = self._step = 0
        self._of_one = self._so_far = 1
        self._next = 0

    def add(self, numbers: Samples) -> list[tuple[slice, int]]:
        """Take in the package number of each sample, shape (n_samples,), in the order they came.

        Returns
        -------
        each run without a loss: where it is in `numbers`, and the count of its first sample
        """
        begins: list[int] = []
        counts: list[int] = []
        for position, number in enumerate(np.rint(numbers).astype(int).tolist()):
            lost = self._lost_before(number)
            self._next += lost
            if lost or not begins:
                begins.append(position)
                counts.append(self._next)
            self._next += 1
        edges = pairwise([*begins, len(numbers)])
        return [(slice(*edge), count) for edge, count in zip(edges, counts, strict=True)]

    def _lost_before(self, number: int) -> int:
        last, self._last = self._last, number
        if last is None:
            return 0
        if number == last:
            self._so_far += 1
            self._of_one = max(self._of_one, self._so_far)
            return 0
        self._so_far = 1
        rise = number - last
        if rise < 0:
            known, self._period = self._period, max(self._period, last + (self._step or 1))
            if not known:
                return 0
            rise += self._period
        self._step = min(self._step or rise, rise)
        return (rise // self._step - 1) * self._of_one
