"""A signal folded into the lowest and highest value of each bin: what a screen needs of it.

Bins are aligned to the absolute sample index. A bin's two values therefore depend on its samples
alone, never on how they were cut into blocks or on where the window stands, and an event marked
by its sample lies exactly on its own spike. A mean or every n-th sample would hide a twitch.
"""

import numpy as np
import numpy.typing as npt

from myowatch.signal.samples import Samples


class MinMaxBins:
    """The newest bins of one signal, in memory of fixed size.

    Parameters
    ----------
    bin_size
        Samples a bin.
    n_bins
        How many bins are kept.
    """

    def __init__(self, bin_size: int, n_bins: int) -> None:
        if bin_size < 1 or n_bins < 1:
            raise ValueError(f"need bin_size and n_bins of 1 or more, got {bin_size}, {n_bins}")
        self.bin_size = bin_size
        self.n_bins = n_bins
        self.end_sample = 0
        self._newest = -1
        self._low = np.full(n_bins, np.nan, np.float32)
        self._high = np.full(n_bins, np.nan, np.float32)

    def add(self, first_sample: int, values: Samples) -> None:
        """Take in samples, shape (n,); NaN is a missing one, and so is an index left out."""
        self.end_sample = max(self.end_sample, first_sample + len(values))
        newest = max(self._newest, (first_sample + len(values) - 1) // self.bin_size)
        self._clear(self._newest + 1, newest + 1)
        self._newest = newest
        first_kept = max((newest - self.n_bins + 1) * self.bin_size, first_sample)
        values = values[first_kept - first_sample :]
        if not len(values):
            return
        bins = np.arange(
            first_kept // self.bin_size, (first_kept + len(values) - 1) // self.bin_size + 1
        )
        starts = np.maximum(bins * self.bin_size - first_kept, 0)
        slots = bins % self.n_bins
        self._low[slots] = np.fmin(self._low[slots], np.fmin.reduceat(values, starts))
        self._high[slots] = np.fmax(self._high[slots], np.fmax.reduceat(values, starts))

    def window(self) -> tuple[int, npt.NDArray[np.float32]]:
        """Return the kept bins, oldest first.

        Returns
        -------
        first_bin
            Absolute index of the first one; below zero where nothing has been yet.
        low_high
            Shape (2, n_bins), NaN where no sample is.
        """
        first = self._newest + 1 - self.n_bins
        slots = np.arange(first, first + self.n_bins) % self.n_bins
        return first, np.stack([self._low[slots], self._high[slots]])

    def _clear(self, first_bin: int, end_bin: int) -> None:
        slots = np.arange(max(first_bin, end_bin - self.n_bins), end_bin) % self.n_bins
        self._low[slots] = np.nan
        self._high[slots] = np.nan
