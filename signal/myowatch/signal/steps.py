"""Tells an electrode's step from a potential: after a step the signal stays away."""

import numpy as np

from myowatch.signal.samples import Samples

# Two moving averages, one over a period of 50 Hz and one of 60 Hz: no mains is in what is left.
_PERIODS_S = (1 / 50, 1 / 60)
# After a burst the signal is given this long to come back, and is then averaged. Both together
# have to fit into what is known of the signal when a burst is judged, 50 ms after its end.
_COMES_BACK_S = 0.013
_KEPT_S = 4.0
# A step keeps at least this share of its height; a potential is over by then.
_POP_STEP = 0.5


class StepMemory:
    """Remembers the last seconds of the raw signal; its slow course is worked out when asked for.

    Parameters
    ----------
    sampling_rate
        Hz.
    """

    def __init__(self, sampling_rate: float) -> None:
        first, second = (np.ones(max(round(s * sampling_rate), 1)) for s in _PERIODS_S)
        weights = np.convolve(first, second)
        self._weights: Samples = weights / weights.sum()
        self._pause = round(_COMES_BACK_S * sampling_rate)
        self._n_kept = round(_KEPT_S * sampling_rate)
        self.reset()

    def reset(self) -> None:
        """Forget the past."""
        self._raw: Samples = np.empty(0)
        self._n_samples: int = 0

    def process(self, samples: Samples) -> None:
        """Take the next raw samples, shape (n_samples, 1)."""
        # Enough for the samples just taken as well, so that cutting cannot matter.
        self._raw = np.concatenate([self._raw[-self._n_kept :], samples[:, 0]])
        self._n_samples += len(samples)

    def is_step(self, onset: int, offset: int, peak: float) -> bool:
        """Whether the signal stayed away after a burst by much of the burst's height."""
        length = len(self._weights)
        first = self._n_samples - len(self._raw)
        before = onset - length - first
        after = offset + self._pause - first
        earlier = 2 * before - after
        if earlier < 0 or after + length > len(self._raw):
            return False
        # The second difference, since a wandering baseline climbs on its own.
        step = self._level(after) - 2 * self._level(before) + self._level(earlier)
        return bool(abs(step) >= _POP_STEP * peak)

    def _level(self, begin: int) -> float:
        return float((self._raw[begin : begin + len(self._weights)] * self._weights).sum())
