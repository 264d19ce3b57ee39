"""How long a data record of a BDF file lasts, so that every stream fills it with whole samples."""

from collections.abc import Sequence
from decimal import Decimal
from fractions import Fraction
from functools import reduce
from math import gcd

import numpy as np

TARGET_S = Fraction(1, 10)
_SHORTEST_S, _LONGEST_S = Fraction(1, 50), Fraction(1, 4)
_MICRO = 10**6  # an 8-character header field holds `0.123456`


def choose_record_duration(rates: Sequence[float]) -> Decimal:
    """Duration near 0.1 s in which every rate gives a whole number of samples.

    Estimated, odd rates have none: then the one that fits best.

    >>> choose_record_duration([1000.0, 104.0])
    Decimal('0.125')
    """
    exact = _exact_durations([Fraction(rate).limit_denominator(1000) for rate in rates])
    if exact and all(Fraction(rate).limit_denominator(1000) == rate for rate in rates):
        return _decimal(min(exact, key=lambda duration: abs(duration - TARGET_S)))
    return _decimal(_nearest_duration(np.asarray(rates)))


def _exact_durations(rates: Sequence[Fraction]) -> list[Fraction]:
    common = reduce(
        lambda a, b: Fraction(gcd(a.numerator * b.denominator, b.numerator * a.denominator),
                              a.denominator * b.denominator),
        rates,
    )  # fmt: skip
    shortest = 1 / common
    multiples = range(1, int(_LONGEST_S / shortest) + 1)
    fits = (n * shortest for n in multiples)
    return [d for d in fits if d >= _SHORTEST_S and (d * _MICRO).denominator == 1]


def _nearest_duration(rates: np.ndarray[tuple[int, ...], np.dtype[np.float64]]) -> Fraction:
    fastest = rates.max()
    wanted = np.arange(
        max(1, round(fastest * float(_SHORTEST_S))), max(2, round(fastest * float(_LONGEST_S)) + 1)
    )
    micros = np.maximum(1, np.rint(wanted / fastest * _MICRO))
    filled = np.outer(micros / _MICRO, rates)
    whole = np.maximum(1, np.rint(filled))
    misfit = np.abs(whole / filled - 1).max(axis=1)
    # A hair of preference for about 0.1 s among those that fit equally well.
    misfit += 1e-7 * np.abs(micros / _MICRO - float(TARGET_S))
    return Fraction(int(micros[misfit.argmin()]), _MICRO)


def _decimal(duration: Fraction) -> Decimal:
    return (Decimal(duration.numerator) / Decimal(duration.denominator)).normalize()
