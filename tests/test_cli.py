"""The commands, their exit status and their output."""

import json
import os
import re
import signal
import subprocess
import sys
import time
import urllib.request
from pathlib import Path
from typing import Any

import psutil
import pytest
from command_line import one_line, run, run_process

from myowatch.cli import COMMANDS

HOME = "MYOWATCH_HOME"


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty working folder, and a data folder in it that does not exist yet."""
    monkeypatch.setenv(HOME, str(tmp_path / "home"))
    monkeypatch.delenv("MYOWATCH_DATABASE", raising=False)
    monkeypatch.chdir(tmp_path)
    return tmp_path


def simulated(name: str, scene: str = "twitchy", *more: str) -> dict[str, Any]:
    done = run("simulate", scene, "--out", name, "--truth", f"{name}.json", *more)
    assert done.returncode == 0, done.stderr
    truth: dict[str, Any] = json.loads(Path(f"{name}.json").read_text("utf-8"))
    return truth


def analysed(*files: str) -> list[dict[str, Any]]:
    done = run("analyze", "--json", *files)
    assert done.returncode == 0, done.stderr
    return [json.loads(line) for line in done.stdout.splitlines()]


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_has_help_with_an_example(command: str) -> None:
    done = run(command, "--help")
    assert done.returncode == 0
    assert f"Example: myowatch {command}" in done.stdout


def test_help_imports_no_slow_package() -> None:
    code = "import sys, myowatch.cli\nprint([m for m in sys.modules if m in sys.argv])"
    heavy = ["numpy", "scipy", "pandas", "sqlalchemy", "streamlit", "h5py", "edfio", "rich"]
    done = subprocess.run(
        [sys.executable, "-c", code, *heavy], capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == "[]"


@pytest.mark.parametrize(
    "arguments",
    [
        ["nonsense"],
        ["simulate", "nonsense", "--out", "a.csv"],
        ["simulate", "calm", "--out", "a.txt"],
        ["simulate", "calm", "--out", "a.csv", "--duration", "soon"],
        ["simulate", "calm", "--out", "a.csv", "--rate", "7"],
        ["record"],
        ["record", "sim:calm", "sim:calm"],
        ["replay", "a.csv", "--speed", "0"],
        ["analyze", "a.csv", "--mains", "55"],
        ["export", "last", "--to", "xls", "--out", "a"],
    ],
    ids=" ".join,
)
def test_wrong_usage_has_exit_status_2_and_no_traceback(arguments: list[str], folder: Path) -> None:
    done = run(*arguments)
    assert done.returncode == 2
    assert "Error:" in done.stderr
    assert "Traceback" not in done.stderr
    assert list(folder.iterdir()) == []


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["record", "sim:nonsense"], "twitchy"),
        (["record", "sim:calm?seed=x"], "whole number"),
        (["record", "file:gone.csv"], "no file"),
        (["record", "serial:/dev/gone"], "there is no port"),
        (["record", "night.csv"], "source"),
        (["replay", "gone.csv"], "no file"),
        (["check", "gone.bdf"], "gone.bdf"),
        (["export", "last", "--to", "json", "--out", "a.json"], "sessions"),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, list) else value,
)
def test_failed_work_is_one_line_with_exit_status_1(
    arguments: list[str], says: str, folder: Path
) -> None:
    done = run(*arguments)
    assert done.returncode == 1
    assert one_line(done.stderr), done.stderr
    assert says in done.stderr


def test_analyze_prints_the_object_of_schema_1(folder: Path) -> None:
    simulated("a.csv", "twitchy", "--duration", "150s")
    (result,) = analysed("a.csv")
    assert result["schema"] == 1
    assert result["file"] == "a.csv"
    assert str(result["software"]).startswith("myowatch ")
    (stream,) = result["streams"]
    assert stream.items() >= {
        "name": "EMG", "modality": "emg", "unit": "uV", "sampling_rate_hz": 1000.0,
        "channels": ["EMG"], "n_samples": 150_000, "duration_s": 150.0,
    }.items()  # fmt: skip
    (summary,) = result["summary"]
    twitches = [e for e in result["events"] if e["kind"] == "twitch"]
    assert summary["twitches"] == len(twitches) > 10
    assert summary["twitches_per_min"] == pytest.approx(
        60 * len(twitches) / stream["scorable_s"], abs=0.001
    )
    assert sum(summary["unscorable"].values()) == pytest.approx(150 - stream["scorable_s"])
    assert {"onset_s", "offset_s", "peak", "unit", "snr_db", "confidence"} <= twitches[0].keys()
    found = summary["statistics"]
    assert found["intervals"]["count"] == len(twitches) - 1
    shapes = [twitch["shape"] for twitch in twitches]
    assert [shapes.count(s["shape"]) for s in found["recurrence"]["shapes"]] == [
        s["twitches"] for s in found["recurrence"]["shapes"]
    ]
    line = re.search(r"^EMG: (.*) s between twitches", run("analyze", "a.csv").stdout, re.MULTILINE)
    assert line is not None
    assert float(line[1]) == pytest.approx(found["intervals"]["median_s"], rel=0.05)


def test_one_unreadable_file_does_not_stop_the_others(folder: Path) -> None:
    simulated("a.csv", "calm", "--duration", "5s")
    (folder / "b.csv").write_bytes(b"")
    (folder / "c.bdf").write_bytes(os.urandom(4096))
    done = run_process("analyze", "--json", "b.csv", "gone.csv", "c.bdf", "a.csv")
    assert done.returncode == 1
    objects = [json.loads(line) for line in done.stdout.splitlines()]
    assert [o["file"] for o in objects] == ["b.csv", "gone.csv", "c.bdf", "a.csv"]
    assert ["error" in o for o in objects] == [True, True, True, False]
    assert done.stderr.count("\n") == 3
    assert "Traceback" not in done.stderr


def test_jobs_give_the_results_of_one_process_in_the_order_of_the_files(folder: Path) -> None:
    names = [f"{n}.csv" for n in range(4)]
    for seed, name in enumerate(names):
        simulated(name, "twitchy", "--duration", "20s", "--seed", str(seed))
    one = run("analyze", "--json", *names)
    three = run_process("analyze", "--json", "--jobs", "3", *names)
    assert one.stdout == three.stdout
    assert one.returncode == three.returncode == 0


def test_analyze_out_overwrites_nothing(folder: Path) -> None:
    simulated("a.csv", "calm", "--duration", "5s")
    assert run("analyze", "a.csv", "--out", "found").returncode == 0
    kept = folder / "found" / "a.csv.json"
    assert json.loads(kept.read_text("utf-8"))["schema"] == 1
    assert run("analyze", "a.csv", "--out", "found").returncode == 0
    kept.write_text("mine", "utf-8")
    done = run("analyze", "a.csv", "--out", "found")
    assert done.returncode == 1
    assert one_line(done.stderr)
    assert kept.read_text("utf-8") == "mine"


def test_simulate_overwrites_nothing(folder: Path) -> None:
    for name in ("a.csv", "a.bdf"):
        (folder / name).write_text("mine", "utf-8")
        done = run("simulate", "calm", "--out", name, "--duration", "5s")
        assert done.returncode == 1
        assert one_line(done.stderr)
        assert (folder / name).read_text("utf-8") == "mine"


def test_csv_and_bdf_of_a_scene_have_the_same_events(folder: Path) -> None:
    simulated("a.csv", "cramp", "--duration", "60s")
    simulated("a.bdf", "cramp", "--duration", "60s")
    csv, bdf = analysed("a.csv", "a.bdf")
    assert csv["events"] == bdf["events"]
    assert csv["rejected"] == bdf["rejected"]


def test_replay_finds_the_events_that_analyze_finds(folder: Path) -> None:
    simulated("a.csv", "restless", "--duration", "60s", "--modality", "emg")
    (expected,) = analysed("a.csv")
    done = run("replay", "a.csv", "--speed", "max", "--site", "left-calf")
    assert done.returncode == 0, done.stderr
    assert run("replay", "a.csv", "--speed", "60").returncode == 0
    first, second = json.loads(run("sessions", "--json").stdout)
    assert first["sites"] == ["left-calf"]
    for session in (first, second):
        out = f"{session['id']}.json"
        assert run("export", session["id"], "--to", "json", "--out", out).returncode == 0
        exported = json.loads((folder / out).read_text("utf-8"))
        assert exported["events"] == expected["events"]
        assert exported["rejected"] == expected["rejected"]
        assert exported["session"] == session
        assert exported["markers"] == []


def test_rebuild_restores_the_sessions_of_a_damaged_database(folder: Path) -> None:
    assert run("sessions", "--json").stdout.strip() == "[]"
    for scene in ("sim:twitchy?speed=max", "sim:cramp?speed=max&modality=both"):
        done = run("record", scene, "--duration", "40s", "--note", "after coffee")
        assert done.returncode == 0, done.stderr
    before = run("sessions", "--json").stdout
    assert len(json.loads(before)) == 2
    # --rebuild must work with a damaged database, so nothing may open the database before it.
    (folder / "home" / "myowatch.db").write_bytes(b"not a database" * 999)
    refused = run("sessions")
    assert refused.returncode == 1
    assert one_line(refused.stderr)
    assert "--rebuild" in refused.stderr
    done = run("sessions", "--rebuild", "--json")
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout) == json.loads(before)


def test_an_exported_csv_has_the_same_events_when_analysed(folder: Path) -> None:
    done = run("record", "sim:twitchy?speed=max", "--duration", "40s")
    assert done.returncode == 0, done.stderr
    assert run("export", "last", "--to", "json", "--out", "night.json").returncode == 0
    assert run("export", "last", "--to", "csv", "--out", "night.csv").returncode == 0
    (again,) = analysed("night.csv")
    assert again["events"] == json.loads(Path("night.json").read_text("utf-8"))["events"]
    assert "twitch" in (folder / "night-events.csv").read_text("utf-8")


@pytest.mark.parametrize("form", ["csv", "json"])
def test_export_overwrites_nothing(form: str, folder: Path) -> None:
    assert run("record", "sim:calm?speed=max", "--duration", "5s").returncode == 0
    target = folder / f"night.{form}"
    target.write_text("mine", "utf-8")
    done = run("export", "last", "--to", form, "--out", target.name)
    assert done.returncode == 1
    assert one_line(done.stderr)
    assert target.read_text("utf-8") == "mine"


def test_ctrl_c_ends_a_recording_with_130_and_keeps_the_samples(folder: Path) -> None:
    command = [sys.executable, "-m", "myowatch", "record", "sim:twitchy"]
    recorder = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    deadline = time.monotonic() + 30
    while not list(folder.glob("home/sessions/*/*.bdf")) and time.monotonic() < deadline:
        time.sleep(0.05)
    time.sleep(1.5)
    recorder.send_signal(signal.SIGINT)
    _, errors = recorder.communicate(timeout=30)
    assert recorder.returncode == 130
    assert errors == ""
    (session,) = json.loads(run("sessions", "--json").stdout)
    assert session["ended"] is not None
    assert session["duration_s"] > 0.5
    assert run("check", str(folder / "home" / session["files"][0])).returncode == 0


def test_only_the_owner_can_read_a_recording(folder: Path) -> None:
    assert run("record", "sim:calm?speed=max", "--duration", "5s").returncode == 0
    for path in (folder / "home").rglob("*"):
        assert path.stat().st_mode & 0o077 == 0, path


@pytest.mark.parametrize("ending", [signal.SIGINT, signal.SIGTERM], ids=["ctrl-c", "terminated"])
def test_the_demo_stops_its_recorder_when_it_ends(ending: int, folder: Path) -> None:
    # A demo terminated by the system once left a recorder running for ever.
    command = [sys.executable, "-m", "myowatch", "demo", "--no-browser"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as demo:
        assert demo.stdout is not None
        address = re.search(r"http://127\.0\.0\.1:\d+", demo.stdout.readline())
        assert address is not None
        with urllib.request.urlopen(address[0]) as page:
            assert page.status == 200
        (recorder,) = psutil.Process(demo.pid).children()
        demo.send_signal(ending)
        assert demo.wait(30) == (130 if ending == signal.SIGINT else 143)
        assert not recorder.is_running()
