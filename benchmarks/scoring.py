"""Compare reported events with true events.

A report finds a true twitch if its onset is within a tolerance, or if both overlap. A report finds
a true cramp if it covers more than half of it. Each report finds at most one true event. True
twitches in a stretch that cannot be scored, and the reports that meet them, do not count.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

from myowatch.signal.model.events import UNSCORABLE, Event, Kind
from myowatch.signal.model.samples import Modality, Samples

TOLERANCE_S = {Modality.EMG: 0.05, Modality.ACCELEROMETER: 0.1}
COVERED = 0.5
AT_END_S = 0.1
"""A report that ends so near to the end of a scene was cut off there."""

Spans = Samples
"""Onsets and offsets in seconds, shape (n, 2), by onset."""
Pairs = list[tuple[int, int]]


def spans(events: Iterable[Event], rate: float) -> Spans:
    """Onsets and offsets of events."""
    return np.array([(e.onset / rate, e.offset / rate) for e in events]).reshape(-1, 2)


def match_twitches(true: Spans, found: Spans, tolerance_s: float) -> Pairs:
    """Pair true and reported twitches, nearest onsets first; indices into both."""

    def distance(one: Spans, many: Spans) -> npt.NDArray[np.float64]:
        apart = np.abs(many[:, 0] - one[0])
        meets = (apart <= tolerance_s) | (overlap(one, many) > 0)
        return np.where(meets, apart, np.inf)

    return _pair(true, found, distance)


def match_cramps(true: Spans, found: Spans) -> Pairs:
    """Pair true and reported cramps, longest overlaps first; indices into both."""

    def distance(one: Spans, many: Spans) -> npt.NDArray[np.float64]:
        shared = overlap(one, many)
        return np.where(shared > COVERED * (one[1] - one[0]), -shared, np.inf)

    return _pair(true, found, distance)


def overlap(one: Spans, many: Spans) -> Samples:
    """Seconds that each of `many` shares with `one`; negative if it is that far away."""
    return np.asarray(np.minimum(many[:, 1], one[1]) - np.maximum(many[:, 0], one[0]))


def _pair(true: Spans, found: Spans, distance: Callable[[Spans, Spans], Samples]) -> Pairs:
    candidates = []
    for t, one in enumerate(true):
        apart = distance(one, found)
        candidates += [(apart[f], t, int(f)) for f in np.flatnonzero(np.isfinite(apart))]
    pairs: Pairs = []
    taken: tuple[set[int], set[int]] = (set(), set())
    for _, t, f in sorted(candidates):
        if t not in taken[0] and f not in taken[1]:
            pairs.append((t, f))
            taken[0].add(t)
            taken[1].add(f)
    return pairs


@dataclass(frozen=True, slots=True)
class Score:
    """Found, missed and false reports of one kind, over some hours; scores add up."""

    found: int = 0
    missed: int = 0
    false: int = 0
    hours: float = 0.0
    onset_errors_s: tuple[float, ...] = field(default=(), repr=False)

    def __add__(self, other: "Score") -> "Score":
        return Score(
            self.found + other.found,
            self.missed + other.missed,
            self.false + other.false,
            self.hours + other.hours,
            self.onset_errors_s + other.onset_errors_s,
        )

    @property
    def f1(self) -> float:
        """Harmonic mean of recall and precision; NaN where there was nothing and none found."""
        all_of_them = 2 * self.found + self.missed + self.false
        return 2 * self.found / all_of_them if all_of_them else float("nan")

    @property
    def false_per_hour(self) -> float:
        """False reports an hour of recording."""
        return self.false / self.hours

    @property
    def onset_error_ms(self) -> float:
        """Median magnitude of the onset error of what was found."""
        errors = np.abs(self.onset_errors_s)
        return float(np.median(errors) * 1e3) if len(errors) else float("nan")


def total(scores: Iterable[Score]) -> Score:
    """Sum of scores."""
    return sum(scores, Score())


@dataclass(frozen=True, slots=True, eq=False)
class Truth:
    """True twitches and cramps of a scene, and the twitches that do not count."""

    twitches: Spans
    cramps: Spans
    hidden: Spans
    tolerance_s: float
    hours: float

    @classmethod
    def of(cls, events: Sequence[Event], rate: float, modality: Modality, hours: float) -> "Truth":
        """Sort the true events of a scene."""
        twitches, cramps = (
            spans((e for e in events if e.kind is kind), rate) for kind in (Kind.TWITCH, Kind.CRAMP)
        )
        blind = spans((e for e in events if e.reason in UNSCORABLE), rate)
        hides = np.array([bool((overlap(t, blind) > 0).any()) for t in twitches], dtype=bool)
        return cls(twitches[~hides], cramps, twitches[hides], TOLERANCE_S[modality], hours)

    def score_twitches(self, found: Spans) -> tuple[Score, Pairs]:
        """Score reported twitches; the pairs index `self.twitches` and `found`."""
        pairs = match_twitches(self.twitches, found, self.tolerance_s)
        taken = {f for _, f in pairs}
        rest = found[[f for f in range(len(found)) if f not in taken]]
        excused = len(match_twitches(self.hidden, rest, self.tolerance_s))
        errors = tuple(float(found[f, 0] - self.twitches[t, 0]) for t, f in pairs)
        missed, false = len(self.twitches) - len(pairs), len(rest) - excused
        return Score(len(pairs), missed, false, self.hours, errors), pairs

    def score_cramps(self, found: Spans) -> tuple[Score, Pairs]:
        """Score reported cramps."""
        pairs = match_cramps(self.cramps, found)
        errors = tuple(float(found[f, 0] - self.cramps[t, 0]) for t, f in pairs)
        taken = {f for _, f in pairs}
        rest = found[[f for f in range(len(found)) if f not in taken]]
        # What goes on at the end of a scene is not in its truth.
        false = int((rest[:, 1] < self.hours * 3600 - AT_END_S).sum())
        missed = len(self.cramps) - len(pairs)
        return Score(len(pairs), missed, false, self.hours, errors), pairs
