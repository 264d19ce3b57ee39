"""Deleting for good, in two steps: set aside, which can be undone, and purged, which cannot.

    HOME/deleted/sessions/ID/FILE.bdf      what was set aside, under its name in the data folder

What is set aside is gone from every list, export and report at once. Whoever offers an undo keeps
it for as long, and then purges: the recordings, what the store and its log hold of them, the lines
of the journals that name the session, and what was made from it. A rename sets aside, and whatever
lies in HOME/deleted is purged at the next start: killed at any moment, a session is either there
whole or on its way out, and stays out.
"""

import os
import shutil
import time
from collections.abc import Iterable
from pathlib import Path

from myowatch.recordings.storage.data_folder import (
    cache_folder,
    deleted_folder,
    private_folder,
    recorders_folder,
    session_folder,
)
from myowatch.recordings.storage.disk import storage_problem
from myowatch.recordings.storage.journal import Journal
from myowatch.recordings.storage.problem import Problem
from myowatch.recordings.store.recorder_status import read_statuses, running_sessions
from myowatch.recordings.store.store import Store

EVERYTHING = (
    *("sessions/*", "journal/*.jsonl", "cache/*", "preferences*.json*", "recorders/*.json"),
    *("myowatch*.damaged*", "logs/*.log*"),
)
"""All that Myowatch keeps in the data folder but the store, whose rows go one by one."""


def move_to_trash(home: Path, session_id: str) -> None:
    """Take a session out of the data folder; `restore_session` undoes it.

    Raises
    ------
    Problem
        If it is being recorded.
    UnknownSession
        If the id is no plain name.
    StorageProblem
        If the data folder cannot be written.
    """
    folder = session_folder(home, session_id)
    if session_id in running_sessions(home):
        raise Problem(f"{session_id} is being recorded", "stop the recording first")
    if folder.is_dir():
        _move(folder, _aside(home, folder))
    with Store(home) as store:
        store.delete_session(session_id)


def restore_session(home: Path, session_id: str) -> bool:
    """Undo `move_to_trash`; False if it has been purged since.

    Raises
    ------
    StorageProblem
        If the data folder cannot be written.
    """
    folder = session_folder(home, session_id)
    if not _aside(home, folder).is_dir():
        return False
    _move(_aside(home, folder), folder)
    with Store(home) as store:
        store.rebuild_session(session_id)
    return True


def move_everything_to_trash(home: Path) -> None:
    """Take all that was recorded, typed and chosen out of the data folder.

    Raises
    ------
    Problem
        If something is being recorded.
    StorageProblem
        If the data folder cannot be written.
    """
    if alive := running_sessions(home):
        raise Problem(f"{sorted(alive)[0]} is being recorded", "stop all recordings first")
    for path in [path for pattern in EVERYTHING for path in sorted(home.glob(pattern))]:
        if path.suffix == ".jsonl":
            with Journal(home, path.stem).lock():
                _move(path, _aside(home, path))
        else:
            _move(path, _aside(home, path))
    with Store(home) as store:
        for session in store.sessions():
            store.delete_session(session.id)


def restore_everything(home: Path) -> bool:
    """Undo `move_everything_to_trash`; False if all has been purged since.

    What was typed or chosen in the meantime stays, after what comes back.
    """
    aside = deleted_folder(home)
    found = [path for pattern in EVERYTHING for path in sorted(aside.glob(pattern))]
    for path in found:
        target = home / path.relative_to(aside)
        if path.suffix == ".jsonl":
            _return_lines(path, Journal(home, path.stem))
        elif not target.exists():
            _move(path, target)
            if target.parent.name == "sessions":
                with Store(home) as store:
                    store.rebuild_session(target.name)
    return bool(found)


def purge(
    home: Path, session_ids: Iterable[str] | None = None, *, older_than_s: float = 0.0
) -> None:
    """Delete for good what was set aside.

    Parameters
    ----------
    session_ids
        None is everything that was set aside.
    older_than_s
        Leave alone what was set aside later than so long ago: somebody may still undo it.

    Raises
    ------
    StorageProblem
        If something cannot be deleted.
    """
    waiting = _waiting(home)
    wanted = waiting if session_ids is None else [each for each in session_ids if each in waiting]
    for session_id in wanted:
        aside = _aside(home, session_folder(home, session_id))
        if older_than_s and time.time() - aside.stat().st_mtime < older_than_s:
            continue
        _forget(home, session_id)
        _remove(aside)
    aside = deleted_folder(home)
    if session_ids is None and aside.is_dir() and not _waiting(home):
        _remove(aside)


def _forget(home: Path, session_id: str) -> None:
    """Forget what the store, the journals, the cache and the recorders know of a session."""
    with Store(home) as store:
        store.delete_session(
            session_id
        )  # it was when it was set aside, unless somebody was killed then
    for path in sorted((home / "journal").glob("*.jsonl")):
        Journal(home, path.stem).remove(lambda entry: entry.get("session") == session_id)
    _remove(cache_folder(home, session_id))
    for status in read_statuses(home):
        if status.session_id == session_id:
            (recorders_folder(home) / f"{status.key}.json").unlink(missing_ok=True)


def _waiting(home: Path) -> list[str]:
    return sorted(path.name for path in (deleted_folder(home) / "sessions").glob("*"))


def _aside(home: Path, path: Path) -> Path:
    return deleted_folder(home) / path.relative_to(home)


def _move(path: Path, target: Path) -> None:
    private_folder(target.parent)
    try:
        os.utime(path)  # what tells `purge` when it was set aside
        path.replace(target)
    except OSError as error:
        raise storage_problem(path, error) from error


def _return_lines(path: Path, journal: Journal) -> None:
    """Put the lines that were set aside before those that were written since."""
    try:
        with journal.lock():
            since = journal.path.read_bytes() if journal.path.exists() else b""
            if since:
                with path.open("ab") as file:
                    file.write(since)
                    os.fsync(file.fileno())
            path.replace(journal.path)
    except OSError as error:
        raise storage_problem(path, error) from error


def _remove(path: Path) -> None:
    try:
        if path.exists():
            shutil.rmtree(path)
    except OSError as error:
        raise storage_problem(path, error) from error
