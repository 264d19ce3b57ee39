"""Runs of twitches in quick succession."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import exp

import numpy as np

from myowatch.signal.events import Event
from myowatch.signal.intervals import unbroken
from myowatch.signal.stretches import Stretches

CLUSTER_S = 1.0
"""Onsets in a cluster are at most so far apart: a choice, since no standard names a figure."""
AT_LEAST = 3
"""Two in a row may be a doublet and its echo."""


@dataclass(frozen=True, slots=True)
class Clusters:
    """Runs of at least three twitches, each within a second of the one before.

    Parameters
    ----------
    count
        Clusters.
    twitches
        Twitches in them.
    largest
        Twitches in the largest one.
    by_chance
        Clusters to be expected if twitches came independently of each other at this rate: n q p
        squared, with p = 1 - exp(-rate x 1 s) the chance of a successor in time and q = 1 - p.
    """

    count: int
    twitches: int
    largest: int
    by_chance: float


def clusters(
    twitches: Sequence[Event],
    unscorable: Stretches,
    rate: float,
    scorable_s: float,
    within_s: float = CLUSTER_S,
) -> Clusters:
    """Find the clusters among twitches, which come by onset, at a sampling rate in Hz."""
    onsets = np.array([twitch.onset for twitch in twitches], dtype=np.int64)
    linked = (np.diff(onsets) <= within_s * rate) & unbroken(twitches, unscorable)
    steps = np.diff(np.concatenate([[False], linked, [False]]).astype(np.int8))
    sizes = np.flatnonzero(steps == -1) - np.flatnonzero(steps == 1) + 1
    sizes = sizes[sizes >= AT_LEAST]
    alone = exp(-within_s * len(twitches) / scorable_s) if scorable_s > 0 else 1.0
    by_chance = len(twitches) * alone * (1 - alone) ** (AT_LEAST - 1)
    return Clusters(len(sizes), int(sizes.sum()), int(sizes.max(initial=0)), by_chance)
