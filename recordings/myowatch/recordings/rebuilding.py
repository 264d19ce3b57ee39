"""The session store made again from the recordings, and from what was pressed meanwhile."""

from collections.abc import Sequence
from pathlib import Path

from sqlalchemy import Connection, delete

from myowatch.recordings import store_rows as rows
from myowatch.recordings.bdf_reader import BdfRecording
from myowatch.recordings.home import session_folder, sessions_folder
from myowatch.recordings.opening import open_recording
from myowatch.recordings.presses import Press, Presses, all_markers, presses_of
from myowatch.recordings.problem import UnreadableRecording
from myowatch.recordings.sessions import FileInfo, RebuildReport, SessionInfo
from myowatch.recordings.store_engine import insert_new
from myowatch.recordings.store_tables import events, markers, tables
from myowatch.recordings.store_writes import end_session, insert_session, write_progress
from myowatch.signal.tally import tally


def refill(connection: Connection, home: Path) -> RebuildReport:
    """Empty the tables and fill them from the recordings of the data folder."""
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
            pressed = presses.of(folder.name)
            n_events += _insert(connection, home, folder.name, recordings, pressed)
    return RebuildReport(n_sessions, n_files, n_events, tuple(unreadable))


def refill_session(connection: Connection, home: Path, session_id: str) -> None:
    """Take in one session from its recordings; what cannot be read is left out."""
    recordings = _open_all(session_folder(home, session_id), [])
    if recordings:
        pressed = presses_of(home, session_id)
        _insert(connection, home, session_id, recordings, pressed)


def _open_all(folder: Path, unreadable: list[str]) -> list[BdfRecording]:
    recordings = []
    for path in sorted(folder.glob("*.bdf")):
        try:
            with open_recording(path) as recording:  # what is asked below was read by opening it
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
        found = recording.events()
        n_events += len(found)
        event_rows = [rows.event_row(session_id, info.file, event) for event in found]
        insert_new(connection, events, event_rows)
        found_markers = all_markers(recording, presses)
        marker_rows = [rows.marker_row(session_id, info.file, m) for m in found_markers]
        insert_new(connection, markers, marker_rows)
        for stream in recording.streams:
            n_samples = recording.n_samples[stream.name]
            counted = tally(stream, found)
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
