"""Readers of damaged files return samples or raise an error of one line."""

import zlib
from collections.abc import Callable
from functools import cache
from pathlib import Path

import edfio
import h5py
import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from recorded_sessions import record_session

from myowatch.recordings.formats.checking import check
from myowatch.recordings.formats.opening import open_recording
from myowatch.recordings.storage.problem import UnreadableRecording


def our_bdf(folder: Path) -> bytes:
    record_session(folder, "20261123-220411-k3f", seconds=4)
    return next(folder.rglob("*.bdf")).read_bytes()


def foreign_edf(folder: Path) -> bytes:
    data = np.random.default_rng(0).uniform(-1, 1, 2000)
    signal = edfio.EdfSignal(data, 500, label="EMG", physical_dimension="mV")
    path = folder / "a.edf"
    edfio.Edf([signal], annotations=[edfio.EdfAnnotation(1, None, "x")]).write(path)
    return path.read_bytes()


def plain_csv(_: Path) -> bytes:
    rows = "".join(f"{i / 1000:.3f},{i % 7},{i % 5}\n" for i in range(300))
    return f"# sampling_rate_hz: 1000\ntime_s,EMG [uV],Raw [adc]\n{rows}".encode()


def opensignals_h5(folder: Path) -> bytes:
    path = folder / "a.h5"
    with h5py.File(path, "w") as file:
        device = file.create_group("00:07:80:D8:A8:82")
        device.attrs.update({"channels": [1], "resolution": [16], "sampling rate": 1000})
        device.attrs.update({"date": "2019-10-14", "time": "16:52:39.448"})
        data = np.random.default_rng(0).integers(32_000, 33_000, (3000, 1)).astype(np.uint16)
        channel = device.create_dataset("raw/channel_1", data=data, chunks=(512, 1))
        channel.attrs.update({"sensor": "EMG", "label": "CH1"})
    return path.read_bytes()


def opensignals_text(_: Path) -> bytes:
    said = (
        '{"00:07:80:4D:2E:AD": {"sensor": ["EMG"], "column": ["nSeq", "DI", "CH1"], '
        '"channels": [1], "sampling rate": 1000, "label": ["CH1"], "resolution": [16], '
        '"date": "2019-3-29", "time": "13:55:4.491"}}'
    )
    rows = "".join(f"{i}\t0\t{32_000 + i}\t\n" for i in range(300))
    return f"# OpenSignals Text File Format\n# {said}\n# EndOfHeader\n{rows}".encode()


FORMATS = [our_bdf, foreign_edf, plain_csv, opensignals_h5, opensignals_text]
Mangle = Callable[[bytes], bytes]


@st.composite
def mangles(draw: st.DrawFn) -> Mangle:
    """Draw damage of a file: truncation, flipped bits, missing or random parts."""
    where, how_much = draw(st.floats(0, 1)), draw(st.integers(1, 400))
    near_the_head = draw(st.booleans())
    noise = draw(st.binary(min_size=1, max_size=50) | st.text(min_size=1).map(str.encode))
    kind = draw(st.sampled_from(["cut", "flip", "remove", "replace", "insert", "line"]))

    def mangle(content: bytes) -> bytes:
        at = int(where * (min(len(content), 1500) if near_the_head else len(content)))
        match kind:
            case "cut":
                return content[:at]
            case "flip":
                flipped = bytes(byte ^ (how_much % 255 + 1) for byte in content[at : at + 2])
                return content[:at] + flipped + content[at + 2 :]
            case "remove":
                return content[:at] + content[at + how_much :]
            case "replace":
                return content[:at] + noise + content[at + len(noise) :]
            case "insert":
                return content[:at] + noise + content[at:]
            case _:
                lines = content.split(b"\n")
                del lines[int(where * (len(lines) - 1))]
                return b"\n".join(lines)

    return mangle


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("mangled")


@cache
def whole(make: Callable[[Path], bytes], folder: Path) -> bytes:
    return make(folder)


def read_to_the_end(path: Path) -> str:
    """Read a file as commands do, and return its error, if any."""
    try:
        with open_recording(path) as recording:
            for block in recording.blocks():
                assert block.stream in recording.streams
                assert np.isfinite(block.samples).any()
                assert not np.isinf(block.samples).any()
            recording.events()
            recording.markers()
            return " ".join(recording.warnings)
    except UnreadableRecording as problem:
        return str(problem)


@pytest.mark.parametrize("make", FORMATS)
@settings(max_examples=250, deadline=None, suppress_health_check=list(HealthCheck))
@given(mangle=st.lists(mangles(), min_size=1, max_size=3))
def test_a_damaged_file_is_read_or_raises_an_error_of_one_line(
    folder: Path,
    make: Callable[[Path], bytes],
    mangle: list[Mangle],
) -> None:
    content = whole(make, folder)
    for damage in mangle:
        content = damage(content)
    path = folder / f"mangled-{zlib.crc32(content)}"
    path.write_bytes(content)
    assert "\n" not in read_to_the_end(path)
    path.unlink()


@settings(max_examples=150, deadline=None, suppress_health_check=list(HealthCheck))
@given(content=st.binary(max_size=600) | st.text(max_size=300).map(str.encode))
def test_random_bytes_raise_an_error_of_one_line(tmp_path: Path, content: bytes) -> None:
    for head in (b"", b"\xffBIOSEMI", b"0       ", b"\x89HDF\r\n\x1a\n", b"time_s,EMG [uV]\n"):
        path = tmp_path / "garbage"
        path.write_bytes(head + content)
        assert "\n" not in read_to_the_end(path)


@pytest.mark.parametrize("make", FORMATS)
def test_the_undamaged_file_is_read(tmp_path: Path, make: Callable[[Path], bytes]) -> None:
    path = tmp_path / "a"
    path.write_bytes(make(tmp_path))
    report = check(path)
    assert report.is_whole
    assert report.problem == ""
    assert all(stream.n_samples >= 300 for stream in report.streams)


def test_a_folder_and_a_missing_file_raise_an_error_of_one_line(tmp_path: Path) -> None:
    for path, said in ((tmp_path, "is a folder"), (tmp_path / "missing.csv", "there is no file")):
        with pytest.raises(UnreadableRecording, match=said):
            open_recording(path)
