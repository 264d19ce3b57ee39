"""Choose one stream for each site of a session, so that no twitch counts twice.

Of several sensors at one site, an electrode counts before an accelerometer and an accelerometer
before an envelope. Of two of the same kind, the one with the longer scorable time counts.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Connection, Select, and_, not_, or_, select

from myowatch.recordings.store.event_windows import StreamKey
from myowatch.recordings.store.store_rows import (
    Row,
    event_of,
    events,
    files,
    minutes,
    stream_of,
    streams,
)
from myowatch.recordings.wearer.labels import (
    LabelKind,
    Labels,
    SessionLabels,
    apply_labels,
    count_changes,
    event_key,
)
from myowatch.signal.escalation.evidence import Wear
from myowatch.signal.escalation.wear_time import site_key
from myowatch.signal.model.events import UNSCORABLE, Event, Kind
from myowatch.signal.model.samples import Modality, Stream

PLAYED_SOURCES = ("sim:", "file:", "brainflow:synthetic", "brainflow:playback")
"""Sources that are not worn while they are recorded: simulated wearers and replayed files. The
person and the day of a replayed file are unknown."""
NIGHT_FROM, NIGHT_TO = 22, 6
"""A recording is of a night if its middle lies between these hours."""

_TWITCHES = (Modality.EMG, Modality.ACCELEROMETER)
_BEST_FIRST = (*_TWITCHES, Modality.ENVELOPE)
_LONG = (Kind.CRAMP, Kind.MOVEMENT)
_LONG_LABELS = (LabelKind.CRAMP, LabelKind.MOVEMENT)

AllLabels = Mapping[str, SessionLabels]
"""The wearer's labels by session."""


@dataclass(frozen=True, slots=True)
class CountedStream:
    """The stream that counts at one site of one session.

    Parameters
    ----------
    file
        Relative to the data folder.
    site
        In one spelling; empty if unknown.
    settings
        Detection settings as JSON.
    twitches
        As the wearer corrected them.
    labels
        The wearer's labels of single events.
    wear
        Its twitches as evidence for the thresholds; None for an envelope, which shows none.
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
    def key(self) -> StreamKey:
        """Return the key of its events."""
        return StreamKey(self.session, self.file, self.stream.name)

    @property
    def played(self) -> bool:
        """Return whether a simulated wearer or a replayed file is its source."""
        return self.source.startswith(PLAYED_SOURCES)

    @property
    def duration_s(self) -> float:
        """Return the recorded time."""
        return self.n_samples / self.stream.sampling_rate


def select_counted_streams(
    connection: Connection, sessions: Iterable[str], labels: AllLabels
) -> list[CountedStream]:
    """Return the streams that count in these sessions, oldest first."""
    wanted = set(sessions)
    rows = connection.execute(_streams_with_files()).mappings()
    chosen = _choose(row for row in rows if row["session"] in wanted)
    return [_counted(site, row, labels) for site, row in chosen]


def select_wears(connection: Connection, labels: AllLabels, *, played: bool = False) -> list[Wear]:
    """Return the twitches of each site and session as evidence, oldest first.

    Parameters
    ----------
    labels
        Counts are corrected by these.
    played
        Include simulated sessions and replayed files, for a demonstration.
    """
    query = _streams_with_files().where(streams.c.modality.in_([m.value for m in _TWITCHES]))
    if not played:
        query = query.where(not_(or_(*(files.c.source.startswith(p) for p in PLAYED_SOURCES))))
    chosen = _choose(connection.execute(query).mappings())
    return [_wear(site, row, labels.get(row["session"])) for site, row in chosen]


def select_long_events(
    connection: Connection, found: Sequence[CountedStream]
) -> dict[StreamKey, list[Event]]:
    """Return the cramps, movements and unscorable times of each stream, by onset.

    The wearer's labels are applied. Twitches are not read: a night may have thousands.
    """
    kinds = events.c.kind.in_([kind.value for kind in _LONG])
    query = select(events).where(
        or_(kinds, events.c.reason.in_([reason.value for reason in UNSCORABLE]))
    )
    order = (events.c.file, events.c.stream, events.c.onset)
    by_stream: dict[StreamKey, list[Event]] = defaultdict(list)
    for session in dict.fromkeys(one.session for one in found):
        of_session = query.where(events.c.session == session).order_by(*order)
        for row in connection.execute(of_session).mappings():
            by_stream[StreamKey(session, row["file"], row["stream"])].append(event_of(row))
    for one in found:
        if one.labels:
            by_stream[one.key] = _relabelled(one, by_stream[one.key])
    return by_stream


def select_detectable_peaks(connection: Connection, found: Sequence[CountedStream]) -> list[float]:
    """Return the smallest twitch that would have been found in each minute, where it is known."""
    key = minutes.c
    peaks: list[float] = []
    for one in found:
        mine = key.session == one.session, key.file == one.file, key.stream == one.stream.name
        query = select(key.detectable_peak).where(*mine, key.detectable_peak > 0)
        peaks += connection.execute(query).scalars()
    return peaks


def select_clearest_twitches(connection: Connection, one: CountedStream, most: int) -> list[Event]:
    """Return at most `most` twitches, the highest confidence and signal-to-noise ratio first.

    Doublets are left out: their shape is that of two twitches.
    """
    c = events.c
    query = (
        select(events)
        .where(one.key.where(), c.kind == Kind.TWITCH.value, c.count == 1)
        .order_by(c.confidence.desc(), c.snr_db.desc(), c.onset)
        .limit(most)
    )
    found = [event_of(row) for row in connection.execute(query).mappings()]
    return [event for event in apply_labels(found, one.labels) if event.kind is Kind.TWITCH]


def _streams_with_files() -> Select[tuple[object, ...]]:
    same_file = and_(files.c.session == streams.c.session, files.c.file == streams.c.file)
    return (
        select(streams, files.c.started, files.c.source, files.c.settings)
        .join(files, same_file)
        .order_by(files.c.started, streams.c.session, streams.c.file, streams.c.position)
    )


def _choose(rows: Iterable[Row]) -> list[tuple[str, Row]]:
    """Return the site and the row of the stream that counts, for each session and site."""
    chosen: dict[tuple[str, str], Row] = {}
    for row in rows:
        key = (row["session"], site_key(row["site"]))
        if key not in chosen or _rank(row) > _rank(chosen[key]):
            chosen[key] = row
    return [(site, row) for (_, site), row in chosen.items()]


def _rank(row: Row) -> tuple[int, float]:
    return -_BEST_FIRST.index(Modality(row["modality"])), row["scorable_s"]


def _relabelled(one: CountedStream, detected: Sequence[Event]) -> list[Event]:
    """Apply the labels; add twitches that the wearer calls a cramp or a movement."""
    known = {event_key(event) for event in detected}
    others = [
        Event(one.stream.name, Kind(label.kind), onset, offset)
        for (onset, offset, kind), label in one.labels.items()
        if label.kind in _LONG_LABELS and (onset, offset, kind) not in known
    ]
    return sorted([*apply_labels(detected, one.labels), *others], key=lambda event: event.onset)


def _labels_of(row: Row, labels: SessionLabels | None) -> Labels:
    return labels.for_stream(row["file"], row["name"]) if labels else {}


def _counted(site: str, row: Row, labels: AllLabels) -> CountedStream:
    stream = stream_of(row)
    own_labels = labels.get(row["session"])
    wear = _wear(site, row, own_labels) if stream.modality in _TWITCHES else None
    return CountedStream(
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
        labels=_labels_of(row, own_labels),
        wear=wear,
    )


def _wear(site: str, row: Row, labels: SessionLabels | None) -> Wear:
    started = datetime.fromisoformat(row["started"])
    middle = started + timedelta(seconds=row["n_samples"] / row["sampling_rate"] / 2)
    changes = count_changes(_labels_of(row, labels))
    return Wear(
        site=site,
        day=started.date(),
        modality=Modality(row["modality"]),
        twitches=max(0, row["twitches"] + changes[Kind.TWITCH]),
        scorable_s=row["scorable_s"],
        night=middle.hour >= NIGHT_FROM or middle.hour < NIGHT_TO,
    )
