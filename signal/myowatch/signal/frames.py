"""A stream cut into frames of equal length."""

import numpy as np

from myowatch.signal.samples import Samples


class Frames:
    """Gives whole frames; what is left over waits for the next samples.

    Parameters
    ----------
    length
        Samples a frame.
    n_rows
        Cuts so many rows at a time, if told; time runs along the last axis.
    """

    def __init__(self, length: int, n_rows: int | None = None) -> None:
        self.length = length
        self._rows = () if n_rows is None else (n_rows,)
        self.reset()

    def reset(self) -> None:
        """Forget what is left over."""
        self._tail: Samples = np.empty((*self._rows, 0))

    @property
    def n_left(self) -> int:
        """Samples that wait for their frame to be whole."""
        n_left: int = self._tail.shape[-1]
        return n_left

    def process(self, samples: Samples) -> Samples:
        """Take the next samples, shape (n_samples,) or (n_rows, n_samples).

        Returns
        -------
        shape (n_frames, length) or (n_rows, n_frames, length)
        """
        known = np.concatenate([self._tail, samples], axis=-1) if self.n_left else samples
        n_frames = known.shape[-1] // self.length
        end = n_frames * self.length
        self._tail = known[..., end:].copy()
        return known[..., :end].reshape(*self._rows, n_frames, self.length)


# NumPy's own reductions along an axis take 30 times as long where it is as short as a frame.


def frame_sums(frames: Samples) -> Samples:
    """Sum over each frame, for short frames: (..., n_frames, length) to (..., n_frames)."""
    total: Samples = frames[..., 0]
    if frames.shape[-1] == 1:
        return total
    total = total.copy()
    for later in range(1, frames.shape[-1]):
        total += frames[..., later]
    return total


def frame_maxima(frames: Samples) -> Samples:
    """Largest value in each frame, for short frames; shapes as in `frame_sums`."""
    highest: Samples = frames[..., 0].copy()
    for later in range(1, frames.shape[-1]):
        np.maximum(highest, frames[..., later], out=highest)
    return highest
