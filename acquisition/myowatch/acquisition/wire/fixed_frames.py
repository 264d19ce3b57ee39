"""Frames of a fixed length with a counter, found in a stream of bytes without delimiters.

The decoder synchronises by fixed bits and the counter. In step, it expects a frame directly after
the last, with the next count. Out of step, it searches at every byte, and accepts a frame when
enough frames follow each other with rising counts to rule out chance. If frames begin with a fixed
byte, a frame is whole only if that byte follows it: otherwise two halves of different frames would
make one when bytes are lost.
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from myowatch.acquisition.wire.decoding import Reception

Bytes = npt.NDArray[np.uint8]

PIECE = 16 * 1024
"""Bytes searched at once: the worst-case work grows with its square."""


@dataclass(frozen=True, slots=True)
class FrameShape:
    """Form of a format's frames.

    Parameters
    ----------
    length
        Bytes of a frame.
    count_period
        The counter wraps to 0 after this many.
    in_a_row
        Frames that must follow each other before the first one is accepted.
    begin
        The byte that every frame begins with; None if there is none.
    whole, count
        Functions of candidate frames, shape (n, length): whether their fixed bits and checks are
        right, and their counters; both of shape (n,).
    """

    length: int
    count_period: int
    in_a_row: int
    begin: int | None
    whole: Callable[[Bytes], npt.NDArray[np.bool_]]
    count: Callable[[Bytes], npt.NDArray[np.int64]]


class FixedFrames:
    """Finds the frames in a stream of bytes."""

    def __init__(self, shape: FrameShape) -> None:
        self._shape = shape
        self._rest = b""
        self._expected: int | None = None  # count of the next frame; None when out of step
        self._frames = self._skipped = self._bad = 0

    @property
    def reception(self) -> Reception:
        """Reception counters so far."""
        length = self._shape.length
        return Reception(self._frames, self._frames * length, self._skipped, self._bad)

    def feed(self, data: bytes) -> list[Bytes]:
        """Return the frames that these bytes complete, grouped by successive counts.

        Returns
        -------
        each of shape (n_frames, length)
        """
        found: list[Bytes] = []
        for begin in range(0, max(len(data), 1), PIECE):
            found += self._piece(self._rest + data[begin : begin + PIECE])
        return found

    def _piece(self, data: bytes) -> list[Bytes]:
        length, found, at = self._shape.length, [], 0
        if len(data) < length + (self._shape.begin is not None):
            self._rest = data
            return []
        view = _View(data, self._shape)
        while True:
            if self._expected is None:
                begin, self._expected = view.search(at)
                self._skipped += begin - at
                at = begin
            if self._expected is None:
                break
            n = view.in_step(at, self._expected)
            if n:
                found.append(view.windows[at : at + n * length : length])
                self._frames += n
                self._expected = (self._expected + n) % self._shape.count_period
                at += n * length
            elif view.decidable(at):
                at += self._bytes_to_skip(view, at, self._expected)
            else:
                break
        self._rest = data[at:]
        return found

    def _bytes_to_skip(self, view: "_View", at: int, expected: int) -> int:
        """Return how many bytes to skip where the expected frame is not."""
        length = self._shape.length
        after = (expected + 1) % self._shape.count_period
        self._expected = None
        if view.whole[at]:
            return 0  # frames were lost; this one is searched for like any other
        self._bad += 1
        if view.whole[at + length] and view.count[at + length] == after:
            self._expected = after  # this one alone is damaged
            self._skipped += length
            return length
        return 0


class _View:
    """At least one frame of bytes, as the candidate frame at each byte."""

    def __init__(self, data: bytes, shape: FrameShape) -> None:
        self._shape = shape
        all_bytes = np.frombuffer(data, np.uint8)
        self._n = len(data) - (shape.begin is not None)
        self.windows = np.lib.stride_tricks.sliding_window_view(all_bytes[: self._n], shape.length)
        self.whole = shape.whole(self.windows)
        if shape.begin is not None:
            self.whole &= all_bytes[shape.length :] == shape.begin
        self.count = shape.count(self.windows)
        self._accepted: npt.NDArray[np.intp] | None = None

    def decidable(self, at: int) -> bool:
        """Return whether there are enough bytes to know what follows."""
        return at + 2 * self._shape.length <= self._n

    def in_step(self, at: int, expected: int) -> int:
        """Count the whole frames from here on with the expected counts."""
        length, period = self._shape.length, self._shape.count_period
        count = self.count[at::length]
        right = (count - np.arange(expected, expected + len(count))) % period == 0
        right &= self.whole[at::length]
        return int(np.argmin(right)) if not right.all() else len(right)

    def search(self, at: int) -> tuple[int, int | None]:
        """Return where the next credible frame begins, and its count.

        If there is none: the first byte where this is still undecided, and None.
        """
        if self._accepted is None:
            self._accepted = np.flatnonzero(self._in_a_row())
        following = np.searchsorted(self._accepted, at)
        if following < len(self._accepted):
            begin = int(self._accepted[following])
            return begin, int(self.count[begin])
        return max(self._n - self._shape.in_a_row * self._shape.length + 1, at), None

    def _in_a_row(self) -> npt.NDArray[np.bool_]:
        length, needed = self._shape.length, self._shape.in_a_row
        n = max(self._n - needed * length + 1, 0)
        enough = self.whole[:n].copy()
        for begin in range(length, needed * length, length):
            rise = self.count[begin : begin + n] - self.count[begin - length : begin - length + n]
            enough &= self.whole[begin : begin + n] & (rise % self._shape.count_period == 1)
        return enough
