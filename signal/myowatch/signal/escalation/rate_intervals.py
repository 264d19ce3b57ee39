"""Intervals of rates that differ from day to day by more than Poisson's law says."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import exp, fsum, sqrt

from scipy.special import stdtrit

from myowatch.signal.escalation.wear_time import Part
from myowatch.signal.statistics.counts import ENOUGH_S, poisson_interval


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
    """Estimate it by moments within groups (weeks), each with a rate of its own.

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
    """Twitches a minute; None under two scorable minutes."""
    twitches, seconds = _sums(parts)
    return 60 * twitches / seconds if seconds >= ENOUGH_S else None


def rate_interval(parts: Sequence[Part], known: Scatter) -> tuple[float, float] | None:
    """95 % interval of the twitches a minute; None where days have not shown how they scatter.

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
