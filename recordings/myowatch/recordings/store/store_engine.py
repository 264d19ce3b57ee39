"""Connections to the store's database, and its errors as problems that a user can act on."""

import contextlib
import os
import sqlite3
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from sqlalchemy import (
    Column,
    Connection,
    Engine,
    RowMapping,
    Table,
    bindparam,
    create_engine,
    delete,
    event,
    insert,
    inspect,
    select,
)
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.exc import (
    ArgumentError,
    DBAPIError,
    InterfaceError,
    InternalError,
    NoSuchModuleError,
    OperationalError,
    ProgrammingError,
)
from sqlalchemy.schema import CreateColumn, CreateIndex, CreateTable

from myowatch.recordings.storage.problem import StorageProblem, storage_problem
from myowatch.recordings.store.store_rows import (
    events,
    files,
    markers,
    minutes,
    sessions,
    streams,
    tables,
    unsure_events,
)

VERSION = 1
"""Version of the tables; those of Myowatch 0.1 have 0."""
ADDED = {events: {"cramp_probability", "provisional"}, minutes: {"detectable_peak"}}
"""Columns that version 1 has added."""

BUSY_S = 10.0
"""How long to wait for another process that writes."""

_ORDER = {
    sessions: (sessions.c.id,),
    files: (files.c.file,),
    streams: (streams.c.file, streams.c.position),
    events: (events.c.file, events.c.stream, events.c.onset, events.c.offset, events.c.kind),
    minutes: (minutes.c.file, minutes.c.stream, minutes.c.minute),
    markers: (markers.c.time_s, markers.c.text),
}


def open_engine(target: Path | str) -> Engine:
    """Return an engine for an SQLite file that only its owner can read, or for a database URL."""
    if isinstance(target, Path):
        _create_private_file(target)
        url = f"sqlite:///{target}"
    else:
        url = target
    try:
        engine = create_engine(url)
    except (ArgumentError, NoSuchModuleError, ImportError) as error:
        raise StorageProblem(
            f"MYOWATCH_DATABASE is no database URL that can be used: {error}",
            "such as sqlite:////path/to/myowatch.db",
        ) from error
    if engine.dialect.name == "sqlite":
        event.listen(engine, "connect", _prepare_sqlite)
    return engine


@contextlib.contextmanager
def begin(engine: Engine, name: str) -> Iterator[Connection]:
    """Run one transaction.

    Raises
    ------
    StorageProblem
        If the database is full, locked, damaged, read-only, unreachable or of another version.
        Every other error, such as a wrong statement, propagates.
    """
    try:
        with engine.begin() as connection:
            yield connection
    except DBAPIError as error:
        problem = _problem(name, error)
        if problem is None and _has_other_columns(engine):
            problem = _rebuild_problem(name, "was made by another version of Myowatch")
        if problem is None:
            raise
        raise problem from error


def select_rows(
    connection: Connection, table: Table, session_id: str | None = None, file: str | None = None
) -> Sequence[RowMapping]:
    """Return the rows of a table, of one session or of one file, in a fixed order."""
    query = select(table).order_by(*_ORDER[table])
    if session_id is not None:
        query = query.where((table.c.id if table is sessions else table.c.session) == session_id)
    if file is not None:
        query = query.where(table.c.file == file)
    return connection.execute(query).mappings().all()


def create_missing(connection: Connection) -> None:
    """Create the tables and columns that do not exist, also while another process does."""
    for table in tables.sorted_tables:
        connection.execute(CreateTable(table, if_not_exists=True))
    is_sqlite = connection.dialect.name == "sqlite"
    if is_sqlite and connection.exec_driver_sql("PRAGMA user_version").scalar() == VERSION:
        return
    for table, names in ADDED.items():
        known = {column["name"] for column in inspect(connection).get_columns(table.name)}
        for name in sorted(names - known):
            _add_column(connection, table.c[name])
    connection.execute(CreateIndex(unsure_events, if_not_exists=True))
    if is_sqlite:
        connection.exec_driver_sql(f"PRAGMA user_version = {VERSION}")


def _add_column(connection: Connection, column: Column[Any]) -> None:
    described = str(CreateColumn(column).compile(dialect=connection.dialect))
    try:
        with connection.begin_nested():
            connection.exec_driver_sql(f"ALTER TABLE {column.table.name} ADD COLUMN {described}")
    except (OperationalError, ProgrammingError) as error:
        if "duplicate column" not in str(error.orig) and "already exists" not in str(error.orig):
            raise  # else another process was faster


def insert_new(
    connection: Connection, table: Table, rows: Sequence[Mapping[str, Any]]
) -> Sequence[RowMapping]:
    """Insert the rows whose key does not exist yet, and return those."""
    if not rows:
        return []
    dialect = postgresql if connection.dialect.name == "postgresql" else sqlite
    statement = dialect.insert(table).on_conflict_do_nothing().returning(table)
    return connection.execute(statement, rows).mappings().all()


def delete_provisional(connection: Connection, rows: Sequence[Mapping[str, Any]]) -> None:
    """Delete the provisional events with the keys of these rows."""
    if not rows:
        return
    keys = [column.name for column in events.primary_key]
    named = [events.c[name] == bindparam(f"key_{name}") for name in keys]
    statement = delete(events).where(*named, events.c.provisional == 1)
    connection.execute(statement, [{f"key_{name}": row[name] for name in keys} for row in rows])


def replace_minutes(connection: Connection, rows: Sequence[Mapping[str, Any]]) -> None:
    """Insert rows of one stream's minutes in place of the stored rows of the same minutes."""
    if not rows:
        return
    key = minutes.c
    connection.execute(
        delete(minutes).where(
            key.session == rows[0]["session"],
            key.file == rows[0]["file"],
            key.stream == rows[0]["stream"],
            key.minute.in_([row["minute"] for row in rows]),
        )
    )
    connection.execute(insert(minutes), rows)


def empty_log(engine: Engine, name: str) -> None:
    """Empty SQLite's write-ahead log, which still holds deleted rows."""
    if engine.dialect.name == "sqlite":
        with begin(engine, name) as connection:
            connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")


def _create_private_file(path: Path) -> None:
    try:
        os.close(os.open(path, os.O_CREAT | os.O_RDWR, 0o600))
    except OSError as error:
        raise storage_problem(path, error) from error


def _prepare_sqlite(connection: Any, _record: Any) -> None:
    try:
        cursor = connection.cursor()
        cursor.execute(f"PRAGMA busy_timeout = {int(BUSY_S * 1000)}")
        cursor.execute("PRAGMA journal_mode = WAL")
        cursor.execute("PRAGMA synchronous = NORMAL")
        cursor.close()
    except sqlite3.Error:
        connection.close()  # SQLAlchemy does not close it
        raise


_LOCKED = {sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED, sqlite3.SQLITE_PROTOCOL}
_DAMAGED = {sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB, sqlite3.SQLITE_FORMAT}
_NOT_WRITABLE = {
    *(sqlite3.SQLITE_READONLY, sqlite3.SQLITE_CANTOPEN),
    *(sqlite3.SQLITE_PERM, sqlite3.SQLITE_AUTH),
}


def _problem(name: str, error: DBAPIError) -> StorageProblem | None:
    """Return what a user can do about an error of the database; None if the error is ours."""
    reason = " ".join(str(error.orig).split())
    if not isinstance(error.orig, sqlite3.Error):
        return _server_problem(name, error, reason)
    # Python itself raises the one OperationalError without a code: text that is no UTF-8.
    no_text = sqlite3.SQLITE_CORRUPT if isinstance(error, OperationalError) else 0
    code = getattr(error.orig, "sqlite_errorcode", no_text) & 0xFF  # less the extended code
    if code == sqlite3.SQLITE_FULL:
        return StorageProblem(f"no space left for the session store {name}", "free some space")
    if code == sqlite3.SQLITE_IOERR:  # also when the write-ahead log finds no space
        return StorageProblem(
            f"the disk does not take the session store {name} ({reason})",
            "is it full or failing? free some space and try again",
        )
    if code in _NOT_WRITABLE:
        return StorageProblem(
            f"may not write the session store {name}: {reason}",
            "set MYOWATCH_DATABASE to one you can write into"
            if name.endswith("MYOWATCH_DATABASE")
            else "set MYOWATCH_HOME to a folder you can write into",
        )
    if code in _LOCKED:
        return _rebuild_problem(name, "is locked by another program")
    return _rebuild_problem(name, f"is damaged ({reason})") if code in _DAMAGED else None


def _server_problem(name: str, error: DBAPIError, reason: str) -> StorageProblem | None:
    if isinstance(error, InternalError):
        return _rebuild_problem(name, f"is damaged ({reason})")
    if error.connection_invalidated or isinstance(error, OperationalError | InterfaceError):
        return StorageProblem(
            f"the session store {name} does not answer, or refuses: {reason}",
            "check the database server, and MYOWATCH_DATABASE",
        )
    return None


def _rebuild_problem(name: str, what: str) -> StorageProblem:
    return StorageProblem(
        f"the session store {name} {what}",
        "`myowatch sessions --rebuild` makes it again from the recordings, which are safe",
    )


def _has_other_columns(engine: Engine) -> bool:
    found = inspect(engine)
    return any(
        not found.has_table(name)
        or {column["name"] for column in found.get_columns(name)} != set(table.c.keys())
        for name, table in tables.tables.items()
    )
