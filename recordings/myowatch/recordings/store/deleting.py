"""Delete sessions in two steps: move them to the trash, which can be undone, and purge it.

    HOME/deleted/sessions/ID/FILE.bdf      the trash, with the names of the data folder

A session in the trash is gone from every list, export and report at once. `purge` then deletes the
recordings, their rows in the store and its log, the journal lines that name the session, and files
made from it. A rename moves a session to the trash, and the trash is purged at the next start: if
the program is killed at any moment, a session is either complete or in the trash.
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
from myowatch.recordings.storage.journal import Journal
from myowatch.recordings.storage.problem import Problem, storage_problem
from myowatch.recordings.store.recorder_status import read_statuses, running_sessions
from myowatch.recordings.store.store import Store

EVERYTHING = (
    *("sessions/*", "journal/*.jsonl", "cache/*", "preferences*.json*", "recorders/*.json"),
    *("myowatch*.damaged*", "logs/*.log*"),
)
"""All files of the data folder except the store, whose rows are deleted one by one."""


def move_to_trash(home: Path, session_id: str) -> None:
    """Move a session to the trash; `restore_session` undoes it.

    Raises
    ------
    Problem
        If it is being recorded.
    UnknownSession
        If the id is not a plain file name.
    StorageProblem
        If the data folder cannot be written.
    """
    folder = session_folder(home, session_id)
    if session_id in running_sessions(home):
        raise Problem(f"{session_id} is being recorded", "stop the recording first")
    if folder.is_dir():
        _move(folder, _trash_path(home, folder))
    with Store(home) as store:
        store.delete_session(session_id)


def restore_session(home: Path, session_id: str) -> bool:
    """Undo `move_to_trash`; return False if the session has been purged.

    Raises
    ------
    StorageProblem
        If the data folder cannot be written.
    """
    folder = session_folder(home, session_id)
    if not _trash_path(home, folder).is_dir():
        return False
    _move(_trash_path(home, folder), folder)
    with Store(home) as store:
        store.rebuild_session(session_id)
    return True


def move_everything_to_trash(home: Path) -> None:
    """Move all recordings, journals and preferences to the trash.

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
                _move(path, _trash_path(home, path))
        else:
            _move(path, _trash_path(home, path))
    with Store(home) as store:
        for session in store.sessions():
            store.delete_session(session.id)


def restore_everything(home: Path) -> bool:
    """Undo `move_everything_to_trash`; return False if it has been purged.

    Journal lines and preferences that were written since stay.
    """
    trash = deleted_folder(home)
    found = [path for pattern in EVERYTHING for path in sorted(trash.glob(pattern))]
    for path in found:
        target = home / path.relative_to(trash)
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
    """Delete what is in the trash.

    Parameters
    ----------
    session_ids
        None means everything in the trash.
    older_than_s
        Keep what was moved there more recently than this: it may still be restored.

    Raises
    ------
    StorageProblem
        If something cannot be deleted.
    """
    in_trash = _sessions_in_trash(home)
    wanted = in_trash if session_ids is None else [each for each in session_ids if each in in_trash]
    for session_id in wanted:
        folder = _trash_path(home, session_folder(home, session_id))
        if older_than_s and time.time() - folder.stat().st_mtime < older_than_s:
            continue
        _delete_traces(home, session_id)
        _remove(folder)
    trash = deleted_folder(home)
    if session_ids is None and trash.is_dir() and not _sessions_in_trash(home):
        _remove(trash)


def _delete_traces(home: Path, session_id: str) -> None:
    """Delete a session from the store, the journals, the cache and the recorders' status."""
    with Store(home) as store:
        store.delete_session(session_id)  # again, if the first step was killed before it
    for path in sorted((home / "journal").glob("*.jsonl")):
        Journal(home, path.stem).remove(lambda entry: entry.get("session") == session_id)
    _remove(cache_folder(home, session_id))
    for status in read_statuses(home):
        if status.session_id == session_id:
            (recorders_folder(home) / f"{status.key}.json").unlink(missing_ok=True)


def _sessions_in_trash(home: Path) -> list[str]:
    return sorted(path.name for path in (deleted_folder(home) / "sessions").glob("*"))


def _trash_path(home: Path, path: Path) -> Path:
    return deleted_folder(home) / path.relative_to(home)


def _move(path: Path, target: Path) -> None:
    private_folder(target.parent)
    try:
        os.utime(path)  # tells `purge` how long it has been in the trash
        path.replace(target)
    except OSError as error:
        raise storage_problem(path, error) from error


def _return_lines(path: Path, journal: Journal) -> None:
    """Restore the journal's old lines before those that were written since."""
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
