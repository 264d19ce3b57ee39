"""Whether twitching goes on for weeks without improvement, as far as sensors can tell."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from myowatch.signal.escalation.escalation_settings import EscalationSettings
from myowatch.signal.escalation.evidence import Standing, Wear
from myowatch.signal.escalation.trend import Trend, trend
from myowatch.signal.escalation.wear_time import (
    Part,
    Place,
    StandoutTest,
    days,
    places,
    rate_a_minute,
    rate_interval,
    scatter,
)
from myowatch.signal.escalation.weeks import DAYS, Week, WeekState, weeks_of, within
from myowatch.signal.model.samples import Modality


@dataclass(frozen=True, slots=True)
class SiteCourse:
    """One place over the judged weeks.

    Parameters
    ----------
    weeks
        Those weeks, oldest first.
    days, days_worn
        How many there are in them, and how many of those were worn long enough to count.
    rate, ci95
        Twitches a minute over all of them; None where it cannot be told.
    trend
        None unless every week was worn enough.
    held_open
        Whether this place keeps the threshold from being called not met: it twitched lately, and
        whether it still does cannot be told.
    """

    site: str
    modality: Modality
    standing: Standing
    weeks: tuple[Week, ...]
    days: int
    days_worn: int
    rate: float | None
    ci95: tuple[float, float] | None
    trend: Trend | None
    held_open: bool


def courses(
    wears: Iterable[Wear], today: date, settings: EscalationSettings
) -> tuple[SiteCourse, ...]:
    """Return the course of every place worn in the judged weeks."""
    first = today - timedelta(days=DAYS * settings.spread_weeks - 1)
    return tuple(
        _course(place, parts, today, settings)
        for place, parts in places(wears, first, today).items()
    )


def standing_of(found: Sequence[SiteCourse]) -> Standing:
    """Return the state of the threshold, by sensors alone."""
    standings = {course.standing for course in found}
    if Standing.MET in standings:
        return Standing.MET
    if Standing.NOT_MET in standings and not any(course.held_open for course in found):
        return Standing.NOT_MET
    return Standing.NOT_ENOUGH_DATA


def _course(
    place: Place, parts: Sequence[Part], today: date, settings: EscalationSettings
) -> SiteCourse:
    n_days = DAYS * settings.weeks
    judged = within(parts, today - timedelta(days=n_days - 1), n_days)
    weeks = weeks_of(place, judged, today, settings, settings.weeks)
    course = _trend(judged, settings) if _worn_enough(weeks) else None
    standing = _standing(weeks, course, settings)
    return SiteCourse(
        site=place.site,
        modality=place.modality,
        standing=standing,
        weeks=weeks,
        days=n_days,
        days_worn=sum(week.days_worn for week in weeks),
        rate=rate_a_minute(judged),
        ci95=rate_interval(judged, scatter([judged])),
        trend=course,
        held_open=standing is Standing.NOT_ENOUGH_DATA and _stood_out(place, parts, settings),
    )


def _standing(
    weeks: Sequence[Week], course: Trend | None, settings: EscalationSettings
) -> Standing:
    # First, so that a gap in wearing is never taken for an improvement.
    if course is None:
        return Standing.NOT_ENOUGH_DATA
    states = {week.state for week in weeks}
    if WeekState.QUIET in states or course.p <= settings.level:
        return Standing.NOT_MET
    return Standing.MET if states == {WeekState.TWITCHING} else Standing.NOT_ENOUGH_DATA


def _worn_enough(weeks: Sequence[Week]) -> bool:
    return all(week.state is not WeekState.LITTLE_WORN for week in weeks)


def _trend(parts: Sequence[Part], settings: EscalationSettings) -> Trend:
    return trend([part for part in parts if part.scorable_s >= 60 * settings.minutes_a_day])


def _stood_out(place: Place, parts: Sequence[Part], settings: EscalationSettings) -> bool:
    return any(day.standout is StandoutTest.ABOVE for day in days(place, parts, settings))
