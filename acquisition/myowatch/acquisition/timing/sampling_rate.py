"""How fast a device samples when nothing on the wire tells it."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

NOMINAL_HZ = (
    50, 100, 104, 125, 200, 208, 250, 256, 400, 416, 500, 512, 800, 833, 860, 1000, 1024, 1600,
    1666, 2000, 2048, 4000, 4096, 5000, 8000, 10000,
)  # fmt: skip
"""Rates that devices are set to: decimal and binary ones, those of ST's accelerometers (LSM6DSO
data sheet: 104 x 2^n) and of TI's ADS1115 (860)."""
BY_CLOCK, BY_ARRIVAL = 0.001, 0.01
"""Least share by which a measured rate may be off. A device's clock and its sampling are of one
oscillator. Against the host's clock a small board's ceramic resonator is off by 0.5 %, and a busy
host hears late; the usual rates that lie nearest to each other are 2.4 % apart."""


@dataclass(frozen=True, slots=True)
class MeasuredRate:
    """A sampling rate and how far off it may be.

    Parameters
    ----------
    error
        Hz, about two standard deviations.
    """

    hertz: float
    error: float


def measure_rate(
    samples: Sequence[float], times_s: Sequence[float], *, least_error: float
) -> MeasuredRate | None:
    """Measure how many samples a second there are.

    Parameters
    ----------
    samples
        How many there had been at each of the times.
    times_s
        By the device's clock if it sends one, else the host's when they arrived.
    least_error
        Share of the rate that its error is at least: `BY_CLOCK` or `BY_ARRIVAL`.

    Returns
    -------
    None if there is too little to tell
    """
    n, t = np.asarray(samples, dtype=float), np.asarray(times_s, dtype=float)
    if len(n) < 3 or t[-1] <= t[0] or n[-1] <= n[0]:  # noqa: PLR2004
        return None
    late, most = t - t.mean(), n - n.mean()
    # Time is what trembles, the count is exact: the line of time over count.
    seconds_each = float(np.sum(most * late) / np.sum(most * most))
    if seconds_each <= 0:
        return None
    left = late - seconds_each * most
    deviation = math.sqrt(float(np.sum(left * left)) / (len(n) - 2) / float(np.sum(most * most)))
    share = max(2 * deviation / seconds_each, least_error)
    return MeasuredRate(1 / seconds_each, share / seconds_each)


def nominal_rate(measured: MeasuredRate) -> float:
    """Give the rate that was meant: a usual one within the error, else the digits that are sure.

    Examples
    --------
    >>> nominal_rate(MeasuredRate(998.7, 2.0)), nominal_rate(MeasuredRate(943.21, 1.0))
    (1000.0, 943.0)
    """
    nearest = min(NOMINAL_HZ, key=lambda nominal: abs(nominal - measured.hertz))
    if abs(nearest - measured.hertz) <= measured.error:
        return float(nearest)
    digits = max(-math.floor(math.log10(measured.error)), 0)
    return round(measured.hertz, digits)
