"""`myowatch devices` and `myowatch record` with a board at a serial port."""

import json
import re
import sys
from pathlib import Path

import pytest
from command_line import one_line, run, run_process
from serial_board import Board, chords

pytestmark = pytest.mark.skipif(
    sys.platform == "win32", reason="pseudo-terminals are of Unix; run this on Linux or macOS"
)


@pytest.fixture
def port(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("MYOWATCH_HOME", str(tmp_path / "home"))
    return tmp_path / "ttyUSB0"


def board(port: Path) -> Board:
    return Board(
        port,
        lambda a, b: chords(a, b, 6),
        500,
        answers={b"WHORU\n": b"UNO-R4\r\n"},
        start=b"START\n",
        stop=b"STOP\n",
    )


def test_the_command_that_devices_prints_records_the_board(port: Path) -> None:
    with board(port):
        listed = run("devices", str(port))
        assert listed.returncode == 0
        assert "UNO-R4, a board of Upside Down Labs (Chords) at" in listed.stdout
        assert re.search(r"A5 +500 Hz", listed.stdout)
        line = re.search(r"myowatch record '(.*)' --site left-thigh", listed.stdout)
        assert line is not None
        recorded = run("record", line[1], "--site", "left-thigh", "--duration", "2s")
    assert recorded.returncode == 0, recorded.stderr
    assert "at " + str(port) + ": no samples lost" in recorded.stdout
    (session,) = json.loads(run("sessions", "--json").stdout)
    assert session["duration_s"] == 2.0
    assert session["source"] == line[1]


def test_devices_json_prints_only_json_on_standard_output(port: Path) -> None:
    with board(port):
        done = run("devices", str(port), "/dev/ttyUSB99", "--json")
    there, absent = json.loads(done.stdout)
    assert done.returncode == 1
    assert there["source"] == f"serial:{port}?baud=115200&format=chords"
    assert [s["name"] for s in there["streams"]] == ["A0", "A1", "A2", "A3", "A4", "A5"]
    assert there["streams"][0]["sampling_rate_hz"] == 500
    assert there["link"]["lost_samples"] == 0
    assert absent["problem"].startswith("there is no port /dev/ttyUSB99")
    assert absent["streams"] == []


def test_recording_a_missing_port_fails_with_one_line(port: Path) -> None:
    done = run("record", f"serial:{port}")
    assert done.returncode == 1
    assert f"there is no port {port}" in done.stderr
    assert one_line(done.stderr)


def test_devices_without_bluetooth_says_so_and_succeeds(
    port: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DBUS_SYSTEM_BUS_ADDRESS", f"unix:path={port.parent}/nothing")
    done = run_process("devices", "--json")
    assert done.returncode == 0
    assert all(each["bluetooth"] is None for each in json.loads(done.stdout))
    if sys.platform == "linux":
        assert one_line(done.stderr)
        assert done.stderr.startswith("no Bluetooth LE: the Bluetooth service of this computer")
