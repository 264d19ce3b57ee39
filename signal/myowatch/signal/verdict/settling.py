"""Settles events: announced at once, final when it is known what came after them."""

from collections import deque
from collections.abc import Iterable, Sequence
from dataclasses import replace
from itertools import accumulate

from myowatch.signal.model.events import Event


def n_leading(offsets: Sequence[int], last: float) -> int:
    """Return how many leading events can leave together.

    They end at `last` or before, and before every event that follows them. One sample therefore
    separates what has left from what has not.

    Parameters
    ----------
    offsets
        Of the waiting events, which are in order of their onset.
    last
        Largest offset that may leave.

    Examples
    --------
    >>> n_leading([100, 200, 900], last=500)
    2
    >>> n_leading([400, 900, 200], last=500)
    0
    """
    earliest = [*accumulate(reversed(offsets), min)][::-1]
    leading, latest = 0, -1
    for n, offset in enumerate(offsets, 1):
        latest = max(latest, offset)
        if latest > last:
            break
        if n == len(offsets) or latest < earliest[n]:
            leading = n
    return leading


class Settling:
    """Announces the events of one stream, and settles them later.

    Parameters
    ----------
    delay
        Samples from the offset of an event until it is settled.
    hop
        An event is settled at a multiple of so many samples.
    """

    def __init__(self, delay: int, hop: int) -> None:
        self._delay, self._hop = delay, max(hop, 1)
        self.reset()

    def reset(self) -> None:
        """Reset to the initial state."""
        self._held: deque[Event] = deque()
        self._until = 0

    @property
    def settled_until(self) -> int:
        """Sample up to which all is settled: every event that ends there or before is final."""
        return self._until

    def process(self, events: Iterable[Event], n_samples: int, known: int) -> list[Event]:
        """Return new events as provisional, then those that are settled now.

        Parameters
        ----------
        events
            New ones, by onset.
        n_samples
            Number of samples that have been processed.
        known
            Every event that is still to come begins at this sample or later.
        """
        announced = self._announce(events)
        last = min(n_samples // self._hop * self._hop - self._delay, known)
        n = n_leading([event.offset for event in self._held], last) if self._held else 0
        settled = self._settle(n)
        pending = min((event.offset - 1 for event in self._held), default=last)
        self._until = max(self._until, min(last, pending))
        return announced + settled

    def flush(self, events: Iterable[Event], end: int) -> list[Event]:
        """Return new events as provisional, then everything held as settled.

        Parameters
        ----------
        end
            Number of samples so far; every later event begins there or after.
        """
        announced = self._announce(events)
        settled = self._settle(len(self._held))
        self._until = max(self._until, end)
        return announced + settled

    def _announce(self, events: Iterable[Event]) -> list[Event]:
        new = [*events]
        self._held.extend(new)
        return [replace(event, provisional=True) for event in new]

    def _settle(self, n: int) -> list[Event]:
        return [self._held.popleft() for _ in range(n)]
