"""A fault of this program in one sensor's thread is seen at once and costs the others nothing."""

import logging
import re
import stat
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

from myowatch.acquisition.recorder.recorder import RecordingResult, record
from myowatch.acquisition.recorder.stop_request import Stop
from myowatch.acquisition.simulator import Simulation
from myowatch.acquisition.source.source import Source
from myowatch.acquisition.sources.open_source import open_source
from myowatch.acquisition.sources.sim_source import SimSource
from myowatch.recordings.formats.checking import check
from myowatch.recordings.formats.opening import open_recording
from myowatch.recordings.storage.log_file import MAX_BYTES, log_to_file
from myowatch.recordings.store.recorder_status import RecorderState, read_statuses
from myowatch.recordings.store.store import Store
from myowatch.signal.model.events import Event
from myowatch.signal.model.samples import SampleBlock, Stream

HEALTHY = "sim:twitchy?seed=2"
LONGEST_WAIT_S = 30.0


class FailsInRead(SimSource):
    """A source with a fault that shows after a second of signal."""

    def read(self) -> list[SampleBlock] | None:
        blocks = super().read() or []
        if any(block.end_sample > 1000 for block in blocks):
            raise RuntimeError("unexpected value in the driver")
        return blocks


class FailsInOpen(SimSource):
    """A source with a fault that shows when it is opened."""

    def open(self) -> tuple[Stream, ...]:
        raise ZeroDivisionError("no channels")


class FailsInClose(SimSource):
    """A source with a fault that shows when it is closed after a good recording."""

    def close(self) -> None:
        raise OSError("bad descriptor")


class FailsInDetector(SimSource):
    """A source whose second block has its samples out of order, which detection refuses."""

    def read(self) -> list[SampleBlock] | None:
        blocks = super().read() or []
        return [
            SampleBlock(b.stream, 100, b.samples) if b.first_sample >= 1000 else b for b in blocks
        ]


class FailsInTruth(SimSource):
    """A source with a fault that shows when the recording is over and indexed."""

    def truth(self) -> list[Event]:
        raise LookupError("truth is gone")


@dataclass(frozen=True, slots=True)
class Case:
    source: type[SimSource]
    error: str


CASES = [
    pytest.param(Case(FailsInRead, "RuntimeError"), id="read"),
    pytest.param(Case(FailsInOpen, "ZeroDivisionError"), id="open"),
    pytest.param(Case(FailsInDetector, "ValueError"), id="detector"),
]


def log_text(home: Path) -> str:
    return "".join(path.read_text("utf-8") for path in (home / "logs").glob("*.log"))


def until(condition: Callable[[], bool]) -> None:
    end = time.monotonic() + LONGEST_WAIT_S
    while not condition():
        assert time.monotonic() < end, "waited too long"
        time.sleep(0.02)


def states(home: Path) -> dict[str, RecorderState]:
    return {status.device: status.state for status in read_statuses(home)}


@pytest.mark.parametrize("case", CASES)
def test_a_faulty_source_is_failed_at_once_while_the_other_goes_on(
    tmp_path: Path, case: Case
) -> None:
    faulty: Source = case.source(Simulation("calm", seed=3))
    stop, results = Stop(), list[RecordingResult]()
    sources = [faulty, open_source(HEALTHY)]
    thread = threading.Thread(
        target=lambda: results.append(record(sources, home=tmp_path, stop=stop))
    )
    thread.start()
    try:
        until(lambda: states(tmp_path).get(faulty.text) is RecorderState.FAILED)
        failed_at_s = {s.device: s.duration_s for s in read_statuses(tmp_path)}[HEALTHY]
        until(
            lambda: (
                {s.device: s.duration_s for s in read_statuses(tmp_path)}[HEALTHY]
                > failed_at_s + 1.0
            )
        )
        assert states(tmp_path)[HEALTHY] is RecorderState.RECORDING
    finally:
        stop.request()
        thread.join()
    (recorded,) = results
    assert recorded.failed
    assert states(tmp_path) == {
        faulty.text: RecorderState.FAILED,
        HEALTHY: RecorderState.ENDED,
    }
    assert case.error in recorded.tracks[0].message
    assert "logs" in recorded.tracks[0].message
    written = log_text(tmp_path)
    assert "Traceback (most recent call last)" in written
    assert case.error in written
    files = [track.file for track in recorded.tracks if track.file.exists()]
    assert len(files) == (1 if case.source is FailsInOpen else 2)
    for file in files:
        with open_recording(file) as recording:
            assert not recording.warnings
    assert check(recorded.tracks[1].file).is_whole
    with Store(tmp_path) as store:
        assert store.sessions()[0].ended is not None


def test_samples_that_arrived_before_the_fault_are_in_the_file(tmp_path: Path) -> None:
    faulty = FailsInRead(Simulation("calm", seed=3), speed=float("inf"))
    recorded = record([faulty], home=tmp_path)
    with open_recording(recorded.tracks[0].file) as recording:
        assert recording.n_samples == {"EMG": 1000}


@pytest.mark.parametrize("kind", [FailsInClose, FailsInTruth])
def test_a_fault_at_the_end_does_not_affect_the_other_source(
    tmp_path: Path, kind: type[SimSource]
) -> None:
    faulty = kind(Simulation("calm", seed=3), speed=float("inf"))
    sources = [faulty, open_source("sim:calm?seed=4&speed=max")]
    recorded = record(sources, home=tmp_path, duration_s=5.0)
    assert [t.state for t in recorded.tracks] == [RecorderState.FAILED, RecorderState.ENDED]
    assert list(states(tmp_path).values()).count(RecorderState.FAILED) == 1
    with Store(tmp_path) as store:
        (session,) = store.sessions()
    assert session.ended is not None
    assert len(session.files) == 2


FAULTY_RECORDER = """
import sys
from pathlib import Path
from test_recorder_faults import FailsInRead
from myowatch.acquisition.simulator import Simulation
from myowatch.acquisition.sources import open_source
from myowatch.cli import main
simulated = lambda text, site="": FailsInRead(Simulation("calm"), speed=float("inf"))
open_source.open_source = simulated
sys.argv = ["myowatch", "record", "sim:calm"]
main()
"""


def test_the_command_prints_one_line_and_no_traceback(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MYOWATCH_HOME", str(tmp_path))
    monkeypatch.setenv("PYTHONPATH", ":".join(sys.path))
    done = subprocess.run(
        [sys.executable, "-c", FAULTY_RECORDER], capture_output=True, text=True, check=False
    )
    assert done.returncode == 1
    assert "Traceback" not in done.stderr + done.stdout
    assert re.search(r"fault in this program \(RuntimeError\).*logs", done.stdout + done.stderr)


def test_the_log_tells_start_and_end_and_holds_no_samples(tmp_path: Path) -> None:
    source = SimSource(Simulation("twitchy", seed=1), speed=float("inf"))
    record([source], home=tmp_path, duration_s=5.0, note="my left calf twitches")
    (path,) = (tmp_path / "logs").glob("*.log")
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    written = path.read_text("utf-8")
    assert "opened, 1 streams" in written
    assert "ended after 5.0 s" in written
    assert "my left calf twitches" not in written
    assert len(written.splitlines()) < 10


def test_a_log_file_is_rotated_and_its_handler_removed(tmp_path: Path) -> None:
    handlers = list(logging.getLogger("myowatch").handlers)
    with log_to_file(tmp_path, "recorder") as path:
        for _ in range(40):
            logging.getLogger("myowatch.test").info("x" * (MAX_BYTES // 10))
        logging.getLogger("myowatch.test").debug("not written")
    assert logging.getLogger("myowatch").handlers == handlers
    sizes = {p.name: p.stat().st_size for p in path.parent.iterdir()}
    assert set(sizes) == {"recorder.log", "recorder.log.1", "recorder.log.2"}
    assert max(sizes.values()) <= MAX_BYTES
    assert all(stat.S_IMODE(p.stat().st_mode) == 0o600 for p in path.parent.iterdir())
