"""The last seconds of a signal, from which weighted means are taken when asked for."""

import numpy as np

from myowatch.signal.candidates import Indices
from myowatch.signal.samples import Samples


class KeptSignal:
    """Remembers as many samples as were asked for, at least.

    Parameters
    ----------
    n_kept
        Samples, beside those that were put in last.
    """

    def __init__(self, n_kept: int) -> None:
        self._n_kept = n_kept
        self.reset()

    def reset(self) -> None:
        """Forget the past."""
        self._kept: Samples = np.empty(0)
        self.end: int = 0

    def put(self, samples: Samples) -> None:
        """Take the next samples, shape (n_samples,)."""
        # Enough for the samples just taken as well, so that cutting cannot matter.
        self._kept = np.concatenate([self._kept[-self._n_kept :], samples])
        self.end += len(samples)

    @property
    def first(self) -> int:
        """Index of the oldest sample that is kept."""
        return self.end - len(self._kept)

    def means(self, begins: Indices, weights: Samples) -> Samples:
        """Weighted sums of what is kept.

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
