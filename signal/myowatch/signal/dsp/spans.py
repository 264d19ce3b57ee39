"""Stretches of activity: what one time scale saw, and what is to be reported as one event."""

from dataclasses import dataclass
from enum import IntEnum

from myowatch.signal.model.events import Reason


class Scale(IntEnum):
    """What saw an activity: the short window, the long one, or the slow motion of a limb."""

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
    """Key to sort spans by."""
    return span.onset, span.offset, span.scale
