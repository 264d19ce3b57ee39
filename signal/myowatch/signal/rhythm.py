"""Which of some candidates make a rhythm of heart beats: alike, even, and most of what is tall.

Respiratory arrhythmia and a beat that is missed are allowed for. Twitches of one unit are alike
too, but they come at random: seven even intervals in a row do not happen.
"""

from dataclasses import dataclass
from itertools import pairwise
from statistics import median

import numpy as np

from myowatch.signal.candidates import Candidate, Candidates
from myowatch.signal.samples import Samples

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
    """How many intervals in a row make a rhythm, and how even.

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
    """Look for a rhythm that the last candidate is part of.

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
    """Median interval when they are even, otherwise 0."""
    middle = median(intervals)
    if not _SHORTEST_S * rate <= middle <= _LONGEST_S * rate:
        return 0.0
    beats = [max(round(interval / middle), 1) for interval in intervals]
    away = [abs(i / (n * middle) - 1) for i, n in zip(intervals, beats, strict=True)]
    missed = sum(n > 1 for n in beats)
    regular = max(away) <= even and max(beats) <= _MISSED and missed <= _MISSED
    return middle if regular else 0.0


def _beside_taller(frames: list[int], known: list[int], heights: Samples, distance: float) -> bool:
    """Whether these are the P or T waves of beats: most have something taller near them."""
    near = np.abs(np.array(known) - np.array(frames)[:, np.newaxis]) < distance
    return bool(np.median((near & (heights > _TALLER)).any(axis=1)))
