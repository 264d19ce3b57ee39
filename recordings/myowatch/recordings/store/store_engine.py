"""Connections to the store's database, and its troubles in plain words."""

import contextlib
import os
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from sqlalchemy import (
    Connection,
    Engine,
    MetaData,
    RowMapping,
    Table,
    create_engine,
    delete,
    event,
    insert,
    select,
)
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.exc import ArgumentError, NoSuchModuleError, SQLAlchemyError
from sqlalchemy.schema import CreateTable

from myowatch.recordings.storage.disk import storage_problem
from myowatch.recordings.storage.problem import StorageProblem
from myowatch.recordings.store.store_rows import events, files, markers, minutes, sessions, streams

BUSY_S = 10.0
"""How long to wait for another process that writes."""

_ORDER = {
    "sessions": (sessions.c.id,),
    "files": (files.c.file,),
    "streams": (streams.c.file, streams.c.position),
    "events": (events.c.file, events.c.stream, events.c.onset, events.c.offset, events.c.kind),
    "minutes": (minutes.c.file, minutes.c.stream, minutes.c.minute),
    "markers": (markers.c.time_s, markers.c.text),
}
_TABLES = {table.name: table for table in (sessions, files, streams, events, minutes, markers)}


def open_engine(target: Path | str) -> Engine:
    """Engine of an SQLite file, made for its owner's eyes only, or of a database URL."""
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
    """One transaction; trouble with the database becomes a problem that says what to do."""
    try:
        with engine.begin() as connection:
            yield connection
    except SQLAlchemyError as error:
        raise _problem(name, error) from error


def select_rows(
    connection: Connection, table: str, session_id: str | None = None, file: str | None = None
) -> Sequence[RowMapping]:
    """Rows of a table, of a session, of a file, in the order in which they are given out."""
    columns = _TABLES[table].c
    query = select(_TABLES[table]).order_by(*_ORDER[table])
    if session_id is not None:
        query = query.where((columns.id if table == "sessions" else columns.session) == session_id)
    if file is not None:
        query = query.where(columns.file == file)
    return connection.execute(query).mappings().all()


def create_missing(connection: Connection, tables: MetaData) -> None:
    """Make the tables that are not there, also while another process makes them."""
    for table in tables.sorted_tables:
        connection.execute(CreateTable(table, if_not_exists=True))


def insert_new(
    connection: Connection, table: Table, rows: Sequence[Mapping[str, Any]]
) -> Sequence[RowMapping]:
    """Insert rows whose key is not there yet; return those."""
    if not rows:
        return []
    dialect = postgresql if connection.dialect.name == "postgresql" else sqlite
    statement = dialect.insert(table).on_conflict_do_nothing().returning(table)
    return connection.execute(statement, rows).mappings().all()


def replace_minutes(connection: Connection, rows: Sequence[Mapping[str, Any]]) -> None:
    """Put rows of one stream's minutes in place of what is stored of the same minutes."""
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
    """Have SQLite empty its log, in which what was deleted still stands."""
    if engine.dialect.name == "sqlite":
        with begin(engine, name) as connection:
            connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")


def _create_private_file(path: Path) -> None:
    try:
        os.close(os.open(path, os.O_CREAT | os.O_RDWR, 0o600))
    except OSError as error:
        raise storage_problem(path, error) from error


def _prepare_sqlite(connection: Any, _record: Any) -> None:
    cursor = connection.cursor()
    cursor.execute(f"PRAGMA busy_timeout = {int(BUSY_S * 1000)}")
    cursor.execute("PRAGMA journal_mode = WAL")
    cursor.execute("PRAGMA synchronous = NORMAL")
    cursor.close()


def _problem(name: str, error: SQLAlchemyError) -> StorageProblem:
    orig = getattr(error, "orig", None)
    reason = " ".join(str(orig or error).split())
    if "full" in reason:
        return StorageProblem(f"no space left for the session store {name}", "free some space")
    if "disk I/O" in reason:  # also what SQLite says when its log finds no space
        return StorageProblem(
            f"the disk does not take the session store {name} ({reason})",
            "is it full or failing? free some space and try again",
        )
    if "readonly" in reason or "unable to open" in reason:
        return StorageProblem(
            f"may not write the session store {name}: {reason}",
            "set MYOWATCH_DATABASE to one you can write into"
            if name.endswith("MYOWATCH_DATABASE")
            else "set MYOWATCH_HOME to a folder you can write into",
        )
    what = "locked by another program" if "locked" in reason else f"damaged ({reason})"
    return StorageProblem(
        f"the session store {name} is {what}",
        "`myowatch sessions --rebuild` makes it again from the recordings, which are safe",
    )
