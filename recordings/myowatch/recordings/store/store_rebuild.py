"""Write sessions into the store, and fill it again from the recordings."""

from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

from sqlalchemy import Connection, delete, text, update

from myowatch.recordings.bdf.bdf_reader import BdfRecording
from myowatch.recordings.formats.opening import open_recording
from myowatch.recordings.storage.data_folder import session_folder, sessions_folder
from myowatch.recordings.storage.problem import UnreadableRecording
from myowatch.recordings.store import store_rows as rows
from myowatch.recordings.store.session_info import FileInfo, RebuildReport, SessionInfo
from myowatch.recordings.store.store_engine import insert_new, replace_minutes, select_rows
from myowatch.recordings.store.store_rows import events, files, markers, sessions, streams, tables
from myowatch.recordings.wearer.marker_presses import (
    Press,
    Presses,
    markers_with_presses,
    presses_of,
)
from myowatch.signal.statistics.counts import Minute, Summary, tally


def insert_session(connection: Connection, session: SessionInfo) -> None:
    """Insert a session, its files and their streams."""
    insert_new(connection, sessions, [{"id": session.id, "note": session.note, "ended": None}])
    insert_new(connection, files, [rows.file_row(session.id, info) for info in session.files])
    described = [
        rows.stream_row(session.id, info.file, position, stream)
        for info in session.files
        for position, stream in enumerate(info.streams)
    ]
    insert_new(connection, streams, described)


def end_session(connection: Connection, session_id: str, ended: datetime | None = None) -> None:
    """State when a session ended, by default at the end of its longest stream."""
    if ended is None:
        ended = rows.end_of(
            select_rows(connection, files, session_id),
            select_rows(connection, streams, session_id),
        )
    connection.execute(
        update(sessions).where(sessions.c.id == session_id).values(ended=ended.isoformat())
    )


def delete_rows(connection: Connection, session_id: str) -> None:
    """Delete all rows of a session and overwrite them with zeros."""
    if connection.dialect.name == "sqlite":
        connection.execute(text("PRAGMA secure_delete = ON"))
    for table in reversed(tables.sorted_tables):
        key = table.c.id if table is sessions else table.c.session
        connection.execute(delete(table).where(key == session_id))


def delete_provisional_events(connection: Connection, session_id: str, file: str) -> None:
    """Delete the provisional events of a file."""
    key = events.c
    mine = key.session == session_id, key.file == file
    connection.execute(delete(events).where(*mine, key.provisional == 1))


def write_progress(
    connection: Connection,
    session_id: str,
    file: str,
    summary: Summary,
    minutes: Sequence[Minute],
) -> None:
    """State the length of a stream, its counts, and the minutes that have changed."""
    key = streams.c
    connection.execute(
        update(streams)
        .where(key.session == session_id, key.file == file, key.name == summary.stream)
        .values(
            n_samples=summary.n_samples,
            scorable_s=summary.scorable_s,
            twitches=summary.twitches,
            cramps=summary.cramps,
            movements=summary.movements,
        )
    )
    replace_minutes(connection, [rows.minute_row(session_id, file, minute) for minute in minutes])


def refill(connection: Connection, home: Path) -> RebuildReport:
    """Delete all rows and fill the tables from the recordings of the data folder."""
    for table in reversed(tables.sorted_tables):
        connection.execute(delete(table))
    n_files = n_events = n_sessions = 0
    unreadable: list[str] = []
    presses = Presses(home)
    presses.poll()
    for folder in sorted(path for path in sessions_folder(home).glob("*") if path.is_dir()):
        recordings = _open_all(folder, unreadable)
        if recordings:
            n_sessions += 1
            n_files += len(recordings)
            pressed = presses.for_session(folder.name)
            n_events += _insert(connection, home, folder.name, recordings, pressed)
    return RebuildReport(n_sessions, n_files, n_events, tuple(unreadable))


def refill_session(connection: Connection, home: Path, session_id: str) -> None:
    """Add one session from its recordings; unreadable files are left out."""
    recordings = _open_all(session_folder(home, session_id), [])
    if recordings:
        pressed = presses_of(home, session_id)
        _insert(connection, home, session_id, recordings, pressed)


def _open_all(folder: Path, unreadable: list[str]) -> list[BdfRecording]:
    recordings = []
    for path in sorted(folder.glob("*.bdf")):
        try:
            with open_recording(path) as recording:  # the values used below are read here
                if isinstance(recording, BdfRecording):
                    recordings.append(recording)
        except UnreadableRecording as problem:
            unreadable.append(str(problem))
    return recordings


def _insert(
    connection: Connection,
    home: Path,
    session_id: str,
    recordings: list[BdfRecording],
    presses: Sequence[Press],
) -> int:
    infos = [_file_info(home, recording) for recording in recordings]
    note = recordings[0].metadata.get("note", "")
    insert_session(connection, SessionInfo(session_id, infos, note))
    n_events = 0
    for info, recording in zip(infos, recordings, strict=True):
        found, peaks = recording.events(), recording.detectable_peaks()
        n_events += len(found)
        event_rows = [rows.event_row(session_id, info.file, event) for event in found]
        insert_new(connection, events, event_rows)
        found_markers = markers_with_presses(recording, presses)
        marker_rows = [rows.marker_row(session_id, info.file, m) for m in found_markers]
        insert_new(connection, markers, marker_rows)
        for stream in recording.streams:
            n_samples = recording.n_samples[stream.name]
            counted = tally(stream, found, peaks.get(stream.name))
            minutes = counted.minutes(n_samples)
            summary = counted.summary(n_samples)
            write_progress(connection, session_id, info.file, summary, minutes)
    if all(recording.is_closed for recording in recordings):
        end_session(connection, session_id)
    return n_events


def _file_info(home: Path, recording: BdfRecording) -> FileInfo:
    return FileInfo(
        file=recording.path.relative_to(home).as_posix(),
        source=recording.metadata.get("source", ""),
        started=recording.started,
        streams=recording.streams,
        settings=recording.metadata.get("settings", ""),
    )
