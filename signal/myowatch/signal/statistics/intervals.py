"""Times between twitches, clusters of twitches, and isolated twitches."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import exp

import numpy as np
import numpy.typing as npt

from myowatch.signal.dsp.spans import Union
from myowatch.signal.model.events import Event

LEAST_INTERVALS = 5
"""Quartiles of fewer intervals would say more about chance than about the muscle."""
ISOLATED_S = 0.25
"""On both sides of an isolated potential is more than this; Sleutjes et al. 2016."""

Flags = npt.NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Intervals:
    """Times from the onset of a twitch to the onset of the next.

    Parameters
    ----------
    count
        Intervals without a moment between that could not be scored.
    median_s, quartiles_s
        Seconds; None under five intervals, as is `cv`.
    cv
        Coefficient of variation (sample standard deviation over mean): about 1 for twitches
        that come independently of each other, near 0 for a clock, above 1 for clusters.
    """

    count: int
    median_s: float | None = None
    quartiles_s: tuple[float, float] | None = None
    cv: float | None = None


@dataclass(frozen=True, slots=True)
class Isolation:
    """Counts of twitches by the distance to their neighbours.

    Parameters
    ----------
    isolated
        More than a quarter second from the twitch before and from the one after.
    continual
        At most that from both.
    other
        Near one neighbour, far from the other.
    unknown
        Time that could not be scored, or an end of the recording, is too near to tell.

    References
    ----------
    Sleutjes et al. 2016, Muscle Nerve 53:227: there of the discharges of each single motor unit,
    here of all twitches under one sensor.
    """

    isolated: int
    continual: int
    other: int
    unknown: int


def unbroken(events: Sequence[Event], unscorable: Union) -> Flags:
    """Return whether all time between each event and the next could be scored.

    Parameters
    ----------
    events
        By onset.

    Returns
    -------
    shape (n_events - 1,)
    """
    ends = np.array([event.offset for event in events[:-1]], dtype=np.int64)
    onsets = np.array([event.onset for event in events[1:]], dtype=np.int64)
    lost = np.array([*unscorable, (2**62, 2**62)], dtype=np.int64)
    following = np.searchsorted(lost[:, 1], ends, side="right")
    clear: Flags = lost[following, 0] >= onsets
    return clear


def intervals(twitches: Sequence[Event], unscorable: Union, rate: float) -> Intervals:
    """Return the times between twitches, which come by onset; `rate` in Hz."""
    onsets = np.array([twitch.onset for twitch in twitches], dtype=np.int64)
    between = np.diff(onsets)[unbroken(twitches, unscorable)] / rate
    if len(between) < LEAST_INTERVALS:
        return Intervals(len(between))
    low, median, high = np.quantile(between, [0.25, 0.5, 0.75]).tolist()
    cv = float(between.std(ddof=1) / between.mean())
    return Intervals(len(between), median, (low, high), cv)


def isolation(
    twitches: Sequence[Event],
    unscorable: Union,
    rate: float,
    n_samples: int,
    within_s: float = ISOLATED_S,
) -> Isolation:
    """Sort twitches, which come by onset, by the distance to their neighbours."""
    if not twitches:
        return Isolation(0, 0, 0, 0)
    near, far = _sides(twitches, unscorable, within_s * rate, n_samples)
    known = (near | far).all(axis=0)
    isolated, continual = int(far.all(axis=0).sum()), int(near.all(axis=0).sum())
    return Isolation(
        isolated, continual, int(known.sum()) - isolated - continual, int((~known).sum())
    )


def _sides(
    twitches: Sequence[Event], unscorable: Union, within: float, n_samples: int
) -> tuple[Flags, Flags]:
    """Return whether a twitch is near, and surely none is, before and after: (2, n) each."""
    onsets = np.array([twitch.onset for twitch in twitches], dtype=np.int64)
    clear = unbroken(twitches, unscorable)
    apart = np.diff(onsets)
    beside = np.concatenate([[False], clear & (apart <= within), [False]])
    # Where nothing could be seen, a twitch may have been: so far back, or on, is known.
    end = max(n_samples, twitches[-1].offset)
    lost = np.array([(0, 0), *unscorable, (end, end)], dtype=np.int64)
    last = np.searchsorted(lost[:, 0], onsets, side="right") - 1
    seen = np.stack([onsets - lost[last, 1], lost[last + 1, 0] - onsets])
    near = np.stack([beside[:-1], beside[1:]])
    return near, ~near & (seen > within)


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
    unscorable: Union,
    rate: float,
    scorable_s: float,
    within_s: float = CLUSTER_S,
) -> Clusters:
    """Return the clusters among twitches, which come by onset; `rate` in Hz."""
    onsets = np.array([twitch.onset for twitch in twitches], dtype=np.int64)
    linked = (np.diff(onsets) <= within_s * rate) & unbroken(twitches, unscorable)
    steps = np.diff(np.concatenate([[False], linked, [False]]).astype(np.int8))
    sizes = np.flatnonzero(steps == -1) - np.flatnonzero(steps == 1) + 1
    sizes = sizes[sizes >= AT_LEAST]
    alone = exp(-within_s * len(twitches) / scorable_s) if scorable_s > 0 else 1.0
    by_chance = len(twitches) * alone * (1 - alone) ** (AT_LEAST - 1)
    return Clusters(len(sizes), int(sizes.sum()), int(sizes.max(initial=0)), by_chance)
