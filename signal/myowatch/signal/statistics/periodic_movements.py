"""Series of periodic limb movements, as sleep medicine scores them.

The rules know no cramps: whatever lasts from half a second to ten is a movement to them. They were
made for the front of the lower leg in sleep. Without a sleep recording the time asleep is unknown,
so the index here is movements per hour of scorable time.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from myowatch.signal.dsp.spans import Union
from myowatch.signal.model.events import Event, Kind
from myowatch.signal.statistics.intervals import unbroken

INDEX_S = 3600.0
"""No index over less scorable time: the shortest test that uses one (the suggested immobilization
test) lasts an hour."""


@dataclass(frozen=True, slots=True)
class PeriodicRules:
    """Rules that define a series.

    Parameters
    ----------
    shortest_s, longest_s
        Duration of a movement that may take part.
    nearest_s, farthest_s
        From onset to onset, in a series.
    at_least
        Movements in a series.
    strict
        Whether a movement that comes too soon, or lasts too long, ends the series (WASM); else it
        is passed over, and the interval runs on to the next (AASM).
    """

    name: str
    nearest_s: float
    strict: bool
    farthest_s: float = 90.0
    shortest_s: float = 0.5
    longest_s: float = 10.0
    at_least: int = 4

    def __post_init__(self) -> None:
        if not (0 < self.nearest_s < self.farthest_s and 0 < self.shortest_s < self.longest_s):
            raise ValueError(f"need rising limits of durations and intervals, got {self}")
        if self.at_least < 2:  # noqa: PLR2004
            raise ValueError(f"need at least two movements in a series, got {self.at_least}")


AASM = PeriodicRules("AASM", nearest_s=5.0, strict=False)
"""Berry et al., The AASM Manual for the Scoring of Sleep and Associated Events, from 2007 on."""
WASM = PeriodicRules("WASM 2016", nearest_s=10.0, strict=True)
"""Ferri et al. 2016, Sleep Med 26:86."""


@dataclass(frozen=True, slots=True)
class PeriodicMovements:
    """Series found by one set of rules.

    Parameters
    ----------
    rules
        Name of the rules.
    movements
        Movements in all series.
    median_interval_s
        Between neighbours in a series; None without a series.
    per_hour
        Movements in series per hour of scorable time; None under one such hour.
    """

    rules: str
    series: int
    movements: int
    median_interval_s: float | None
    per_hour: float | None


def periodic_movements(
    events: Sequence[Event],
    unscorable: Union,
    rate: float,
    scorable_s: float,
    rules: PeriodicRules,
) -> PeriodicMovements:
    """Return the series among one stream's events, which come by onset; `rate` in Hz."""
    active = [event for event in events if event.kind in {Kind.MOVEMENT, Kind.CRAMP}]
    found = series(active, unscorable, rate, rules)
    movements = sum(map(len, found))
    apart = [gap for one in found for gap in np.diff([event.onset for event in one]).tolist()]
    return PeriodicMovements(
        rules.name,
        len(found),
        movements,
        float(np.median(apart)) / rate if apart else None,
        movements / scorable_s * 3600 if scorable_s >= INDEX_S else None,
    )


def series(
    movements: Sequence[Event], unscorable: Union, rate: float, rules: PeriodicRules
) -> list[list[Event]]:
    """Sort movements, which come by onset, into series; movements outside a series are dropped.

    Time that could not be scored ends a series: movements in it would not have been seen.
    """
    runs: list[list[Event]] = [[]]
    for event in movements:
        lasting_s = (event.offset - event.onset) / rate
        if lasting_s < rules.shortest_s:
            continue
        if lasting_s > rules.longest_s:
            if rules.strict:
                runs.append([])
            continue
        if not runs[-1]:
            runs[-1].append(event)
            continue
        apart_s = (event.onset - runs[-1][-1].onset) / rate
        if apart_s > rules.farthest_s or not unbroken([runs[-1][-1], event], unscorable)[0]:
            runs.append([event])
        elif apart_s >= rules.nearest_s:
            runs[-1].append(event)
        elif rules.strict:
            runs.append([event])
    return [run for run in runs if len(run) >= rules.at_least]
