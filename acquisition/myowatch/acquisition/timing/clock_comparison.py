"""A device's clock against the host's: drift, jitter, and how far a recording's times are off."""

import math
import time
from collections import deque
from itertools import pairwise

import numpy as np

# Linux stops its monotonic clock while the machine sleeps, and macOS that of Python. A device goes
# on meanwhile, so what it sent is as long as the sleep was. Windows' goes on by itself.
_GOES_ON = getattr(time, "CLOCK_BOOTTIME", None)  # Linux
if _GOES_ON is None and hasattr(time, "CLOCK_UPTIME_RAW"):  # macOS, where this one does not stop
    _GOES_ON = time.CLOCK_MONOTONIC


def now_s() -> float:
    """Return a clock in seconds that is never set back, and runs during sleep."""
    return time.monotonic() if _GOES_ON is None else time.clock_gettime(_GOES_ON)


SPAN_S = 5.0
"""Of so long, the fastest delivery stands for none that is late; see `host_line`."""


class Alignment:
    """Compares the fastest deliveries with where their samples were placed.

    Parameters
    ----------
    began_s
        The host's clock at sample 0, as the recording has it.
    """

    def __init__(self, began_s: float) -> None:
        self._began_s = began_s
        self._worst_s = 0.0
        self._span = 0
        self._least_s = math.inf

    def add(self, end_s: float, host_s: float) -> None:
        """Note that the samples before `end_s` of the recording had arrived at `host_s`."""
        late_s = host_s - self._began_s - end_s
        span = int(end_s // SPAN_S)
        if span != self._span:
            self._worst_s, self._span, self._least_s = self.error_s, span, math.inf
        self._least_s = min(self._least_s, late_s)

    @property
    def error_s(self) -> float:
        """Return the largest error of a sample's time, without the shortest latency."""
        return max(self._worst_s, 0.0 if math.isinf(self._least_s) else abs(self._least_s))


MOST_BUCKETS = 512
"""Then each two become one: eight hours take no more memory than eight minutes."""
SHORTEST_S = 30.0
"""Deliveries tremble by milliseconds: over a shorter time a drift would be tens of ppm off."""
RECENT = 256
JITTER_QUANTILE = 0.95

Point = tuple[float, float]


class ClockComparison:
    """Collects pairs of the two clocks, and compares them on request."""

    def __init__(self) -> None:
        self._bucket_s = 1.0
        self._fastest: list[Point] = []  # device's time and delay, the least of each bucket
        self._recent: deque[Point] = deque(maxlen=RECENT)

    def add(self, device_s: float, host_s: float) -> None:
        """Note that the newest data at `host_s` were of `device_s`."""
        point = (device_s, host_s - device_s)
        self._recent.append(point)
        if self._fastest and self._bucket(self._fastest[-1]) == self._bucket(point):
            self._fastest[-1] = min(self._fastest[-1], point, key=_delay)
            return
        self._fastest.append(point)
        if len(self._fastest) > MOST_BUCKETS:
            pairs = zip(self._fastest[::2], self._fastest[1::2], strict=False)
            self._fastest = [min(pair, key=_delay) for pair in pairs]
            self._bucket_s *= 2

    @property
    def drift_ppm(self) -> float | None:
        """Drift of the device's clock, parts per million; None in the first half minute."""
        # The bucket that is being filled has not seen its fastest delivery yet.
        points = self._fastest[:-1]
        if len(points) < 2 or points[-1][0] - points[0][0] < SHORTEST_S:  # noqa: PLR2004
            return None
        slope, _ = _line_below(points)
        return -slope * 1e6

    @property
    def jitter_ms(self) -> float | None:
        """Delay over the fastest delivery that 95 % of recent ones stay under, milliseconds."""
        if not self._recent:
            return None
        points = list(self._recent)
        slope, at_zero = _line_below(points) if len(points) > 1 else (0.0, _delay(points[0]))
        late = [delay - slope * device_s - at_zero for device_s, delay in points]
        return float(np.quantile(late, JITTER_QUANTILE)) * 1e3

    def _bucket(self, point: Point) -> int:
        return int(point[0] // self._bucket_s)


def _delay(point: Point) -> float:
    return point[1]


def _line_below(points: list[Point]) -> Point:
    """Return slope and intercept of the line below all points that lies nearest to them."""
    middle = sum(device_s for device_s, _ in points) / len(points)
    hull: list[Point] = []
    for point in points:
        while len(hull) > 1 and _turns_down(hull[-2], hull[-1], point):
            hull.pop()
        hull.append(point)
    edges = [(a, b) for a, b in pairwise(hull) if b[0] > a[0]]
    a, b = next(((a, b) for a, b in edges if b[0] >= middle), edges[-1])
    slope = (b[1] - a[1]) / (b[0] - a[0])
    return slope, a[1] - slope * a[0]


def _turns_down(a: Point, b: Point, c: Point) -> bool:
    """Return whether b lies on or above the line from a to c."""
    return (b[0] - a[0]) * (c[1] - a[1]) <= (b[1] - a[1]) * (c[0] - a[0])
