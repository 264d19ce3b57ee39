"""Commands given bad input: one line says what is wrong and what to do, and no data is lost."""

import gc
import json
import os
import socket
import subprocess
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import edfio
import h5py
import numpy as np
import pytest
from command_line import Done, interrupt_while_writing, myowatch, one_line, run, run_process

ROWS = "".join(f"{i / 1000:.3f},{(i * 37) % 11 - 5}\n" for i in range(3000))
GOOD = f"time_s,EMG [uV]\n{ROWS}"
NOISE = np.random.default_rng(1).bytes(50_000)
OPENSIGNALS = (
    "# OpenSignals Text File Format\n"
    '# {"00:07:80:4D:2E:AD": {"sensor": ["EMG"], "column": ["nSeq", "DI", "CH1"], "channels": [1], '
    '"sampling rate": 1000, "label": ["CH1"], "resolution": [16], "date": "2019-3-29", '
    '"time": "13:55:4.491"}}\n# EndOfHeader\n'
)

UNREADABLE = {
    "empty.csv": (b"", "is empty"),
    "empty.bdf": (b"", "is empty"),
    "empty.edf": (b"", "is empty"),
    "empty.h5": (b"", "is empty"),
    "empty.txt": (b"", "is empty"),
    "garbage.csv": (NOISE, "not a recording that Myowatch can read"),
    "garbage.bdf": (NOISE, "not a recording that Myowatch can read"),
    "garbage.edf": (NOISE, "not a recording that Myowatch can read"),
    "garbage.h5": (NOISE, "not a recording that Myowatch can read"),
    "garbage.txt": (NOISE, "not a recording that Myowatch can read"),
    "zeros.csv": (bytes(50_000), "not a recording that Myowatch can read"),
    "picture.csv": (b"\x89PNG\r\n\x1a\n" + NOISE, "not a recording that Myowatch can read"),
    "header.csv": (b"time_s,EMG [uV]\n", "no samples"),
    "one-sample.csv": (b"time_s,EMG [uV]\n0.0,1\n", "only one sample"),
    "one-sample.txt": (f"{OPENSIGNALS}0\t0\t32000\t\n".encode(), "only one sample"),
    "no-sample.txt": (OPENSIGNALS.encode(), "no sample"),
    "no-channel.csv": (b"time_s\n0.000\n0.001\n0.002\n", "no channel"),
    "wrong-unit.csv": (GOOD.replace("uV", "kg").encode(), "'kg'"),
    "no-unit.csv": (GOOD.replace(" [uV]", "").encode(), "no unit"),
    "no-time.csv": (GOOD.replace("time_s", "when").encode(), "no column time_s"),
    "falling-time.csv": (GOOD.encode() + b"1.000,3\n", "does not rise at line 3002"),
    "all-missing.csv": (
        b"time_s,EMG [uV]\n" + b"".join(b"%.3f,nan\n" % (i / 1000) for i in range(999)),
        "no sample",
    ),
    "words.csv": (GOOD.encode() + b"3.000,loud\n3.001,1\n", "'loud'"),
    "two-axes.csv": (b"time_s,A.x [g],A.y [g]\n0.00,0,1\n0.01,0,1\n", "three columns"),
}
"""Content of each file, and a part of its error message."""


def write_foreign(folder: Path) -> dict[str, str]:
    """Write bad files that only a library can write; return a part of each error message."""
    data = np.random.default_rng(0).uniform(-1, 1, 5000)
    edfio.Edf([edfio.EdfSignal(data, 500, label="T", physical_dimension="degC")]).write(
        folder / "wrong-unit.edf"
    )
    edfio.Edf([], annotations=[edfio.EdfAnnotation(0, None, "x")]).write(folder / "no-channel.edf")
    edfio.Edf([edfio.EdfSignal(data, 500, label="EMG", physical_dimension="mV")]).write(
        folder / "whole.edf"
    )
    whole = (folder / "whole.edf").read_bytes()
    (folder / "cut-in-header.edf").write_bytes(whole[:300])
    (folder / "only-header.edf").write_bytes(whole[:512])
    with h5py.File(folder / "no-channel.h5", "w"):
        pass
    with h5py.File(folder / "one-sample.h5", "w") as file:
        device = file.create_group("00:07:80:D8:A8:82")
        device.attrs.update({"channels": [1], "resolution": [16], "sampling rate": 1000})
        channel = device.create_dataset("raw/channel_1", data=np.full((1, 1), 32000, np.uint16))
        channel.attrs.update({"sensor": "EMG", "label": "CH1"})
    whole = (folder / "one-sample.h5").read_bytes()
    (folder / "cut.h5").write_bytes(whole[: len(whole) // 2])
    return {
        "wrong-unit.edf": "no signal that Myowatch can read",
        "no-channel.edf": "no signal that Myowatch can read",
        "cut-in-header.edf": "cut short",
        "only-header.edf": "no whole data record",
        "no-channel.h5": "no device",
        "one-sample.h5": "only one sample",
        "cut.h5": "cut.h5",
    }


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A working folder with a good recording, and a data folder that does not exist yet."""
    monkeypatch.setenv("MYOWATCH_HOME", str(tmp_path / "home"))
    monkeypatch.delenv("MYOWATCH_DATABASE", raising=False)
    monkeypatch.chdir(tmp_path)
    (tmp_path / "good.csv").write_text(GOOD, "utf-8")
    return tmp_path


def assert_refused(done: Done, *says: str) -> None:
    assert done.returncode == 1, (done.args, done.stdout, done.stderr)
    assert one_line(done.stderr), done.stderr
    for text in says:
        assert text in done.stderr


def test_analyze_names_each_unreadable_file_and_analyses_the_others(
    folder: Path,
) -> None:
    for name, (content, _) in UNREADABLE.items():
        (folder / name).write_bytes(content)
    (folder / "folder.csv").mkdir()
    says = {name: text for name, (_, text) in UNREADABLE.items()} | write_foreign(folder)
    says |= {"folder.csv": "is a folder", "gone.csv": "no file", "a" * 300: "too long"}
    done = run("analyze", "--json", "good.csv", *says, "whole.edf")
    assert done.returncode == 1
    lines = done.stderr.splitlines()
    assert len(lines) == len(says), done.stderr
    results = [json.loads(line) for line in done.stdout.splitlines()]
    assert [result["file"] for result in results if "error" not in result] == [
        "good.csv",
        "whole.edf",
    ]
    errors = [result for result in results if "error" in result]
    for (name, text), line, error in zip(says.items(), lines, errors, strict=True):
        assert name in line
        assert text in line
        assert error["file"] == name
        assert text in error["error"]


def test_replay_of_an_unreadable_file_creates_no_session(folder: Path) -> None:
    name = "all-missing.csv"
    (folder / name).write_bytes(UNREADABLE[name][0])
    done = run("replay", "--speed", "max", name)
    assert_refused(done, name, UNREADABLE[name][1])
    assert "session" not in done.stdout
    assert [*folder.glob("home/sessions/*")] == []
    assert json.loads(run("sessions", "--json").stdout) == []


def test_check_says_what_is_wrong_with_a_file(folder: Path) -> None:
    (folder / "bad.csv").write_text(f"{GOOD}1.000,3\n", "utf-8")
    done = run("check", "bad.csv")
    assert done.returncode == 1
    assert "not whole" in done.stdout
    assert "line 3002" in done.stdout
    assert_refused(run("check", "home"), "no file home")


def test_files_may_have_any_name(folder: Path) -> None:
    names = ["with space", "100%", "q?speed=2", "żółć 肌", "~user", "-dash", "a&b#c=1", "[bold]"]
    for name in names:
        (folder / f"{name}.csv").write_text(GOOD, "utf-8")
    done = run("record", *[f"file:{name}.csv?speed=max" for name in names])
    assert done.returncode == 0, done.stderr
    assert len([*folder.glob("home/sessions/*/*.bdf")]) == len(names)


def test_a_file_name_that_is_not_utf_8_is_analysed_but_not_recorded(folder: Path) -> None:
    name = os.fsdecode(b"\xff.csv")
    try:
        (folder / "good.csv").rename(folder / name)
    except OSError:
        pytest.skip("this file system has only names that are text")
    assert run_process("analyze", name).returncode == 0
    assert_refused(run("replay", name), "rename")


def test_a_file_that_is_still_being_written_is_read_with_a_warning(folder: Path) -> None:
    lines = GOOD.encode().splitlines(keepends=True)
    begun, over = threading.Event(), threading.Event()

    def append() -> None:
        with (folder / "growing.csv").open("wb", buffering=0) as file:
            file.write(b"".join(lines[:2000]) + b"1.9")
            begun.set()
            for n in range(10**6):
                if over.wait(0.005):
                    return
                file.write(b"%02d,3\n%.2f" % (99, 2.0 + n / 100))

    writer = threading.Thread(target=append)
    writer.start()
    assert begun.wait(10)
    try:
        done = run("analyze", "--json", "growing.csv")
        checked = run("check", "growing.csv")
    finally:
        over.set()
        writer.join()
    assert done.returncode == 0, done.stderr
    result = json.loads(done.stdout)
    assert result["streams"][0]["n_samples"] >= 2000
    assert "still being written" in result["warnings"][0]
    assert "still being written" in checked.stdout


@pytest.mark.parametrize(
    ("command", "says"),
    [
        (["sessions"], "MYOWATCH_HOME"),
        (["dashboard", "--no-browser"], "MYOWATCH_HOME"),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, list) else "",
)
def test_a_data_folder_that_is_a_file_is_refused(
    command: list[str], says: str, folder: Path
) -> None:
    assert_refused(run(*command, MYOWATCH_HOME=str(folder / "good.csv")), "good.csv", says)
    assert (folder / "good.csv").read_text("utf-8") == GOOD


@pytest.mark.parametrize(
    "variable",
    [
        {"MYOWATCH_HOME": "~unknown-user/myowatch"},
        {"MYOWATCH_DATABASE": "nonsense"},
        {"MYOWATCH_DATABASE": "sqlite:///good.csv"},
    ],
    ids=lambda variable: "=".join(*variable.items()),
)
def test_a_wrong_environment_variable_is_named(variable: dict[str, str], folder: Path) -> None:
    done = run("record", "sim:calm?speed=max", "--duration", "2s", **variable)
    assert_refused(done, *variable)
    assert (folder / "good.csv").read_text("utf-8") == GOOD
    assert [*folder.glob("home/sessions/*")] == []


def test_dashboard_names_a_port_that_is_in_use(folder: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        assert_refused(run("dashboard", "--no-browser", "--port", port), port, "--port")


def test_simulate_refuses_one_file_for_out_and_truth(folder: Path) -> None:
    done = run("simulate", "calm", "--out", "a.csv", "--truth", "a.csv", "--duration", "2s")
    assert done.returncode == 2
    assert not (folder / "a.csv").exists()


def test_simulate_makes_all_its_files_or_none(folder: Path) -> None:
    (folder / "a-200Hz.csv").write_text("mine", "utf-8")
    done = run("simulate", "calm", "--out", "a.csv", "--modality", "both", "--duration", "2s")
    assert_refused(done, "a-200Hz.csv exists")
    assert not (folder / "a.csv").exists()
    assert (folder / "a-200Hz.csv").read_text("utf-8") == "mine"


@pytest.mark.skipif(os.name == "nt", reason="Ctrl-C cannot be sent to another process on Windows")
@pytest.mark.parametrize("name", ["night.bdf", "night.csv"])
def test_ctrl_c_removes_an_incomplete_simulation(name: str, folder: Path) -> None:
    options = ("--duration", "500h", "--truth", "t.json")
    done = interrupt_while_writing(folder / name, "simulate", "twitchy", "--out", name, *options)
    assert done.returncode == 130
    assert done.stderr.strip() == f"interrupted; {name} is removed"
    assert {path.name for path in folder.iterdir()} == {"good.csv"}


@pytest.mark.skipif(os.name == "nt", reason="Ctrl-C cannot be sent to another process on Windows")
def test_ctrl_c_ends_analyze_without_a_traceback(folder: Path) -> None:
    pipe = subprocess.PIPE
    # The first result shows that the command is analysing the other files.
    simulated = run("simulate", "twitchy", "--out", "long.bdf", "--duration", "10m")
    assert simulated.returncode == 0, simulated.stderr
    command = myowatch("analyze", "--json", "good.csv", *["long.bdf"] * 50)
    with subprocess.Popen(command, stdout=pipe, stderr=pipe, text=True, bufsize=1) as process:
        assert process.stdout is not None
        assert process.stdout.readline().startswith("{")
        process.send_signal(2)
        _, errors = process.communicate(timeout=30)
    assert process.returncode == 130
    assert errors.strip() == ""  # click ends the line that shows ^C


@pytest.mark.skipif(os.name == "nt", reason="head is not there on Windows")
def test_record_continues_when_its_output_is_closed(folder: Path) -> None:
    recording = myowatch("record", "sim:calm?speed=max", "--duration", "3m")
    pipe = subprocess.PIPE
    with subprocess.Popen(recording, stdout=pipe, stderr=pipe, text=True) as process:
        assert process.stdout is not None
        process.stdout.close()
        assert process.wait(60) == 0
        assert process.stderr is not None
        assert process.stderr.read() == ""
    (session,) = json.loads(run("sessions", "--json").stdout)
    assert session["duration_s"] == 180


@pytest.fixture
def mounted(folder: Path) -> Iterator[Callable[..., Path]]:
    """Mount a small or read-only file system; needs root."""
    target = folder / "mounted"
    target.mkdir()
    done: list[bool] = []

    def mount(*arguments: str) -> Path:
        try:
            tried = subprocess.run(
                ["mount", *arguments, str(target)], capture_output=True, text=True, check=False
            )
        except FileNotFoundError:
            pytest.skip("there is no mount on this system")
        if tried.returncode:
            pytest.skip(f"run as root, in a container with --privileged: {tried.stderr.strip()}")
        done.append(True)
        return target

    yield mount
    if done:
        gc.collect()  # a failed command's exception may still hold its database open
        subprocess.run(["umount", str(target)], check=True)


def test_a_full_disk_is_reported_and_incomplete_files_are_removed(
    folder: Path, mounted: Callable[..., Path]
) -> None:
    done = run("record", "sim:twitchy?speed=max", "--duration", "40s")
    assert done.returncode == 0, done.stderr
    full = mounted("-t", "tmpfs", "-o", "size=100k", "tmpfs")
    for command in (
        ["simulate", "twitchy", "--out", "mounted/a.csv", "--duration", "40s"],
        ["simulate", "twitchy", "--out", "mounted/a.bdf", "--duration", "40s"],
        ["export", "last", "--to", "csv", "--out", "mounted/a.csv"],
    ):
        assert_refused(run(*command), "no space left", "free some space")
        assert [*full.iterdir()] == []
    (full / "filler").write_bytes(b"x" * 100 * 1024)
    for command in (
        ["export", "last", "--to", "json", "--out", "mounted/a.json"],
        ["simulate", "calm", "--out", "b.csv", "--duration", "5s", "--truth", "mounted/b.json"],
        ["analyze", "good.csv", "--out", "mounted"],
    ):
        assert_refused(run(*command), "no space left", "free some space")
        assert [path.name for path in full.iterdir()] == ["filler"]
    home = str(full / "home")
    assert_refused(run("record", "sim:calm", MYOWATCH_HOME=home), "no space left")
    done = run("sessions", MYOWATCH_HOME=home)
    assert_refused(done, "free some space")
    assert "damaged" not in done.stderr


def test_a_recording_that_fills_the_disk_is_kept_and_listed(
    folder: Path, mounted: Callable[..., Path]
) -> None:
    home = str(mounted("-t", "tmpfs", "-o", "size=600k", "tmpfs") / "home")
    done = run("record", "sim:twitchy?speed=max", "--duration", "1h", MYOWATCH_HOME=home)
    assert_refused(done, "no space left", "free some space")
    (session,) = json.loads(run("sessions", "--json", MYOWATCH_HOME=home).stdout)
    assert session["duration_s"] > 10
    assert session["ended"] is not None


def test_a_read_only_data_folder_is_reported_and_stays_unchanged(
    folder: Path, mounted: Callable[..., Path]
) -> None:
    assert run("record", "sim:calm?speed=max", "--duration", "2s").returncode == 0
    target = mounted("--bind", str(folder / "home"))
    subprocess.run(["mount", "-o", "remount,ro,bind", str(target)], check=True)
    for command in (
        ["sessions"],
        ["record", "sim:calm"],
        ["export", "last", "--to", "csv", "--out", "a.csv"],
        ["simulate", "calm", "--out", "mounted/a.csv"],
        ["analyze", "good.csv", "--out", "mounted/new"],
    ):
        done = run(*command, MYOWATCH_HOME=str(target))
        assert_refused(done, "mounted")
    assert not (folder / "a.csv").exists()
    assert len(json.loads(run("sessions", "--json").stdout)) == 1
