"""Errors of the database: those a user can act on are problems, all others propagate."""

import resource
import sqlite3
from collections.abc import Callable
from pathlib import Path

import pytest
from recorded_sessions import record_session
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError, OperationalError

from myowatch.recordings.storage.data_folder import database_path
from myowatch.recordings.storage.problem import StorageProblem
from myowatch.recordings.store.store import Store, rebuild_store
from myowatch.signal.model.events import Event, Kind

SESSION = "20261123-220411-k3f"
FILE = f"sessions/{SESSION}/sim-twitchy.bdf"
MANY = [Event("EMG", Kind.TWITCH, n, n + 20) for n in range(0, 200_000, 20)]


@pytest.fixture
def home(tmp_path: Path) -> Path:
    record_session(tmp_path, SESSION, seconds=3)
    return tmp_path


def test_a_wrong_statement_propagates_and_the_store_stays_usable(home: Path) -> None:
    with Store(home) as store:
        for wrong in ("selekt 1", "select full, locked from sessions", "select 1 from disk_io"):
            with (
                pytest.raises(OperationalError, match=r"syntax|no such"),
                store.transaction() as connection,
            ):
                connection.execute(text(wrong))
        assert store.find("last").id == SESSION


def test_a_broken_constraint_propagates(home: Path) -> None:
    with Store(home) as store, pytest.raises(IntegrityError), store.transaction() as connection:
        connection.execute(text("insert into sessions (id, note) values ('full', null)"))


def test_a_full_database_asks_for_space_and_keeps_what_it_has(home: Path) -> None:
    with Store(home) as store:
        with store.transaction() as connection:
            pages = connection.exec_driver_sql("pragma page_count").scalar_one()
            connection.exec_driver_sql(f"pragma max_page_count = {pages + 1}")
        before = store.events(SESSION)
        with pytest.raises(StorageProblem, match="no space left") as problem:
            store.add_events(SESSION, FILE, MANY)
        assert problem.value.remedy == "free some space"
        assert store.events(SESSION) == before


def test_a_disk_that_refuses_to_write_is_a_problem(home: Path) -> None:
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    with Store(home) as store:
        resource.setrlimit(resource.RLIMIT_FSIZE, (1 << 17, hard))
        try:
            with pytest.raises(StorageProblem, match="free some space"):
                store.add_events(SESSION, FILE, MANY)
        finally:
            resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
        assert store.find("last").id == SESSION


def read_everything(home: Path) -> None:
    with Store(home) as store:
        store.sessions()
        store.events(SESSION)


def overwrite_pages(path: Path) -> None:
    data = bytearray(path.read_bytes())
    data[4096:] = b"\xa5" * (len(data) - 4096)
    path.write_bytes(data)


def cut_in_half(path: Path) -> None:
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])


def write_bytes_that_are_no_text(path: Path) -> None:
    with sqlite3.connect(path) as connection:
        connection.execute("update sessions set note = cast(x'ff' as text)")


@pytest.mark.parametrize("damage", [overwrite_pages, cut_in_half, write_bytes_that_are_no_text])
def test_a_damaged_database_is_a_problem_that_a_rebuild_solves(
    home: Path, damage: Callable[[Path], None]
) -> None:
    for leftover in home.glob("myowatch.db-*"):
        leftover.unlink()
    damage(database_path(home))
    with pytest.raises(StorageProblem, match=r"damaged .*sessions --rebuild"):
        read_everything(home)
    assert rebuild_store(home).sessions == 1


def test_a_database_of_another_version_is_a_problem_that_a_rebuild_solves(home: Path) -> None:
    with sqlite3.connect(database_path(home)) as connection:
        connection.execute("alter table events drop column count")
    with Store(home) as store, pytest.raises(StorageProblem, match="another version"):
        store.events(SESSION)
    assert rebuild_store(home).events == 3


@pytest.mark.parametrize(
    ("url", "said"),
    [
        ("sqlite:///file:{home}/myowatch.db?mode=ro&uri=true", "may not write"),
        ("sqlite:////{home}/missing/myowatch.db", "may not write"),
        ("postgresql+psycopg://reader@127.0.0.1:9/none", "does not answer"),
    ],
    ids=["read-only", "no folder", "no server"],
)
def test_another_database_that_cannot_be_used_names_its_variable(
    home: Path, url: str, said: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MYOWATCH_DATABASE", url.format(home=home))
    with pytest.raises(StorageProblem, match=f"{said}.*MYOWATCH_DATABASE"), Store(home) as store:
        store.end_session(SESSION)
