"""The slow time scale: is something going on most of the time?"""

import numpy as np

from myowatch.signal.samples import Samples

_STEPS = 8


class SustainedLevel:
    """Mean level over a long sliding window, of levels cut off at a ceiling.

    Cut off at the threshold of a twitch, a single twitch of any size adds little, while
    activity that fills half the window doubles the mean.

    Parameters
    ----------
    frame_rate
        Frames a second.
    window_s
        Length of the window; it moves on by an eighth of it.
    ceiling
        Levels above this count as this.
    """

    def __init__(self, frame_rate: float, window_s: float, ceiling: float) -> None:
        self.step = max(round(window_s * frame_rate / _STEPS), 1)
        self._ceiling = ceiling
        self.reset()

    def process(
        self, level: Samples, magnitude: Samples, floor: Samples
    ) -> tuple[Samples, Samples, Samples]:
        """Take the next frames, all of shape (n_frames,).

        Returns
        -------
        for each step completed: the mean level, the largest magnitude, the noise floor
        """
        frames = np.stack([np.minimum(level, self._ceiling), magnitude, floor])
        known = np.concatenate([self._tail, frames], axis=1)
        n_steps = known.shape[1] // self.step
        self._tail = known[:, n_steps * self.step :]
        steps = known[:, : n_steps * self.step].reshape(3, n_steps, self.step)
        total = np.concatenate([self._past, steps[0].sum(axis=1)])
        self._past = total[len(total) - _STEPS + 1 :]
        for stride in (1, 2, 4):
            total = total[stride:] + total[:-stride]
        return total * (1.0 / (_STEPS * self.step)), steps[1].max(axis=1), steps[2][:, 0]

    def reset(self) -> None:
        """Forget the past."""
        self._tail = np.empty((3, 0))
        self._past = np.zeros(_STEPS - 1)
