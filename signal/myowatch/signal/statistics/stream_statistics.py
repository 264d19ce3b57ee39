"""Statistics of the events of one stream, beyond their number."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from myowatch.signal.model.events import Event, Kind
from myowatch.signal.model.samples import Stream
from myowatch.signal.statistics.counts import Dispersion, dispersion, tally
from myowatch.signal.statistics.intervals import (
    Clusters,
    Intervals,
    Isolation,
    clusters,
    intervals,
    isolation,
)
from myowatch.signal.statistics.periodic_movements import (
    AASM,
    WASM,
    PeriodicMovements,
    PeriodicRules,
    periodic_movements,
)
from myowatch.signal.statistics.reference_rates import Reference, reference_of
from myowatch.signal.statistics.shape_tracker import Recurrence, recurrence

PAIR = 2
"""Potentials in a doublet."""


@dataclass(frozen=True, slots=True)
class Amplitude:
    """Peaks of the twitches: the largest magnitude of the filtered signal, in the stream's unit.

    Parameters
    ----------
    median, quartiles, largest
        None without a twitch.
    """

    median: float | None = None
    quartiles: tuple[float, float] | None = None
    largest: float | None = None


@dataclass(frozen=True, slots=True)
class Statistics:
    """Statistics of one stream.

    Parameters
    ----------
    doublets
        Twitches of two or more potentials.
    doublet_share
        Of all twitches; None without one.
    periodic
        By each set of rules.
    recurrence
        Shapes of potentials that came again; None if they were not compared.
    reference
        What is known of healthy muscle at this site, if anything is.
    """

    stream: str
    intervals: Intervals
    isolation: Isolation
    clusters: Clusters
    dispersion: Dispersion
    amplitude: Amplitude
    doublets: int
    doublet_share: float | None
    periodic: tuple[PeriodicMovements, ...]
    recurrence: Recurrence | None
    reference: Reference | None


def statistics(
    stream: Stream,
    n_samples: int,
    events: Sequence[Event],
    numbers: Mapping[int, int | None] | None = None,
    rules: Sequence[PeriodicRules] = (AASM, WASM),
) -> Statistics:
    """Describe the events of one stream.

    Parameters
    ----------
    n_samples
        Length of the stream.
    events
        In any order; those of other streams are passed over.
    numbers
        Of the twitches' shapes, by onset; see `myowatch.signal.statistics.shape_tracker`.
    rules
        By which periodic limb movements are sought.
    """
    mine = sorted((e for e in events if e.stream == stream.name), key=lambda e: e.onset)
    counted, rate = tally(stream, mine), stream.sampling_rate
    lost, scorable_s = counted.unscorable, counted.summary(n_samples).scorable_s
    twitches = [event for event in mine if event.kind is Kind.TWITCH]
    doublets = sum(twitch.count >= PAIR for twitch in twitches)
    return Statistics(
        stream=stream.name,
        intervals=intervals(twitches, lost, rate),
        isolation=isolation(twitches, lost, rate, n_samples),
        clusters=clusters(twitches, lost, rate, scorable_s),
        dispersion=dispersion(counted.minutes(n_samples)),
        amplitude=amplitude(twitches),
        doublets=doublets,
        doublet_share=doublets / len(twitches) if twitches else None,
        periodic=tuple(periodic_movements(mine, lost, rate, scorable_s, rule) for rule in rules),
        recurrence=None if numbers is None else recurrence(twitches, numbers),
        reference=reference_of(stream),
    )


def amplitude(twitches: Sequence[Event]) -> Amplitude:
    """Describe the peaks of some twitches."""
    if not twitches:
        return Amplitude()
    low, median, high, largest = np.quantile(
        [twitch.peak for twitch in twitches], [0.25, 0.5, 0.75, 1.0]
    ).tolist()
    return Amplitude(median, (low, high), largest)
