"""Patterns of a session's events in words: a name and a sentence each."""

from collections.abc import Sequence
from math import sqrt

from myowatch.dashboard.sessions import sessions_text as words
from myowatch.dashboard.text.common_text import UNITS, plain
from myowatch.signal.model.samples import Stream
from myowatch.signal.statistics.intervals import Clusters, Intervals, Isolation
from myowatch.signal.statistics.periodic_movements import PeriodicMovements
from myowatch.signal.statistics.reference_rates import Reference
from myowatch.signal.statistics.shape_tracker import Recurrence
from myowatch.signal.statistics.stream_statistics import Amplitude, Statistics

SHAPES_NAMED = 3
REGULARITY_FROM = 20
"""Intervals; of fewer, anything may be chance."""
_MINUTES_FROM_S = 120.0
Row = tuple[str, str]


def rows(found: Statistics, stream: Stream, twitches: int, *, running: bool) -> list[Row]:
    """Return name and sentence of each pattern that can be told.

    Parameters
    ----------
    twitches
        How many there are.
    running
        Whether the recording goes on: shapes are compared when it has ended.
    """
    unit = UNITS.get(stream.unit, stream.unit.value)
    table: list[Row] = []
    if found.intervals.median_s is not None:
        table.append((words.BETWEEN, _between(found.intervals)))
        table.append((words.ISOLATED, _isolated(found.isolation)))
        table.append((words.CLUSTERS, _clusters(found.clusters)))
    if twitches:
        table.append((words.SIZE, _size(found.amplitude, unit)))
        doublets = words.DOUBLETS_FOUND.format(count=found.doublets, all=twitches)
        table.append((words.DOUBLETS, doublets))
    if twitches and found.recurrence is not None:
        table.append((words.AGAIN, _again(found.recurrence, unit)))
    elif twitches and running:
        table.append((words.AGAIN, words.LATER_AGAIN))
    if any(one.series for one in found.periodic):
        table.append((words.PERIODIC, _periodic(found.periodic)))
    return table


def scatter(found: Statistics) -> str:
    """Return a warning if the interval of the rate is too narrow; else empty."""
    if found.dispersion.ci95 is None:
        return ""
    low, high = found.dispersion.ci95
    return words.SCATTER.format(low=low, high=high)


def reference(known: Reference) -> str:
    """Return published rates of healthy people with their source, safe for Markdown."""
    if known.never_above is not None:
        sentence, figure = words.NEVER_ABOVE, known.never_above
    elif known.at_times_above is not None:
        sentence, figure = words.AT_TIMES_ABOVE, known.at_times_above
    else:
        sentence, figure = words.NO_FIGURE, 0.0
    said = (sentence + words.REFERENCE_SOURCE).format(
        people=known.people,
        figure=figure,
        muscle=known.muscle,
        method=known.method.replace("uV", UNITS["uV"]),
        source=known.source,
    )
    return plain(said)


def _between(found: Intervals) -> str:
    median_s, quartiles_s, cv = found.median_s or 0.0, found.quartiles_s or (0.0, 0.0), found.cv
    said = words.BETWEEN_FOUND.format(
        median=_time(median_s), low=_time(quartiles_s[0]), high=_time(quartiles_s[1])
    )
    if cv is None or found.count < REGULARITY_FROM:
        return said
    # The variation of so many intervals of pure chance scatters by about this around one.
    if abs(cv - 1) <= 2 / sqrt(found.count):
        return said + words.REGULARITY["chance"]
    return said + words.REGULARITY["even" if cv < 1 else "bunched"]


def _isolated(found: Isolation) -> str:
    known = found.isolated + found.continual + found.other
    return words.ISOLATED_FOUND.format(
        isolated=found.isolated, known=known, continual=found.continual
    )


def _clusters(found: Clusters) -> str:
    if not found.count:
        return words.NO_CLUSTERS
    chance = f"{found.by_chance:.1f}" if found.by_chance < 10 else f"{found.by_chance:.0f}"  # noqa: PLR2004
    return words.CLUSTERS_FOUND.format(count=found.count, largest=found.largest, chance=chance)


def _size(found: Amplitude, unit: str) -> str:
    low, high = found.quartiles or (0.0, 0.0)
    return words.SIZE_FOUND.format(
        median=_size_of(found.median or 0.0, unit),
        low=_size_of(low, unit),
        high=_size_of(high, unit),
        largest=_size_of(found.largest or 0.0, unit),
    )


def _again(found: Recurrence, unit: str) -> str:
    if not found.shapes:
        return words.NONE_AGAIN
    named = [
        words.SHAPE_COUNT.format(count=one.twitches, peak=_size_of(one.median_peak, unit))
        for one in found.shapes[:SHAPES_NAMED]
    ]
    more = len(found.shapes) - len(named)
    if more:
        named.append(words.MORE_SHAPES.format(more=more))
    shapes = words.SHAPES[len(found.shapes) > 1].format(count=len(found.shapes))
    return words.AGAIN_FOUND.format(shapes=shapes, most=", ".join(named), rare=found.rare)


def _periodic(found: Sequence[PeriodicMovements]) -> str:
    """Return one sentence, and one statement for all rules that found the same."""
    by_finding: dict[str, list[str]] = {}
    for one in found:
        by_finding.setdefault(_series(one), []).append(one.rules)
    by_rules = [
        words.BY_RULES.format(found=finding, rules=words.AND.join(rules))
        for finding, rules in by_finding.items()
    ]
    sentence = "; ".join(by_rules)
    return f"{sentence[0].upper()}{sentence[1:]}. {words.PERIODIC_NOTE}"


def _series(found: PeriodicMovements) -> str:
    if not found.series:
        return words.NO_SERIES
    per_hour = "" if found.per_hour is None else words.PER_HOUR.format(per_hour=found.per_hour)
    said = words.SERIES.format(movements=found.movements, series=found.series)
    return said + per_hour


def _time(seconds: float) -> str:
    if seconds >= _MINUTES_FROM_S:
        return f"{seconds / 60:.1f} min"
    return f"{seconds:.1f} s" if seconds >= 1 else f"{seconds:.2f} s"


def _size_of(peak: float, unit: str) -> str:
    return f"{float(f'{peak:.3g}'):g} {unit}"
