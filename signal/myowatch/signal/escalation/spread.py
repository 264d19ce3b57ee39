"""Whether twitching spread to a second part of the body, as far as sensors can tell."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from myowatch.signal.escalation.escalation_settings import EscalationSettings
from myowatch.signal.escalation.evidence import Standing, Wear
from myowatch.signal.escalation.wear_time import Day, StandoutTest, days, places
from myowatch.signal.escalation.weeks import DAYS

TWO = 2
"""Sites make a spread."""


@dataclass(frozen=True, slots=True)
class SiteDays:
    """One site over the weeks in which sites are compared, with all its sensors.

    Parameters
    ----------
    days_worn
        Long enough to count.
    above
        Of those, on which twitching stood out from false alarms; oldest first.
    perhaps
        On how many more there was more than false alarms, but not surely so.
    """

    site: str
    days_worn: int
    above: tuple[date, ...]
    perhaps: int


def site_days(
    wears: Iterable[Wear], today: date, settings: EscalationSettings
) -> tuple[SiteDays, ...]:
    """Return every site that has a name; an unnamed site cannot be told from the others."""
    first = today - timedelta(days=DAYS * settings.spread_weeks - 1)
    by_site: dict[str, list[Day]] = defaultdict(list)
    for place, parts in places(wears, first, today).items():
        if place.site:
            by_site[place.site] += days(place, parts, settings)
    return tuple(_site(site, found) for site, found in by_site.items())


def twitching(found: Sequence[SiteDays], settings: EscalationSettings) -> tuple[SiteDays, ...]:
    """Return the sites that twitched on separate days, the earliest first."""
    sure = [site for site in found if len(site.above) >= settings.separate_days]
    return tuple(sorted(sure, key=lambda site: (site.above[0], site.site)))


def standing_of(found: Sequence[SiteDays], settings: EscalationSettings) -> Standing:
    """Return the state of the threshold, by sensors alone."""
    if len(twitching(found, settings)) >= TWO:
        return Standing.MET
    worn = sum(site.days_worn >= settings.separate_days for site in found)
    # Not met only if no day at all speaks for a second site: with one of two such days not worn, it
    # is open.
    suspected = sum(bool(site.above or site.perhaps) for site in found)
    if worn >= TWO and suspected < TWO:
        return Standing.NOT_MET
    return Standing.NOT_ENOUGH_DATA


def _site(site: str, found: Sequence[Day]) -> SiteDays:
    above = {day.day for day in found if day.standout is StandoutTest.ABOVE}
    perhaps = {day.day for day in found if day.standout is StandoutTest.OPEN} - above
    return SiteDays(site, len({day.day for day in found}), tuple(sorted(above)), len(perhaps))
