"""The session store: what was recorded and found, in SQLite or a database named by its URL.

The recordings are the truth. The store is an index of them that `rebuild` makes again at any time.
A recorder writes while a dashboard reads: SQLite's write-ahead log allows it.
"""

import os
from collections.abc import Mapping, Sequence
from contextlib import AbstractContextManager
from datetime import datetime
from pathlib import Path
from typing import Self

from sqlalchemy import Connection, RowMapping, Table

from myowatch.recordings.model.recording import Marker
from myowatch.recordings.storage.data_folder import database_path, private_folder
from myowatch.recordings.storage.problem import StorageProblem, UnknownSession, storage_problem
from myowatch.recordings.store import store_engine, store_rebuild
from myowatch.recordings.store import store_rows as rows
from myowatch.recordings.store.counted_streams import select_wears
from myowatch.recordings.store.session_info import RebuildReport, SessionInfo, SessionSummary
from myowatch.recordings.wearer.labels import read_all_labels
from myowatch.signal.escalation.evidence import Wear
from myowatch.signal.model.events import Event, current_events
from myowatch.signal.model.samples import Stream
from myowatch.signal.statistics.counts import Minute, Tally, detectable_peaks, tally


class StoreReader:
    """Reads the store; the half of `Store` that changes nothing."""

    def __init__(self, home: Path) -> None:
        self.home = home
        url = os.environ.get("MYOWATCH_DATABASE")
        if not url:
            private_folder(home)
        self._name = "of MYOWATCH_DATABASE" if url else str(database_path(home))
        self._engine = store_engine.open_engine(url or database_path(home))
        try:
            with self.transaction() as connection:
                store_engine.create_missing(connection)
        except Exception:
            self.close()
            raise

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Close the database."""
        self._engine.dispose()

    def transaction(self) -> AbstractContextManager[Connection]:
        """Return a transaction, for the `select_...` functions of this folder."""
        return store_engine.begin(self._engine, self._name)

    def sessions(self) -> list[SessionSummary]:
        """Return every session, oldest first."""
        with self.transaction() as connection:
            sessions, files, streams = (
                store_engine.select_rows(connection, table)
                for table in (rows.sessions, rows.files, rows.streams)
            )
        own_files, own_streams = rows.by_session(files), rows.by_session(streams)
        summaries = [
            rows.summary_of(session, own_files[session["id"]], own_streams[session["id"]])
            for session in sessions
        ]
        return sorted(summaries, key=lambda summary: (summary.started, summary.id))

    def find(self, text: str) -> SessionSummary:
        """Return the session with this id, with an id that starts so, or the `last` one.

        Raises
        ------
        UnknownSession
            If no session matches, or more than one does.
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
        """Return the streams of a session, or of one of its files."""
        return [rows.stream_of(row) for row in self._rows(rows.streams, session_id, file)]

    def n_samples(self, session_id: str, file: str | None = None) -> dict[str, int]:
        """Return the length of each stream, as `set_progress` last stated it."""
        found = self._rows(rows.streams, session_id, file)
        return {row["name"]: row["n_samples"] for row in found}

    def events(self, session_id: str, file: str | None = None) -> list[Event]:
        """Return the events of a session, or of one of its files, by stream and onset."""
        return [rows.event_of(row) for row in self._rows(rows.events, session_id, file)]

    def minutes(self, session_id: str, file: str | None = None) -> list[Minute]:
        """Return the counts of each minute, by stream."""
        return [rows.minute_of(row) for row in self._rows(rows.minutes, session_id, file)]

    def markers(self, session_id: str, file: str | None = None) -> list[Marker]:
        """Return what the wearer pressed, by time."""
        found = self._rows(rows.markers, session_id, file)
        return [Marker(row["time_s"], row["text"]) for row in found]

    def wears(self, *, played: bool = False) -> list[Wear]:
        """Return the twitches of each site and session as evidence, see `select_wears`.

        Parameters
        ----------
        played
            Include simulated sessions and replayed files.
        """
        labels = read_all_labels(self.home)
        with self.transaction() as connection:
            return select_wears(connection, labels, played=played)

    def started(self, session_id: str, file: str) -> datetime:
        """Return the time of the first sample of one of its files."""
        (row,) = self._rows(rows.files, session_id, file)
        return datetime.fromisoformat(row["started"])

    def settings(self, session_id: str) -> list[str]:
        """Return the detection settings of each file as JSON; empty where unknown."""
        return [row["settings"] for row in self._rows(rows.files, session_id)]

    def _rows(self, table: Table, session_id: str, file: str | None = None) -> Sequence[RowMapping]:
        with self.transaction() as connection:
            return store_engine.select_rows(connection, table, session_id, file)


class Store(StoreReader):
    """Sessions, streams, events, minutes and markers; a context manager.

    Parameters
    ----------
    home
        The data folder; `MYOWATCH_DATABASE` names another database.

    Attributes
    ----------
    home
        The data folder: files are named relative to it.

    Raises
    ------
    StorageProblem
        Here and from every method: damaged, locked for long, read-only or no space.

    Examples
    --------
    >>> from pathlib import Path
    >>> from tempfile import TemporaryDirectory
    >>> from myowatch.recordings import Store
    >>> with TemporaryDirectory() as folder, Store(Path(folder)) as store:
    ...     store.sessions()
    []
    """

    def __init__(self, home: Path) -> None:
        super().__init__(home)
        # A recorder's own events are not read again each second.
        self._tallies: dict[tuple[str, str], dict[str, Tally]] = {}
        self._minutes: dict[tuple[str, str, str], list[Minute]] = {}

    def begin_session(self, session: SessionInfo) -> None:
        """Add a session and its streams, before the first sample."""
        with self.transaction() as connection:
            store_rebuild.insert_session(connection, session)

    def end_session(self, session_id: str, ended: datetime | None = None) -> None:
        """State when a session ended.

        Parameters
        ----------
        ended
            By default the time of the last sample of `set_progress`, as after a rebuild.
        """
        with self.transaction() as connection:
            store_rebuild.end_session(connection, session_id, ended)

    def add_events(
        self,
        session_id: str,
        file: str,
        events: Sequence[Event],
        settled_until: Mapping[str, int] | None = None,
    ) -> None:
        """Add events that are in the file already; known ones are skipped.

        Parameters
        ----------
        settled_until
            Up to where all is settled, by stream. Provisional events up to there are deleted: the
            settled ones have replaced them.
        """
        settled_until = settled_until or {}
        tallies = self._tallies_of(session_id, file)
        replaced = [
            event
            for name, until in settled_until.items()
            if name in tallies
            for event in tallies[name].replaced_by(until)
        ]
        wanted = current_events(events, settled_until)
        settled = [event for event in wanted if not event.provisional]
        # A settled event that has not changed has the key of its provisional one.
        settled_rows = [rows.event_row(session_id, file, event) for event in settled]
        provisional = [event for event in wanted if event.provisional]
        added = settled_rows + [rows.event_row(session_id, file, each) for each in provisional]
        with self.transaction() as connection:
            gone = [rows.event_row(session_id, file, event) for event in replaced]
            store_engine.delete_provisional(connection, gone + settled_rows)
            new = store_engine.insert_new(connection, rows.events, added)
        for name, until in settled_until.items():
            if name in tallies:
                tallies[name].settle(until)
        for event in map(rows.event_of, new):
            if event.stream in tallies:
                tallies[event.stream].add(event)

    def add_detectable_peaks(
        self, session_id: str, file: str, peaks: Mapping[str, Mapping[int, float]]
    ) -> None:
        """Set the smallest twitch that would have been found, by stream and minute.

        The minutes are written with the next `set_progress`.
        """
        tallies = self._tallies_of(session_id, file)
        for name, by_minute in peaks.items():
            if name in tallies:
                tallies[name].set_detectable_peaks(by_minute)

    def drop_provisional(self, session_id: str, file: str) -> None:
        """Delete the provisional events of a file, before those that are left are added again."""
        with self.transaction() as connection:
            store_rebuild.delete_provisional_events(connection, session_id, file)
        self._tallies.pop((session_id, file), None)

    def add_marker(self, session_id: str, file: str, marker: Marker) -> None:
        """Add what the wearer pressed."""
        row = rows.marker_row(session_id, file, marker)
        with self.transaction() as connection:
            store_engine.insert_new(connection, rows.markers, [row])

    def set_progress(
        self, session_id: str, n_samples: Mapping[str, int], *, file: str | None = None
    ) -> None:
        """State the length of a file's streams; counts and minutes follow from the events.

        Parameters
        ----------
        n_samples
            By stream name.
        file
            Needed when the session has several.
        """
        for row in self._rows(rows.streams, session_id):
            if row["name"] in n_samples and file in {None, row["file"]}:
                self._progress(session_id, row["file"], rows.stream_of(row), n_samples[row["name"]])

    def rebuild(self, home: Path) -> RebuildReport:
        """Make the whole index again from the recordings; readers see the old or the new."""
        self._forget_counts()
        with self.transaction() as connection:
            return store_rebuild.refill(connection, home)

    def rebuild_session(self, session_id: str) -> None:
        """Make the index of one session again from its recordings."""
        with self.transaction() as connection:
            store_rebuild.refill_session(connection, self.home, session_id)

    def delete_session(self, session_id: str) -> None:
        """Delete all that is stored of a session; its recordings are not changed."""
        self._forget_counts()
        with self.transaction() as connection:
            store_rebuild.delete_rows(connection, session_id)
        store_engine.empty_log(self._engine, self._name)

    def _forget_counts(self) -> None:
        self._tallies.clear()
        self._minutes.clear()

    def _progress(self, session_id: str, file: str, stream: Stream, n_samples: int) -> None:
        counted = self._tallies_of(session_id, file)[stream.name]
        minutes = counted.minutes(n_samples)
        known = self._minutes.get((session_id, file, stream.name), [])
        changed = [m for i, m in enumerate(minutes) if i >= len(known) or known[i] != m]
        with self.transaction() as connection:
            store_rebuild.write_progress(
                connection, session_id, file, counted.summary(n_samples), changed
            )
        self._minutes[session_id, file, stream.name] = minutes

    def _tallies_of(self, session_id: str, file: str) -> dict[str, Tally]:
        if (session_id, file) not in self._tallies:
            events, minutes = self.events(session_id, file), self.minutes(session_id, file)
            self._tallies[session_id, file] = {
                stream.name: tally(stream, events, detectable_peaks(minutes, stream.name))
                for stream in self.streams(session_id, file)
            }
        return self._tallies[session_id, file]


def rebuild_store(home: Path) -> RebuildReport:
    """Make the store again; a damaged database is renamed first, and a new one made."""
    try:
        with Store(home) as store:
            return store.rebuild(home)
    except StorageProblem:
        if not _rename_damaged(database_path(home)):
            raise
    with Store(home) as store:
        return store.rebuild(home)


def _rename_damaged(database: Path) -> bool:
    """Rename the database file; return False if there is none, or it is not ours."""
    if os.environ.get("MYOWATCH_DATABASE") or not database.is_file():
        return False
    try:
        database.replace(database.with_suffix(".damaged.db"))
        for suffix in ("-wal", "-shm"):
            database.with_name(database.name + suffix).unlink(missing_ok=True)
    except OSError as error:
        raise storage_problem(database, error) from error
    return True
