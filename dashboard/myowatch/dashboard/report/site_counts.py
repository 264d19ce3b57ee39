"""Counts at each place of a period."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import date, datetime, time, timedelta
from math import ceil, fsum
from statistics import median

from myowatch.dashboard.report.contents import Course, Interval, Periodic, Point, Site
from myowatch.recordings.store.counted_streams import CountedStream, select_detectable_peaks
from myowatch.recordings.store.event_windows import StreamKey
from myowatch.recordings.store.store import Store
from myowatch.signal.escalation.escalation_settings import EscalationSettings
from myowatch.signal.escalation.trend import Trend, trend
from myowatch.signal.escalation.wear_time import (
    Part,
    Place,
    places,
    rate_a_minute,
    rate_interval,
    scatter,
)
from myowatch.signal.escalation.weeks import DAYS
from myowatch.signal.model.events import Event, Kind
from myowatch.signal.statistics.counts import ENOUGH_S, Minute, dispersion, poisson_interval, tally
from myowatch.signal.statistics.periodic_movements import AASM, INDEX_S, WASM, periodic_movements
from myowatch.signal.statistics.reference_rates import reference_of

TREND_DAYS = 2 * DAYS
"""Fewest weeks for a change per week."""
BY_DAY_UP_TO = 3 * DAYS
"""Longer periods are drawn by the week."""
MOST_BINS = 24
_BINS_MIN = (1, 2, 5, 10, 15, 20, 30, 60, 120)


def sites_of(
    store: Store,
    found: Sequence[CountedStream],
    events: Mapping[StreamKey, Sequence[Event]],
    last: date,
    settings: EscalationSettings,
) -> tuple[Site, ...]:
    """Return every place, the one with the most twitches first.

    Parameters
    ----------
    found
        What counts, oldest first.
    events
        What lasted, by stream.
    last
        Day on which the period ends.
    """
    by_place: dict[Place, list[tuple[CountedStream, Sequence[Event]]]] = defaultdict(list)
    for one in found:
        mine = events.get(one.key, ())
        by_place[Place(one.site, one.stream.modality)].append((one, mine))
    first = found[0].started.date() if found else last
    described = [
        _site(store, place, of_place, (first, last), settings)
        for place, of_place in by_place.items()
    ]
    return tuple(sorted(described, key=lambda site: (-(site.twitches or 0), site.site)))


def _site(
    store: Store,
    place: Place,
    found: Sequence[tuple[CountedStream, Sequence[Event]]],
    period: tuple[date, date],
    settings: EscalationSettings,
) -> Site:
    worn = [one for one, _ in found]
    wears = [one.wear for one in worn if one.wear is not None]
    parts = places(wears, *period).get(place, ())
    twitches, scored = sum(p.twitches for p in parts), fsum(p.scorable_s for p in parts)
    few = len({part.day for part in parts}) < 2  # noqa: PLR2004
    minutes = [m for one in worn for m in _minutes(store, one)] if few else []
    rate = rate_a_minute(parts)
    return Site(
        site=place.site,
        modality=place.modality,
        days=len({one.started.date() for one in worn}),
        sessions=len({one.session for one in worn}),
        worn_s=fsum(one.duration_s for one in worn),
        scorable_s=fsum(one.scorable_s for one in worn),
        twitches=twitches if place.modality.shows_twitches else None,
        rate=rate,
        exact=_exact(twitches, scored),
        widened=dispersion(minutes).ci95 if few else rate_interval(parts, scatter([parts])),
        trend=_trend(parts, settings),
        course=_course(worn, parts, minutes, period, settings) if rate is not None else None,
        cramps_s=_cramps_s(found),
        movements=sum(e.kind is Kind.MOVEMENT for _, mine in found for e in mine),
        periodic=_periodic(found),
        reference=reference_of(worn[-1].stream),
        unit=worn[-1].stream.unit,
        detectable_peak=_detectable_peak(store, worn),
        unsure=sum(event.is_unsure for _, mine in found for event in mine),
    )


def _detectable_peak(store: Store, worn: Sequence[CountedStream]) -> float | None:
    same_unit = [one for one in worn if one.stream.unit is worn[-1].stream.unit]
    with store.transaction() as connection:
        peaks = select_detectable_peaks(connection, same_unit)
    return median(peaks) if peaks else None


def _cramps_s(found: Sequence[tuple[CountedStream, Sequence[Event]]]) -> tuple[float, ...]:
    lengths = [
        (event.offset - event.onset) / one.stream.sampling_rate
        for one, mine in found
        for event in mine
        if event.kind is Kind.CRAMP
    ]
    return tuple(sorted(lengths, reverse=True))


def _minutes(store: Store, one: CountedStream) -> list[Minute]:
    return [m for m in store.minutes(one.session, one.file) if m.stream == one.stream.name]


def _exact(twitches: int, scored_s: float) -> Interval | None:
    if scored_s < ENOUGH_S:
        return None
    low, high = poisson_interval(twitches)
    return 60 * low / scored_s, 60 * high / scored_s


def _trend(parts: Sequence[Part], settings: EscalationSettings) -> Trend | None:
    long_enough = [p for p in parts if p.scorable_s >= 60 * settings.minutes_a_day]
    if not long_enough or (long_enough[-1].day - long_enough[0].day).days < TREND_DAYS - 1:
        return None
    return trend(long_enough)


def _course(
    found: Sequence[CountedStream],
    parts: Sequence[Part],
    minutes: Sequence[Minute],
    period: tuple[date, date],
    settings: EscalationSettings,
) -> Course | None:
    if len(found) == 1:
        return _over_a_session(found[0].started, minutes)
    return _over_days(parts, *period, settings)


def _over_a_session(started: datetime, minutes: Sequence[Minute]) -> Course | None:
    length = max((m.minute for m in minutes), default=0) + 1
    width = next((w for w in _BINS_MIN if length / w <= MOST_BINS), ceil(length / MOST_BINS))
    bins: dict[int, list[Minute]] = defaultdict(list)
    for minute in minutes:
        bins[minute.minute // width].append(minute)
    points = []
    for number, held in sorted(bins.items()):
        scored = fsum(m.scorable_s for m in held)
        twitches = sum(m.twitches for m in held)
        if scored >= min(ENOUGH_S, 30 * width):
            low, high = poisson_interval(twitches)
            each = 60 / scored
            points.append(
                Point(number * width, twitches * each, (low * each, high * each), sure=True)
            )
    return Course(started, max(length, width), by_day=False, step=width, points=tuple(points))


def _over_days(
    parts: Sequence[Part], first: date, last: date, settings: EscalationSettings
) -> Course:
    n_days = (last - first).days + 1
    step = 1 if n_days <= BY_DAY_UP_TO else DAYS
    n_points = ceil(n_days / step)
    # Weeks end today, as those do that thresholds are judged by.
    begins = last - timedelta(days=n_points * step - 1)
    groups: list[list[Part]] = [[] for _ in range(n_points)]
    for part in parts:
        groups[(part.day - begins).days // step].append(part)
    known = scatter(groups if step > 1 else [parts])
    needed = settings.days_a_week if step > 1 else 1
    points = tuple(
        Point(
            number * step,
            rate_a_minute(group),
            rate_interval(group, known),
            sure=_days_worn(group, settings) >= needed,
        )
        for number, group in enumerate(groups)
    )
    midnight = datetime.combine(begins, time())
    return Course(midnight, n_points * step, by_day=True, step=step, points=points)


def _days_worn(parts: Sequence[Part], settings: EscalationSettings) -> int:
    scored: dict[date, float] = defaultdict(float)
    for part in parts:
        scored[part.day] += part.scorable_s
    return sum(seconds >= 60 * settings.minutes_a_day for seconds in scored.values())


def _periodic(of_site: Sequence[tuple[CountedStream, Sequence[Event]]]) -> tuple[Periodic, ...]:
    """Return the sum of all sessions' series; a series ends with its session."""
    moved = [
        (one, mine, tally(one.stream, mine).unscorable)
        for one, mine in of_site
        if any(event.kind in {Kind.MOVEMENT, Kind.CRAMP} for event in mine)
    ]
    scored = fsum(one.scorable_s for one, _ in of_site)
    totals = []
    for rules in (AASM, WASM):
        each = [
            periodic_movements(mine, lost, one.stream.sampling_rate, one.scorable_s, rules)
            for one, mine, lost in moved
        ]
        movements = sum(found.movements for found in each)
        per_hour = movements / scored * 3600 if scored >= INDEX_S else None
        series = sum(found.series for found in each)
        totals.append(Periodic(rules.name, series, movements, per_hour))
    return tuple(totals)
