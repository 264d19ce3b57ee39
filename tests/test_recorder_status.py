"""Status, lock and stop files of a recorder in the data folder."""

import os
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

import pytest

from myowatch.recordings.model.recording import Marker
from myowatch.recordings.storage.data_folder import (
    data_home,
    device_key,
    new_session_id,
    private_folder,
    recorder_files,
    recorders_folder,
)
from myowatch.recordings.storage.problem import DeviceBusy, Problem, StorageProblem
from myowatch.recordings.store.recorder_status import (
    RecorderState,
    RecorderStatus,
    hold_device,
    read_statuses,
    request_stop,
    stop_requested,
    write_status,
)

DEVICE = "sim:twitchy?seed=1"


def status(
    device: str = DEVICE, updated: float = 100.0, state: RecorderState = RecorderState.RECORDING
) -> RecorderStatus:
    return RecorderStatus(
        device,
        os.getpid(),
        "20261123-220411-k3f",
        "sessions/20261123-220411-k3f/a.bdf",
        "left-thigh",
        state,
        "all is well",
        "2026-11-23T22:04:11+01:00",
        updated,
        1.5,
        ({"name": "EMG", "quality": "good", "noise_floor": 3.7},),
    )


def test_statuses_are_read_back_newest_first(tmp_path: Path) -> None:
    assert read_statuses(tmp_path) == []
    write_status(tmp_path, status())
    write_status(tmp_path, status("sim:calm", 200.0))
    write_status(tmp_path, status(updated=150.0))
    found = read_statuses(tmp_path)
    assert [(s.device, s.updated) for s in found] == [("sim:calm", 200.0), (DEVICE, 150.0)]
    assert found[1].conditions == [{"name": "EMG", "quality": "good", "noise_floor": 3.7}]
    assert {path.suffix for path in recorders_folder(tmp_path).iterdir()} == {".json"}


@pytest.mark.parametrize("text", ["", "{", "[]", "{}", '{"state": "dancing"}', "\0", "null"])
def test_a_damaged_status_is_left_out(tmp_path: Path, text: str) -> None:
    write_status(tmp_path, status())
    (recorders_folder(tmp_path) / "damaged.json").write_text(text)
    assert len(read_statuses(tmp_path)) == 1


def test_only_a_running_recorder_can_be_stale() -> None:
    assert not status(updated=100.0).is_stale(101.9)
    assert status(updated=100.0).is_stale(102.1)
    assert not status(updated=100.0, state=RecorderState.ENDED).is_stale(500.0)


def test_a_stop_request_does_not_reach_the_next_recorder(tmp_path: Path) -> None:
    key = device_key(DEVICE)
    with hold_device(tmp_path, DEVICE):
        assert not stop_requested(tmp_path, key)
        request_stop(tmp_path, key)
        assert stop_requested(tmp_path, key)
    request_stop(tmp_path, key)
    with hold_device(tmp_path, DEVICE):
        assert not stop_requested(tmp_path, key)


HOLDER = """
import sys, time
from pathlib import Path
from myowatch.recordings.store.recorder_status import hold_device
with hold_device(Path(sys.argv[1]), sys.argv[2]):
    print("held", flush=True)
    time.sleep(60)
"""


def test_a_second_recorder_is_refused_until_the_first_is_killed(
    tmp_path: Path,
) -> None:
    with subprocess.Popen(
        [sys.executable, "-c", HOLDER, str(tmp_path), DEVICE], stdout=subprocess.PIPE, text=True
    ) as holder:
        assert holder.stdout is not None
        assert holder.stdout.readline() == "held\n"
        with (
            pytest.raises(DeviceBusy, match="recorded by another process"),
            hold_device(tmp_path, DEVICE),
        ):
            pass
        write_status(tmp_path, status())
        with (
            pytest.raises(DeviceBusy, match=rf"process {os.getpid()} since 22:04"),
            hold_device(tmp_path, DEVICE),
        ):
            pass
        with hold_device(tmp_path, "sim:twitchy?seed=2"):
            pass
        holder.kill()
    with hold_device(tmp_path, DEVICE):
        pass


@pytest.mark.parametrize("act", ["hold", "status", "stop"])
def test_an_unwritable_data_folder_raises_an_error_of_one_line(tmp_path: Path, act: str) -> None:
    home = tmp_path / "file"
    home.touch()
    with pytest.raises(StorageProblem, match="MYOWATCH_HOME"):  # noqa: PT012
        if act == "hold":
            with hold_device(home, DEVICE):
                pass
        elif act == "status":
            write_status(home, status())
        else:
            request_stop(home, device_key(DEVICE))


def test_options_name_another_device_only_for_simulations() -> None:
    assert device_key("serial:COM3?baud=9600") == device_key("serial:COM3")
    assert device_key("sim:calm?seed=1") != device_key("sim:calm?seed=2")
    assert device_key("serial:/dev/ttyUSB0").startswith("serial-dev-ttyUSB0-")
    assert recorder_files(Path("home"), "key").lock == Path("home/recorders/key.lock")


def test_the_environment_names_the_data_folder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MYOWATCH_HOME", str(tmp_path))
    assert data_home() == tmp_path
    monkeypatch.delenv("MYOWATCH_HOME")
    assert data_home().name == "myowatch"


def test_session_ids_sort_by_their_start_and_differ() -> None:
    started = datetime(2026, 11, 23, 22, 4, 11, tzinfo=UTC)
    ids = {new_session_id(started) for _ in range(50)}
    assert len(ids) == 50
    assert all(i.startswith("20261123-220411-") for i in ids)


def test_private_folders_have_private_parents(tmp_path: Path) -> None:
    folder = private_folder(tmp_path / "a" / "b")
    assert {p.stat().st_mode & 0o777 for p in (folder, folder.parent)} == {0o700}


def test_a_problem_is_always_one_line() -> None:
    problem = Problem("line\nbreaks\tand \x1b[31mcolours", "do\nthis")
    assert str(problem) == "line breaks and [31mcolours; do this"
    assert (problem.what, problem.remedy) == ("line breaks and [31mcolours", "do this")
    assert str(Problem("only what")) == "only what"


@pytest.mark.parametrize("text", ["", "x" * 121, "ä" * 61, "a\nb", "a\x14b"])
def test_a_marker_that_does_not_fit_a_record_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="printable text"):
        Marker(0.0, text)
