"""Candidates for heart beats, and which of them form a rhythm."""

from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise
from statistics import median

import numpy as np
import numpy.typing as npt

from myowatch.signal.model.samples import Samples

Indices = npt.NDArray[np.intp]
_ROOM = 64


@dataclass(frozen=True, slots=True)
class Candidate:
    """Something that stands out below 40 Hz, and may be a heart beat.

    Parameters
    ----------
    frame
        Where a shape would begin.
    piece, samples
        The signal around it in frames, with room for lags, and its samples.
    noise
        Mean square of the noise.
    slow
        Its height below 40 Hz.
    sure
        Whether it is more than noise, which now and then stands out a little.
    """

    frame: int
    piece: Samples
    samples: Samples
    noise: float
    slow: float
    sure: bool


class Candidates:
    """The candidates of the last seconds, in order.

    Parameters
    ----------
    kept
        Frames after which one is forgotten.
    n_lags
        Frames by which a piece is longer than a shape, even.
    """

    def __init__(self, kept: float, n_lags: int) -> None:
        self._kept = kept
        self._n_lags = n_lags
        self.clear()

    def __len__(self) -> int:
        return len(self._known)

    def clear(self) -> None:
        """Drop all of them."""
        self._known: list[Candidate] = []
        self._first = 0
        self._pieces: Samples = np.empty((0, 0))
        self._powers: Samples = np.empty((0, 0))

    @property
    def last(self) -> Candidate:
        """The latest one."""
        return self._known[-1]

    @property
    def frames(self) -> list[int]:
        """Frame at which each begins."""
        return [candidate.frame for candidate in self._known]

    def chosen(self, indices: Indices) -> list[Candidate]:
        """Return some of them."""
        return [self._known[i] for i in indices.tolist()]

    def append(self, candidate: Candidate) -> None:
        """Add a candidate, and drop those that are too old."""
        while self._known and self._known[0].frame < candidate.frame - self._kept:
            self._known.pop(0)
            self._first += 1
        end = self._first + len(self._known)
        if end == len(self._pieces):
            self._make_room(len(candidate.piece))
            end = len(self._known)
        middle = candidate.piece[self._middle(0)]
        self._pieces[end] = candidate.piece
        sums = np.concatenate([[0.0], np.cumsum(middle * middle)])
        self._powers[end] = sums[self._width :] - sums[: -self._width]
        self._known.append(candidate)

    def resemblance(self) -> tuple[Samples, Samples]:
        """Return how much each resembles the last one, as far as noise permits.

        Returns
        -------
        correlation at the best lag relative to that of two equal courses under noise, and height
        relative to the last one's; both of shape (n_candidates,)
        """
        width, n_lags = self._width, self._n_lags
        noise = self.last.noise * width
        middle = self.last.piece[self._middle(n_lags // 2)]
        known = slice(self._first, self._first + len(self._known))
        # One product for all lags: the middle, moved on by a frame from column to column.
        aside = np.zeros(n_lags)
        moved = np.concatenate([aside, middle, aside])[_moves(width + n_lags, n_lags)]
        products = self._pieces[known, self._middle(0)] @ moved
        powers = np.maximum(self._powers[known], 1e-12)
        own = max(float(middle @ middle), 1e-12)
        best = (products / np.sqrt(powers)).argmax(axis=1)
        rows = np.arange(len(products))
        product, power = products[rows, best], powers[rows, best]
        clean = np.maximum(power - noise, 0.1 * power) * max(own - noise, 0.1 * own)
        return product / np.sqrt(clean), np.sqrt(power / own)

    def _middle(self, edge: int) -> slice:
        """Return the middle of a piece with its lags, or `n` frames less on each side."""
        width = self._pieces.shape[1]
        begin = (width - self._n_lags) // 5 + edge
        return slice(begin, width - begin)

    def _make_room(self, width: int) -> None:
        """Move the kept candidates to the front of larger arrays."""
        kept = slice(self._first, self._first + len(self._known))
        room = _ROOM + 2 * len(self._known)
        pieces, powers = np.zeros((room, width)), np.zeros((room, self._n_lags + 1))
        if self._known:
            pieces[: len(self._known)] = self._pieces[kept]
            powers[: len(self._known)] = self._powers[kept]
        self._first, self._pieces, self._powers = 0, pieces, powers
        # Of the middle of a shape.
        length = width - self._n_lags
        self._width = length - 2 * (length // 5)


@lru_cache
@lru_cache
def _moves(n_frames: int, n_lags: int) -> Indices:
    """Return the indices of what is moved on from column to column, (n_frames, n_lags + 1)."""
    return np.arange(n_frames)[:, np.newaxis] + np.arange(n_lags, -1, -1)


# Resting hearts: 40 to 180 beats a minute.
_SHORTEST_S, _LONGEST_S = 0.33, 1.5
_MISSED = 2
_ALIKE, _HEIGHTS = 0.8, 1.8
_TALLER = 1.5
# A heart is at rest between its beats, a contraction is not: of what is at least half as tall at
# least a third are beats.
_CROWD, _TALL = 3, 0.5


@dataclass(frozen=True, slots=True)
class Row:
    """How many intervals in a row make a rhythm, and how even they must be.

    Parameters
    ----------
    even
        Each is within this share of their median or, after a missed beat, of twice it.
    """

    n_intervals: int
    even: float


# Intervals of a heart at rest vary by less than 15 %; for Poisson twitches that are all alike one
# in 500 000 such rows is as even.
ROW, SHORTEST_ROW = Row(7, 0.15), Row(4, 0.1)


def find_rhythm(
    candidates: Candidates, rate: float, row: Row
) -> tuple[list[Candidate], float] | None:
    """Return a rhythm that the last candidate is part of; None if there is none.

    Parameters
    ----------
    rate
        Frames a second.

    Returns
    -------
    its beats and its interval in frames; None if there is none
    """
    if len(candidates) <= row.n_intervals:
        return None
    likeness, height = candidates.resemblance()
    same = (likeness > _ALIKE) & (height < _HEIGHTS) & (height > 1 / _HEIGHTS)
    chosen = np.flatnonzero(same)[-row.n_intervals - 1 :]
    if len(chosen) <= row.n_intervals:
        return None
    known = candidates.frames
    frames = [known[i] for i in chosen.tolist()]
    interval = _interval([b - a for a, b in pairwise(frames)], rate, row.even)
    crowd = np.count_nonzero(height[chosen[0] :] > _TALL)
    is_alone = crowd < _CROWD * len(chosen)
    if interval and is_alone and not _beside_taller(frames, known, height, _SHORTEST_S * rate):
        return candidates.chosen(chosen), interval
    return None


def _interval(intervals: list[int], rate: float, even: float) -> float:
    """Return the median interval if the intervals are even, else 0."""
    middle = median(intervals)
    if not _SHORTEST_S * rate <= middle <= _LONGEST_S * rate:
        return 0.0
    beats = [max(round(interval / middle), 1) for interval in intervals]
    away = [abs(i / (n * middle) - 1) for i, n in zip(intervals, beats, strict=True)]
    missed = sum(n > 1 for n in beats)
    regular = max(away) <= even and max(beats) <= _MISSED and missed <= _MISSED
    return middle if regular else 0.0


def _beside_taller(frames: list[int], known: list[int], heights: Samples, distance: float) -> bool:
    """Return whether these are P or T waves: most have something taller near them."""
    near = np.abs(np.array(known) - np.array(frames)[:, np.newaxis]) < distance
    return bool(np.median((near & (heights > _TALLER)).any(axis=1)))
