"""The session store returns what it was given, and can be rebuilt."""

import os
import sqlite3
import subprocess
import sys
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from recorded_sessions import ACC, EMG, EVENTS, MARKERS, STARTED, record_session

from myowatch.recordings.storage.data_folder import database_path, private_folder
from myowatch.recordings.storage.problem import StorageProblem, UnknownSession
from myowatch.recordings.store.store import Store, rebuild_store
from myowatch.signal.model.events import Event, Kind
from myowatch.signal.statistics.counts import tally


def contents(home: Path) -> dict[str, list[tuple[object, ...]]]:
    """Return every row of every table."""
    with sqlite3.connect(database_path(home)) as connection:
        found = connection.execute("select name from sqlite_master where type = 'table'")
        return {
            name: sorted(connection.execute(f"select * from {name}"), key=repr)
            for (name,) in found.fetchall()
        }


def test_returns_a_session_as_it_was_recorded(tmp_path: Path) -> None:
    record_session(tmp_path, "20261123-220411-k3f")
    with Store(tmp_path) as store:
        (session,) = store.sessions()
        assert session.id == "20261123-220411-k3f"
        assert session.started == STARTED
        assert session.ended == STARTED + timedelta(seconds=75)
        assert (session.source, session.note) == ("sim:sim-twitchy.bdf", "before going to bed")
        assert session.sites == ("left-thigh",)
        assert (session.duration_s, session.scorable_s) == (75.0, 74.0)
        assert (session.twitches, session.cramps) == (1, 1)  # the accelerometer is not added
        assert session.files == ("sessions/20261123-220411-k3f/sim-twitchy.bdf",)
        assert store.streams(session.id) == [EMG, ACC]
        assert store.n_samples(session.id) == {"EMG": 75_000, "ACC": 7800}
        assert set(store.events(session.id)) == set(EVENTS)
        assert store.markers(session.id) == [*MARKERS]
        expected = [*tally(ACC, EVENTS).minutes(7800), *tally(EMG, EVENTS).minutes(75_000)]
        assert store.minutes(session.id) == expected


def test_a_rebuilt_store_has_the_same_rows(tmp_path: Path) -> None:
    record_session(tmp_path, "20261123-220411-k3f", names=("a.bdf", "b.bdf"))
    record_session(tmp_path, "20261124-220411-abc", started=STARTED + timedelta(days=1))
    before = contents(tmp_path)
    assert all(before.values())
    report = rebuild_store(tmp_path)
    assert (report.sessions, report.files, report.events) == (2, 3, 15)
    assert contents(tmp_path) == before
    database_path(tmp_path).unlink()
    rebuild_store(tmp_path)
    assert contents(tmp_path) == before


def test_a_session_whose_recorder_was_killed_is_rebuilt_without_an_end(tmp_path: Path) -> None:
    record_session(tmp_path, "20261123-220411-k3f", end=False)
    before = contents(tmp_path)
    rebuild_store(tmp_path)
    assert contents(tmp_path) == before
    with Store(tmp_path) as store:
        assert store.find("last").ended is None


def test_a_rebuild_during_a_recording_duplicates_no_event(tmp_path: Path) -> None:
    record_session(tmp_path, "20261123-220411-k3f")
    file = "sessions/20261123-220411-k3f/sim-twitchy.bdf"
    with Store(tmp_path) as recorder, Store(tmp_path) as other:
        recorder.add_events("20261123-220411-k3f", file, EVENTS)
        other.rebuild(tmp_path)
        recorder.add_events("20261123-220411-k3f", file, EVENTS)
        recorder.set_progress("20261123-220411-k3f", {"EMG": 75_000})
        assert len(other.events("20261123-220411-k3f")) == len(EVENTS)
        assert other.find("last").twitches == 1


def test_a_rebuild_reports_and_skips_a_damaged_recording(tmp_path: Path) -> None:
    folder = record_session(tmp_path, "20261123-220411-k3f")
    (folder / "torn.bdf").write_bytes(b"\xffBIOSEMI and no more")
    report = rebuild_store(tmp_path)
    assert report.files == 1
    assert len(report.unreadable) == 1
    assert "torn.bdf" in report.unreadable[0]


def test_finds_sessions_by_id_prefix_and_last(tmp_path: Path) -> None:
    with Store(tmp_path) as store, pytest.raises(UnknownSession, match="no session 'last'"):
        store.find("last")
    record_session(tmp_path, "20261124-220411-abc", started=STARTED + timedelta(days=1), seconds=1)
    record_session(tmp_path, "20261123-220411-k3f", seconds=1)
    with Store(tmp_path) as store:
        assert [s.id for s in store.sessions()] == ["20261123-220411-k3f", "20261124-220411-abc"]
        assert store.find("last").id == "20261124-220411-abc"
        assert store.find("20261123").id == "20261123-220411-k3f"
        with pytest.raises(UnknownSession, match="2 sessions begin with '202611'"):
            store.find("202611")
        with pytest.raises(UnknownSession, match="no session 'x'"):
            store.find("x")


@pytest.mark.parametrize(
    "damage", [b"this is no database" * 500, b"SQLite format 3\0" + b"\1" * 9000]
)
def test_a_damaged_database_can_be_rebuilt(tmp_path: Path, damage: bytes) -> None:
    record_session(tmp_path, "20261123-220411-k3f", seconds=3)
    for leftover in tmp_path.glob("myowatch.db-*"):
        leftover.unlink()
    database_path(tmp_path).write_bytes(damage)
    with pytest.raises(StorageProblem, match="myowatch sessions --rebuild"):
        Store(tmp_path)
    assert rebuild_store(tmp_path).sessions == 1
    with Store(tmp_path) as store:
        assert store.find("last").id == "20261123-220411-k3f"


def test_a_locked_database_raises_a_storage_problem(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("myowatch.recordings.store.store_engine.BUSY_S", 0.1)
    record_session(tmp_path, "20261123-220411-k3f", seconds=1)
    with Store(tmp_path) as store, sqlite3.connect(database_path(tmp_path)) as other:
        other.execute("begin exclusive")
        with pytest.raises(StorageProblem, match="locked by another program"):
            store.end_session("20261123-220411-k3f")
        assert store.find("last").duration_s == 1.0  # reading goes on


def test_only_the_owner_can_read_files_and_folders(tmp_path: Path) -> None:
    home = tmp_path / "home"
    folder = record_session(home, "20261123-220411-k3f", seconds=1)
    with Store(home) as store:
        store.sessions()
        modes = {path.name: path.stat().st_mode & 0o777 for path in home.rglob("*")}
    assert home.stat().st_mode & 0o777 == 0o700
    assert folder.stat().st_mode & 0o777 == 0o700
    assert {mode for name, mode in modes.items() if "." in name} == {0o600}


def test_an_impossible_data_folder_raises_a_storage_problem(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(StorageProblem, match="MYOWATCH_HOME"):
        Store(tmp_path / "file" / "home")


def test_the_environment_names_another_database(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MYOWATCH_DATABASE", f"sqlite:///{tmp_path / 'elsewhere.db'}")
    record_session(tmp_path / "home", "20261123-220411-k3f", seconds=1)
    assert (tmp_path / "elsewhere.db").exists()
    assert not database_path(tmp_path / "home").exists()
    monkeypatch.setenv("MYOWATCH_DATABASE", "nonsense")
    with pytest.raises(StorageProblem, match="no database URL"):
        Store(tmp_path / "home")


WRITER = """
import sys
from pathlib import Path
from myowatch.recordings.store.store import Store
from myowatch.signal.model.events import Event, Kind
home, session, file = Path(sys.argv[1]), sys.argv[2], sys.argv[3]
with Store(home) as store:
    for i in range(200):
        store.add_events(session, file, [Event("EMG", Kind.TWITCH, 10_000 + i, 10_020 + i)])
        store.set_progress(session, {"EMG": 20_000 + i})
"""


def test_one_process_writes_while_another_reads(tmp_path: Path) -> None:
    record_session(tmp_path, "20261123-220411-k3f", seconds=3)
    file = "sessions/20261123-220411-k3f/sim-twitchy.bdf"
    arguments = [str(private_folder(tmp_path)), "20261123-220411-k3f", file]
    with (
        subprocess.Popen([sys.executable, "-c", WRITER, *arguments], env=os.environ) as writer,
        Store(tmp_path) as store,
    ):
        counts = [len(store.events("20261123-220411-k3f"))]
        while writer.poll() is None:
            counts.append(len(store.events("20261123-220411-k3f")))
        counts.append(len(store.events("20261123-220411-k3f")))
    assert writer.returncode == 0
    assert counts == sorted(counts)
    assert counts[-1] - counts[0] == 200


FILE = "sessions/20261123-220411-k3f/sim-twitchy.bdf"
FIRST, SECOND = (
    Event("EMG", Kind.TWITCH, at, at + 20, 99.0, 20.0, 0.9, provisional=True)
    for at in (20_000, 62_000)
)


def test_settled_events_replace_provisional_ones_and_the_counts_follow(tmp_path: Path) -> None:
    session = "20261123-220411-k3f"
    record_session(tmp_path, session)
    with Store(tmp_path) as store:

        def twitches() -> tuple[int, int]:
            store.set_progress(session, {"EMG": 75_000}, file=FILE)
            minutes = [m for m in store.minutes(session) if m.stream == "EMG"]
            return store.find(session).twitches, sum(m.twitches for m in minutes)

        store.add_events(session, FILE, [FIRST, SECOND])
        assert twitches() == (3, 3)
        store.add_events(session, FILE, [], {"EMG": 30_000})  # the first is withdrawn
        assert twitches() == (2, 2)
        final = replace(SECOND, provisional=False)
        store.add_events(session, FILE, [final], {"EMG": 70_000})
        assert twitches() == (2, 2)
        assert [e for e in store.events(session) if e not in EVENTS] == [final]
        assert not any(event.provisional for event in store.events(session))


def test_an_event_that_settles_before_its_store_knew_it_is_added_once(tmp_path: Path) -> None:
    session = "20261123-220411-k3f"
    record_session(tmp_path, session)
    final = replace(FIRST, provisional=False)
    with Store(tmp_path) as store:
        store.add_events(session, FILE, [FIRST, final])
        store.add_events(session, FILE, [], {"EMG": 30_000})
        assert [e for e in store.events(session) if e not in EVENTS] == [final]
        store.set_progress(session, {"EMG": 75_000}, file=FILE)
        assert store.find(session).twitches == 2


def test_the_smallest_twitch_that_would_be_found_is_kept_by_minute(tmp_path: Path) -> None:
    session = "20261123-220411-k3f"
    record_session(tmp_path, session)
    for _ in range(2):  # a store that is opened anew still has it
        with Store(tmp_path) as store:
            store.add_detectable_peaks(session, FILE, {"EMG": {0: 35.2}})
            store.set_progress(session, {"EMG": 75_000}, file=FILE)
    with Store(tmp_path) as store:
        store.set_progress(session, {"EMG": 75_000}, file=FILE)
        peaks = {m.minute: m.detectable_peak for m in store.minutes(session) if m.stream == "EMG"}
    assert peaks == {0: 35.2, 1: 0.0}


def test_a_store_of_version_0_gets_its_new_columns_and_keeps_its_rows(tmp_path: Path) -> None:
    record_session(tmp_path, "20261123-220411-k3f")
    before = contents(tmp_path)
    with sqlite3.connect(database_path(tmp_path)) as connection:
        connection.execute("drop index unsure_events")
        for table, column in (
            ("events", "cramp_probability"),
            ("events", "provisional"),
            ("minutes", "detectable_peak"),
        ):
            connection.execute(f"alter table {table} drop column {column}")
        connection.execute("pragma user_version = 0")
    with Store(tmp_path) as store, Store(tmp_path):
        assert set(store.events("20261123-220411-k3f")) == set(EVENTS)
    assert contents(tmp_path) == before
