"""Which part of a signal is which moment of a clock, from when its samples came."""

from bisect import bisect_left
from collections import deque

KEPT_S = 120.0


class Arrivals:
    """Tells what a signal had come to at some moment, between the moments that were noted.

    It goes by when samples came, so it follows a device whose clock runs fast or slow, and a file
    that is played twenty times as fast. Where nothing came for a while and then all that was
    missed, the signal is taken to have gone on evenly: a moment during a pause lies in its gap.

    Parameters
    ----------
    kept_s
        How far back moments are remembered; the newest two always are.
    """

    def __init__(self, kept_s: float = KEPT_S) -> None:
        self._kept_s = kept_s
        self._points: deque[tuple[float, float]] = deque()

    def note(self, clock_s: float, signal_s: float) -> None:
        """Remember that by now the signal has come to be so long."""
        if self._points and (clock_s <= self._points[-1][0] or signal_s <= self._points[-1][1]):
            return
        self._points.append((clock_s, signal_s))
        while clock_s - self._points[0][0] > self._kept_s and self._points[1][0] < clock_s:
            self._points.popleft()

    def covers(self, clock_s: float) -> bool:
        """Whether samples came since that moment, so that its place is settled."""
        return bool(self._points) and clock_s <= self._points[-1][0]

    def signal_at(self, clock_s: float) -> float | None:
        """Seconds from the start of the signal at a moment of the clock.

        Before the first and after the last moment that was noted, signal and clock are taken to
        go equally fast. None before anything was noted.
        """
        if not self._points:
            return None
        points = [*self._points]
        after = bisect_left(points, (clock_s,))
        if after in {0, len(points)}:
            clock, signal = points[min(after, len(points) - 1)]
            return signal + clock_s - clock
        (early, begin), (late, end) = points[after - 1 : after + 1]
        return begin + (end - begin) * (clock_s - early) / (late - early)
