"""A device's clock against the host's: drift, jitter, and the error of a recording's times."""

import math
import time
from collections import deque
from itertools import pairwise

import numpy as np

# A device goes on while the computer sleeps, so the clock must run during sleep. Python's monotonic
# clock stops then on Linux and macOS; on Windows it goes on.
_SLEEP_CLOCK = getattr(time, "CLOCK_BOOTTIME", None)  # Linux
if _SLEEP_CLOCK is None and hasattr(
    time, "CLOCK_UPTIME_RAW"
):  # macOS, where CLOCK_MONOTONIC does not stop
    _SLEEP_CLOCK = time.CLOCK_MONOTONIC


def now_s() -> float:
    """Return a clock in seconds that is never set back, and runs during sleep."""
    return time.monotonic() if _SLEEP_CLOCK is None else time.clock_gettime(_SLEEP_CLOCK)


SPAN_S = 5.0
"""The fastest delivery of each span counts as no delay; see `HostLine`."""


class Alignment:
    """Compares the fastest deliveries with where their samples were placed.

    Parameters
    ----------
    began_s
        Host clock at sample 0 of the recording.
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
        """Largest error of a sample's time, without the shortest latency."""
        return max(self._worst_s, 0.0 if math.isinf(self._least_s) else abs(self._least_s))


MOST_BUCKETS = 512
"""At this number, pairs of buckets are merged, so that memory stays bounded."""
SHORTEST_S = 30.0
"""Deliveries have milliseconds of jitter: over a shorter time, drift would be tens of ppm off."""
RECENT = 256
JITTER_QUANTILE = 0.95

Point = tuple[float, float]


class ClockComparison:
    """Collects pairs of the two clocks, and compares them on request."""

    def __init__(self) -> None:
        self._bucket_s = 1.0
        self._fastest: list[Point] = []  # device's time and smallest delay of each bucket
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
        # The last bucket is not complete.
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
