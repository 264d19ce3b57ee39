"""What was worn where, day by day, and rates with their intervals."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from math import exp, fsum, sqrt

from scipy.special import gammainc, stdtrit

from myowatch.signal.escalation.escalation_settings import EscalationSettings
from myowatch.signal.escalation.evidence import Wear
from myowatch.signal.model.samples import Modality
from myowatch.signal.statistics.counts import ENOUGH_S, poisson_interval


@dataclass(frozen=True, slots=True, order=True)
class Place:
    """A site and its kind of sensor; counts of two kinds cannot be compared.

    Parameters
    ----------
    site
        In lower case, with hyphens; empty if unknown.
    """

    site: str
    modality: Modality


@dataclass(frozen=True, slots=True, order=True)
class Part:
    """All that was worn at one place in the nights, or in the waking hours, of one day."""

    day: date
    night: bool
    twitches: int
    scorable_s: float


class StandoutTest(StrEnum):
    """The twitches of one day compared with the detector's false alarms."""

    ABOVE = "above"
    OPEN = "more, but not surely so"
    QUIET = "no more"


@dataclass(frozen=True, slots=True)
class Day:
    """One day at one place that was worn long enough to count."""

    day: date
    standout: StandoutTest


def places(wears: Iterable[Wear], first: date, last: date) -> dict[Place, tuple[Part, ...]]:
    """Sort by place and day what was worn between two days, both included."""
    sums: dict[Place, dict[tuple[date, bool], list[Wear]]] = defaultdict(lambda: defaultdict(list))
    for wear in wears:
        if first <= wear.day <= last and wear.scorable_s > 0:
            place = Place(site_key(wear.site), wear.modality)
            sums[place][wear.day, wear.night].append(wear)
    return {
        place: tuple(
            # `fsum`, because the order in which sessions are given must not matter.
            Part(day, night, sum(w.twitches for w in worn), fsum(w.scorable_s for w in worn))
            for (day, night), worn in sorted(sums[place].items())
        )
        for place in sorted(sums)
    }


def site_key(site: str) -> str:
    """Return a site in one spelling.

    Examples
    --------
    >>> site_key("Left thigh")
    'left-thigh'
    """
    return "-".join(site.lower().replace("_", " ").replace("-", " ").split())


def days(place: Place, parts: Sequence[Part], settings: EscalationSettings) -> tuple[Day, ...]:
    """Return the days that count as worn, oldest first."""
    by_day: dict[date, list[Part]] = defaultdict(list)
    for part in parts:
        by_day[part.day].append(part)
    counted = [
        (day, sum(p.twitches for p in worn), fsum(p.scorable_s for p in worn))
        for day, worn in sorted(by_day.items())
    ]
    return tuple(
        Day(day, standout(twitches, scorable_s, place.modality, settings))
        for day, twitches, scorable_s in counted
        if scorable_s >= 60 * settings.minutes_a_day
    )


def standout(
    twitches: int, scorable_s: float, modality: Modality, settings: EscalationSettings
) -> StandoutTest:
    """Compare twitches with the false alarms expected in the same time.

    One-sided exact Poisson test; count and expectation are divided by the scatter of false alarms,
    as in McCullagh and Nelder 1989, Generalized Linear Models, section 6.2.
    """
    expected = settings.false_alarms(modality) * scorable_s / 3600
    if twitches <= expected:
        return StandoutTest.QUIET
    scatter = settings.false_alarm_scatter
    chance = float(gammainc(twitches / scatter, expected / scatter))
    return StandoutTest.ABOVE if chance <= settings.day_level else StandoutTest.OPEN


@dataclass(frozen=True, slots=True)
class Scatter:
    """How much the true rate changes from one day to the next.

    Parameters
    ----------
    variance
        Of the day's rate, relative to the squared mean: counts of mean m have the variance
        m + variance m^2, that of the negative binomial law.
    degrees
        Of freedom, on which this rests.
    """

    variance: float
    degrees: int


def scatter(groups: Sequence[Sequence[Part]]) -> Scatter:
    """Estimate the scatter by moments within groups (weeks), each with its own rate.

    References
    ----------
    Anscombe 1950, Biometrika 37:358, for the estimate by moments.
    """
    excess, squares, degrees = [0.0], [0.0], 0
    for group in groups:
        twitches, seconds = _sums(group)
        if len(group) < 2 or not twitches:  # noqa: PLR2004
            continue
        expected = [twitches * part.scorable_s / seconds for part in group]
        residuals = [(p.twitches - e) ** 2 for p, e in zip(group, expected, strict=True)]
        excess.append(fsum(residuals) * len(group) / (len(group) - 1) - twitches)
        squares.append(fsum(e * e for e in expected))
        degrees += len(group) - 1
    total = fsum(squares)
    return Scatter(max(0.0, fsum(excess) / total) if total else 0.0, degrees)


def rate_a_minute(parts: Sequence[Part]) -> float | None:
    """Return twitches a minute; None under two scorable minutes."""
    twitches, seconds = _sums(parts)
    return 60 * twitches / seconds if seconds >= ENOUGH_S else None


def rate_interval(parts: Sequence[Part], known: Scatter) -> tuple[float, float] | None:
    """Return the 95 % interval of the twitches a minute; None if the scatter is unknown.

    By Student's t on the logarithm of the rate, and never narrower than Poisson's.
    """
    twitches, seconds = _sums(parts)
    if seconds < ENOUGH_S or (twitches and not known.degrees):
        return None
    low, high = poisson_interval(twitches)
    if twitches:
        squares = fsum((twitches * part.scorable_s / seconds) ** 2 for part in parts)
        relative = sqrt(twitches + known.variance * squares) / twitches
        factor = exp(float(stdtrit(known.degrees, 0.975)) * relative)
        low, high = min(low, twitches / factor), max(high, twitches * factor)
    return 60 * low / seconds, 60 * high / seconds


def _sums(parts: Sequence[Part]) -> tuple[int, float]:
    return sum(part.twitches for part in parts), fsum(part.scorable_s for part in parts)
