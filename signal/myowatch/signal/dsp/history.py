"""The recent past of a stream: values by sample index, and weighted means of the last seconds."""

from collections import deque

import numpy as np
import numpy.typing as npt

from myowatch.signal.model.samples import Samples

Indices = npt.NDArray[np.intp]


class RecentValues:
    """Keeps values by sample index until they are dropped.

    Parameters
    ----------
    step
        Samples that one value stands for.
    """

    def __init__(self, step: int = 1) -> None:
        self._step = step
        self.reset()

    def reset(self) -> None:
        """Reset to the initial state."""
        self._pieces: deque[tuple[int, int, Samples]] = deque()

    def append(self, first: int, values: Samples) -> None:
        """Keep values whose first one begins at this sample; values come in order."""
        if len(values):
            self._pieces.append((first, first + self._step * len(values), values))

    def forget(self, before: int) -> None:
        """Drop the values that end before this sample."""
        while self._pieces and self._pieces[0][1] <= before:
            self._pieces.popleft()

    def between(self, onset: int, offset: int) -> Samples:
        """Return the known values that begin within samples [onset, offset)."""
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


class KeptSignal:
    """Keeps at least `n_kept` samples.

    Parameters
    ----------
    n_kept
        Samples, beside those that were put in last.
    """

    def __init__(self, n_kept: int) -> None:
        self._n_kept = n_kept
        self.reset()

    def reset(self) -> None:
        """Reset to the initial state."""
        self._kept: Samples = np.empty(0)
        self.end: int = 0

    def put(self, samples: Samples) -> None:
        """Process the next samples, shape (n_samples,)."""
        # Enough for the samples just taken as well, so that cutting cannot matter.
        self._kept = np.concatenate([self._kept[-self._n_kept :], samples])
        self.end += len(samples)

    @property
    def first(self) -> int:
        """Index of the oldest sample that is kept."""
        return self.end - len(self._kept)

    def means(self, begins: Indices, weights: Samples) -> Samples:
        """Return weighted sums of the kept samples.

        Parameters
        ----------
        begins
            Sample at which each begins, of any shape.
        weights
            Of its samples.

        Returns
        -------
        of the shape of `begins`
        """
        at = begins - self.first
        pieces = self._kept[at[..., np.newaxis] + np.arange(len(weights))]
        return np.asarray((pieces * weights).sum(axis=-1))
