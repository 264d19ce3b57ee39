"""Tables of the session store, and the conversion of rows to values and back."""

import json
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict
from dataclasses import fields as fields_of
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Column, Float, ForeignKeyConstraint, Index, Integer, MetaData, String, Table
from sqlalchemy.types import TypeEngine

from myowatch.recordings.model.recording import Marker
from myowatch.recordings.store.session_info import FileInfo, SessionSummary
from myowatch.signal.model.events import Event, Kind, Reason
from myowatch.signal.model.samples import Modality, Stream, Unit
from myowatch.signal.statistics.counts import Minute


def _columns(kind: TypeEngine[Any], *names: str, key: bool = False) -> list[Column[Any]]:
    return [Column(name, kind, primary_key=key, nullable=False) for name in names]


def _added(kind: TypeEngine[Any], name: str) -> Column[Any]:
    """Return a column that databases of older versions get later, with zeros."""
    return Column(name, kind, nullable=False, server_default="0")


_TEXT, _INTEGER, _FLOAT = String(), Integer(), Float(53)
_FILE_KEY = (["session", "file"], ["files.session", "files.file"])

tables = MetaData()

sessions = Table(
    "sessions",
    tables,
    *_columns(_TEXT, "id", key=True),
    *_columns(_TEXT, "note"),
    Column("ended", _TEXT),
)

files = Table(
    "files",
    tables,
    *_columns(_TEXT, "session", "file", key=True),
    *_columns(_TEXT, "source", "started", "settings"),
    ForeignKeyConstraint(["session"], ["sessions.id"]),
)

streams = Table(
    "streams",
    tables,
    *_columns(_TEXT, "session", "file", "name", key=True),
    *_columns(_INTEGER, "position"),
    *_columns(_TEXT, "modality", "unit"),
    *_columns(_FLOAT, "sampling_rate"),
    *_columns(_TEXT, "channels"),
    *_columns(_FLOAT, "resolution"),
    *_columns(_TEXT, "site"),
    *_columns(_INTEGER, "n_samples"),
    *_columns(_FLOAT, "scorable_s"),
    *_columns(_INTEGER, "twitches", "cramps", "movements"),
    ForeignKeyConstraint(*_FILE_KEY),
)

# All that identifies an event is its key: a recorder may add what a rebuild has just found.
events = Table(
    "events",
    tables,
    *_columns(_TEXT, "session", "file", "stream", key=True),
    *_columns(_INTEGER, "onset", "offset", key=True),
    *_columns(_TEXT, "kind", "reason", key=True),
    *_columns(_FLOAT, "peak", "snr_db", "confidence"),
    *_columns(_INTEGER, "count"),
    Column("cramp_probability", _FLOAT),
    _added(_INTEGER, "provisional"),
    ForeignKeyConstraint(*_FILE_KEY),
)

# Few events have a probability of cramp: a page finds them without a look at all the others.
unsure_events = Index(
    "unsure_events",
    events.c.session,
    sqlite_where=events.c.cramp_probability.is_not(None),
    postgresql_where=events.c.cramp_probability.is_not(None),
)

minutes = Table(
    "minutes",
    tables,
    *_columns(_TEXT, "session", "file", "stream", key=True),
    *_columns(_INTEGER, "minute", key=True),
    *_columns(_INTEGER, "twitches", "cramps", "movements"),
    *_columns(_FLOAT, "scorable_s"),
    _added(_FLOAT, "detectable_peak"),
    ForeignKeyConstraint(*_FILE_KEY),
)

markers = Table(
    "markers",
    tables,
    *_columns(_TEXT, "session", "file", key=True),
    *_columns(_FLOAT, "time_s", key=True),
    *_columns(_TEXT, "text", key=True),
    ForeignKeyConstraint(*_FILE_KEY),
)

Row = Mapping[Any, Any]


def file_row(session_id: str, info: FileInfo) -> dict[str, Any]:
    """Return the row of one recording."""
    return {
        "session": session_id,
        "file": info.file,
        "source": info.source,
        "started": info.started.isoformat(),
        "settings": info.settings,
    }


def stream_row(session_id: str, file: str, position: int, stream: Stream) -> dict[str, Any]:
    """Return the row of one stream before its first sample."""
    counts = dict.fromkeys(("n_samples", "twitches", "cramps", "movements"), 0)
    return asdict(stream) | {
        "session": session_id,
        "file": file,
        "position": position,
        "channels": json.dumps(stream.channels),
        "scorable_s": 0.0,
        **counts,
    }


def stream_of(row: Row) -> Stream:
    """Return the stream of a row."""
    return Stream(
        name=row["name"],
        modality=Modality(row["modality"]),
        unit=Unit(row["unit"]),
        sampling_rate=row["sampling_rate"],
        channels=tuple(json.loads(row["channels"])),
        resolution=row["resolution"],
        site=row["site"],
    )


def event_row(session_id: str, file: str, event: Event) -> dict[str, Any]:
    """Return the row of one event."""
    return {
        "session": session_id,
        "file": file,
        "stream": event.stream,
        "onset": event.onset,
        "offset": event.offset,
        "kind": event.kind.value,
        "reason": event.reason.value if event.reason else "",
        "peak": event.peak,
        "snr_db": event.snr_db,
        "confidence": event.confidence,
        "count": event.count,
        "cramp_probability": event.cramp_probability,
        "provisional": int(event.provisional),
    }


def event_of(row: Row) -> Event:
    """Return the event of a row."""
    return Event(
        stream=row["stream"],
        kind=Kind(row["kind"]),
        onset=row["onset"],
        offset=row["offset"],
        peak=row["peak"],
        snr_db=row["snr_db"],
        confidence=row["confidence"],
        reason=Reason(row["reason"]) if row["reason"] else None,
        count=row["count"],
        cramp_probability=row["cramp_probability"],
        provisional=bool(row["provisional"]),
    )


def minute_row(session_id: str, file: str, minute: Minute) -> dict[str, Any]:
    """Return the row of one minute."""
    return {"session": session_id, "file": file, **asdict(minute)}


def minute_of(row: Row) -> Minute:
    """Return the minute of a row."""
    return Minute(**{field.name: row[field.name] for field in fields_of(Minute)})


def marker_row(session_id: str, file: str, marker: Marker) -> dict[str, Any]:
    """Return the row of one marker."""
    return {"session": session_id, "file": file, "time_s": marker.time_s, "text": marker.text}


def by_session(found: Iterable[Row]) -> Mapping[str, list[Row]]:
    """Return the rows grouped by session."""
    grouped: defaultdict[str, list[Row]] = defaultdict(list)
    for row in found:
        grouped[row["session"]].append(row)
    return grouped


def summary_of(session: Row, files: Sequence[Row], streams: Sequence[Row]) -> SessionSummary:
    """Return a session from its row and the rows of its files and streams."""
    twitching = [s for s in streams if Modality(s["modality"]).shows_twitches]
    counted = [s for s in twitching if s["modality"] == Modality.EMG] or twitching
    muscles = [s for s in streams if s["modality"] != Modality.ACCELEROMETER] or streams
    return SessionSummary(
        id=session["id"],
        started=min(datetime.fromisoformat(row["started"]) for row in files),
        ended=datetime.fromisoformat(session["ended"]) if session["ended"] else None,
        sites=_distinct(row["site"] for row in streams),
        source=" ".join(_distinct(row["source"] for row in files)),
        note=session["note"],
        duration_s=longest_s(streams),
        scorable_s=max((row["scorable_s"] for row in counted or muscles), default=0.0),
        twitches=sum(row["twitches"] for row in counted),
        cramps=sum(row["cramps"] for row in muscles),
        files=tuple(row["file"] for row in files),
        shows_twitches=bool(twitching) or not streams,
    )


def end_of(files: Sequence[Row], streams: Sequence[Row]) -> datetime:
    """Return the time of the last sample of a session."""
    return max(
        datetime.fromisoformat(file["started"])
        + timedelta(seconds=longest_s([s for s in streams if s["file"] == file["file"]]))
        for file in files
    )


def longest_s(streams: Sequence[Row]) -> float:
    """Return the duration of the longest stream."""
    return max((row["n_samples"] / row["sampling_rate"] for row in streams), default=0.0)


def _distinct(texts: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(text for text in texts if text))
