"""The slow time scale: something that goes on most of the time."""

import numpy as np

from myowatch.signal.frames import Frames
from myowatch.signal.samples import Samples
from myowatch.signal.sliding import lately

STEPS = 8
"""Steps in a window."""
_RANK = 2


class SustainedLevel:
    """Energy that a long sliding window holds most of the time.

    The window is cut into eight steps, and the third weakest of them speaks for it: a twitch of
    any size touches only a few, while a contraction fills them all.

    Parameters
    ----------
    frame_rate
        Frames a second.
    window_s
        Length of the window; it moves on by one step.
    evenness
        What holds less than this share of the strongest step most of the time does not last:
        strong twitches that follow each other closely ring into each other.
    """

    def __init__(self, frame_rate: float, window_s: float, evenness: float = 0.0) -> None:
        self._evenness = evenness
        self.step = max(round(window_s * frame_rate / STEPS), 1)
        self._steps = [Frames(self.step) for _ in range(3)]
        self.reset()

    def reset(self) -> None:
        """Forget the past."""
        for steps in self._steps:
            steps.reset()
        self._past: Samples = np.zeros(STEPS - 1)

    def process(
        self, energy: Samples, magnitude: Samples, floor: Samples
    ) -> tuple[Samples, Samples, Samples]:
        """Take the next frames, all of shape (n_frames,).

        Returns
        -------
        for each step completed: the energy, the largest magnitude, the noise floor
        """
        frames = zip(self._steps, (energy, magnitude, floor), strict=True)
        energies, magnitudes, floors = (steps.process(values) for steps, values in frames)
        means = energies.sum(axis=1) * (1.0 / self.step)
        window, self._past = lately(self._past, means)
        ranked = np.sort(window, axis=0)
        level = np.where(ranked[_RANK] < self._evenness * ranked[-1], 0.0, ranked[_RANK])
        return level, magnitudes.max(axis=1), floors[:, 0]
