"""Counting while events come in, in constant memory."""

from collections import Counter
from dataclasses import dataclass

from myowatch.signal.events import UNSCORABLE, Event, Kind
from myowatch.signal.samples import Stream
from myowatch.signal.summary import ENOUGH_S


@dataclass(frozen=True, slots=True)
class StreamCounts:
    """Counts of one stream up to now.

    Parameters
    ----------
    scorable_s
        Seconds in which a twitch would have been seen.
    twitches_per_min
        None before two scorable minutes.
    """

    stream: str
    twitches: int
    cramps: int
    movements: int
    scorable_s: float
    twitches_per_min: float | None


class Counting:
    """Counts events of one stream in constant memory.

    Events come in the order of their onsets, as detection gives them.
    """

    def __init__(self, stream: Stream) -> None:
        self._stream = stream
        self._kinds: Counter[Kind] = Counter()
        self._unscorable = 0
        self._unscorable_until = 0

    def add(self, event: Event) -> None:
        """Count an event of this stream."""
        self._kinds[event.kind] += 1
        if event.reason in UNSCORABLE and event.offset > self._unscorable_until:
            self._unscorable += event.offset - max(event.onset, self._unscorable_until)
            self._unscorable_until = event.offset

    def counts(self, n_samples: int, unscorable_since: int | None = None) -> StreamCounts:
        """Give the counts after so many samples, the last of which may be unscorable as yet."""
        lost = self._unscorable
        if unscorable_since is not None:
            lost += max(n_samples - max(unscorable_since, self._unscorable_until), 0)
        scorable_s = max(n_samples - lost, 0) / self._stream.sampling_rate
        twitches = self._kinds[Kind.TWITCH]
        return StreamCounts(
            self._stream.name,
            twitches,
            self._kinds[Kind.CRAMP],
            self._kinds[Kind.MOVEMENT],
            scorable_s,
            twitches / scorable_s * 60 if scorable_s >= ENOUGH_S else None,
        )
