"""Counts and rates over scorable time."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from scipy.special import gammaincinv

from myowatch.signal.events import UNSCORABLE, Event, Kind
from myowatch.signal.samples import Stream

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
        Over scorable time, with the exact Poisson interval; None under two scorable minutes.
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


@dataclass(frozen=True, slots=True)
class Minute:
    """Counts of events that began in one minute since the start."""

    stream: str
    minute: int
    twitches: int
    cramps: int
    movements: int
    scorable_s: float


def poisson_interval(count: int, *, level: float = 0.95) -> tuple[float, float]:
    """Exact confidence interval of a Poisson count (Garwood 1936, Biometrika 28:437).

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


def summarise(stream: Stream, n_samples: int, events: Iterable[Event]) -> Summary:
    """Summary of one stream; events of other streams are passed over."""
    own = [event for event in events if event.stream == stream.name]
    lost = [event for event in own if event.reason in UNSCORABLE]
    unscorable = {
        str(reason): _covered([e for e in lost if e.reason is reason], n_samples)
        / stream.sampling_rate
        for reason in sorted({event.reason for event in lost if event.reason})
    }
    scorable_s = (n_samples - _covered(lost, n_samples)) / stream.sampling_rate
    twitches = _count(own, Kind.TWITCH)
    minutes = scorable_s / 60
    enough = scorable_s >= ENOUGH_S
    low, high = poisson_interval(twitches)
    return Summary(
        stream=stream.name,
        n_samples=n_samples,
        sampling_rate=stream.sampling_rate,
        scorable_s=scorable_s,
        unscorable=unscorable,
        twitches=twitches,
        cramps=_count(own, Kind.CRAMP),
        movements=_count(own, Kind.MOVEMENT),
        twitches_per_min=twitches / minutes if enough else None,
        ci95=(low / minutes, high / minutes) if enough else None,
    )


def by_minute(stream: Stream, n_samples: int, events: Iterable[Event]) -> list[Minute]:
    """Give the counts of each minute that has begun."""
    own = [event for event in events if event.stream == stream.name]
    lost = _union([event for event in own if event.reason in UNSCORABLE], n_samples)
    per_minute = 60 * stream.sampling_rate
    n_minutes = -(-n_samples // per_minute) if n_samples else 0
    counts = {kind: [0] * int(n_minutes) for kind in Kind}
    for event in own:
        if event.onset < n_samples:
            counts[event.kind][int(event.onset // per_minute)] += 1
    scorable = [min(per_minute, n_samples - i * per_minute) for i in range(int(n_minutes))]
    for onset, offset in lost:
        for i in range(int(onset // per_minute), min(len(scorable), int(offset // per_minute) + 1)):
            begin, end = i * per_minute, (i + 1) * per_minute
            scorable[i] -= max(0.0, min(offset, end) - max(onset, begin))
    return [
        Minute(
            stream.name,
            i,
            counts[Kind.TWITCH][i],
            counts[Kind.CRAMP][i],
            counts[Kind.MOVEMENT][i],
            scorable[i] / stream.sampling_rate,
        )
        for i in range(int(n_minutes))
    ]


def _count(events: Sequence[Event], kind: Kind) -> int:
    return sum(event.kind is kind for event in events)


def _covered(events: Sequence[Event], n_samples: int) -> int:
    return sum(offset - onset for onset, offset in _union(events, n_samples))


def _union(events: Sequence[Event], n_samples: int) -> list[tuple[int, int]]:
    merged: list[tuple[int, int]] = []
    for onset, offset in sorted((e.onset, min(e.offset, n_samples)) for e in events):
        if merged and onset <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(merged[-1][1], offset))
        elif onset < offset:
            merged.append((onset, offset))
    return merged
