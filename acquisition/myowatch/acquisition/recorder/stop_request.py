"""Requests to stop: by a signal, by the dashboard, by the end of the time."""

import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType


class Stop:
    """A stop request that any thread can make and every thread can see.

    Attributes
    ----------
    interrupted
        Whether it was Ctrl-C; the command line then ends with exit status 130.
    """

    def __init__(self) -> None:
        self.interrupted = False
        self._requested = threading.Event()

    def request(self) -> None:
        """Ask everything to stop."""
        self._requested.set()

    @property
    def requested(self) -> bool:
        """Whether a stop was requested."""
        return self._requested.is_set()

    def wait(self, seconds: float) -> bool:
        """Wait for a stop request, at most `seconds`; return whether there is one."""
        return self._requested.wait(seconds)


@contextmanager
def on_signals(stop: Stop) -> Iterator[None]:
    """Turn SIGINT and SIGTERM into a stop request; a second Ctrl-C interrupts at once.

    Python handles signals in the main thread only; in other threads this does nothing.
    """
    if threading.current_thread() is not threading.main_thread():
        yield
        return

    def handle(number: int, _frame: FrameType | None) -> None:
        stop.interrupted = stop.interrupted or number == signal.SIGINT
        if stop.requested and number == signal.SIGINT:
            raise KeyboardInterrupt
        stop.request()

    before = {number: signal.signal(number, handle) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
