"""The session store: what was recorded and found, in SQLite (or any database by its URL).

The recordings are the truth; this is an index of them, made again at any time by `rebuild`. A
recorder writes while a dashboard reads: SQLite's write-ahead log lets them.
"""

import os
from collections.abc import Mapping, Sequence
from contextlib import AbstractContextManager
from datetime import datetime
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING

from myowatch.recordings.model.recording import Marker
from myowatch.recordings.storage.data_folder import database_path, private_folder
from myowatch.recordings.storage.disk import storage_problem
from myowatch.recordings.storage.problem import StorageProblem, UnknownSession
from myowatch.recordings.store import store_rows as rows
from myowatch.recordings.store.session_info import RebuildReport, SessionInfo, SessionSummary
from myowatch.signal.escalation.evidence import Wear
from myowatch.signal.model.events import Event
from myowatch.signal.model.samples import Stream
from myowatch.signal.statistics.counts import Minute, Tally, tally

if TYPE_CHECKING:
    from sqlalchemy import Connection, RowMapping

# SQLAlchemy takes a third of a second to import: only who makes a store waits for it.


class Store:
    """Sessions, streams, events, minutes and markers; a context manager.

    Parameters
    ----------
    home
        The data folder; `MYOWATCH_DATABASE` names another database.

    Attributes
    ----------
    home
        That folder: files are named relative to it.

    Raises
    ------
    StorageProblem
        Here and from every method: damaged, locked for long, read-only or no space.
    """

    def __init__(self, home: Path) -> None:
        from myowatch.recordings.store import store_engine
        from myowatch.recordings.store.store_rows import tables

        self.home = home
        self._database = store_engine
        url = os.environ.get("MYOWATCH_DATABASE")
        if not url:
            private_folder(home)
        self._name = "of MYOWATCH_DATABASE" if url else str(database_path(home))
        self._engine = store_engine.open_engine(url or database_path(home))
        # What a recorder added itself it need not read again each second.
        self._tallies: dict[tuple[str, str], dict[str, Tally]] = {}
        self._minutes: dict[tuple[str, str, str], list[Minute]] = {}
        try:
            with self._begin() as connection:
                self._database.create_missing(connection, tables)
        except StorageProblem:
            self.close()
            raise

    def __enter__(self) -> "Store":
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def close(self) -> None:
        """Let go of the database."""
        self._engine.dispose()

    def begin_session(self, session: SessionInfo) -> None:
        """Take in a session and its streams, before the first sample."""
        from myowatch.recordings.store.store_rebuild import insert_session

        with self._begin() as connection:
            insert_session(connection, session)

    def end_session(self, session_id: str, ended: datetime | None = None) -> None:
        """State that a session came to its end.

        Parameters
        ----------
        ended
            By default when the last sample of `set_progress` was taken, which is what a rebuild
            says as well.
        """
        from myowatch.recordings.store.store_rebuild import end_session

        with self._begin() as connection:
            end_session(connection, session_id, ended)

    def add_events(self, session_id: str, file: str, events: Sequence[Event]) -> None:
        """Take in events that are in the file already; one that is known is passed over."""
        from myowatch.recordings.store.store_rows import events as table

        tallies = self._tallies_of(session_id, file)
        added = [rows.event_row(session_id, file, event) for event in events]
        with self._begin() as connection:
            new = self._database.insert_new(connection, table, added)
        for event in map(rows.event_of, new):
            if event.stream in tallies:
                tallies[event.stream].add(event)

    def add_marker(self, session_id: str, file: str, marker: Marker) -> None:
        """Take in what the wearer pressed."""
        from myowatch.recordings.store.store_rows import markers

        row = rows.marker_row(session_id, file, marker)
        with self._begin() as connection:
            self._database.insert_new(connection, markers, [row])

    def set_progress(
        self, session_id: str, n_samples: Mapping[str, int], *, file: str | None = None
    ) -> None:
        """State how long the streams of a file are; counts and minutes follow from the events.

        Parameters
        ----------
        n_samples
            By stream name.
        file
            Needed when the session has several.
        """
        for row in self._rows("streams", session_id):
            if row["name"] in n_samples and file in {None, row["file"]}:
                self._progress(session_id, row["file"], rows.stream_of(row), n_samples[row["name"]])

    def sessions(self) -> list[SessionSummary]:
        """Every session, oldest first."""
        with self._begin() as connection:
            sessions, files, streams = (
                self._database.select_rows(connection, table)
                for table in ("sessions", "files", "streams")
            )
        own_files, own_streams = rows.by_session(files), rows.by_session(streams)
        summaries = [
            rows.summary_of(session, own_files[session["id"]], own_streams[session["id"]])
            for session in sessions
        ]
        return sorted(summaries, key=lambda summary: (summary.started, summary.id))

    def find(self, text: str) -> SessionSummary:
        """Session of this id, of an id that begins so, or the `last` one.

        Raises
        ------
        UnknownSession
            If there is none, or more than one.
        """
        known = self.sessions()
        if text == "last" and known:
            return known[-1]
        found = [s for s in known if s.id == text] or [s for s in known if s.id.startswith(text)]
        if len(found) == 1 and text:
            return found[0]
        if not found:
            raise UnknownSession(f"no session {text!r}", "`myowatch sessions` lists them all")
        raise UnknownSession(
            f"{len(found)} sessions begin with {text!r}", f"such as {found[0].id}; type more of it"
        )

    def streams(self, session_id: str, file: str | None = None) -> list[Stream]:
        """Streams of a session, or of one of its files."""
        return [rows.stream_of(row) for row in self._rows("streams", session_id, file)]

    def n_samples(self, session_id: str, file: str | None = None) -> dict[str, int]:
        """Length of each stream, as `set_progress` last stated it."""
        found = self._rows("streams", session_id, file)
        return {row["name"]: row["n_samples"] for row in found}

    def events(self, session_id: str, file: str | None = None) -> list[Event]:
        """Events of a session, or of one of its files, by stream and onset."""
        return [rows.event_of(row) for row in self._rows("events", session_id, file)]

    def minutes(self, session_id: str, file: str | None = None) -> list[Minute]:
        """Return the counts of each minute, by stream."""
        return [rows.minute_of(row) for row in self._rows("minutes", session_id, file)]

    def markers(self, session_id: str, file: str | None = None) -> list[Marker]:
        """Return what the wearer pressed, in the order of time."""
        found = self._rows("markers", session_id, file)
        return [Marker(row["time_s"], row["text"]) for row in found]

    def wears(self, *, played: bool = False) -> list[Wear]:
        """Return what was worn where and when; see `myowatch.recordings.store.counted_streams`.

        Parameters
        ----------
        played
            Take simulated sessions and replayed files for worn ones.
        """
        from myowatch.recordings.store.counted_streams import select_wears
        from myowatch.recordings.wearer.labels import read_all_labels

        labels = read_all_labels(self.home)
        with self._begin() as connection:
            return select_wears(connection, labels, played=played)

    def started(self, session_id: str, file: str) -> datetime:
        """When the first sample of one of its files was taken."""
        (row,) = self._rows("files", session_id, file)
        return datetime.fromisoformat(row["started"])

    def settings(self, session_id: str) -> list[str]:
        """Return the detection settings of each file, as JSON; empty where none were stated."""
        return [row["settings"] for row in self._rows("files", session_id)]

    def rebuild(self, home: Path) -> RebuildReport:
        """Make everything again from the recordings; readers see the old or the new."""
        from myowatch.recordings.store.store_rebuild import refill

        self._tallies.clear()
        self._minutes.clear()
        with self._begin() as connection:
            return refill(connection, home)

    def rebuild_session(self, session_id: str) -> None:
        """Make one session again from its recordings."""
        from myowatch.recordings.store.store_rebuild import refill_session

        with self._begin() as connection:
            refill_session(connection, self.home, session_id)

    def delete_session(self, session_id: str) -> None:
        """Delete all that is stored of a session; its recordings are not touched."""
        from myowatch.recordings.store.store_rebuild import delete_rows

        self._tallies.clear()
        self._minutes.clear()
        with self._begin() as connection:
            delete_rows(connection, session_id)
        self._database.empty_log(self._engine, self._name)

    def _progress(self, session_id: str, file: str, stream: Stream, n_samples: int) -> None:
        from myowatch.recordings.store.store_rebuild import write_progress

        counted = self._tallies_of(session_id, file)[stream.name]
        minutes = counted.minutes(n_samples)
        said = self._minutes.get((session_id, file, stream.name), [])
        changed = [m for i, m in enumerate(minutes) if i >= len(said) or said[i] != m]
        with self._begin() as connection:
            write_progress(connection, session_id, file, counted.summary(n_samples), changed)
        self._minutes[session_id, file, stream.name] = minutes

    def _tallies_of(self, session_id: str, file: str) -> dict[str, Tally]:
        if (session_id, file) not in self._tallies:
            events = self.events(session_id, file)
            self._tallies[session_id, file] = {
                stream.name: tally(stream, events) for stream in self.streams(session_id, file)
            }
        return self._tallies[session_id, file]

    def transaction(self) -> "AbstractContextManager[Connection]":
        """One transaction, for what `store_windows` selects."""
        return self._begin()

    def _rows(self, table: str, session_id: str, file: str | None = None) -> "Sequence[RowMapping]":
        with self._begin() as connection:
            return self._database.select_rows(connection, table, session_id, file)

    def _begin(self) -> "AbstractContextManager[Connection]":
        return self._database.begin(self._engine, self._name)


def rebuild_store(home: Path) -> RebuildReport:
    """Make the store again, also when the old one is damaged; that one is set aside."""
    try:
        with Store(home) as store:
            return store.rebuild(home)
    except StorageProblem:
        if not _set_aside(database_path(home)):
            raise
    with Store(home) as store:
        return store.rebuild(home)


def _set_aside(database: Path) -> bool:
    """Rename the damaged file; False if that is no remedy, or not ours to do."""
    if os.environ.get("MYOWATCH_DATABASE") or not database.is_file():
        return False
    try:
        database.replace(database.with_suffix(".damaged.db"))
        for suffix in ("-wal", "-shm"):
            database.with_name(database.name + suffix).unlink(missing_ok=True)
    except OSError as error:
        raise storage_problem(database, error) from error
    return True
