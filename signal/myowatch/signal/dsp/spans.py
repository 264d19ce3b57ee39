"""Spans of activity, and the union of overlapping spans."""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import IntEnum

from myowatch.signal.model.events import Reason


class Union:
    """A growing union of spans of samples; it keeps only the gaps between them in memory.

    Stretches mostly come in the order of time, which costs the least; any order is right.
    """

    def __init__(self) -> None:
        self._merged: list[tuple[int, int]] = []

    def __iter__(self) -> Iterator[tuple[int, int]]:
        """Yield the onset and offset of each merged span, in order."""
        return iter(self._merged)

    def add(self, onset: int, offset: int) -> None:
        """Add a span; `offset` is one past its last sample."""
        later = []
        while self._merged and self._merged[-1][1] >= onset:
            before = self._merged.pop()
            if before[0] > offset:
                later.append(before)
            else:
                onset, offset = min(onset, before[0]), max(offset, before[1])
        self._merged.append((onset, offset))
        self._merged.extend(reversed(later))

    def covered(self, n_samples: int) -> int:
        """Return how many of the first `n` samples are covered."""
        return sum(max(0, min(offset, n_samples) - onset) for onset, offset in self._merged)


class Scale(IntEnum):
    """Time scale that an activity was found on: short window, long window, or slow motion."""

    BRIEF = 0
    SUSTAINED = 1
    MOTION = 2


@dataclass(frozen=True, slots=True)
class Span:
    """Activity on one time scale, sample indices; the rest as in `Burst`.

    A restless muscle raises what the energy of a burst has to reach so many times.
    """

    onset: int
    offset: int
    peak: float
    floor: float
    scale: Scale
    raised: float = 1.0


@dataclass(frozen=True, slots=True)
class Group:
    """Activity to be reported as one event.

    Parameters
    ----------
    count
        Potentials seen on the short time scale.
    moved, lasting
        Shares of the time during which a limb moved, and the long window saw something.
    reason
        What is already known to be no activity of a muscle.
    """

    onset: int
    offset: int
    peak: float
    floor: float
    count: int
    moved: float
    reason: Reason | None = None
    lasting: float = 0.0


def in_order(span: Span) -> tuple[int, int, int]:
    """Return the key to sort spans by."""
    return span.onset, span.offset, span.scale
