"""Sessions are deleted in two steps, can be restored in between, and survive a kill."""

import os
import stat
from collections.abc import Callable
from pathlib import Path

import pytest
from command_line import run
from recorded_sessions import record_session

from myowatch.recordings.storage.data_folder import deleted_folder, session_folder
from myowatch.recordings.storage.journal import Journal
from myowatch.recordings.storage.problem import Problem, UnknownSession
from myowatch.recordings.store import deleting
from myowatch.recordings.store.recorder_status import (
    RecorderState,
    RecorderStatus,
    hold_device,
    write_status,
)
from myowatch.recordings.store.store import Store

ONE, OTHER = "20261123-220411-k3f", "20261124-220411-abc"
SECRET = "weakness-of-one"


@pytest.fixture
def home(tmp_path: Path) -> Path:
    for session in (ONE, OTHER):
        record_session(tmp_path, session, seconds=3)
        Journal(tmp_path, "labels").append({"session": session, "note": SECRET})
        (tmp_path / "cache" / session).mkdir(parents=True)
    Journal(tmp_path, "diary").append({"at": "2026-11-23T20:00:00", "set": []})
    write_status(tmp_path, status(RecorderState.ENDED))
    return tmp_path


def status(state: RecorderState) -> RecorderStatus:
    file = f"sessions/{ONE}/sim-twitchy.bdf"
    device = "sim:twitchy"
    return RecorderStatus(device, os.getpid(), ONE, file, "left-thigh", state, "", "", 1.0, 3.0, [])


def known(home: Path) -> dict[str, object]:
    with Store(home) as store:
        return {
            session.id: (session, store.events(session.id), store.minutes(session.id))
            for session in store.sessions()
        }


def holding(home: Path, text: str) -> list[str]:
    """Return the files of the data folder that contain a text."""
    files = [path for path in home.rglob("*") if path.is_file()]
    return [str(path) for path in files if text.encode() in path.read_bytes()]


def test_a_session_in_the_trash_is_not_listed_and_can_be_restored(home: Path) -> None:
    before, labels = known(home), Journal(home, "labels").entries()
    deleting.move_to_trash(home, ONE)
    assert list(known(home)) == [OTHER]
    assert not session_folder(home, ONE).exists()
    with Store(home) as store:
        assert store.rebuild(home).sessions == 1  # a rebuild does not bring it back
    assert deleting.restore_session(home, ONE)
    assert known(home) == before
    assert Journal(home, "labels").entries() == labels


def test_a_purged_session_is_in_no_file(home: Path) -> None:
    deleting.move_to_trash(home, ONE)
    deleting.purge(home, [ONE])
    assert not deleting.restore_session(home, ONE)
    assert list(known(home)) == [OTHER]
    assert holding(home, ONE) == []
    assert not (home / "cache" / ONE).exists()
    assert [entry["session"] for entry in Journal(home, "labels").entries()] == [OTHER]
    assert len(Journal(home, "diary").entries()) == 1


def test_a_kill_between_rename_and_store_is_repaired_at_the_next_start(home: Path) -> None:
    folder = session_folder(home, ONE)
    aside = deleted_folder(home) / "sessions" / ONE
    aside.parent.mkdir(parents=True)
    folder.rename(aside)
    deleting.purge(home)
    assert list(known(home)) == [OTHER]
    assert holding(home, ONE) == []
    assert not deleted_folder(home).exists()


def test_a_purge_keeps_what_can_still_be_restored(home: Path) -> None:
    deleting.move_to_trash(home, ONE)
    deleting.purge(home, older_than_s=3600)
    assert deleting.restore_session(home, ONE)


@pytest.mark.parametrize(
    "act", [lambda h: deleting.move_to_trash(h, ONE), deleting.move_everything_to_trash]
)
def test_a_running_session_is_not_deleted(home: Path, act: Callable[[Path], None]) -> None:
    write_status(home, status(RecorderState.RECORDING))
    with hold_device(home, "sim:twitchy"), pytest.raises(Problem, match="being recorded"):
        act(home)
    assert session_folder(home, ONE).is_dir()
    assert len(known(home)) == 2


@pytest.mark.parametrize("path", ["..", ".", "", "../sessions", "a/b", "a\\b", f"{ONE}/.."])
def test_an_id_cannot_name_a_folder_elsewhere(home: Path, path: str) -> None:
    for act in (deleting.move_to_trash, deleting.restore_session):
        with pytest.raises(UnknownSession):
            act(home, path)
    deleting.purge(home, [path])
    assert session_folder(home, ONE).is_dir()


def test_everything_is_deleted_and_restored_and_later_entries_stay(home: Path) -> None:
    (home / "preferences.json").write_text("{}")
    (home / "letter.txt").write_text("not ours")
    before, labels = known(home), Journal(home, "labels").entries()
    deleting.move_everything_to_trash(home)
    assert not known(home)
    assert not Journal(home, "labels").entries()
    assert not (home / "preferences.json").exists()
    Journal(home, "labels").append({"session": "new"})
    assert deleting.restore_everything(home)
    assert known(home) == before
    assert Journal(home, "labels").entries() == [*labels, {"session": "new"}]
    deleting.move_everything_to_trash(home)
    deleting.purge(home)
    assert not deleting.restore_everything(home)
    for text in (ONE, OTHER, SECRET):
        assert holding(home, text) == []
    assert (home / "letter.txt").exists()


def test_only_the_owner_can_read_the_trash(home: Path) -> None:
    deleting.move_to_trash(home, ONE)
    for path in deleted_folder(home).rglob("*"):
        assert stat.S_IMODE(path.stat().st_mode) == (0o700 if path.is_dir() else 0o600)


def test_the_command_asks_and_deletes_permanently(home: Path) -> None:
    where = str(home)
    unanswered = run("sessions", "--delete", "last", MYOWATCH_HOME=where)
    assert unanswered.returncode != 0
    assert OTHER in unanswered.stderr
    assert len(known(home)) == 2
    done = run("sessions", "--delete", OTHER[:9], "--yes", "--json", MYOWATCH_HOME=where)
    assert done.returncode == 0
    assert OTHER not in done.stdout
    assert holding(home, OTHER) == []
