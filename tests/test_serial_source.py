"""Devices at serial ports: real pseudo-terminals and sockets, and the decoders of the program."""

import os
import sys
import threading
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from itertools import pairwise
from pathlib import Path

import numpy as np
import psutil
import pytest
from serial_board import Board, chords, lines

from myowatch.acquisition.recorder.recorder import record
from myowatch.acquisition.recorder.stop_request import Stop
from myowatch.acquisition.serial_port.port_list import PortInfo
from myowatch.acquisition.source.source import SourceLost
from myowatch.acquisition.sources.open_source import open_source
from myowatch.acquisition.sources.serial_source import SerialSource
from myowatch.recordings.formats.opening import open_recording
from myowatch.recordings.storage.problem import Problem
from myowatch.recordings.store.recorder_status import RecorderState, read_statuses
from myowatch.recordings.store.store import Store
from myowatch.signal.model.samples import SampleBlock

pytestmark = pytest.mark.skipif(
    sys.platform == "win32", reason="pseudo-terminals are of Unix; run this on Linux or macOS"
)

WHORU = {b"WHORU\n": b"UNO-R4\r\n"}


@pytest.fixture
def link(tmp_path: Path) -> Path:
    return tmp_path / "ttyUSB0"


def chords_board(link: Path, **more: object) -> Board:
    """A board that sends on command, as the firmware of Upside Down Labs does."""
    say: Callable[[int, int], bytes] = lambda a, b: chords(a, b, 6)  # noqa: E731
    options = {"answers": WHORU, "start": b"START\n", "stop": b"STOP\n", **more}
    return Board(link, say, 500, **options)  # type: ignore[arg-type]


def read(source: SerialSource, seconds: float) -> list[SampleBlock]:
    blocks: list[SampleBlock] = []
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        blocks += source.read() or []
    return blocks


def of(blocks: Sequence[SampleBlock], name: str) -> list[SampleBlock]:
    return [block for block in blocks if block.stream.name == name]


def gaps(blocks: Sequence[SampleBlock]) -> list[int]:
    return [b.first_sample - a.end_sample for a, b in pairwise(blocks)]


def test_a_board_that_waits_is_asked_started_and_stopped_again(link: Path) -> None:
    with chords_board(link, hello=b"ready, waiting for START\r\n") as board:
        source = SerialSource(str(link), site="left-thigh")
        streams = source.open()
        blocks = read(source, 0.5)
        source.close()
        assert [s.name for s in streams] == ["A0", "A1", "A2", "A3", "A4", "A5"]
        assert streams[0].sampling_rate == 500
        assert streams[0].site == "left-thigh"
        values = np.concatenate([b.samples for b in of(blocks, "A1")])[:, 0]
        np.testing.assert_array_equal(np.diff(values), 2)
        assert blocks[0].first_sample == 0
        assert not any(gaps(of(blocks, "A0")))
        time.sleep(0.1)
        assert board.heard.endswith(b"STOP\n")
        assert source.link is not None
        assert source.link.in_one_line().startswith("UNO-R4, a board of Upside")


def test_lines_of_a_sketch_are_recognised_within_two_seconds_and_their_rate_measured(
    link: Path,
) -> None:
    with Board(link, lines, 250, hello=b"MyoSensor v1 starting\r\n"):
        source = SerialSource(str(link))
        began = time.monotonic()
        streams = source.open()
        took = time.monotonic() - began
        blocks = read(source, 0.3)
        source.close()
    assert [s.name for s in streams] == ["thigh", "calf"]
    assert {s.sampling_rate for s in streams} == {250}
    assert took < 3.0, "recognised within half a second, measured for one and a half"
    assert max(len(block) for block in blocks) <= 62
    values = np.concatenate([b.samples for b in of(blocks, "thigh")])[:, 0]
    assert set(np.diff(values)) <= {1, -999}


def test_an_option_overrides_the_measured_value(link: Path) -> None:
    with Board(link, lines, 250):
        source = open_source(f"serial:{link}?format=text&rate=240&unit=mV&site=hand")
        (thigh, _) = source.open()
        source.close()
    assert (thigh.sampling_rate, thigh.unit, thigh.site) == (240, "uV", "hand")


def test_the_baud_rate_of_a_board_is_found(link: Path) -> None:
    """A pseudo-terminal has no speed of its own: this board garbles at any but the right one."""
    import termios

    def say(first: int, end: int) -> bytes:
        speed = termios.tcgetattr(board.terminal)[4]
        right = chords(first, end)
        return right if speed == termios.B230400 else bytes(b * 77 % 251 for b in right)

    with (board := Board(link, say, 500)):
        source = SerialSource(str(link))
        streams = source.open()
        source.close()
    assert [s.name for s in streams] == ["A0", "A1", "A2"]


def test_frames_that_were_lost_leave_a_gap_of_their_length(link: Path) -> None:
    with Board(link, chords, 500) as board:
        source = SerialSource(str(link))
        source.open()
        now = int(of(read(source, 0.2), "A0")[-1].samples[-1, 0])
        board.dropped = {*range(now + 300, now + 317), *range(now + 400, now + 520)}
        blocks = read(source, 1.8)
        link_quality = source.link
        source.close()
    found = [gap for gap in gaps(of(blocks, "A0")) if gap]
    assert found == [17, 120]
    assert link_quality is not None
    assert link_quality.lost_samples == 137


def test_a_device_that_falls_silent_is_lost_and_says_what_to_do(link: Path) -> None:
    with Board(link, chords, 500) as board:
        source = SerialSource(str(link))
        source.open()
        read(source, 0.2)
        board.is_silent = True
        began = time.monotonic()
        with pytest.raises(SourceLost, match=r"has been silent for 3 s; is it switched on"):
            read(source, 6.0)
        assert 2.0 < time.monotonic() - began < 5.0
        source.close()


def test_stops_port_detection_at_once(
    tmp_path: Path, link: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("myowatch.acquisition.device.probing.GIVE_UP_S", 3600.0)
    stop, done = Stop(), []
    with Board(link, lambda _, __: b"", 500) as board:
        source = SerialSource(str(link))
        recorder = threading.Thread(
            target=lambda: done.append(record([source], home=tmp_path, stop=stop))
        )
        recorder.start()
        while not board.heard:
            time.sleep(0.01)
        stop.request()
        recorder.join()
    (recorded,) = done
    assert [track.state for track in recorded.tracks] == [RecorderState.ENDED]


def test_an_unplugged_device_is_lost_at_once(link: Path) -> None:
    with Board(link, chords, 500) as board:
        source = SerialSource(str(link))
        source.open()
        threading.Timer(0.2, board.unplug).start()
        began = time.monotonic()
        with pytest.raises(SourceLost, match="is gone; plug it in again"):
            read(source, 5.0)
        assert time.monotonic() - began < 1.5
        source.close()
        source.close()


def record_while(home: Path, source: SerialSource, act: Callable[[], None]) -> Path:
    """Record until `act` is done; return the recording."""
    stop = Stop()
    thread = threading.Thread(target=lambda: record([source], home=home, stop=stop))
    thread.start()
    try:
        act()
    finally:
        stop.request()
        thread.join()
    (status,) = read_statuses(home)
    assert status.state is RecorderState.ENDED, status.message
    return home / status.file


def wait_for(state: RecorderState, home: Path, within_s: float = 8.0) -> float:
    began = time.monotonic()
    while not any(s.state is state and s.duration_s > 0 for s in read_statuses(home)):
        assert time.monotonic() - began < within_s
        time.sleep(0.02)
    return time.monotonic() - began


def test_a_replugged_device_continues_with_a_gap_of_the_right_length(
    tmp_path: Path, link: Path
) -> None:
    times = {}
    with chords_board(link) as board:

        def act() -> None:
            wait_for(RecorderState.RECORDING, tmp_path)
            time.sleep(1.0)
            times["pulled"] = time.monotonic()
            board.unplug()
            wait_for(RecorderState.LOST, tmp_path)
            time.sleep(1.5)
            board.plug()
            times["back"] = wait_for(RecorderState.RECORDING, tmp_path)
            times["plugged"] = time.monotonic()
            time.sleep(1.0)

        file = record_while(tmp_path, SerialSource(str(link)), act)
    assert times["back"] < 3.0
    with open_recording(file) as recording:
        ends = [
            (b.first_sample, b.end_sample) for b in recording.blocks(0.1) if b.stream.name == "A0"
        ]
        metadata = recording.metadata
        assert recording.n_samples is not None
        n_samples = recording.n_samples["A0"]
    (gap,) = [b[0] - a[1] for a, b in pairwise(ends) if b[0] > a[1] + 5]
    away_s = times["plugged"] - times["pulled"]
    assert gap / 500 == pytest.approx(away_s, abs=0.6)
    assert "reconnected once" in metadata["link"]
    assert "UNO-R4" in metadata["link"]
    (status,) = read_statuses(tmp_path)
    assert status.link["reconnects"] == 1
    assert status.link["lost_samples"] == 0
    with Store(tmp_path) as store:
        (session,) = store.sessions()
        assert session.duration_s == pytest.approx(n_samples / 500, abs=0.01)
        assert any(e.reason == "gap" for e in store.events(session.id))


def test_a_hundred_times_unplugged_and_plugged_in_leaks_nothing(link: Path) -> None:
    process = psutil.Process()
    source = SerialSource(str(link))
    blocks: list[SampleBlock] = []
    used: list[tuple[int, int, int]] = []
    board = Board(link, chords, 500)
    for cycle in range(103):
        board.plug()
        source.open()
        while not (new := source.read()):
            pass
        blocks += new
        board.unplug()
        with pytest.raises(SourceLost):
            read(source, 5.0)
        source.close()
        if cycle in (2, 102):
            used.append((process.num_fds(), threading.active_count(), process.memory_info().rss))
    (fds, threads, memory), (fds_after, threads_after, memory_after) = used
    assert (fds_after, threads_after) == (fds, threads)
    assert memory_after - memory < 4e6
    mine = of(blocks, "A0")
    assert all(gap >= 0 for gap in gaps(mine))
    assert source.link is not None
    assert source.link.reconnects == 102
    assert source.link.lost_samples == 0


def test_the_same_device_is_found_under_another_name(tmp_path: Path, link: Path) -> None:
    """Its serial number tells; the list of ports is the system's, which has no USB to show here."""
    other = tmp_path / "ttyUSB7"

    def ports() -> list[PortInfo]:
        return [
            PortInfo(str(each), 0x2341, 0x43, "A123") for each in (link, other) if each.exists()
        ]

    source = SerialSource(str(link), ports=ports)
    with Board(link, chords, 500):
        source.open()
        first = read(source, 0.3)
    with pytest.raises(SourceLost):
        read(source, 1.0)
    source.close()
    with pytest.raises(SourceLost, match="ttyUSB0 is gone; plug it in again"):
        source.open()
    with Board(other, chords, 500):
        source.open()
        second = read(source, 0.3)
        source.close()
    assert of(second, "A0")[0].first_sample > of(first, "A0")[-1].end_sample


def test_a_silent_or_unknown_device_is_reported(tmp_path: Path) -> None:
    dumb, strange = tmp_path / "dumb", tmp_path / "strange"

    def complaint(port: Path) -> str:
        with pytest.raises(Problem) as problem:
            SerialSource(str(port)).open()
        return str(problem.value)

    with (
        Board(dumb, chords, 500, start=b"never"),
        Board(strange, lambda a, b: os.urandom(5 * (b - a)), 500),
        ThreadPoolExecutor() as pool,
    ):
        silence, noise = pool.map(complaint, (dumb, strange))
    assert silence.startswith(
        f"nothing was received from {dumb} at any usual baud rate; is the board"
    )
    assert noise.startswith(f"{strange} sends something that is not a format known here at any")
