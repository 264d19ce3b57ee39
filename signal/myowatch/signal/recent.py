"""The recent past of a stream, found again by sample index."""

from collections import deque

import numpy as np

from myowatch.signal.samples import Samples


class Recent:
    """Keeps values, one for so many samples, until they are forgotten.

    Parameters
    ----------
    step
        Samples that one value stands for.
    """

    def __init__(self, step: int = 1) -> None:
        self._step = step
        self.reset()

    def reset(self) -> None:
        """Forget everything."""
        self._pieces: deque[tuple[int, int, Samples]] = deque()

    def append(self, first: int, values: Samples) -> None:
        """Keep values, the first of which begins at this sample; they come in order."""
        if len(values):
            self._pieces.append((first, first + self._step * len(values), values))

    def forget(self, before: int) -> None:
        """Let go what ends before this sample."""
        while self._pieces and self._pieces[0][1] <= before:
            self._pieces.popleft()

    def between(self, onset: int, offset: int) -> Samples:
        """Give the values that begin within samples [onset, offset), as many as are known."""
        found: list[Samples] = []
        # What is asked for is mostly recent, and little of much.
        for first, end, values in reversed(self._pieces):
            if end <= onset:
                break
            if first < offset:
                begin, after = _up(onset - first, self._step), _up(offset - first, self._step)
                found.append(values[begin:after])
        return np.concatenate(found[::-1]) if found else np.empty(0)


def _up(samples: int, step: int) -> int:
    return max(-(-samples // step), 0)
