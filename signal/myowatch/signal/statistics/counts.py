"""Counts and rates over scorable time."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from scipy.special import gammaincinv

from myowatch.signal.dsp.stretches import Stretches
from myowatch.signal.model.events import UNSCORABLE, Event, Kind, Reason
from myowatch.signal.model.samples import Stream

ENOUGH_S = 120.0
"""No rate is given over less scorable time."""


@dataclass(frozen=True, slots=True)
class Summary:
    """What was found in one stream, and in how much time it could be found.

    Parameters
    ----------
    unscorable
        Seconds by reason; reasons that overlap count for each.
    twitches_per_min, ci95
        Over scorable time, with the exact Poisson interval; None under two scorable minutes, and
        where twitches cannot be told.
    shows_twitches
        Whether they can be told in this stream.
    """

    stream: str
    n_samples: int
    sampling_rate: float
    scorable_s: float
    unscorable: Mapping[str, float]
    twitches: int
    cramps: int
    movements: int
    twitches_per_min: float | None
    ci95: tuple[float, float] | None
    shows_twitches: bool = True


@dataclass(frozen=True, slots=True)
class Minute:
    """Counts of events that began in one minute since the start."""

    stream: str
    minute: int
    twitches: int
    cramps: int
    movements: int
    scorable_s: float


def poisson_interval(count: float, *, level: float = 0.95) -> tuple[float, float]:
    """Exact confidence interval of a Poisson count (Garwood 1936, Biometrika 28:437).

    Between whole counts, which a count divided by its dispersion may be, it goes on smoothly.

    Raises
    ------
    ValueError
        If the count is negative or the level not between 0 and 1.
    """
    if count < 0 or not 0 < level < 1:
        raise ValueError(f"need count >= 0 and 0 < level < 1, got {count=}, {level=}")
    # Half a chi-square quantile, without the second that importing scipy.stats takes.
    tail = (1 - level) / 2
    low = float(gammaincinv(count, tail)) if count else 0.0
    return low, float(gammaincinv(count + 1, 1 - tail))


_COUNTED = (Kind.TWITCH, Kind.CRAMP, Kind.MOVEMENT)


class Tally:
    """Counts of one stream, in the memory of a few numbers a minute, whatever the night holds.

    Events may come in any order; the same event twice counts twice.

    Attributes
    ----------
    unscorable
        Where nothing could be found.
    """

    def __init__(self, stream: Stream) -> None:
        self.stream = stream
        self._per_minute = 60 * stream.sampling_rate
        self._counts: dict[Kind, Counter[int]] = {kind: Counter() for kind in _COUNTED}
        self._lost: dict[Reason, Stretches] = {}
        self.unscorable = Stretches()

    def add(self, event: Event) -> None:
        """Take in one event of the stream."""
        if event.kind in self._counts:
            self._counts[event.kind][int(event.onset // self._per_minute)] += 1
        elif event.reason in UNSCORABLE and event.reason is not None:
            self._lost.setdefault(event.reason, Stretches()).add(event.onset, event.offset)
            self.unscorable.add(event.onset, event.offset)

    def summary(self, n_samples: int, *, unscorable_since: int | None = None) -> Summary:
        """Give the counts, and the rate over the scorable part, of so many samples.

        Parameters
        ----------
        unscorable_since
            Where a stretch that cannot be scored began and that has not ended yet.
        """
        rate = self.stream.sampling_rate
        scored = n_samples
        if unscorable_since is not None:
            scored = min(n_samples, unscorable_since)
        scorable_s = (scored - self.unscorable.covered(scored)) / rate
        twitches, cramps, movements = (self._counts[kind].total() for kind in _COUNTED)
        minutes = scorable_s / 60
        shows_twitches = self.stream.modality.shows_twitches
        enough = scorable_s >= ENOUGH_S and shows_twitches
        low, high = poisson_interval(twitches)
        return Summary(
            stream=self.stream.name,
            n_samples=n_samples,
            sampling_rate=rate,
            scorable_s=scorable_s,
            unscorable={
                str(reason): self._lost[reason].covered(n_samples) / rate
                for reason in sorted(self._lost)
            },
            twitches=twitches,
            cramps=cramps,
            movements=movements,
            twitches_per_min=twitches / minutes if enough else None,
            ci95=(low / minutes, high / minutes) if enough else None,
            shows_twitches=shows_twitches,
        )

    def minutes(self, n_samples: int) -> list[Minute]:
        """Give the counts of each minute that has begun."""
        n_minutes = int(-(-n_samples // self._per_minute))
        scorable = self._scorable(n_samples, n_minutes)
        return [
            Minute(
                stream=self.stream.name,
                minute=minute,
                twitches=self._counts[Kind.TWITCH][minute],
                cramps=self._counts[Kind.CRAMP][minute],
                movements=self._counts[Kind.MOVEMENT][minute],
                scorable_s=scorable[minute] / self.stream.sampling_rate,
            )
            for minute in range(n_minutes)
        ]

    def _scorable(self, n_samples: int, n_minutes: int) -> list[float]:
        """Count the samples of each minute that can be scored."""
        length = self._per_minute
        scorable = [min(length, n_samples - minute * length) for minute in range(n_minutes)]
        for onset, stretch_end in self.unscorable:
            offset = min(stretch_end, n_samples)
            for minute in range(int(onset // length), min(n_minutes, int(offset // length) + 1)):
                begin, end = minute * length, (minute + 1) * length
                scorable[minute] -= max(0.0, min(offset, end) - max(onset, begin))
        return scorable


def tally(stream: Stream, events: Iterable[Event]) -> Tally:
    """Count those of some events that are of this stream."""
    counted = Tally(stream)
    for event in events:
        if event.stream == stream.name:
            counted.add(event)
    return counted
