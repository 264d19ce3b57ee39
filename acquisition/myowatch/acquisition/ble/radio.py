"""The one thread that speaks with the radio, in an event loop of its own."""

import asyncio
import functools
import sys
import threading
from collections.abc import Coroutine
from typing import Any, TypeVar

from bleak.exc import BleakError

from myowatch.acquisition.ble.ears import Ears
from myowatch.acquisition.ble.trouble import radio_problem

T = TypeVar("T")

FAILURES: tuple[type[Exception], ...] = (BleakError, OSError, EOFError, TimeoutError)
"""With which bleak and what it stands on tell that something went wrong with the radio."""
if sys.platform == "linux":
    from dbus_fast.errors import AuthError, DBusError

    FAILURES = (*FAILURES, AuthError, DBusError)


class Radio:
    """Runs coroutines for other threads.

    Attributes
    ----------
    ears
        By which all scan and connect.
    """

    def __init__(self) -> None:
        self._loop = asyncio.new_event_loop()
        self.ears = Ears()
        threading.Thread(target=self._loop.run_forever, name="radio", daemon=True).start()

    def run(self, work: Coroutine[Any, Any, T], within_s: float) -> T:
        """Wait for a coroutine.

        Raises
        ------
        Problem
            If the radio cannot be used, or the device refuses.
        """
        waiting = asyncio.run_coroutine_threadsafe(asyncio.wait_for(work, within_s), self._loop)
        try:
            return waiting.result()
        except FAILURES as error:
            raise radio_problem(error) from error
        finally:
            waiting.cancel()


def radio() -> Radio:
    """Give the one there is; it stays, for bleak keeps its own connections by their loop."""
    # Of threads that ask for it at once, the cache alone would give each one of its own.
    with _asking:
        return _the_radio()


@functools.cache
def _the_radio() -> Radio:
    return Radio()


_asking = threading.Lock()
