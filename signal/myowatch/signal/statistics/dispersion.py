"""Whether counts scatter as Poisson's law, on which their intervals rest, says they do."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy.special import gammaincc

from myowatch.signal.statistics.counts import Minute, poisson_interval

LEAST_MINUTES = 5
LEAST_TWITCHES = 10
"""Fewer cannot show how they scatter."""
SCORED_S = 30.0
"""A minute takes part if so much of it could be scored."""
IMPROBABLE = 0.01
"""Poisson counts are called more scattered than they are one time in a hundred."""


@dataclass(frozen=True, slots=True)
class Dispersion:
    """Scatter of the counts per minute.

    Parameters
    ----------
    minutes
        How many took part.
    index
        Index of dispersion: chi-square of the counts, each against the common rate over its own
        scorable time, divided by its degrees of freedom. 1 for Poisson counts; variance over
        mean when all minutes are whole. None under five minutes or ten twitches.
    p
        Chance of such a scatter, or a wider one, if the counts were Poisson.
    ci95
        Interval of the twitches a minute widened by the scatter; None where it need not be.

    References
    ----------
    Fisher, Thornton and Mackenzie 1922, Ann Appl Biol 9:325, for the test; McCullagh and Nelder
    1989, Generalized Linear Models, section 6.2, for widening by the index.
    """

    minutes: int
    index: float | None = None
    p: float | None = None
    ci95: tuple[float, float] | None = None

    @property
    def is_poisson(self) -> bool | None:
        """Whether the exact Poisson interval may be relied on; None if nobody can tell."""
        return None if self.p is None else self.p >= IMPROBABLE


def dispersion(minutes: Sequence[Minute]) -> Dispersion:
    """Describe the scatter of one stream's counts per minute."""
    taking_part = [m for m in minutes if m.scorable_s >= SCORED_S]
    counts = np.array([m.twitches for m in taking_part], dtype=np.float64)
    scored = np.array([m.scorable_s for m in taking_part]) / 60
    total = float(counts.sum())
    if len(counts) < LEAST_MINUTES or total < LEAST_TWITCHES:
        return Dispersion(len(counts))
    expected = total / scored.sum() * scored
    chi_square = float((((counts - expected) ** 2) / expected).sum())
    degrees = len(counts) - 1
    index = chi_square / degrees
    p = float(gammaincc(degrees / 2, chi_square / 2))
    if p >= IMPROBABLE:
        return Dispersion(len(counts), index, p)
    low, high = poisson_interval(total / index)
    per_minute = index / float(scored.sum())
    return Dispersion(len(counts), index, p, (low * per_minute, high * per_minute))
