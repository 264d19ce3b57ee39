"""Where the radio's thread leaves what came, until the recorder takes it: bounded, and counted."""

import threading
from collections import deque

MOST_BYTES = 4 << 20
"""A minute and a half of the fastest radio (200 notifications of 244 bytes a second): whoever is
busy for longer loses what comes then, and is told."""


class Inbox:
    """Messages in the order they came.

    Attributes
    ----------
    dropped_bytes
        That came while there was no room.
    """

    def __init__(self, most_bytes: int) -> None:
        self.dropped_bytes = 0
        self._most, self._held = most_bytes, 0
        self._messages: deque[bytes] = deque()
        self._lock = threading.Lock()

    def put(self, message: bytes) -> None:
        """Leave a message; never waits."""
        with self._lock:
            if self._held + len(message) > self._most:
                self.dropped_bytes += len(message)
                return
            self._messages.append(message)
            self._held += len(message)

    def take(self) -> list[bytes]:
        """Give all that came since the last time."""
        with self._lock:
            messages, self._messages, self._held = self._messages, deque(), 0
        return list(messages)
