"""Recorders in processes of their own: killed, asked to stop, and out of disk space."""

import os
import random
import shutil
import signal
import sqlite3
import subprocess
import sys
import time
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import edfio
import numpy as np
import pytest
from event_lists import provisional, settled

from myowatch.acquisition.recorder.recovery import recover
from myowatch.acquisition.simulator import Simulation, Wearer
from myowatch.acquisition.sources.open_source import open_source
from myowatch.recordings.analysis.analyze import analyze
from myowatch.recordings.bdf.bdf_growing import RecordingTail
from myowatch.recordings.formats.opening import open_recording
from myowatch.recordings.storage.data_folder import database_path, sessions_folder
from myowatch.recordings.storage.problem import UnreadableRecording
from myowatch.recordings.store.recorder_status import RecorderState, RecorderStatus, read_statuses
from myowatch.recordings.store.store import Store
from myowatch.signal.model.events import Event, Kind
from myowatch.signal.model.samples import Samples

ROUNDS, AT_ONCE = 5, 10
LONGEST_LIFE_S = 2.5
LOSS_S = 1.0

RUN = """
import sys
from pathlib import Path
from myowatch.acquisition.recorder.recorder import record
from myowatch.acquisition.sources.open_source import open_source
recorded = record([open_source(text) for text in sys.argv[2:]], home=Path(sys.argv[1]))
print("; ".join(track.message for track in recorded.tracks))
sys.exit(130 if recorded.interrupted else int(recorded.failed))
"""
# Importing takes longer than most of these recorders live: import once, then fork.
RUN_EACH = """
import os, sys
from pathlib import Path
import sqlalchemy.dialects.sqlite, scipy.signal, filelock, edfio
from myowatch.acquisition.recorder.recorder import record
from myowatch.acquisition.sources import sim_source
from myowatch.acquisition.sources.open_source import open_source
for text in sys.argv[2:]:
    if not os.fork():
        record([open_source(text)], home=Path(sys.argv[1]))
        os._exit(0)
    print(flush=True)
for _ in sys.argv[2:]:
    os.wait()
"""


@contextmanager
def running(script: str, home: Path, *sources: str) -> Iterator[subprocess.Popen[str]]:
    with subprocess.Popen(
        [sys.executable, "-c", script, str(home), *sources],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    ) as process:
        try:
            yield process
        finally:
            process.kill()


def status_of(home: Path, source: str) -> RecorderStatus | None:
    return next((s for s in read_statuses(home) if s.device == source), None)


def wait_until_recording(home: Path, source: str, pid: int | None = None) -> RecorderStatus:
    end = time.monotonic() + 30
    while time.monotonic() < end:
        status = status_of(home, source)
        if (
            status is not None
            and pid in (None, status.pid)
            and status.state is RecorderState.RECORDING
            and status.duration_s > 0.5
        ):
            return status
        time.sleep(0.05)
    raise AssertionError(f"{source} never recorded")


def stored_rows(home: Path) -> dict[str, list[tuple[object, ...]]]:
    with sqlite3.connect(database_path(home)) as database:
        tables = [
            n for (n,) in database.execute("SELECT name FROM sqlite_master WHERE type='table'")
        ]
        return {t: sorted(database.execute(f'SELECT * FROM "{t}"'), key=repr) for t in tables}


def kill_one_by_one(home: Path, sources: list[str], rng: random.Random) -> dict[str, float]:
    """Start recorders together, kill each at an instant of its own; when each was killed."""
    killed = {}
    with running(RUN_EACH, home, *sources) as parent:
        assert parent.stdout is not None
        for _ in sources:
            parent.stdout.readline()
        began = time.monotonic()
        order = sorted((rng.uniform(0.05, LONGEST_LIFE_S), source) for source in sources)
        for life_s, source in order:
            time.sleep(max(began + life_s - time.monotonic(), 0))
            status = status_of(home, source)
            if status is not None:
                os.kill(status.pid, signal.SIGKILL)
                killed[source] = time.time()
        # Those that had not even said who they are by then.
        for source in set(sources) - set(killed):
            os.kill(wait_until_recording(home, source).pid, signal.SIGKILL)
            killed[source] = time.time()
        parent.wait()
    return killed


def samples_in(path: Path) -> Samples:
    try:
        with open_recording(path) as recording:
            return np.concatenate([block.samples for block in recording.blocks()])
    except UnreadableRecording:  # killed within its first tenth of a second
        assert path.stat().st_size < 2000
        return np.zeros((0, 1))


def check_samples(path: Path, source: str, killed: float, status: RecorderStatus) -> int:
    """All that was taken in up to a second before the kill is there, and it is right."""
    speed = float(source.rpartition("speed=")[2])
    kept = samples_in(path)
    if len(kept):
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # edfio says that the record count is -1
            edfio.read_bdf(path)
    taken_in_s = status.duration_s + (killed - status.updated - LOSS_S) * speed
    assert len(kept) / 1000 >= taken_in_s, source
    seed = int(source.partition("seed=")[2].partition("&")[0])
    wearer = Wearer(Simulation("twitchy", seed=seed))
    lived = [wearer.second()[0][0].samples for _ in range(len(kept) // 1000 + 1)]
    np.testing.assert_array_equal(kept, np.concatenate(lived)[: len(kept)])
    return len(kept)


@pytest.mark.timeout(180)
def test_a_kill_at_any_instant_costs_at_most_a_second(tmp_path: Path) -> None:
    rng, kept, stored = random.Random(2026), 0, 0
    for number in range(ROUNDS):
        home = tmp_path / str(number)
        sources = [
            f"sim:twitchy?seed={100 * number + n}&speed={10 if n % 4 == 0 else 1}"
            for n in range(AT_ONCE)
        ]
        killed = kill_one_by_one(home, sources, rng)
        assert len(killed) == AT_ONCE
        for source in sources:
            status = status_of(home, source)
            assert status is not None
            path = home / status.file
            # Killed before its file was made, there is nothing to find.
            if path.exists() and path.stat().st_size:
                kept += check_samples(path, source, killed[source], status)
        stored += check_store(home)
    assert kept > 50_000
    assert stored > 20


def announced(path: Path) -> list[Event]:
    """Return every provisional event that was ever written into a recording."""
    found: list[Event] = []
    with RecordingTail(path) as tail:
        while (new := tail.poll()).blocks:
            found += provisional(new.events)
    return found


def check_store(home: Path) -> int:
    """The store knows nothing that the files do not, and after recovery as much as they."""
    files = sorted(sessions_folder(home).glob("*/*.bdf"))
    for path in (path for path in files if len(samples_in(path))):
        with Store(home) as store, open_recording(path) as recording:
            stored = store.events(path.parent.name)
            assert set(settled(stored)) <= set(settled(recording.events()))
            assert set(provisional(stored)) <= set(announced(path))
    recovered = recover(home)
    assert recover(home) == []
    for path in (path for path in files if path.exists()):
        edfio.read_bdf(path)
    rows = stored_rows(home)
    with Store(home) as store:
        assert {s.id for s in store.sessions()} >= set(recovered)
        assert all(session.ended is not None for session in store.sessions())
        assert store.rebuild(home).unreadable == ()
    assert stored_rows(home) == rows
    return len(rows["events"])


def kill_as_a_twitch_is_announced(
    process: subprocess.Popen[str], path: Path, *, after_s: float
) -> None:
    """Kill a recorder just after it has announced an event, which is thus not settled."""
    end, seconds = time.monotonic() + 60, 0.0
    with RecordingTail(path) as tail:
        while time.monotonic() < end:
            new = tail.poll()
            seconds = max([seconds, *(b.end_sample / b.stream.sampling_rate for b in new.blocks)])
            if seconds > after_s and provisional(new.events):
                process.kill()
                return
            time.sleep(0.02)
    raise AssertionError("nothing was announced")


def test_a_kill_loses_no_event_that_was_announced(tmp_path: Path) -> None:
    source = "sim:twitchy?seed=8&speed=10"
    with running(RUN, tmp_path, source) as process:
        status = wait_until_recording(tmp_path, source)
        path = tmp_path / status.file
        kill_as_a_twitch_is_announced(process, path, after_s=40)
    assert recover(tmp_path) == [status.session_id]
    with open_recording(path) as recording, Store(tmp_path) as store:
        kept = recording.events()
        assert set(store.events(status.session_id)) == set(kept)
        (session,) = store.sessions()
    # Nothing is withdrawn here, so each event stands once: settled, or as it was announced.
    expected = {replace(event, provisional=False) for event in announced(path)}
    assert len(kept) == len(expected)
    assert {replace(event, provisional=False) for event in kept} == expected
    assert provisional(kept)
    assert len(settled(kept)) > 10
    assert session.twitches == sum(event.kind is Kind.TWITCH for event in kept)


@pytest.mark.parametrize(
    ("number", "exit_status"), [(signal.SIGTERM, 0), (signal.SIGINT, 130)], ids=["TERM", "INT"]
)
def test_a_signal_ends_a_recorder_with_everything_kept(
    tmp_path: Path, number: signal.Signals, exit_status: int
) -> None:
    source = "sim:twitchy?seed=3"
    with running(RUN, tmp_path, source) as process:
        wait_until_recording(tmp_path, source)
        process.send_signal(number)
        _, errors = process.communicate(timeout=10)
    assert (process.returncode, errors) == (exit_status, "")
    (status,) = read_statuses(tmp_path)
    assert status.state is RecorderState.ENDED
    with open_recording(tmp_path / status.file) as recording, Store(tmp_path) as store:
        assert not recording.warnings
        assert recording.n_samples == store.n_samples(status.session_id)
        assert store.sessions()[0].ended is not None


def test_a_session_that_is_alive_is_not_recovered(tmp_path: Path) -> None:
    source = "sim:calm?seed=4"
    with running(RUN, tmp_path, source) as process:
        status = wait_until_recording(tmp_path, source)
        assert recover(tmp_path) == []
        process.kill()
        process.wait()
        assert recover(tmp_path) == [status.session_id]


def test_the_next_recorder_recovers_the_session_of_a_killed_one(tmp_path: Path) -> None:
    source = "sim:calm?seed=4"
    for _ in range(2):
        with running(RUN, tmp_path, source) as process:
            status = wait_until_recording(tmp_path, source, process.pid)
            process.kill()
    with Store(tmp_path) as store:
        ended = {session.id: session.ended is not None for session in store.sessions()}
    # Of the last one, killed as early, the store may know nothing yet.
    assert not ended.pop(status.session_id, False)
    assert list(ended.values()) == [True]


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    mounted = tmp_path / "disk"
    mounted.mkdir()
    command = ["mount", "-t", "tmpfs", "-o", "size=1m", "tmpfs", str(mounted)]
    try:
        done = subprocess.run(command, check=False, capture_output=True, text=True)
    except FileNotFoundError:
        pytest.skip("needs `mount`")
    if done.returncode:
        pytest.skip(f"needs root to run: {' '.join(command)} ({done.stderr.strip()})")
    yield mounted
    subprocess.run(["umount", str(mounted)], check=True)


def test_a_full_disk_ends_the_recorder_with_a_plain_message_and_a_whole_file(
    small_disk: Path,
) -> None:
    source = "sim:twitchy?seed=5&channels=4&speed=30"
    with running(RUN, small_disk, source) as process:
        said, errors = process.communicate(timeout=60)
    assert process.returncode == 1
    assert errors == ""
    assert "no space left" in said
    assert said.count("\n") == 1
    (status,) = read_statuses(small_disk)
    assert status.state is RecorderState.FAILED
    assert "no space left" in status.message
    edfio.read_bdf(small_disk / status.file)
    with open_recording(small_disk / status.file) as recording:
        assert recording.n_samples is not None
        assert recording.n_samples["EMG1"] > 10_000


def test_a_recorder_stops_a_margin_before_the_disk_is_full_with_every_event_kept(
    small_disk: Path,
) -> None:
    subprocess.run(["mount", "-o", "remount,size=40m", str(small_disk)], check=True)
    (small_disk / "music").write_bytes(bytes(36 * 2**20))
    with running(RUN, small_disk, "sim:twitchy?seed=5&channels=4&speed=60") as process:
        said, _ = process.communicate(timeout=60)
    assert process.returncode == 1
    assert "kept for other programs; free some space" in said
    assert shutil.disk_usage(small_disk).free > 0
    (status,) = read_statuses(small_disk)
    assert status.state is RecorderState.FAILED
    with Store(small_disk) as store:
        live = set(store.events(status.session_id))
    assert live
    assert live == set(analyze(small_disk / status.file).events)


def test_a_data_folder_that_is_a_file_is_a_problem(tmp_path: Path) -> None:
    (tmp_path / "home").write_text("")
    with running(RUN, tmp_path / "home", "sim:calm") as process:
        _, errors = process.communicate(timeout=20)
    assert "StorageProblem: cannot make the folder" in errors
    assert open_source("sim:calm").site == ""
