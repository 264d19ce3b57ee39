"""What counts in a period: of each session and site one stream, and what lasted in it."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from myowatch.recordings.store import store_rows
from myowatch.recordings.store.wear_rows import PLAYED, TWITCHES, wears_of
from myowatch.recordings.wearer.labels import (
    Labels,
    SessionLabels,
    Word,
    corrected,
    key_of,
    read_all_labels,
)
from myowatch.signal.escalation.evidence import Wear
from myowatch.signal.escalation.wear_time import site_key
from myowatch.signal.model.events import UNSCORABLE, Event, Kind
from myowatch.signal.model.samples import Modality, Stream

if TYPE_CHECKING:
    from myowatch.recordings.store.store import Store

_BEST_FIRST = (*TWITCHES, Modality.ENVELOPE)
_LASTING = (Kind.CRAMP, Kind.MOVEMENT)
_LASTING_WORDS = (Word.CRAMP, Word.MOVEMENT)

Key = tuple[str, str, str]
"""Session, file and name of a stream."""


@dataclass(frozen=True, slots=True)
class Counted:
    """The stream that counts at one site of one session.

    Parameters
    ----------
    file
        Relative to the data folder.
    site
        In one spelling; empty if nobody named it.
    settings
        Of the detection, as JSON.
    twitches
        As the wearer corrected them.
    labels
        What the wearer said of single events.
    wear
        Its twitches as the thresholds take them; None for an envelope, which shows none.
    """

    session: str
    file: str
    stream: Stream
    site: str
    source: str
    started: datetime
    settings: str
    n_samples: int
    scorable_s: float
    twitches: int
    labels: Labels
    wear: Wear | None

    @property
    def key(self) -> Key:
        """By which its events are found."""
        return self.session, self.file, self.stream.name

    @property
    def played(self) -> bool:
        """Whether a simulated wearer or a file played it, so that nobody wore it."""
        return self.source.startswith(PLAYED)

    @property
    def duration_s(self) -> float:
        """How long it was recorded."""
        return self.n_samples / self.stream.sampling_rate


def counted(store: "Store", sessions: Iterable[str]) -> list[Counted]:
    """Return what counts in some sessions, oldest first.

    Of several sensors at one site of a session the best counts, so that nothing counts twice: an
    electrode before an accelerometer before an envelope, and of two the one that could be scored
    the longest.
    """
    from sqlalchemy import and_, select

    from myowatch.recordings.store.store_rows import files, streams

    wanted = set(sessions)
    query = (
        select(streams, files.c.started, files.c.source, files.c.settings)
        .join(files, and_(files.c.session == streams.c.session, files.c.file == streams.c.file))
        .order_by(files.c.started, streams.c.session, streams.c.file, streams.c.position)
    )
    with store.reading() as connection:
        rows = connection.execute(query).mappings().all()
    chosen: dict[tuple[str, str], Mapping[Any, Any]] = {}
    for row in rows:
        if row["session"] in wanted:
            place = (row["session"], site_key(row["site"]))
            if place not in chosen or _worth(row) > _worth(chosen[place]):
                chosen[place] = row
    labels = read_all_labels(store.home)
    return [_counted(site, row, labels) for (_, site), row in chosen.items()]


def lasting(store: "Store", found: Sequence[Counted]) -> dict[Key, list[Event]]:
    """Return what lasted, and when nothing could be scored, by stream and onset.

    As the wearer corrected it. Twitches, of which there may be thousands a night, are not read.
    """
    from sqlalchemy import or_, select

    from myowatch.recordings.store.store_rows import events

    query = select(events).where(
        or_(
            events.c.kind.in_([kind.value for kind in _LASTING]),
            events.c.reason.in_([reason.value for reason in UNSCORABLE]),
        )
    )
    order = (events.c.file, events.c.stream, events.c.onset)
    events_of: dict[Key, list[Event]] = defaultdict(list)
    with store.reading() as connection:
        for session in dict.fromkeys(one.session for one in found):
            of_session = query.where(events.c.session == session).order_by(*order)
            for row in connection.execute(of_session).mappings().all():
                event = store_rows.event_of(row)
                events_of[session, row["file"], event.stream].append(event)
    for one in found:
        if one.labels:
            events_of[one.key] = _relabelled(one, events_of[one.key])
    return events_of


def _relabelled(one: Counted, detected: Sequence[Event]) -> list[Event]:
    """Correct what lasted; what was detected as a twitch and is called a cramp is taken in."""
    known = {key_of(event) for event in detected}
    others = [
        Event(one.stream.name, Kind(label.kind), onset, offset)
        for (onset, offset, kind), label in one.labels.items()
        if label.kind in _LASTING_WORDS and (onset, offset, kind) not in known
    ]
    return sorted([*corrected(detected, one.labels), *others], key=lambda event: event.onset)


def clearest(store: "Store", one: Counted, most: int) -> list[Event]:
    """Return the twitches of a stream that are surest and stand out most, the clearest first.

    Doublets are left out: their shape is that of two.
    """
    from sqlalchemy import select

    from myowatch.recordings.store.store_rows import events

    c = events.c
    query = (
        select(events)
        .where(c.session == one.session, c.file == one.file, c.stream == one.stream.name)
        .where(c.kind == Kind.TWITCH.value, c.count == 1)
        .order_by(c.confidence.desc(), c.snr_db.desc(), c.onset)
        .limit(most)
    )
    with store.reading() as connection:
        found = [store_rows.event_of(row) for row in connection.execute(query).mappings()]
    return [event for event in corrected(found, one.labels) if event.kind is Kind.TWITCH]


def _worth(row: Mapping[Any, Any]) -> tuple[int, float]:
    return -_BEST_FIRST.index(Modality(row["modality"])), row["scorable_s"]


def _counted(site: str, row: Mapping[Any, Any], labels: Mapping[str, SessionLabels]) -> Counted:
    stream = store_rows.stream_of(row)
    wear = wears_of([row], labels)[0] if stream.modality in TWITCHES else None
    said = labels.get(row["session"])
    return Counted(
        session=row["session"],
        file=row["file"],
        stream=stream,
        site=site,
        source=row["source"],
        started=datetime.fromisoformat(row["started"]),
        settings=row["settings"],
        n_samples=row["n_samples"],
        scorable_s=row["scorable_s"],
        twitches=wear.twitches if wear else 0,
        labels=said.of(row["file"], stream.name) if said else {},
        wear=wear,
    )
