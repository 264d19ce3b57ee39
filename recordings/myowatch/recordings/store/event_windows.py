"""Select the events of one stream in a window of time, no more than a screen can show.

A busy night has two hundred thousand events. Turning each into an `Event` takes seconds. The
database groups them by the place where they are drawn in milliseconds.
"""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Connection, and_, func, select, tuple_

from myowatch.recordings.store import store_rows as rows
from myowatch.recordings.store.store_rows import events
from myowatch.signal.model.events import UNSCORABLE, UNSURE, Event, Kind, Reason, is_unsure

_UNSCORABLE = [reason.value for reason in UNSCORABLE]


@dataclass(frozen=True, slots=True)
class StreamKey:
    """One stream of one file of a session."""

    session: str
    file: str
    stream: str

    def where(self) -> ColumnElement[bool]:
        """Return the condition that selects the events of this stream."""
        key = events.c
        return and_(key.session == self.session, key.file == self.file, key.stream == self.stream)


@dataclass(frozen=True, slots=True)
class EventGroup:
    """Events of one kind and reason that start within the same few samples.

    Parameters
    ----------
    onset, offset
        First onset and last offset.
    peak
        The largest.
    noise_floor
        Peak over signal-to-noise ratio of one event; None without one.
    count
        Number of events.
    provisional, unsure
        Of a single event, see `Event`; False for several.
    """

    kind: Kind
    reason: Reason | None
    onset: int
    offset: int
    peak: float
    noise_floor: float | None
    count: int
    provisional: bool = False
    unsure: bool = False


def select_groups(
    connection: Connection, place: StreamKey, first: int, end: int, bin_samples: int
) -> list[EventGroup]:
    """Return the events that overlap samples [first, end), by onset, grouped by bins.

    Parameters
    ----------
    bin_samples
        Samples that are drawn as one mark; 1 gives every event a group of its own.
    """
    key = events.c
    shared = (key.kind, key.reason, key.onset // bin_samples if bin_samples > 1 else key.onset)
    query = (
        select(
            key.kind,
            key.reason,
            func.min(key.onset),
            func.max(key.offset),
            func.max(key.peak),
            func.max(key.snr_db),
            func.count(),
            func.max(key.provisional),
            func.max(key.cramp_probability),
        )
        .where(place.where(), key.onset < end, key.offset > first)
        .group_by(*shared, *(() if bin_samples > 1 else (key.offset,)))
        .order_by(func.min(key.onset))
    )
    return [_group(tuple(row)) for row in connection.execute(query)]


def _group(row: tuple[Any, ...]) -> EventGroup:
    kind, reason, onset, offset, peak, snr_db, count, provisional, probability = row
    floor = peak / 10 ** (snr_db / 20) if peak > 0 and snr_db > 0 else None
    why = Reason(reason) if reason else None
    return EventGroup(
        *(Kind(kind), why, onset, offset, peak, floor, count),
        provisional=count == 1 and bool(provisional),
        unsure=count == 1 and probability is not None and is_unsure(probability),
    )


def select_neighbour(
    connection: Connection, place: StreamKey, sample: int, *, back: bool, rejected: bool
) -> Event | None:
    """Return the next event that starts after a sample, or the last that starts before it.

    Parameters
    ----------
    rejected
        Include rejected events; unscorable time is never included.
    """
    key = events.c
    wanted = place.where(), key.onset < sample if back else key.onset > sample
    kinds = key.reason.not_in(_UNSCORABLE) if rejected else key.reason == ""
    order = key.onset.desc() if back else key.onset
    query = select(events).where(*wanted, kinds).order_by(order, key.offset, key.kind).limit(1)
    found = connection.execute(query).mappings().first()
    return None if found is None else rows.event_of(found)


def select_event(connection: Connection, place: StreamKey, onset: int, kind: Kind) -> Event | None:
    """Return the event of this kind that starts at this sample."""
    key = events.c
    query = select(events).where(place.where(), key.onset == onset, key.kind == kind.value)
    found = connection.execute(query.order_by(key.offset)).mappings().first()
    return None if found is None else rows.event_of(found)


def select_unscorable(connection: Connection, place: StreamKey) -> list[Event]:
    """Return the times that cannot be scored."""
    query = select(events).where(place.where(), events.c.reason.in_(_UNSCORABLE))
    return [rows.event_of(row) for row in connection.execute(query).mappings()]


def select_unsure(connection: Connection, session: str) -> list[tuple[str, Event]]:
    """Return the settled cramps and movements that may be either, with their file, by onset."""
    key = events.c
    query = select(events).where(
        key.session == session,
        key.cramp_probability.is_not(None),
        key.cramp_probability.between(*UNSURE),
        key.provisional == 0,
    )
    found = connection.execute(query.order_by(key.onset, key.file, key.stream)).mappings()
    return [(row["file"], rows.event_of(row)) for row in found]


def select_page(
    connection: Connection, place: StreamKey, kinds: list[tuple[str, str]], first: int, n: int
) -> tuple[list[Event], int]:
    """Return `n` events of these kinds and reasons by onset, and how many there are in all."""
    key = events.c
    wanted = place.where(), tuple_(key.kind, key.reason).in_(kinds)
    total = connection.execute(select(func.count()).select_from(events).where(*wanted)).scalar_one()
    query = select(events).where(*wanted).order_by(key.onset, key.offset, key.kind)
    found = connection.execute(query.offset(first).limit(n)).mappings()
    return [rows.event_of(row) for row in found], total


def count_kinds(connection: Connection, place: StreamKey) -> dict[tuple[str, str], int]:
    """Return the number of events of each kind and reason."""
    key = events.c
    query = select(key.kind, key.reason, func.count()).where(place.where())
    grouped = connection.execute(query.group_by(key.kind, key.reason))
    return {(kind, reason): count for kind, reason, count in grouped}
