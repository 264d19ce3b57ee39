"""Tables of the session store, and the conversion of rows to values and back."""

import json
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Column, Float, ForeignKeyConstraint, Integer, MetaData, String, Table

from myowatch.recordings.model.recording import Marker
from myowatch.recordings.store.session_info import FileInfo, SessionSummary
from myowatch.signal.model.events import Event, Kind, Reason
from myowatch.signal.model.samples import Modality, Stream, Unit
from myowatch.signal.statistics.counts import Minute

tables = MetaData()

sessions = Table(
    "sessions",
    tables,
    Column("id", String, primary_key=True),
    Column("note", String, nullable=False),
    Column("ended", String),
)

files = Table(
    "files",
    tables,
    Column("session", String, primary_key=True),
    Column("file", String, primary_key=True),
    Column("source", String, nullable=False),
    Column("started", String, nullable=False),
    Column("settings", String, nullable=False),
    ForeignKeyConstraint(["session"], ["sessions.id"]),
)

_OF_A_FILE = (["session", "file"], ["files.session", "files.file"])

streams = Table(
    "streams",
    tables,
    Column("session", String, primary_key=True),
    Column("file", String, primary_key=True),
    Column("name", String, primary_key=True),
    Column("position", Integer, nullable=False),
    Column("modality", String, nullable=False),
    Column("unit", String, nullable=False),
    Column("sampling_rate", Float(53), nullable=False),
    Column("channels", String, nullable=False),
    Column("resolution", Float(53), nullable=False),
    Column("site", String, nullable=False),
    Column("n_samples", Integer, nullable=False),
    Column("scorable_s", Float(53), nullable=False),
    Column("twitches", Integer, nullable=False),
    Column("cramps", Integer, nullable=False),
    Column("movements", Integer, nullable=False),
    ForeignKeyConstraint(*_OF_A_FILE),
)

# All that identifies an event is its key: a recorder may add what a rebuild has just found.
events = Table(
    "events",
    tables,
    Column("session", String, primary_key=True),
    Column("file", String, primary_key=True),
    Column("stream", String, primary_key=True),
    Column("onset", Integer, primary_key=True),
    Column("offset", Integer, primary_key=True),
    Column("kind", String, primary_key=True),
    Column("reason", String, primary_key=True),
    Column("peak", Float(53), nullable=False),
    Column("snr_db", Float(53), nullable=False),
    Column("confidence", Float(53), nullable=False),
    Column("count", Integer, nullable=False),
    ForeignKeyConstraint(*_OF_A_FILE),
)

minutes = Table(
    "minutes",
    tables,
    Column("session", String, primary_key=True),
    Column("file", String, primary_key=True),
    Column("stream", String, primary_key=True),
    Column("minute", Integer, primary_key=True),
    Column("twitches", Integer, nullable=False),
    Column("cramps", Integer, nullable=False),
    Column("movements", Integer, nullable=False),
    Column("scorable_s", Float(53), nullable=False),
    ForeignKeyConstraint(*_OF_A_FILE),
)

markers = Table(
    "markers",
    tables,
    Column("session", String, primary_key=True),
    Column("file", String, primary_key=True),
    Column("time_s", Float(53), primary_key=True),
    Column("text", String, primary_key=True),
    ForeignKeyConstraint(*_OF_A_FILE),
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
    return {
        "session": session_id,
        "file": file,
        "position": position,
        "name": stream.name,
        "modality": stream.modality.value,
        "unit": stream.unit.value,
        "sampling_rate": stream.sampling_rate,
        "channels": json.dumps(stream.channels),
        "resolution": stream.resolution,
        "site": stream.site,
        "n_samples": 0,
        "scorable_s": 0.0,
        "twitches": 0,
        "cramps": 0,
        "movements": 0,
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
    )


def minute_row(session_id: str, file: str, minute: Minute) -> dict[str, Any]:
    """Return the row of one minute."""
    return {
        "session": session_id,
        "file": file,
        "stream": minute.stream,
        "minute": minute.minute,
        "twitches": minute.twitches,
        "cramps": minute.cramps,
        "movements": minute.movements,
        "scorable_s": minute.scorable_s,
    }


def minute_of(row: Row) -> Minute:
    """Return the minute of a row."""
    return Minute(
        stream=row["stream"],
        minute=row["minute"],
        twitches=row["twitches"],
        cramps=row["cramps"],
        movements=row["movements"],
        scorable_s=row["scorable_s"],
    )


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
