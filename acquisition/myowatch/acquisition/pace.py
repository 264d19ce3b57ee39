"""Keeping pace with the wall clock."""

import math
import time

LONGEST_WAIT_S = 0.1
"""Nobody is kept waiting for longer: stop requests and heartbeats come between."""


class Pace:
    """Says when a second of signal is due, for a signal that plays at a given speed.

    Everything is counted from the first question, so that being late once (a busy machine, a
    laptop that slept) is made up for by what follows, and small errors never add up.
    """

    def __init__(self, speed: float) -> None:
        self._speed = speed
        self._began: float | None = None

    def wait_for(self, signal_s: float) -> bool:
        """Wait a little for this second of the signal; say whether it is due."""
        if math.isinf(self._speed):
            return True
        if self._began is None:
            self._began = time.monotonic()
        left_s = self._began + signal_s / self._speed - time.monotonic()
        if left_s > 0:
            time.sleep(min(left_s, LONGEST_WAIT_S))
        return left_s <= LONGEST_WAIT_S
