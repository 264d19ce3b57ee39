"""Counts and rates over scorable time."""

from collections.abc import Mapping
from dataclasses import dataclass

from scipy.special import gammaincinv

ENOUGH_S = 120.0
"""No rate is given over less scorable time."""


@dataclass(frozen=True, slots=True)
class Summary:
    """What was found in one stream, and in how much time it could be found.

    Parameters
    ----------
    unscorable
        Seconds by reason; reasons that overlap count for each.
    twitches_per_min, ci95
        Over scorable time, with the exact Poisson interval; None under two scorable minutes, and
        where twitches cannot be told.
    shows_twitches
        Whether they can be told in this stream.
    """

    stream: str
    n_samples: int
    sampling_rate: float
    scorable_s: float
    unscorable: Mapping[str, float]
    twitches: int
    cramps: int
    movements: int
    twitches_per_min: float | None
    ci95: tuple[float, float] | None
    shows_twitches: bool = True


@dataclass(frozen=True, slots=True)
class Minute:
    """Counts of events that began in one minute since the start."""

    stream: str
    minute: int
    twitches: int
    cramps: int
    movements: int
    scorable_s: float


def poisson_interval(count: float, *, level: float = 0.95) -> tuple[float, float]:
    """Exact confidence interval of a Poisson count (Garwood 1936, Biometrika 28:437).

    Between whole counts, which a count divided by its dispersion may be, it goes on smoothly.

    Raises
    ------
    ValueError
        If the count is negative or the level not between 0 and 1.
    """
    if count < 0 or not 0 < level < 1:
        raise ValueError(f"need count >= 0 and 0 < level < 1, got {count=}, {level=}")
    # Half a chi-square quantile, without the second that importing scipy.stats takes.
    tail = (1 - level) / 2
    low = float(gammaincinv(count, tail)) if count else 0.0
    return low, float(gammaincinv(count + 1, 1 - tail))
