"""How often each shape of potential came."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from myowatch.signal.events import Event

AGAIN = 3
"""A shape that came so often is spoken of: by chance two potentials look alike now and then."""


@dataclass(frozen=True, slots=True)
class Shape:
    """A shape that came again.

    Parameters
    ----------
    shape
        Its number.
    twitches
        How often it came.
    first, last
        Onsets, sample indices.
    median_peak
        In the stream's unit.
    """

    shape: int
    twitches: int
    first: int
    last: int
    median_peak: float


@dataclass(frozen=True, slots=True)
class Recurrence:
    """Shapes among the twitches of one stream.

    Parameters
    ----------
    shapes
        Shapes that came at least three times, most frequent first.
    rare
        Twitches of a shape that came once or twice.
    not_compared
        Twitches too faint, or too near to a gap.
    """

    shapes: tuple[Shape, ...]
    rare: int
    not_compared: int


def recurrence(twitches: Sequence[Event], numbers: Mapping[int, int | None]) -> Recurrence:
    """Count how often each shape came.

    Parameters
    ----------
    twitches
        By onset.
    numbers
        By onset; see `myowatch.signal.shape_tracker`.
    """
    alike: dict[int | None, list[Event]] = {None: []}
    for twitch in twitches:
        alike.setdefault(numbers.get(twitch.onset), []).append(twitch)
    not_compared = len(alike.pop(None))
    again = [
        Shape(
            number,
            len(same),
            same[0].onset,
            same[-1].onset,
            float(np.median([twitch.peak for twitch in same])),
        )
        for number, same in alike.items()
        if number is not None and len(same) >= AGAIN
    ]
    rare = sum(len(same) for same in alike.values() if len(same) < AGAIN)
    return Recurrence(
        tuple(sorted(again, key=lambda one: (-one.twitches, one.shape))), rare, not_compared
    )
