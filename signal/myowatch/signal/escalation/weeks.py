"""Weeks at each place: seven days each; the last one ends today."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from math import fsum

from myowatch.signal.escalation.escalation_settings import EscalationSettings
from myowatch.signal.escalation.evidence import Wear
from myowatch.signal.escalation.wear_time import (
    Part,
    Place,
    Scatter,
    StandoutTest,
    days,
    places,
    rate_a_minute,
    rate_interval,
    scatter,
)
from myowatch.signal.model.samples import Modality

DAYS = 7


class WeekState(StrEnum):
    """State of one week at one place."""

    LITTLE_WORN = "too little worn"
    TWITCHING = "twitching"
    OPEN = "cannot be told"
    QUIET = "no more than false alarms"


@dataclass(frozen=True, slots=True)
class Week:
    """Seven days at one place.

    Parameters
    ----------
    first, last
        Days, both included.
    days_worn
        Long enough to count.
    days_above
        Of those, on which twitching stood out.
    rate, ci95
        Twitches a minute over all scorable time, with the interval that allows for nights that
        differ; None where it cannot be told.
    """

    first: date
    last: date
    days_worn: int
    days_above: int
    scorable_s: float
    twitches: int
    rate: float | None
    ci95: tuple[float, float] | None
    state: WeekState


@dataclass(frozen=True, slots=True)
class SiteWeeks:
    """Weeks at one place, oldest first, without a gap: a week not worn is included.

    Parameters
    ----------
    site
        In lower case, with hyphens; empty if unknown.
    """

    site: str
    modality: Modality
    weeks: tuple[Week, ...]


def weekly(
    wears: Iterable[Wear],
    today: date,
    settings: EscalationSettings,
    n_weeks: int,
) -> tuple[SiteWeeks, ...]:
    """Return the weeks of every place that was worn."""
    first = today - timedelta(days=DAYS * n_weeks - 1)
    return tuple(
        SiteWeeks(place.site, place.modality, weeks_of(place, parts, today, settings, n_weeks))
        for place, parts in places(wears, first, today).items()
    )


def weeks_of(
    place: Place, parts: Sequence[Part], today: date, settings: EscalationSettings, n_weeks: int
) -> tuple[Week, ...]:
    """Return the weeks of one place, oldest first."""
    begins = [today - timedelta(days=DAYS * back - 1) for back in range(n_weeks, 0, -1)]
    groups = [within(parts, begin) for begin in begins]
    known = scatter(groups)
    return tuple(
        _week(place, begin, group, known, settings)
        for begin, group in zip(begins, groups, strict=True)
    )


def within(parts: Sequence[Part], first: date, n_days: int = DAYS) -> list[Part]:
    """Return what was worn in `n` days from the first on."""
    return [part for part in parts if 0 <= (part.day - first).days < n_days]


def _week(
    place: Place, first: date, parts: Sequence[Part], known: Scatter, settings: EscalationSettings
) -> Week:
    found = [day.standout for day in days(place, parts, settings)]
    above = found.count(StandoutTest.ABOVE)
    return Week(
        first=first,
        last=first + timedelta(days=DAYS - 1),
        days_worn=len(found),
        days_above=above,
        scorable_s=fsum(part.scorable_s for part in parts),
        twitches=sum(part.twitches for part in parts),
        rate=rate_a_minute(parts),
        ci95=rate_interval(parts, known),
        state=_state(found, settings),
    )


def _state(found: Sequence[StandoutTest], settings: EscalationSettings) -> WeekState:
    if len(found) < settings.days_a_week:
        return WeekState.LITTLE_WORN
    if found.count(StandoutTest.ABOVE) >= settings.separate_days:
        return WeekState.TWITCHING
    # Quiet only if no day at all says otherwise: a week in which one of two twitching days was not
    # worn must not pass for an improvement.
    return WeekState.QUIET if set(found) == {StandoutTest.QUIET} else WeekState.OPEN
