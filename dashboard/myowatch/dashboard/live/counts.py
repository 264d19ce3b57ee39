"""The numbers of the Live page, from the store's minutes: cheap, however long the night."""

from collections.abc import Iterable
from dataclasses import dataclass

from myowatch.recordings.store.store import Store
from myowatch.signal.statistics.counts import ENOUGH_S, Minute, poisson_interval

TEN_MINUTES = 10


@dataclass(frozen=True, slots=True)
class Counts:
    """What was counted in one stream.

    Parameters
    ----------
    this_minute
        Twitches in the session's newest minute.
    last_ten_minutes
        Twitches in that minute and the nine before it.
    rate, interval
        Twitches per scored minute of the session and its exact 95 % interval; None before two
        scored minutes, and for an envelope.
    shows_twitches
        Whether they can be told in this stream.
    """

    stream: str
    this_minute: int
    last_ten_minutes: int
    twitches: int
    cramps: int
    movements: int
    scorable_s: float
    rate: float | None
    interval: tuple[float, float] | None
    shows_twitches: bool = True


def counts_of(store: Store, session_id: str, file: str) -> list[Counts]:
    """Return the counts of every stream of a recording, in its order."""
    minutes = store.minutes(session_id, file)
    return [
        counted(stream.name, minutes, shows_twitches=stream.modality.shows_twitches)
        for stream in store.streams(session_id, file)
    ]


def counted(stream: str, minutes: Iterable[Minute], *, shows_twitches: bool = True) -> Counts:
    """Count one stream's minutes together."""
    mine = [minute for minute in minutes if minute.stream == stream]
    now = max((minute.minute for minute in mine), default=0)
    twitches = sum(minute.twitches for minute in mine)
    scorable_s = sum(minute.scorable_s for minute in mine)
    enough = scorable_s >= ENOUGH_S and shows_twitches
    low, high = poisson_interval(twitches)
    return Counts(
        stream=stream,
        this_minute=sum(m.twitches for m in mine if m.minute == now),
        last_ten_minutes=sum(m.twitches for m in mine if m.minute > now - TEN_MINUTES),
        twitches=twitches,
        cramps=sum(minute.cramps for minute in mine),
        movements=sum(minute.movements for minute in mine),
        scorable_s=scorable_s,
        rate=60 * twitches / scorable_s if enough else None,
        interval=(60 * low / scorable_s, 60 * high / scorable_s) if enough else None,
        shows_twitches=shows_twitches,
    )
