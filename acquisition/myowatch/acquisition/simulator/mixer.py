"""Adding up waveforms that begin at different times."""

import numpy as np

from myowatch.signal.samples import Samples


class Mixer:
    """Waveforms that begin at known samples, added up as a signal is read in order.

    Parameters
    ----------
    n_channels
        Columns of every waveform.
    """

    def __init__(self, n_channels: int = 1) -> None:
        self._n_channels = n_channels
        self._waves: list[tuple[int, Samples]] = []

    def add(self, first_sample: int, wave: Samples) -> None:
        """Take a waveform of shape (n_samples, n_channels) that begins at `first_sample`."""
        self._waves.append((first_sample, wave))

    def read(self, first_sample: int, end_sample: int) -> Samples:
        """Give the sum, shape (end_sample - first_sample, n_channels), and forget what is over."""
        mixed = np.zeros((end_sample - first_sample, self._n_channels))
        for start, wave in self._waves:
            begin, end = max(start, first_sample), min(start + len(wave), end_sample)
            if begin < end:
                mixed[begin - first_sample : end - first_sample] += wave[
                    begin - start : end - start
                ]
        self._waves = [(s, w) for s, w in self._waves if s + len(w) > end_sample]
        return mixed
