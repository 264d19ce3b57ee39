"""Faults during a night, and what the recording keeps: docs/explanation/reliability.md, row by row.

Each test runs the recorder as a user does, in a process of its own, at a pseudo-terminal that a
board plays. Full disks and kills are in test_recorder_killed.py, lost devices in
test_serial_source.py.
"""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from itertools import pairwise
from pathlib import Path

import psutil
import pytest
from command_line import myowatch, one_line
from serial_board import Board, chords

from myowatch.recordings.formats.checking import check
from myowatch.recordings.formats.opening import open_recording
from myowatch.recordings.store.recorder_status import RecorderState, RecorderStatus, read_statuses

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="plays with the clocks of Linux")
RATE = 500


@pytest.fixture
def link(tmp_path: Path) -> Path:
    return tmp_path / "ttyUSB0"


@contextmanager
def recording(home: Path, link: Path, **environment: str) -> Iterator[subprocess.Popen[str]]:
    """Record what is at a port until the body is over, then ask it to stop."""
    environment = dict(os.environ) | {"MYOWATCH_HOME": str(home)} | environment
    pipe = subprocess.PIPE
    with subprocess.Popen(
        myowatch("record", f"serial:{link}"), env=environment, stdout=pipe, stderr=pipe, text=True
    ) as process:
        try:
            yield process
            process.send_signal(signal.SIGTERM)
            process.communicate(timeout=20)
            assert process.returncode == 0
        finally:
            process.kill()


def wait_for(home: Path, is_so: Callable[[RecorderStatus], bool], within_s: float = 20) -> None:
    began = time.monotonic()
    while not any(is_so(status) for status in read_statuses(home)):
        assert time.monotonic() - began < within_s
        time.sleep(0.02)


def wait_until_recording(home: Path, seconds: float = 1.0) -> None:
    lasting = ((status := read_statuses(home)) and status[0].duration_s) or 0.0
    wait_for(
        home,
        lambda s: s.state is RecorderState.RECORDING and s.duration_s >= lasting + seconds,
    )


def file_of(home: Path) -> Path:
    """The recording, closed as it should be."""
    (status,) = [s for s in read_statuses(home) if s.state is RecorderState.ENDED]
    path = home / status.file
    report = check(path)
    assert report.is_closed
    assert not report.torn_bytes
    assert not report.problem
    return path


def gaps_s(path: Path) -> list[float]:
    """Gaps of the first channel, those of a few samples left out."""
    with open_recording(path) as opened:
        first = opened.streams[0].name
        blocks = [block for block in opened.blocks(0.1) if block.stream.name == first]
    gaps = [(b.first_sample - a.end_sample) / RATE for a, b in pairwise(blocks)]
    return [gap for gap in gaps if gap > 0.02]


@pytest.fixture
def shifts(tmp_path: Path) -> Path:
    (tmp_path / "shifts").write_text("0 0")
    return tmp_path / "shifts"


def with_clock(library: Path, shifts: Path) -> dict[str, str]:
    return {"LD_PRELOAD": str(library), "SHIFTED_CLOCK": str(shifts)}


@pytest.mark.parametrize("wall_s", [-3600, 7200])
def test_setting_the_clock_does_not_move_samples(
    tmp_path: Path, link: Path, shifted_clock: Path, shifts: Path, wall_s: int
) -> None:
    home, clock = tmp_path / "home", with_clock(shifted_clock, shifts)
    with Board(link, chords, RATE), recording(home, link, **clock):
        wait_until_recording(home)
        shifts.write_text(f"{wall_s} 0")
        wait_until_recording(home, 1.5)
    path = file_of(home)
    assert gaps_s(path) == []
    with open_recording(path) as opened:
        assert opened.started is not None
        assert abs((opened.started - datetime.now().astimezone()).total_seconds()) < 60


def test_a_sleep_of_the_computer_is_a_gap_of_its_length(
    tmp_path: Path, link: Path, shifted_clock: Path, shifts: Path
) -> None:
    """While it sleeps the ports have no power: the board is gone, and begins anew."""
    home, clock = tmp_path / "home", with_clock(shifted_clock, shifts)
    with Board(link, chords, RATE) as board, recording(home, link, **clock):
        wait_until_recording(home)
        board.unplug()
        shifts.write_text("600 600")
        board.plug()
        wait_until_recording(home, 601)
    (gap,) = gaps_s(file_of(home))
    assert gap == pytest.approx(600, abs=5)


def test_a_delayed_recorder_reads_everything_that_the_driver_buffered(
    tmp_path: Path, link: Path
) -> None:
    """By the host's clock alone, the frames that waited would be placed three seconds late."""
    with Board(link, chords, RATE), recording(tmp_path / "home", link) as process:
        wait_until_recording(tmp_path / "home")
        process.send_signal(signal.SIGSTOP)
        time.sleep(3)
        process.send_signal(signal.SIGCONT)
        wait_until_recording(tmp_path / "home", 4)
    assert gaps_s(file_of(tmp_path / "home")) == []


def test_a_flooding_port_uses_little_memory_and_can_be_stopped(tmp_path: Path, link: Path) -> None:
    """At twenty thousand samples a second of a board that has five hundred."""
    with Board(link, chords, RATE) as board:
        with recording(tmp_path / "home", link) as process:
            wait_until_recording(tmp_path / "home")
            memory = psutil.Process(process.pid).memory_info().rss
            board.rate = 20_000
            time.sleep(4)
            assert psutil.Process(process.pid).memory_info().rss - memory < 30e6
            began = time.monotonic()
        assert time.monotonic() - began < 5
    file_of(tmp_path / "home")


def test_the_recorder_waits_for_a_silent_port_and_says_so(tmp_path: Path, link: Path) -> None:
    home = tmp_path / "home"
    with Board(link, chords, RATE) as board, recording(home, link):
        wait_until_recording(home)
        board.is_silent = True
        wait_for(home, lambda s: s.state is RecorderState.LOST and "silent" in s.message)
        board.is_silent = False
        wait_until_recording(home, 4)
    (gap,) = gaps_s(file_of(home))
    assert 3 < gap < 12


def test_a_second_recorder_is_refused_also_under_another_port_name(
    tmp_path: Path, link: Path
) -> None:
    other = tmp_path / "by-id"
    with Board(link, chords, RATE), recording(tmp_path / "home", link) as process:
        wait_until_recording(tmp_path / "home")
        other.symlink_to(link.readlink())
        for name, home in ((link, "home"), (other, "elsewhere")):
            environment = os.environ | {"MYOWATCH_HOME": str(tmp_path / home)}
            command = myowatch("record", f"serial:{name}", "--duration", "1s")
            done = subprocess.run(
                command, env=environment, capture_output=True, text=True, timeout=30, check=False
            )
            assert done.returncode == 1
            assert one_line(done.stderr)
            assert str(process.pid) in done.stderr
    assert gaps_s(file_of(tmp_path / "home")) == []


DASHBOARD = """
import sys, time
from pathlib import Path
from myowatch.dashboard.recorders import start_recorder
start_recorder(Path(sys.argv[1]), sys.argv[2])
time.sleep(60)
"""


def test_recorders_survive_a_killed_dashboard(tmp_path: Path, link: Path) -> None:
    home = tmp_path / "home"
    with Board(link, chords, RATE):
        command = [sys.executable, "-c", DASHBOARD, str(home), f"serial:{link}"]
        with subprocess.Popen(command, start_new_session=True) as dashboard:
            wait_for(home, lambda s: s.duration_s > 0.5)
            os.killpg(dashboard.pid, signal.SIGKILL)
        wait_until_recording(home)
        (status,) = read_statuses(home)
        os.kill(status.pid, signal.SIGTERM)
        wait_for(home, lambda s: s.state is RecorderState.ENDED)
    assert gaps_s(file_of(home)) == []
