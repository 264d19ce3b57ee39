"""A stream cut into frames of equal length, and sums and maxima over a sliding window."""

import numpy as np

from myowatch.signal.model.samples import Samples


class Frames:
    """Cuts a stream into whole frames; remaining samples wait for the next call.

    Parameters
    ----------
    length
        Samples per frame.
    n_rows
        Process `n_rows` rows at a time, if given; time runs along the last axis.
    """

    def __init__(self, length: int, n_rows: int | None = None) -> None:
        self.length = length
        self._rows = () if n_rows is None else (n_rows,)
        self.reset()

    def reset(self) -> None:
        """Discard the remaining samples."""
        self._tail: Samples = np.empty((*self._rows, 0))

    @property
    def n_left(self) -> int:
        """Samples that wait for their frame to be complete."""
        n_left: int = self._tail.shape[-1]
        return n_left

    def process(self, samples: Samples) -> Samples:
        """Process the next samples, shape (n_samples,) or (n_rows, n_samples).

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


class SlidingSum:
    """Sum of the last values, a power of two of them.

    Summed by doubling: the same additions in the same order wherever the input was cut, and
    nothing that decays slowly after a strong value. Before the first value were zeros.

    Parameters
    ----------
    length
        Values in the window; moved to the nearest power of two, at least two.
    n_rows
        Process `n_rows` rows at a time, if given; time then runs along the last axis.
    """

    def __init__(self, length: float, n_rows: int | None = None) -> None:
        self._rows = () if n_rows is None else (n_rows,)
        doublings = round(np.log2(max(length, 2.0)))
        self._strides = [2**i for i in range(doublings)]
        self.length = 2**doublings
        self.reset()

    def reset(self) -> None:
        """Reset to the initial state."""
        self._past: Samples = np.zeros((*self._rows, self.length - 1))

    def process(self, values: Samples) -> Samples:
        """Process the next values, shape (n_values,) or (n_rows, n_values); same shape out.

        Each is the sum that ends with that value.
        """
        total = np.concatenate([self._past, values], axis=-1)
        self._past = total[..., total.shape[-1] - self.length + 1 :]
        for stride in self._strides:
            total = total[..., stride:] + total[..., :-stride]
        return total


def trailing_windows(past: Samples, new: Samples) -> tuple[Samples, Samples]:
    """Return the values before each new one, and itself; time runs along the last axis.

    Parameters
    ----------
    past
        Values before the new ones, shape (..., n_past).
    new
        Shape (..., n_new).

    Returns
    -------
    windows of shape (n_past + 1, ..., n_new), and the `past` of the next call
    """
    known = np.concatenate([past, new], axis=-1)
    n_past, n_new = past.shape[-1], new.shape[-1]
    windows = np.array([known[..., i : i + n_new] for i in range(n_past + 1)])
    return windows, known[..., n_new:].copy()


def sliding_max(values: Samples, length: int) -> Samples:
    """Return the largest of each `length` successive values; (n_values - length + 1,).

    `scipy.ndimage.maximum_filter1d` takes 1.5 (80 values) to 2.7 times as long (60 000 values).
    """
    width, highest = 1, values
    while 2 * width <= length:
        highest = np.maximum(highest[width:], highest[:-width])
        width *= 2
    rest = length - width
    largest: Samples = np.maximum(highest[rest:], highest[: len(highest) - rest])
    return largest
