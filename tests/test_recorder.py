import json
import os
import threading
import time
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest

from myowatch.acquisition.recorder.recorder import BEAT_S, RecordingResult, record
from myowatch.acquisition.recorder.recovery import recover
from myowatch.acquisition.recorder.stop_request import Stop
from myowatch.acquisition.recorder.track import TrackProgress
from myowatch.acquisition.simulator import Simulation, WornSensors
from myowatch.acquisition.source.source import Source, SourceLost
from myowatch.acquisition.sources.open_source import open_source
from myowatch.acquisition.sources.sim_source import SimSource
from myowatch.recordings.analysis.analyze import analyze, settings_from_text
from myowatch.recordings.formats.opening import open_recording
from myowatch.recordings.storage.data_folder import (
    device_key,
    recorders_folder,
    session_folder,
)
from myowatch.recordings.storage.problem import DeviceBusy
from myowatch.recordings.store.recorder_status import (
    RecorderState,
    RecorderStatus,
    hold_device,
    read_statuses,
    request_stop,
)
from myowatch.recordings.store.store import Store
from myowatch.signal.model.events import Event, Kind
from myowatch.signal.model.samples import SampleBlock, Stream
from myowatch.signal.model.settings import DetectionSettings


def ordered(events: Sequence[Event]) -> list[Event]:
    return sorted(events, key=lambda e: (e.stream, e.onset, e.offset, e.kind, e.reason or ""))


def events_in_file(path: Path) -> list[Event]:
    with open_recording(path) as recording:
        return ordered(recording.events())


def events_in_store(home: Path, session_id: str) -> list[Event]:
    with Store(home) as store:
        return ordered(store.events(session_id))


def record_text(home: Path, *texts: str, seconds: float | None = None) -> RecordingResult:
    return record([open_source(text) for text in texts], home=home, duration_s=seconds)


@pytest.fixture(scope="module")
def night(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, RecordingResult]:
    home = tmp_path_factory.mktemp("night")
    return home, record_text(home, "sim:demo?speed=max&modality=both&seed=5", seconds=240.25)


def test_the_file_has_the_simulators_samples_exactly(night: tuple[Path, RecordingResult]) -> None:
    _, recorded = night
    source = SimSource(Simulation("demo", seed=5, wears=WornSensors.BOTH), speed=float("inf"))
    lived: dict[str, list[SampleBlock]] = {s.name: [] for s in source.open()}
    while not lived["EMG"] or lived["EMG"][-1].end_sample < 242_000:
        for block in source.read() or []:
            lived[block.stream.name].append(block)
    with open_recording(recorded.tracks[0].file) as recording:
        assert recording.n_samples == {"EMG": 240_250, "ACC": 48_050}
        assert not recording.warnings
        for stream in recording.streams:
            kept = [b.samples for b in recording.blocks() if b.stream.name == stream.name]
            true = np.concatenate([b.samples for b in lived[stream.name]])
            np.testing.assert_array_equal(np.concatenate(kept), true[: len(np.concatenate(kept))])


def test_file_store_and_analysis_have_the_same_events(
    night: tuple[Path, RecordingResult],
) -> None:
    home, recorded = night
    found = events_in_file(recorded.tracks[0].file)
    assert {e.kind for e in found} >= {Kind.TWITCH, Kind.MOVEMENT}
    assert found == events_in_store(home, recorded.session_id)
    assert found == ordered(analyze(recorded.tracks[0].file).events)


@pytest.mark.parametrize("speed", ["max", "200"])
def test_a_replay_at_any_speed_gives_the_events_of_the_analysis(
    night: tuple[Path, RecordingResult], tmp_path: Path, speed: str
) -> None:
    file = night[1].tracks[0].file
    recorded = record_text(tmp_path, f"file:{file}?speed={speed}")
    replayed = recorded.tracks[0].file
    expected = ordered(analyze(file).events)
    assert recorded.tracks[0].progress == 1
    assert events_in_file(replayed) == expected
    assert events_in_store(tmp_path, recorded.session_id) == expected
    assert ordered(analyze(replayed).events) == expected


def test_a_replay_keeps_gaps_and_the_samples_after_them(tmp_path: Path) -> None:
    path = tmp_path / "gaps.csv"
    with path.open("w") as file:
        file.write("# sampling_rate_hz: 250\ntime_s,EMG [uV]\n")
        for n in range(250 * 60):
            if not 5000 < n < 5700:
                file.write(f"{n / 250:.3f},{(n * 7919 % 211) / 20 - 5:.3f}\n")
    recorded = record_text(tmp_path / "home", f"file:{path}?speed=max")
    expected = ordered(analyze(path).events)
    assert any(e.reason == "gap" for e in expected)
    assert events_in_file(recorded.tracks[0].file) == expected
    assert ordered(analyze(recorded.tracks[0].file).events) == expected


def test_the_file_and_the_store_keep_the_settings_of_the_detection(tmp_path: Path) -> None:
    settings = DetectionSettings(mains_hz=60.0)
    source = open_source("sim:calm?speed=max")
    recorded = record([source], home=tmp_path, note="left", duration_s=3, settings=settings)
    with open_recording(recorded.tracks[0].file) as recording, Store(tmp_path) as store:
        assert settings_from_text(recording.metadata["settings"]) == settings
        assert recording.metadata["note"] == "left"
        assert store.settings(recorded.session_id) == [recording.metadata["settings"]]


def test_truth_lies_beside_a_simulated_recording(night: tuple[Path, RecordingResult]) -> None:
    file = night[1].tracks[0].file
    truth = json.loads((file.parent / f"{file.name}.truth.json").read_text())
    assert truth["streams"][0]["n_samples"] == 240_250
    assert {e["kind"] for e in truth["events"]} >= {"twitch", "movement"}
    assert all(0 <= e["onset_s"] < e["offset_s"] <= 240.25 for e in truth["events"])


def test_a_session_of_several_sources_has_a_file_for_each(tmp_path: Path) -> None:
    texts = ("sim:calm?speed=max&site=left-calf", "sim:twitchy?speed=max&seed=2")
    recorded = record_text(tmp_path, *texts, seconds=20)
    assert [t.file.name for t in recorded.tracks] == ["1-left-calf.bdf", "2-sim.bdf"]
    assert not recorded.failed
    with Store(tmp_path) as store:
        (session,) = store.sessions()
        assert session.ended is not None
        assert session.duration_s == 20
        assert len(session.files) == 2
        assert session.sites == ("left-calf",)


def test_the_status_says_that_it_ended_and_how_each_stream_was(
    night: tuple[Path, RecordingResult],
) -> None:
    home, recorded = night
    (status,) = read_statuses(home)
    assert status.state is RecorderState.ENDED
    assert status.session_id == recorded.session_id
    assert home / status.file == recorded.tracks[0].file
    assert status.duration_s == 240.25
    assert [c["name"] for c in status.conditions] == ["EMG", "ACC"]
    assert status.conditions[0]["threshold"] > 0


def test_progress_counts_what_the_store_counts(night: tuple[Path, RecordingResult]) -> None:
    home, recorded = night
    with Store(home) as store:
        (session,) = store.sessions()
    emg = recorded.tracks[0].counts[0]
    assert (emg.twitches, emg.cramps) == (session.twitches, session.cramps)
    assert emg.scorable_s == pytest.approx(session.scorable_s, abs=0.01)
    assert emg.twitches_per_min == pytest.approx(emg.twitches / session.scorable_s * 60, rel=1e-3)


def test_there_is_no_rate_before_two_scorable_minutes(tmp_path: Path) -> None:
    recorded = record_text(tmp_path, "sim:twitchy?speed=max", seconds=100)
    assert recorded.tracks[0].counts[0].twitches > 0
    assert recorded.tracks[0].counts[0].twitches_per_min is None


class Silent(SimSource):
    """A device that is connected and sends nothing."""

    def read(self) -> list[SampleBlock] | None:
        time.sleep(0.1)
        return []


class Hanging(SimSource):
    """A device whose driver does not come back for two seconds."""

    def read(self) -> list[SampleBlock] | None:
        time.sleep(2.0)
        return None


class Flaky(SimSource):
    """A device that goes out of reach once, for three tenths of a second of signal."""

    lost = False
    shift = 0

    def read(self) -> list[SampleBlock] | None:
        blocks = super().read() or []
        if not self.lost and any(block.first_sample >= 500 for block in blocks):
            self.lost, self.shift = True, 300
            raise SourceLost("the sensor is out of reach", "bring it nearer")
        return [replace(b, first_sample=b.first_sample + self.shift) for b in blocks]


class Gone(Flaky):
    """A device that stays away."""

    def open(self) -> tuple[Stream, ...]:
        if self.lost:
            raise SourceLost("the sensor is out of reach", "bring it nearer")
        return super().open()


def statuses_while(home: Path, source: Source, seconds: float) -> list[RecorderStatus]:
    """What the status file says, every tenth of a second, while a source is recorded."""
    stop, seen = Stop(), []
    thread = threading.Thread(target=lambda: record([source], home=home, stop=stop))
    thread.start()
    for _ in range(int(seconds * 10)):
        seen += read_statuses(home)
        time.sleep(0.1)
    stop.request()
    thread.join()
    return seen


@pytest.mark.parametrize("kind", [Silent, Hanging])
def test_the_heart_beats_while_the_source_is_silent(tmp_path: Path, kind: type[SimSource]) -> None:
    seen = statuses_while(tmp_path, kind(Simulation("calm")), 1.9)
    assert len({status.updated for status in seen}) >= 3
    assert {status.state for status in seen} <= {RecorderState.CONNECTING, RecorderState.RECORDING}
    assert {status.pid for status in seen} == {os.getpid()}


def test_a_lost_device_is_found_again_and_leaves_a_gap(tmp_path: Path) -> None:
    seen = statuses_while(tmp_path, Flaky(Simulation("calm")), 3.0)
    states = [status.state for status in seen]
    assert RecorderState.LOST in states
    assert states[-1] is RecorderState.RECORDING
    lost = next(status for status in seen if status.state is RecorderState.LOST)
    assert lost.message == "the sensor is out of reach; bring it nearer"
    with open_recording(tmp_path / lost.file) as recording:
        ends = [(b.first_sample, b.end_sample) for b in recording.blocks(0.1)]
    assert any(first - end > 200 for (_, end), (first, _) in pairwise(ends))


def test_a_device_that_stays_lost_does_not_outlast_the_duration(tmp_path: Path) -> None:
    recorded = record([Gone(Simulation("calm"))], home=tmp_path, duration_s=1.5)
    assert recorded.tracks[0].duration_s == pytest.approx(0.5, abs=0.05)


def test_a_stop_request_ends_one_recorder_and_keeps_everything(tmp_path: Path) -> None:
    text = "sim:twitchy?seed=8"
    seen_s: list[float] = []

    def stop_after_a_second(tracks: Sequence[TrackProgress]) -> None:
        if tracks[0].duration_s >= 1.0 and not seen_s:
            seen_s.append(tracks[0].duration_s)
            request_stop(tmp_path, device_key(text))

    recorded = record(
        [open_source(text)], home=tmp_path, duration_s=60.0, on_progress=stop_after_a_second
    )
    assert seen_s[0] <= recorded.tracks[0].duration_s < 60.0
    assert recorded.tracks[0].state is RecorderState.ENDED
    with open_recording(recorded.tracks[0].file) as recording:
        assert recording.n_samples == {"EMG": round(recorded.tracks[0].duration_s * 1000)}
        assert not recording.warnings


def test_a_second_recorder_of_a_device_is_refused(tmp_path: Path) -> None:
    text = "sim:calm?seed=9"
    stop = Stop()
    first = threading.Thread(target=lambda: record([open_source(text)], home=tmp_path, stop=stop))
    first.start()
    try:
        while not read_statuses(tmp_path):
            time.sleep(0.02)
        with pytest.raises(DeviceBusy, match=f"process {os.getpid()} since ..:.."):
            record_text(tmp_path, text, seconds=1)
    finally:
        stop.request()
        first.join()


def test_a_source_that_cannot_be_opened_fails_alone(tmp_path: Path) -> None:
    (tmp_path / "bad.csv").write_bytes(b"\x00\x01\x02")
    recorded = record_text(
        tmp_path, f"file:{tmp_path / 'bad.csv'}", "sim:calm?speed=max", seconds=5
    )
    assert [t.state for t in recorded.tracks] == [RecorderState.FAILED, RecorderState.ENDED]
    assert recorded.failed
    assert "bad.csv" in recorded.tracks[0].message
    with Store(tmp_path) as store:
        assert store.sessions()[0].ended is not None


def test_progress_is_reported_at_most_twice_a_second_and_at_the_end(tmp_path: Path) -> None:
    told: list[tuple[float, TrackProgress]] = []
    record(
        [open_source("sim:calm")],
        home=tmp_path,
        duration_s=1.6,
        on_progress=lambda tracks: told.append((time.monotonic(), tracks[0])),
    )
    times = [time_s for time_s, _ in told[:-1]]
    assert len(times) >= 2
    # A busy machine may report later than asked, never sooner.
    assert all(later - sooner > 0.9 * BEAT_S for sooner, later in pairwise(times))
    durations = [progress.duration_s for _, progress in told]
    assert durations == sorted(durations)
    assert told[-1][1].duration_s == 1.6
    assert told[-1][1].state is RecorderState.ENDED


def test_the_session_says_when_it_began(night: tuple[Path, RecordingResult]) -> None:
    home, recorded = night
    with Store(home) as store:
        started = store.find(recorded.session_id).started
    assert abs((datetime.now().astimezone() - started).total_seconds()) < 600


def test_a_device_is_free_again_when_its_recorder_has_ended(tmp_path: Path) -> None:
    for _ in range(2):
        record_text(tmp_path, "sim:calm?speed=max", seconds=2)
    with hold_device(tmp_path, "sim:calm?speed=max"), Store(tmp_path) as store:
        assert len(store.sessions()) == 2


def test_recovery_leaves_a_session_that_starts_while_it_runs(tmp_path: Path) -> None:
    """Recovery read the running sessions before the folders, and deleted a new recording."""
    record_text(tmp_path, "sim:calm?speed=max", seconds=1)
    # Reading this status waits until it is written: recovery stops in the middle.
    slow_status = recorders_folder(tmp_path) / "0-slow.json"
    os.mkfifo(slow_status)
    new = session_folder(tmp_path, "20260101-000000-abc")

    def start_a_session() -> None:
        with slow_status.open("w", encoding="utf-8") as status:
            new.mkdir()
            status.write("{}")

    other = threading.Thread(target=start_a_session)
    other.start()
    recover(tmp_path)
    other.join()
    assert new.is_dir()
