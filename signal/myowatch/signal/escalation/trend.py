"""Whether a rate falls: a rank test that compares days with days and nights with nights."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import fsum

import numpy as np
from scipy.special import ndtr

from myowatch.signal.escalation.wear_time import Part
from myowatch.signal.model.samples import Samples

WEEK = 7
LEAST_NEIGHBOURS = 4
MOST_CORRELATED = 0.8
_Z95 = 1.959964


@dataclass(frozen=True, slots=True)
class Trend:
    """Change of a rate over the days worn.

    Parameters
    ----------
    p
        Chance of ranks that fall so clearly, or more clearly, if the rate were steady.
    a_week
        Median change from one week to the next, as a share of the rate: -0.2 is a fifth less.
    ci95
        Its interval, which may be open to either side; None, like `a_week`, where no two parts
        can be compared.
    """

    p: float
    a_week: float | None = None
    ci95: tuple[float, float] | None = None


def trend(parts: Sequence[Part]) -> Trend:
    """Test the rates of the parts of days for a fall, and estimate the slope.

    The seasonal Kendall test: Kendall's S within days and within nights, added. Ranks neither ask
    how counts scatter nor let one stormy night decide. Where neighbouring days are alike, as in
    bouts that last for some days, the variance of S is widened by their correlation. A day that was
    not worn takes no part.

    References
    ----------
    Hirsch, Slack and Smith 1982, Water Resour Res 18:107, for the test; Hamed and Rao 1998,
    J Hydrol 204:182, for widening it; Sen 1968, J Am Stat Assoc 63:1379, for slope and interval;
    Kendall 1954, Biometrika 41:403, for the bias of a serial correlation.
    """
    seasons = [[part for part in parts if part.night is night] for night in (False, True)]
    counted = [_kendall(season) for season in seasons]
    s, variance = sum(c[0] for c in counted), sum(c[1] for c in counted)
    slopes = np.sort(np.concatenate([_slopes(season) for season in seasons]))
    if not variance or not len(slopes):
        return Trend(1.0)
    slope = float(np.median(slopes))
    variance *= _widening(seasons, slope)
    p = float(ndtr((s + 1) / np.sqrt(variance)))
    reach = _Z95 * np.sqrt(variance)
    ends = np.floor((len(slopes) - reach) / 2), np.ceil((len(slopes) + reach) / 2)
    low = float(slopes[int(ends[0])]) if ends[0] >= 0 else -np.inf
    high = float(slopes[int(ends[1])]) if ends[1] < len(slopes) else np.inf
    return Trend(p, _a_week(slope), (_a_week(low), _a_week(high)))


def _a_week(slope: float) -> float:
    return float(np.expm1(WEEK * slope))


def _kendall(season: Sequence[Part]) -> tuple[float, float]:
    """Return Kendall's S of one season, negative if rates fall, and its variance with ties."""
    n = len(season)
    rates = _rates(season)
    earlier, later = np.triu_indices(n, 1)
    s = float(np.sign(rates[later] - rates[earlier]).sum()) if n else 0.0
    ties = np.unique(rates, return_counts=True)[1]
    tied = float((ties * (ties - 1) * (2 * ties + 5)).sum())
    return s, (n * (n - 1) * (2 * n + 5) - tied) / 18


def _slopes(season: Sequence[Part]) -> Samples:
    """Return the change of the logarithm of the rate a day, for every two parts."""
    earlier, later = np.triu_indices(len(season), 1)
    if not len(earlier):
        return np.zeros(0)
    day, logs = _days(season), _logs(season)
    slopes: Samples = (logs[later] - logs[earlier]) / (day[later] - day[earlier])
    return slopes


def _widening(seasons: Sequence[Sequence[Part]], slope: float) -> float:
    """Return the growth of the variance of S when a day resembles the day before."""
    products: list[float] = []
    spread, n = 0.0, 0
    for season in seasons:
        if not season:
            continue
        day = _days(season)
        ranks = _centred_ranks(_logs(season) - slope * day)
        next_day = np.flatnonzero(np.diff(day) == 1)
        products += (ranks[next_day] * ranks[next_day + 1]).tolist()
        spread += float(ranks @ ranks)
        n += len(season)
    if len(products) < LEAST_NEIGHBOURS or not spread:
        return 1.0
    r = fsum(products) / len(products) / (spread / n)
    # A serial correlation of few days comes out too small by about this.
    r = min(max(r + (1 + 4 * max(r, 0.0)) / n, 0.0), MOST_CORRELATED)
    return 1 + 2 * r / (1 - r) * len(products) / n


def _centred_ranks(values: Samples) -> Samples:
    ordered = np.sort(values)
    below = np.searchsorted(ordered, values, "left") + np.searchsorted(ordered, values, "right")
    ranks: Samples = (below - len(values)) / 2
    return ranks


def _days(season: Sequence[Part]) -> Samples:
    return np.array([part.day.toordinal() for part in season], dtype=np.float64)


def _rates(season: Sequence[Part]) -> Samples:
    # Rounded, for sums of seconds must not make equal rates differ.
    return np.round([60 * part.twitches / part.scorable_s for part in season], 6)


def _logs(season: Sequence[Part]) -> Samples:
    rates = _rates(season)
    # A day without any twitch has no logarithm: it is put at half of the smallest there is. What a
    # session's length would put there would make a shorter one another rate.
    least = rates[rates > 0].min() if rates.any() else 1.0
    logs: Samples = np.log(np.maximum(rates, least / 2))
    return logs
