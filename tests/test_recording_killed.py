"""Recordings whose writer is killed, has no space left, or cannot write."""

import contextlib
import os
import random
import signal
import subprocess
import sys
import time
import warnings
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import edfio
import numpy as np
import pytest

from myowatch.recordings.bdf.bdf_reader import BdfRecording
from myowatch.recordings.bdf.bdf_writer import BdfWriter
from myowatch.recordings.bdf.edf_header import repair
from myowatch.recordings.formats.checking import check
from myowatch.recordings.formats.opening import open_recording
from myowatch.recordings.storage.problem import StorageProblem, UnreadableRecording
from myowatch.signal.model.events import Event, Kind
from myowatch.signal.model.samples import Modality, SampleBlock, Stream, Unit

EMG = Stream("EMG", Modality.EMG, Unit.MICROVOLT, 1000.0, ("EMG",), 0.025)

# Writes a ramp as fast as a device at twenty times real time would, and says how far it is.
WRITER = """
import sys, time
from datetime import UTC, datetime
from pathlib import Path
import numpy as np
from myowatch.recordings.bdf.bdf_writer import BdfWriter
from myowatch.signal.model.events import Event, Kind
from myowatch.signal.model.samples import Modality, SampleBlock, Stream, Unit
stream = Stream("EMG", Modality.EMG, Unit.MICROVOLT, 1000.0, ("EMG",), 0.025)
with BdfWriter(Path(sys.argv[1]), [stream], started=datetime.now(UTC), session_id="s",
               source="test") as writer:
    print(-1, flush=True)
    n = 0
    while True:
        samples = (np.arange(n, n + 40) % 1000 * np.float64(0.025))[:, None]
        writer.write(SampleBlock(stream, n, samples))
        n += 40
        if n % 1000 == 0:
            writer.add_event(Event("EMG", Kind.TWITCH, n - 100, n - 80, 1.0))
        writer.sync()
        print(n, flush=True)
        time.sleep(0.002)
"""


@pytest.mark.skipif(not hasattr(signal, "SIGKILL"), reason="needs SIGKILL")
def test_a_kill_at_any_time_loses_less_than_a_second(tmp_path: Path) -> None:
    rng = random.Random(0)
    for attempt in range(6):
        path = tmp_path / f"{attempt}.bdf"
        with subprocess.Popen(
            [sys.executable, "-c", WRITER, str(path)], stdout=subprocess.PIPE, text=True
        ) as writer:
            assert writer.stdout is not None
            assert writer.stdout.readline() == "-1\n"
            time.sleep(rng.uniform(0.0, 0.6))
            writer.kill()
            said = [int(line) for line in writer.stdout.read().splitlines(keepends=True)[:-1]]
        written = said[-1] if said else 0
        if written < 1000:
            continue
        with open_recording(path) as recording:
            assert isinstance(recording, BdfRecording)
            assert not recording.is_closed
            samples = np.concatenate([block.samples for block in recording.blocks()])
            events = recording.events()
        assert len(samples) >= written - 1000
        np.testing.assert_array_equal(samples[:, 0], np.arange(len(samples)) % 1000 * 0.025)
        assert [e.onset for e in events][: (written - 1000) // 1000] == [
            second * 1000 - 100 for second in range(1, (written - 1000) // 1000 + 1)
        ]
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", UserWarning)
            digital = edfio.read_bdf(path).signals[0].digital
        np.testing.assert_array_equal(digital[: len(samples)], np.arange(len(samples)) % 1000)


def recorded(path: Path, seconds: int = 3) -> BdfWriter:
    writer = BdfWriter(path, [EMG], started=datetime.now(UTC), session_id="s", source="test")
    for start in range(0, seconds * 1000, 100):
        writer.write(SampleBlock(EMG, start, np.full((100, 1), 0.025 * start)))
        if start == 500:
            writer.add_event(Event("EMG", Kind.TWITCH, 100, 120, 1.0))
        writer.sync()
    return writer


def test_repair_completes_a_damaged_file_and_keeps_a_complete_one(tmp_path: Path) -> None:
    writer = recorded(tmp_path / "a.bdf")
    torn = tmp_path / "torn.bdf"
    torn.write_bytes((tmp_path / "a.bdf").read_bytes()[:-10])
    writer.close()
    report = check(torn)
    assert not report.is_whole
    assert report.torn_bytes > 0
    assert report.is_closed is False
    assert repair(torn)
    assert not repair(torn)
    report = check(torn)
    assert report.is_closed
    assert report.torn_bytes == 0
    assert report.streams[0].n_samples == 2900
    assert report.events == 1
    assert edfio.read_bdf(torn).num_data_records == 29  # without a warning
    before = (tmp_path / "a.bdf").read_bytes()
    assert not repair(tmp_path / "a.bdf")
    assert (tmp_path / "a.bdf").read_bytes() == before


def test_repair_does_not_change_other_files(tmp_path: Path) -> None:
    path = tmp_path / "a.bdf"
    path.write_bytes(b"no recording")
    with pytest.raises(UnreadableRecording):
        repair(path)
    assert path.read_bytes() == b"no recording"


def test_check_reports_gaps_and_clipping(tmp_path: Path) -> None:
    path = tmp_path / "a.bdf"
    with recorded(path) as writer:
        writer.write(SampleBlock(EMG, 4000, np.full((500, 1), 1e9)))
        writer.write(SampleBlock(EMG, 4500, np.full((10, 1), np.nan)))
    (stream,) = check(path).streams
    assert (stream.gaps, stream.missing, stream.longest_gap_s) == (2, 1010, 1.0)
    assert (stream.clipped, stream.n_samples, stream.duration_s) == (500, 4510, 4.51)
    assert not check(path).is_whole


@contextlib.contextmanager
def small_disk(folder: Path) -> Iterator[Path]:
    """Mount a disk of 64 KiB, or skip with the reason."""
    folder.mkdir()
    if os.geteuid() != 0:
        pytest.skip("a full disk needs a small one to mount: run as root")
    mount = ["mount", "-t", "tmpfs", "-o", "size=64k", "tmpfs", str(folder)]
    done = subprocess.run(mount, capture_output=True, text=True, check=False)
    if done.returncode != 0:
        pytest.skip(f"cannot mount a small disk here: {done.stderr.strip()}")
    try:
        yield folder
    finally:
        subprocess.run(["umount", str(folder)], check=True)


def write_until_full(path: Path) -> tuple[int, list[Event]]:
    """Return the samples in the file, and the events reported as saved, on a full disk."""
    saved: list[Event] = []
    writer = BdfWriter(path, [EMG], started=datetime.now(UTC), session_id="s", source="test")
    with pytest.raises(StorageProblem, match=r"no space left .*free some space"):  # noqa: PT012
        for start in range(0, 100_000, 100):
            writer.write(SampleBlock(EMG, start, np.full((100, 1), 0.025 * (start % 999))))
            if start % 1000 == 0:
                writer.add_event(Event("EMG", Kind.TWITCH, start, start + 10, 1.0))
            saved += writer.sync()
    with pytest.raises(StorageProblem):
        writer.write(SampleBlock(EMG, 0, np.zeros((1, 1))))
    saved += writer.close()
    return writer.n_samples["EMG"], saved


def assert_whole(path: Path, n_samples: int, saved: list[Event]) -> None:
    with open_recording(path) as recording:
        assert recording.n_samples == {"EMG": n_samples}
        assert sum(len(block) for block in recording.blocks()) == n_samples
        assert recording.events()[: len(saved)] == saved
        assert recording.warnings == ()
    assert check(path).is_whole
    assert edfio.read_bdf(path).num_data_records == n_samples // 100


def test_a_full_disk_keeps_the_file_valid(tmp_path: Path) -> None:
    with small_disk(tmp_path / "disk") as disk:
        path = disk / "a.bdf"
        n_samples, saved = write_until_full(path)
        assert n_samples > 5000
        assert_whole(path, n_samples, saved)


LIMITED = """
import resource, signal, sys
from pathlib import Path
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
resource.setrlimit(resource.RLIMIT_FSIZE, (50_000, 50_000))
sys.path.insert(0, sys.argv[2])
from test_recording_killed import write_until_full, assert_whole
path = Path(sys.argv[1])
assert_whole(path, *write_until_full(path))
"""


@pytest.mark.skipif(sys.platform == "win32", reason="needs a limit of file size")
def test_a_file_size_limit_keeps_the_file_valid(tmp_path: Path) -> None:
    arguments = [str(tmp_path / "a.bdf"), str(Path(__file__).parent)]
    subprocess.run([sys.executable, "-c", LIMITED, *arguments], check=True)


def test_a_file_that_cannot_be_created_raises_an_error_of_one_line(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    for path in (tmp_path / "file" / "a.bdf", tmp_path / "missing" / "a.bdf"):
        with pytest.raises(StorageProblem, match="cannot write"):
            BdfWriter(path, [EMG], started=datetime.now(UTC), session_id="s", source="test")


def test_nothing_is_overwritten(tmp_path: Path) -> None:
    path = tmp_path / "a.bdf"
    path.write_text("mine")
    with pytest.raises(StorageProblem, match="exists already"):
        BdfWriter(path, [EMG], started=datetime.now(UTC), session_id="s", source="test")
    assert path.read_text() == "mine"


def test_a_read_only_disk_raises_an_error_of_one_line(tmp_path: Path) -> None:
    with small_disk(tmp_path / "disk") as disk:
        subprocess.run(["mount", "-o", "remount,ro", str(disk)], check=True)
        with pytest.raises(StorageProblem, match="may not write"):
            BdfWriter(
                disk / "a.bdf", [EMG], started=datetime.now(UTC), session_id="s", source="test"
            )
