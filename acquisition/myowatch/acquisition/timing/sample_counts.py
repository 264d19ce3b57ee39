"""Sample counts from package numbers, duplicates, and measured sampling rates."""

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

import numpy as np

from myowatch.acquisition.wire.decoding import Run
from myowatch.signal.model.samples import Samples


class PackageCount:
    """Counts the samples of a board that numbers its packages.

    Boards differ: a package may hold several samples, which share its number; numbers may rise by
    two; and they wrap to 0 after 101, 128, 256 or more. All three are learnt from the data. A loss
    across the first wrap is not detected.
    """

    def __init__(self) -> None:
        self._last: int | None = None
        self._period = self._step = 0
        self._of_one = self._so_far = 1
        self._next = 0

    def add(self, numbers: Samples) -> list[tuple[slice, int]]:
        """Add the package number of each sample, shape (n_samples,), in order.

        Returns
        -------
        each run without a loss: where it is in `numbers`, and the count of its first sample
        """
        begins: list[int] = []
        counts: list[int] = []
        for position, number in enumerate(np.rint(numbers).astype(int).tolist()):
            lost = self._lost_before(number)
            self._next += lost
            if lost or not begins:
                begins.append(position)
                counts.append(self._next)
            self._next += 1
        edges = pairwise([*begins, len(numbers)])
        return [(slice(*edge), count) for edge, count in zip(edges, counts, strict=True)]

    def _lost_before(self, number: int) -> int:
        last, self._last = self._last, number
        if last is None:
            return 0
        if number == last:
            self._so_far += 1
            self._of_one = max(self._of_one, self._so_far)
            return 0
        self._so_far = 1
        rise = number - last
        if rise < 0:
            known, self._period = self._period, max(self._period, last + (self._step or 1))
            if not known:
                return 0
            rise += self._period
        self._step = min(self._step or rise, rise)
        return (rise // self._step - 1) * self._of_one


REMEMBERED = 64
"""Samples of a sensor: those of the largest notification."""
SHARE = 4
"""A count may go back by this fraction of its period (1/4); otherwise samples were lost."""


class DuplicateFilter:
    """Keeps the last samples of each sensor of a device, to drop repeated ones."""

    def __init__(self) -> None:
        self._last: dict[str, Run] = {}

    def without_repeated(self, runs: list[Run]) -> list[Run]:
        """Return runs without the samples that came before."""
        new = [self._new_part(run) for run in runs]
        return [run for run in new if len(run.samples)]

    def _new_part(self, run: Run) -> Run:
        last = self._last.get(run.layout.name)
        n = 0 if last is None else _repeated(last, run)
        if n:
            run = _without(run, n)
        if len(run.samples):
            self._last[run.layout.name] = _tail(run)
        return run


def _repeated(last: Run, run: Run) -> int:
    """Return how many samples at the start of a run repeat the end of the last one."""
    if run.count is not None and last.count is not None and run.layout.count_period is not None:
        period = run.layout.count_period
        back = (last.count + len(last.samples) - run.count) % period
        if back > period // SHARE:
            return 0
    elif run.clock_us is not None and run.clock_us == last.clock_us:
        back = len(last.samples)
    else:
        return 0
    if not 0 < back <= len(last.samples):
        return 0
    n = min(back, len(run.samples))
    at = len(last.samples) - back
    same = np.array_equal(last.samples[at : at + n], run.samples[:n], equal_nan=True)
    return n if same else 0


def _without(run: Run, n: int) -> Run:
    count = None if run.count is None else run.count + n
    return replace(run, samples=run.samples[n:], count=count, clock_us=None)


def _tail(run: Run) -> Run:
    """Return the end of a run, with its clock only if the whole run is kept."""
    drop = len(run.samples) - REMEMBERED
    return _without(run, drop) if drop > 0 else run


NOMINAL_HZ = (
    50, 100, 104, 125, 200, 208, 250, 256, 400, 416, 500, 512, 800, 833, 860, 1000, 1024, 1600,
    1666, 2000, 2048, 4000, 4096, 5000, 8000, 10000,
)  # fmt: skip
"""Usual rates of devices: decimal and binary ones, those of ST's accelerometers (LSM6DSO
data sheet: 104 x 2^n) and of TI's ADS1115 (860)."""
BY_CLOCK, BY_ARRIVAL = 0.001, 0.01
"""Smallest relative error of a measured rate. A device's clock and its sampling use one oscillator.
Against the host's clock, a ceramic resonator of a small board is off by 0.5 %, and a busy host
receives late; neighbouring usual rates are at least 2.4 % apart."""


@dataclass(frozen=True, slots=True)
class MeasuredRate:
    """A sampling rate and its largest error.

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
    """Return the measured sampling rate.

    Parameters
    ----------
    samples
        Number of samples up to each of the times.
    times_s
        By the device's clock if it sends one, else the host clock at their arrival.
    least_error
        Smallest relative error: `BY_CLOCK` or `BY_ARRIVAL`.

    Returns
    -------
    None if there are too few samples
    """
    n, t = np.asarray(samples, dtype=float), np.asarray(times_s, dtype=float)
    if len(n) < 3 or t[-1] <= t[0] or n[-1] <= n[0]:  # noqa: PLR2004
        return None
    late, most = t - t.mean(), n - n.mean()
    # The times have jitter and the counts are exact: a line of time over count.
    seconds_each = float(np.sum(most * late) / np.sum(most * most))
    if seconds_each <= 0:
        return None
    left = late - seconds_each * most
    deviation = math.sqrt(float(np.sum(left * left)) / (len(n) - 2) / float(np.sum(most * most)))
    share = max(2 * deviation / seconds_each, least_error)
    return MeasuredRate(1 / seconds_each, share / seconds_each)


def nominal_rate(measured: MeasuredRate) -> float:
    """Return the intended rate: a usual one within the error, else the certain digits.

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
