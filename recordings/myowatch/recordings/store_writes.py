"""What is written into the store, within a transaction of the caller."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import Connection, delete, text, update

from myowatch.recordings import store_rows as rows
from myowatch.recordings.sessions import SessionInfo
from myowatch.recordings.store_engine import insert_new, replace_minutes, select_rows
from myowatch.recordings.store_tables import files, sessions, streams, tables
from myowatch.signal.summary import Minute, Summary


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
    """State when a session came to its end, by default that of its longest stream."""
    if ended is None:
        ended = rows.end_of(
            select_rows(connection, "files", session_id),
            select_rows(connection, "streams", session_id),
        )
    connection.execute(
        update(sessions).where(sessions.c.id == session_id).values(ended=ended.isoformat())
    )


def delete_session(connection: Connection, session_id: str) -> None:
    """Delete all that is stored of a session, and write zeros over it where it stood."""
    if connection.dialect.name == "sqlite":
        connection.execute(text("PRAGMA secure_delete = ON"))
    for table in reversed(tables.sorted_tables):
        key = table.c.id if table is sessions else table.c.session
        connection.execute(delete(table).where(key == session_id))


def write_progress(
    connection: Connection,
    session_id: str,
    file: str,
    summary: Summary,
    minutes: Sequence[Minute],
) -> None:
    """State the length of a stream, its counts, and those minutes that have changed."""
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
