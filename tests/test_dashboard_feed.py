"""The feed follows a recording that is really being written, by the writer that recorders use."""

import json
import os
import struct
import time
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pytest

from myowatch.dashboard.live.live_feed import Feed
from myowatch.recordings.bdf.bdf_writer import BdfWriter
from myowatch.recordings.storage.data_folder import device_key, private_folder, session_folder
from myowatch.recordings.store.recorder_status import RecorderState, RecorderStatus, write_status
from myowatch.signal.model.events import Event, Kind, Reason
from myowatch.signal.model.samples import Modality, SampleBlock, Samples, Stream, Unit

EMG = Stream("EMG", Modality.EMG, Unit.MICROVOLT, 1000.0, ("EMG",), 0.025, "left-thigh")
LEG = Stream("Leg", Modality.ACCELEROMETER, Unit.G, 200.0, ("x", "y", "z"), 2e-6, "left-thigh")
DEVICE = "sim:test"
KEY = device_key(DEVICE)


class Recorder:
    """What a recorder does to the data folder, one step at a time."""

    def __init__(self, home: Path, session: str) -> None:
        self.home = home
        self.session = session
        folder = private_folder(session_folder(home, session))
        self.file = folder / "test.bdf"
        self.writer = BdfWriter(
            self.file, [EMG, LEG], started=datetime.now(UTC), session_id=session, source=DEVICE
        )
        self.seconds = 0.0

    def record(self, emg: Samples, leg: Samples, *events: Event) -> None:
        self.writer.write(SampleBlock(EMG, int(self.seconds * 1000), emg[:, np.newaxis]))
        self.writer.write(SampleBlock(LEG, int(self.seconds * 200), leg))
        for event in events:
            self.writer.add_event(event)
        self.writer.sync()
        self.seconds += len(emg) / 1000

    def say(self, state: RecorderState = RecorderState.RECORDING, *, age: float = 0.0) -> None:
        condition = {"name": "EMG", "quality": "good", "threshold": 30.0}
        write_status(
            self.home,
            RecorderStatus(
                device=DEVICE,
                pid=os.getpid(),
                session_id=self.session,
                file=self.file.relative_to(self.home).as_posix(),
                site="left-thigh",
                state=state,
                message="",
                started=datetime.now(UTC).isoformat(),
                updated=time.time() - age,
                conditions=[condition | {"unscorable_since_s": None}],
            ),
        )


@pytest.fixture
def recorder(tmp_path: Path) -> Iterator[Recorder]:
    made = Recorder(tmp_path, "20261123-220411-abc")
    made.say()
    with made.writer:
        yield made


@pytest.fixture
def feed(tmp_path: Path) -> Iterator[Feed]:
    made = Feed(tmp_path, KEY)
    yield made
    made.close()


def unpacked(frame: bytes) -> tuple[dict[str, Any], list[npt.NDArray[np.float32]]]:
    (length,) = struct.unpack_from("<I", frame)
    head = json.loads(frame[4 : 4 + length])
    rest = np.frombuffer(frame, "<f4", offset=4 + length)
    ends = np.cumsum([2 * stream["n_bins"] for stream in head["streams"]])
    parts = np.split(rest, ends[:-1])
    return head, [part.reshape(2, -1) for part in parts]


def rest(seconds: float) -> tuple[Samples, Samples]:
    n = int(seconds * 1000)
    leg = np.zeros((n // 5, 3))
    leg[:, 2] = 1.0
    return np.zeros(n), leg


def settled(feed: Feed) -> None:
    # A status is read a few times a second at most.
    deadline = time.monotonic() + 2
    while not feed.poll() and time.monotonic() < deadline:
        time.sleep(0.05)


def test_a_spike_is_drawn_in_the_bin_of_its_sample(feed: Feed, recorder: Recorder) -> None:
    emg, leg = rest(12.0)
    emg[11_234] = 100.0
    recorder.record(emg, leg)
    settled(feed)
    head, (low_high, _) = unpacked(feed.frame(10))
    stream = head["streams"][0]
    spike = int(np.nanargmax(low_high[1]))
    begins = (stream["first_bin"] + spike) * stream["bin_s"]
    assert begins <= 11.234 < begins + stream["bin_s"]
    assert head["end"] == pytest.approx(12.0, abs=0.5)


def test_gravity_and_offsets_are_not_drawn(feed: Feed, recorder: Recorder) -> None:
    emg, leg = rest(3.0)
    recorder.record(emg + 2000.0, leg)
    settled(feed)
    _, drawn = unpacked(feed.frame(5))
    for low_high in drawn:
        assert np.nanmax(np.abs(low_high)) < 1e-6


def test_missing_samples_stay_empty(feed: Feed, recorder: Recorder) -> None:
    emg, leg = rest(6.0)
    emg[3000:4000] = np.nan
    recorder.record(emg, leg)
    settled(feed)
    head, (low_high, _) = unpacked(feed.frame(5))
    stream = head["streams"][0]
    times = (np.arange(stream["n_bins"]) + stream["first_bin"] + 0.5) * stream["bin_s"]
    inside = (times > 3.01) & (times < 3.99)
    assert np.isnan(low_high[0][inside]).all()
    assert not np.isnan(low_high[0][(times > 1.5) & (times < 2.9)]).any()


def test_events_of_the_window_come_with_it_and_older_ones_do_not(
    feed: Feed, recorder: Recorder
) -> None:
    recorder.record(
        *rest(20.0),
        Event("EMG", Kind.TWITCH, 2000, 2020, peak=50.0),
        Event("EMG", Kind.TWITCH, 15_000, 15_020, peak=80.0),
        Event("Leg", Kind.ARTEFACT, 3200, 3260, reason=Reason.TAP),
    )
    recorder.record(*rest(1.0))
    settled(feed)
    head, _ = unpacked(feed.frame(10))
    assert head["events"] == [
        [0, "twitch", 15.0, 15.02, 80.0, None, ""],
        [1, "artefact", 16.0, 16.3, 0.0, "tap", ""],
    ]
    assert len(unpacked(feed.frame(60))[0]["events"]) == 3


def test_an_event_is_drawn_hollow_until_it_is_settled(feed: Feed, recorder: Recorder) -> None:
    def drawn() -> list[list[Any]]:
        recorder.record(*rest(0.5))
        settled(feed)
        return [e[1:3] + e[6:] for e in unpacked(feed.frame(60))[0]["events"]]

    early = Event("EMG", Kind.TWITCH, 1000, 1020, peak=50.0, provisional=True)
    withdrawn = Event("EMG", Kind.TWITCH, 1400, 1420, peak=50.0, provisional=True)
    long = Event("EMG", Kind.CRAMP, 2000, 9000, cramp_probability=0.5, provisional=True)
    recorder.record(*rest(9.5), early, withdrawn, long)
    assert drawn() == [
        ["twitch", 1.0, "provisional"],
        ["twitch", 1.4, "provisional"],
        ["cramp", 2.0, "provisional unsure"],
    ]
    recorder.writer.add_event(replace(early, provisional=False))
    recorder.writer.add_settled("EMG", 8000)
    assert drawn() == [["cramp", 2.0, "provisional unsure"], ["twitch", 1.0, ""]]
    recorder.writer.add_event(replace(long, provisional=False))
    recorder.writer.add_settled("EMG", 10_000)
    assert drawn() == [["twitch", 1.0, ""], ["cramp", 2.0, "unsure"]]


def test_an_answer_changes_the_mark_of_its_event(
    feed: Feed, recorder: Recorder, tmp_path: Path
) -> None:
    long = Event("EMG", Kind.CRAMP, 2000, 9000, 80.0, cramp_probability=0.5)
    recorder.record(*rest(9.5), long)
    settled(feed)
    file = recorder.file.relative_to(tmp_path).as_posix()
    for said, expected in (("not_sure", ["cramp", "unsure"]), ("movement", ["movement", ""])):
        feed.carry_out({"answer": said, "about": [file, "EMG", 2000, 9000, "cramp"]})
        (event,) = unpacked(feed.frame(60))[0]["events"]
        assert [event[1], event[6]] == expected


def test_the_threshold_and_the_state_come_from_the_recorders_heartbeat(
    feed: Feed, recorder: Recorder
) -> None:
    recorder.record(*rest(1.0))
    settled(feed)
    head, _ = unpacked(feed.frame(10))
    assert head["streams"][0]["threshold"] == 30.0
    assert head["streams"][1]["threshold"] is None
    assert head["state"] == "recording"
    recorder.say(age=5.0)
    settled(feed)
    assert unpacked(feed.frame(10))[0]["state"] == "lost"


def test_a_recorder_that_begins_again_is_followed_into_its_new_recording(
    feed: Feed, recorder: Recorder, tmp_path: Path
) -> None:
    recorder.record(*rest(30.0))
    settled(feed)
    with_second = Recorder(tmp_path, "20261123-230000-def")
    with with_second.writer:
        with_second.say()
        with_second.record(*rest(2.0))
        deadline = time.monotonic() + 3
        while time.monotonic() < deadline:
            feed.poll()
            head, _ = unpacked(feed.frame(10))
            if head["session"] == "20261123-230000-def" and head["end"] > 0:
                break
            time.sleep(0.05)
        assert head["end"] == pytest.approx(2.0, abs=0.5)


def test_before_any_recorder_there_is_an_empty_frame(feed: Feed) -> None:
    feed.poll()
    head, drawn = unpacked(feed.frame(10))
    assert head["state"] == "none"
    assert drawn[0].size == 0


def test_a_damaged_recording_is_named(feed: Feed, recorder: Recorder) -> None:
    recorder.file.write_bytes(b"\xffBIOSEMI" + b"garbage" * 1000)
    settled(feed)
    feed.poll()
    assert "test.bdf" in unpacked(feed.frame(10))[0]["problem"]
