"""The heart in the raw baseline: the T wave is slow and as high as a potential.

The same phase of the last beats tells it. A step of the electrode or a cable that swings is what
the baseline does beyond that.
"""

from collections.abc import Callable, Sequence

import numpy as np

from myowatch.signal.dsp.history import KeptSignal
from myowatch.signal.heart.beat_candidates import Indices
from myowatch.signal.model.samples import Samples

# The median of so many beats before does not follow a twitch or a step in some of them.
_N_BEATS = 8
# Nine beats that reach further back than this before a burst tell nothing of it.
_LOOK_BACK_S = 26.0
# A burst is judged this much after its end at the latest: it is held back for 12 s at the start,
# and a few seconds more while a pause after it is awaited.
_HELD_S = 20.0
# Between the P wave and the QRS complex, before the latter by so much, the heart is silent: from
# there to the next such moment the baseline wanders as if by itself.
_SILENT_S = 0.04

Heart = Callable[[Indices, Samples], Samples]
"""What the heart adds to weighted means of the raw signal that begin at these samples."""


def no_heart(begins: Indices, _weights: Samples) -> Samples:
    """Return the contribution of a heart that is not seen: zeros."""
    return np.zeros(len(begins))


class HeartWaves:
    """Keeps the raw signal, and estimates the heart's part of it on request.

    Parameters
    ----------
    sampling_rate
        Hz.
    """

    def __init__(self, sampling_rate: float) -> None:
        self._look_back = round(_LOOK_BACK_S * sampling_rate)
        self._raw = KeptSignal(self._look_back + round(_HELD_S * sampling_rate))
        self._silent = round(_SILENT_S * sampling_rate)

    def reset(self) -> None:
        """Reset to the initial state."""
        self._raw.reset()

    def process(self, samples: Samples) -> None:
        """Process the next raw samples, shape (n_samples, 1)."""
        self._raw.put(samples[:, 0])

    def beside(self, beats: Sequence[int]) -> Heart:
        """Return a function that estimates the heart's part after some beats, see `expected`."""
        return lambda begins, weights: self.expected(begins, weights, beats)

    def expected(self, begins: Indices, weights: Samples, beats: Sequence[int]) -> Samples:
        """Return the heart's part of weighted means of the raw signal, up to a constant.

        Parameters
        ----------
        begins
            Sample at which each mean begins, shape (n_means,).
        weights
            Of its samples.
        beats
            Samples at which the last beats begin, the one before the means last.

        Returns
        -------
        shape (n_means,), zero where there are too few beats, or samples
        """
        if len(beats) <= _N_BEATS:
            return no_heart(begins, weights)
        silent = np.asarray(beats[-_N_BEATS - 1 :]) + self._silent - len(weights)
        before, last = silent[:-1], silent[-1]
        same = before[:, np.newaxis] + (begins - last)
        end = self._raw.end - len(weights)
        # Counted from the burst, not from what happens to be kept: cutting must not matter.
        oldest = max(int(begins.max()) - self._look_back, self._raw.first)
        if min(same.min(), before[0]) < oldest or max(same.max(), last) > end:
            return no_heart(begins, weights)
        wander = np.interp(same, silent, self._raw.means(silent, weights))
        return np.asarray(np.median(self._raw.means(same, weights) - wander, axis=0))
