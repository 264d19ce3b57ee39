"""Presses reach the recording and the store at the right time, and none is lost."""

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from myowatch.acquisition.recorder.intake import MarkerPlacement, ReadMarker
from myowatch.acquisition.recorder.recorder import record
from myowatch.acquisition.recorder.recovery import recover
from myowatch.acquisition.recorder.stop_request import Stop
from myowatch.acquisition.sources.open_source import open_source
from myowatch.recordings.bdf.bdf_reader import BdfRecording, ClockMap
from myowatch.recordings.bdf.bdf_writer import BdfWriter
from myowatch.recordings.formats.opening import open_recording
from myowatch.recordings.model.recording import Marker
from myowatch.recordings.storage.data_folder import private_folder, session_folder
from myowatch.recordings.store.recorder_status import read_statuses
from myowatch.recordings.store.store import Store, rebuild_store
from myowatch.recordings.wearer.marker_presses import (
    RECORDED_AFTER_S,
    Button,
    Presses,
    add_press,
    markers_with_presses,
    presses_of,
    undo_press,
)
from myowatch.signal.model.samples import Modality, SampleBlock, Stream, Unit

SESSION = "20261123-220411-k3f"
EMG = Stream("EMG", Modality.EMG, Unit.MICROVOLT, 1000.0, ("EMG",), 0.025, "left-thigh")
PLENTY_S = 60.0


def until(condition: Callable[[], bool]) -> None:
    deadline = time.monotonic() + PLENTY_S
    while not condition():
        assert time.monotonic() < deadline, "waited in vain"
        time.sleep(0.02)


@given(st.floats(0.5, 20), st.floats(0, 1e6), st.lists(st.floats(0.01, 1), min_size=2, max_size=50))
def test_the_clock_map_interpolates_between_two_pairs(
    speed: float, began: float, steps: list[float]
) -> None:
    clock = ClockMap()
    times = began + np.cumsum(steps)
    for at in times:
        clock.add(float(at), speed * (float(at) - began))
    asked = float((times[0] + times[-1]) / 2)
    assert clock.signal_at(asked) == pytest.approx(speed * (asked - began), abs=1e-6 * began + 1e-6)


def test_a_time_without_a_sensor_lies_in_the_gap() -> None:
    clock = ClockMap()
    clock.add(100.0, 10.0)
    assert not clock.covers(130.0)
    clock.add(160.0, 70.0)
    assert clock.covers(130.0)
    assert clock.signal_at(130.0) == pytest.approx(40.0)


def test_the_clock_map_extrapolates_at_equal_speed() -> None:
    clock = ClockMap()
    assert clock.signal_at(5.0) is None
    clock.add(100.0, 10.0)
    clock.add(101.0, 11.0)
    assert (clock.signal_at(99.0), clock.signal_at(103.0)) == (9.0, 13.0)


def test_an_undone_press_is_not_returned(tmp_path: Path) -> None:
    kept = add_press(tmp_path, SESSION, Button.FELT, 1000.25)
    undone = add_press(tmp_path, SESSION, Button.CRAMP, 1001.5)
    add_press(tmp_path, "another", Button.FELT, 1002.0)
    presses = Presses(tmp_path)
    assert presses.poll()
    assert not presses.poll()
    undo_press(tmp_path, undone.id)
    assert presses.poll()
    assert presses.for_session(SESSION) == (kept,)


def test_a_deleted_journal_has_no_presses(tmp_path: Path) -> None:
    add_press(tmp_path, SESSION, Button.FELT, 1000.0)
    presses = Presses(tmp_path)
    presses.poll()
    (tmp_path / "journal/marks.jsonl").unlink()
    assert presses.poll()
    assert presses.for_session(SESSION) == ()


def recording_with(home: Path, *markers: Marker) -> BdfRecording:
    path = private_folder(session_folder(home, SESSION)) / "test.bdf"
    started = datetime.fromtimestamp(1_800_000_000, UTC)
    with BdfWriter(path, [EMG], started=started, session_id=SESSION, source="sim:test") as writer:
        writer.write(SampleBlock(EMG, 0, np.zeros((20_000, 1))))
        for marker in markers:
            writer.add_marker(marker)
    with open_recording(path) as recording:
        assert isinstance(recording, BdfRecording)
        return recording


def test_a_rebuild_adds_presses_that_a_killed_recorder_did_not_write(tmp_path: Path) -> None:
    taken = Marker(5.02, "felt")
    recording = recording_with(tmp_path, taken)
    began = recording.started.timestamp()
    add_press(tmp_path, SESSION, Button.FELT, began + 5.0)
    add_press(tmp_path, SESSION, Button.FELT, began + 5.6)
    add_press(tmp_path, SESSION, Button.ME, began + 5.0)
    add_press(tmp_path, SESSION, Button.FELT, began - 60.0)
    found = markers_with_presses(recording, presses_of(tmp_path, SESSION))
    assert sorted((marker.text, marker.time_s) for marker in found) == [
        ("felt", 5.02),
        ("felt", 5.6),
        ("me", 5.0),
    ]
    rebuild_store(tmp_path)
    with Store(tmp_path) as store:
        assert len(store.markers(SESSION)) == 3


def test_a_press_is_written_when_its_undo_and_position_are_final(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    clock = [100.0]
    monkeypatch.setattr("myowatch.acquisition.recorder.intake.now_s", lambda: clock[0])
    marking = MarkerPlacement()
    marking.extend_to(10.0)
    heard = [ReadMarker(add_press(tmp_path, SESSION, Button.FELT, 0.0), 103.0)]
    clock[0] = 103.0 + RECORDED_AFTER_S
    assert marking.due(heard) == []  # the sensor is away since 100
    marking.extend_to(10.0 + 3.0 + RECORDED_AFTER_S)
    assert marking.due(heard) == [Marker(13.0, "felt")]
    assert marking.due(heard) == []
    assert marking.remaining(heard) == []


def test_a_press_is_recorded_within_a_tenth_of_a_second(
    tmp_path: Path,
) -> None:
    stop = Stop()
    source = open_source("sim:calm", site="left-thigh")
    recorder = threading.Thread(
        target=record, args=([source],), kwargs={"home": tmp_path, "stop": stop}
    )
    recorder.start()
    try:
        until(lambda: any(s.duration_s > 0.5 for s in read_statuses(tmp_path)))
        (status,) = read_statuses(tmp_path)
        at = time.time()
        add_press(tmp_path, status.session_id, Button.FELT, at)
        undo_press(tmp_path, add_press(tmp_path, status.session_id, Button.ME, at).id)
        until(lambda: read_statuses(tmp_path)[0].duration_s > status.duration_s + 0.5)
    finally:
        stop.request()
        recorder.join(PLENTY_S)
    with open_recording(tmp_path / status.file) as recording:
        (marker,) = recording.markers()
        assert recording.started is not None
        assert marker.text == "felt"
        assert abs(recording.started.timestamp() + marker.time_s - at) < 0.1
    with Store(tmp_path) as store:
        assert store.markers(status.session_id) == [marker]
    rebuild_store(tmp_path)
    with Store(tmp_path) as store:
        assert store.markers(status.session_id) == [marker]


def test_a_killed_recorder_loses_no_press(tmp_path: Path) -> None:
    with subprocess.Popen(
        [sys.executable, "-m", "myowatch", "record", "sim:calm"],
        env=os.environ | {"MYOWATCH_HOME": str(tmp_path)},
        stdout=subprocess.DEVNULL,
    ) as process:
        until(lambda: any(s.duration_s > 0.5 for s in read_statuses(tmp_path)))
        (status,) = read_statuses(tmp_path)
        add_press(tmp_path, status.session_id, Button.CRAMP, time.time())
        until(lambda: read_statuses(tmp_path)[0].duration_s > status.duration_s + 0.5)
        process.send_signal(signal.SIGKILL)
    assert recover(tmp_path) == [status.session_id]
    with Store(tmp_path) as store:
        (marker,) = store.markers(status.session_id)
    assert marker.text == "cramp"
    assert 0 < marker.time_s < 60
