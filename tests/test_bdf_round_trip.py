"""Samples, events and markers are read back from a recording exactly."""

import warnings
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta, timezone
from itertools import count, pairwise
from pathlib import Path
from typing import Any

import edfio
import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from myowatch.recordings.bdf.bdf_growing import NewRecords, RecordingTail
from myowatch.recordings.bdf.bdf_reader import BdfRecording
from myowatch.recordings.bdf.bdf_writer import BdfWriter
from myowatch.recordings.formats.opening import open_recording
from myowatch.recordings.model.recording import Marker, Recording
from myowatch.signal.model.events import Event, Kind, Reason
from myowatch.signal.model.samples import Modality, SampleBlock, Samples, Stream, Unit

STARTED = datetime(2026, 11, 23, 22, 4, 11, 123456, timezone(timedelta(hours=1)))
NUMBERS = count()
RATES = [1000.0, 250.0, 104.0, 100.0, 2048.0, 333.333, 999.8712345, 1259.2592592592594, 10000.0]


def emg(name: str = "EMG", rate: float = 1000.0, resolution: float = 0.025) -> Stream:
    return Stream(name, Modality.EMG, Unit.MICROVOLT, rate, (name,), resolution, "left-thigh")


def accelerometer(name: str = "ACC", rate: float = 104.0) -> Stream:
    axes = (f"{name}.x", f"{name}.y", f"{name}.z")
    return Stream(name, Modality.ACCELEROMETER, Unit.G, rate, axes, 2e-6)


def make_writer(path: Path, streams: Iterable[Stream], **more: Any) -> BdfWriter:
    details: dict[str, Any] = {
        "started": STARTED,
        "session_id": "20261123-220411-k3f",
        "source": "sim:calm",
    }
    return BdfWriter(path, list(streams), **(details | more))


def noise(stream: Stream, n_samples: int, seed: int = 0) -> Samples:
    rng = np.random.default_rng(seed)
    counts = rng.integers(-8_388_607, 8_388_608, (n_samples, len(stream.channels)))
    return counts * np.float64(stream.resolution)


def whole(recording: Recording, stream: Stream, n_samples: int, seconds: float = 10.0) -> Samples:
    """Return all samples of one stream, NaN where missing."""
    samples = np.full((n_samples, len(stream.channels)), np.nan)
    for block in recording.blocks(seconds):
        if block.stream == stream:
            samples[block.first_sample : block.end_sample] = block.samples
    return samples


def read_by_edfio(path: Path) -> edfio.Bdf:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", UserWarning)  # a torn record, a count of -1
        return edfio.read_bdf(path)


EVENTS = [
    Event("EMG", Kind.TWITCH, 1234, 1252, 132.123456, 18.2123, 0.98123, count=2),
    Event("EMG", Kind.ARTEFACT, 10, 5000, reason=Reason.GAP),
    Event("EMG", Kind.CRAMP, 6000, 9000, 1e-7, -3.05, 0.5, cramp_probability=0.61),
    Event("EMG", Kind.MOVEMENT, 9500, 9900, 3.0, 9.0, 0.5, provisional=True),
]
MARKERS = [Marker(1.2345678, "cramp"), Marker(0.0, "note: kalte Füße, 左脚"), Marker(-0.5, "felt")]


@st.composite
def recorded(draw: st.DrawFn) -> tuple[list[Stream], dict[str, Samples], list[SampleBlock]]:
    """Draw streams, their samples with NaN in gaps, and their blocks in order of time."""
    rates = draw(st.lists(st.sampled_from(RATES), min_size=1, max_size=4))
    streams = [
        accelerometer(f"Stream {i}", rate) if draw(st.booleans()) else emg(f"Größe {i} 肌", rate)
        for i, rate in enumerate(rates)
    ]
    seconds = draw(st.floats(0.0, 3.0))
    samples, blocks = {}, []
    for stream in streams:
        n = int(seconds * stream.sampling_rate)
        values = noise(stream, n, seed=draw(st.integers(0, 99)))
        for start in draw(st.lists(st.integers(0, max(0, n - 1)), max_size=3)):
            values[start : start + draw(st.integers(1, 2000))] = np.nan
        samples[stream.name] = values
        cuts = sorted({0, n, *draw(st.lists(st.integers(0, n), max_size=5))})
        for first, end in pairwise(cuts):
            if not np.isnan(values[first:end]).all():
                blocks.append(SampleBlock(stream, first, values[first:end]))
    blocks.sort(key=lambda block: block.first_sample / block.stream.sampling_rate)
    return streams, samples, blocks


@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
@given(content=recorded(), block_s=st.sampled_from([0.05, 0.7, 10.0]))
def test_samples_streams_and_start_are_read_back_exactly(
    tmp_path: Path,
    content: tuple[list[Stream], dict[str, Samples], list[SampleBlock]],
    block_s: float,
) -> None:
    streams, samples, blocks = content
    path = tmp_path / f"{next(NUMBERS)}.bdf"
    with make_writer(path, streams) as writer:
        for block in blocks:
            writer.write(block)
    with open_recording(path) as recording:
        assert recording.streams == tuple(streams)
        assert recording.started == STARTED
        assert recording.metadata["session"] == "20261123-220411-k3f"
        assert recording.warnings == ()
        assert recording.n_samples is not None
        for stream in streams:
            expected = samples[stream.name]
            last = np.flatnonzero(~np.isnan(expected).all(axis=1))
            n_samples = recording.n_samples[stream.name]
            assert n_samples >= (last[-1] + 1 if len(last) else 0)
            np.testing.assert_array_equal(
                whole(recording, stream, len(expected), block_s)[:n_samples], expected[:n_samples]
            )


def test_events_and_markers_are_read_back_equal_and_in_order(tmp_path: Path) -> None:
    path = tmp_path / "a.bdf"
    stream = emg()
    with make_writer(path, [stream], note="x" * 1000, source="file:/tmp/ä b") as writer:
        writer.write(SampleBlock(stream, 0, noise(stream, 1050)))
        for event in EVENTS:
            writer.add_event(event)
        for marker in MARKERS:
            writer.add_marker(marker)
        assert writer.sync() == EVENTS
        assert writer.n_samples == {"EMG": 1000}
    with open_recording(path) as recording:
        assert recording.events() == EVENTS
        assert recording.markers() == MARKERS
        assert recording.metadata["note"] == "x" * 1000
        assert recording.metadata["source"] == "file:/tmp/ä b"
        assert recording.n_samples == {"EMG": 1050}


def test_many_events_continue_in_later_records(tmp_path: Path) -> None:
    path = tmp_path / "a.bdf"
    stream = emg()
    events = [Event("EMG", Kind.TWITCH, i, i + 20, float(i)) for i in range(500)]
    with make_writer(path, [stream]) as writer:
        writer.write(SampleBlock(stream, 0, noise(stream, 1000)))
        for event in events:
            writer.add_event(event)
        early = writer.sync()
        assert 0 < len(early) < 500
        assert early + writer.close() == events
    with open_recording(path) as recording:
        assert recording.events() == events
        assert recording.n_samples == {"EMG": 1000}


@pytest.mark.parametrize("closed", [True, False], ids=["finished", "growing"])
def test_edfio_reads_the_same_samples(tmp_path: Path, closed: bool) -> None:  # noqa: FBT001
    path = tmp_path / "a.bdf"
    streams = [emg(), emg("Wade außen, ein langer Name"), accelerometer()]
    writer = make_writer(path, streams)
    samples = {stream.name: noise(stream, int(stream.sampling_rate * 5)) for stream in streams}
    for stream in streams:
        writer.write(SampleBlock(stream, 0, samples[stream.name]))
    writer.add_event(Event("EMG", Kind.TWITCH, 1234, 1252, 132.1))
    writer.sync()
    if closed:
        writer.close()
    file = read_by_edfio(path)
    labels = ["EMG", "Wade au_en, ein", "ACC.x", "ACC.y", "ACC.z"]
    assert [signal.label for signal in file.signals] == labels
    np.testing.assert_array_equal(
        np.rint(samples["EMG"][:, 0] / 0.025), file.signals[0].digital[:5000]
    )
    np.testing.assert_allclose(
        file.signals[0].data[:5000], samples["EMG"][:, 0], rtol=2e-6, atol=0.025
    )
    assert file.startdatetime == STARTED.replace(tzinfo=None, microsecond=0)
    assert file.is_continuous
    assert closed == any(a.text.startswith("myowatch.end") for a in file.annotations)
    if closed:
        assert [a.onset for a in file.annotations if a.text.startswith("twitch")] == [1.234]
    writer.close()


def test_a_file_without_samples_is_valid(tmp_path: Path) -> None:
    path = tmp_path / "a.bdf"
    make_writer(path, [emg()]).close()
    with open_recording(path) as recording:
        assert recording.n_samples == {"EMG": 0}
        assert list(recording.blocks()) == []
    assert read_by_edfio(path).num_data_records >= 1


def test_out_of_range_values_clip_and_are_counted(tmp_path: Path) -> None:
    path = tmp_path / "a.bdf"
    stream = emg()
    samples = np.array([[0.0], [1e9], [-np.inf], [np.nan]])
    with make_writer(path, [stream]) as writer:
        writer.write(SampleBlock(stream, 0, samples))
        assert writer.clipped == {"EMG": 2}
    with open_recording(path) as recording:
        assert whole(recording, stream, 3).ravel().tolist() == [
            0.0,
            8_388_607 * 0.025,
            -8_388_607 * 0.025,
        ]
    assert any(a.text == 'clipped in "EMG" 2 samples' for a in read_by_edfio(path).annotations)


def test_a_gap_is_annotated_and_costs_no_memory(tmp_path: Path) -> None:
    path = tmp_path / "a.bdf"
    stream = emg()
    with make_writer(path, [stream]) as writer:
        writer.write(SampleBlock(stream, 0, noise(stream, 1000)))
        writer.write(SampleBlock(stream, 3_600_000, noise(stream, 1000)))
    with open_recording(path) as recording:
        assert [block.first_sample for block in recording.blocks()] == [0, 3_600_000]
    texts = [a.text for a in read_by_edfio(path).annotations]
    assert 'gap in "EMG" samples 1000-3600000' in texts
    assert sum(text.startswith("clock ") for text in texts) == 61


def test_a_silent_stream_does_not_hold_back_the_others(tmp_path: Path) -> None:
    path = tmp_path / "a.bdf"
    speaking, silent = emg("A"), emg("B")
    with make_writer(path, [speaking, silent]) as writer:
        writer.write(SampleBlock(silent, 0, noise(silent, 500)))
        for start in range(0, 100_000, 1000):
            writer.write(SampleBlock(speaking, start, noise(speaking, 1000)))
        assert writer.n_samples["A"] > 38_000
        writer.write(SampleBlock(silent, 100, noise(silent, 1000, seed=1)))  # too late
        writer.write(SampleBlock(silent, 99_000, noise(silent, 1000)))
    with open_recording(path) as recording:
        assert recording.n_samples == {"A": 100_000, "B": 100_000}
        samples = whole(recording, silent, 100_000)
        np.testing.assert_array_equal(samples[:500], noise(silent, 500))
        assert np.isnan(samples[500:99_000]).all()


def test_a_tail_returns_everything_once(tmp_path: Path) -> None:
    path = tmp_path / "a.bdf"
    streams = [emg(), accelerometer()]
    samples = {stream.name: noise(stream, int(stream.sampling_rate * 8)) for stream in streams}
    seen: dict[str, list[Samples]] = {stream.name: [] for stream in streams}
    with make_writer(path, streams) as writer, RecordingTail(path) as tail:
        assert tail.poll() == NewRecords([], [], [], {})
        assert tail.streams == ()
        found: list[Event | Marker] = []
        for step in range(80):
            for stream in streams:
                first, end = (int(s * stream.sampling_rate / 10) for s in (step, step + 1))
                block = SampleBlock(stream, first, samples[stream.name][first:end])
                writer.write(block)
            if step == 40:
                writer.add_event(EVENTS[0])
                writer.add_marker(MARKERS[0])
            writer.sync()
            blocks, events, markers, _ = tail.poll()
            found += [*events, *markers]
            for block in blocks:
                assert block.first_sample == sum(map(len, seen[block.stream.name]))
                seen[block.stream.name].append(block.samples)
        assert tail.streams == tuple(streams)
        assert tail.started == STARTED
        assert found == [EVENTS[0], MARKERS[0]]
    for stream in streams:
        np.testing.assert_array_equal(np.concatenate(seen[stream.name]), samples[stream.name])
    with RecordingTail(path, from_seconds_before_end=2) as tail:
        blocks = tail.poll().blocks
        assert 6000 <= blocks[0].first_sample < 6300  # the close may add a record


EARLY, WITHDRAWN, LATE = (
    Event("EMG", Kind.TWITCH, at, at + 20, 99.0, 20.0, 0.9, provisional=True)
    for at in (1000, 2000, 5000)
)
SETTLED = Event("EMG", Kind.MOVEMENT, 990, 1400, 120.0, 22.0, 0.8, cramp_probability=0.3)


def written(path: Path, parts: Iterable[Event | int]) -> list[Event]:
    """Write events, and up to which sample all is settled; return what is read back."""
    with make_writer(path, [emg(), accelerometer()]) as writer:
        writer.write(SampleBlock(emg(), 0, noise(emg(), 8000)))
        for part in parts:
            if isinstance(part, int):
                writer.add_settled("EMG", part)
            else:
                writer.add_event(part)
        saved = writer.sync() + writer.close()
        assert saved == [part for part in parts if isinstance(part, Event)]
        last = [part for part in parts if isinstance(part, int)][-1:]
        assert [*writer.take_saved_settled().values()] == last
    with open_recording(path) as recording:
        return recording.events()


def test_settled_events_replace_the_provisional_ones(tmp_path: Path) -> None:
    found = written(tmp_path / "a.bdf", [EARLY, WITHDRAWN, LATE, SETTLED, 3000])
    assert found == [LATE, SETTLED]


def test_provisional_events_stay_until_something_settles_them(tmp_path: Path) -> None:
    assert written(tmp_path / "a.bdf", [EARLY, WITHDRAWN, LATE]) == [EARLY, WITHDRAWN, LATE]


def test_a_settled_event_replaces_what_it_overlaps_before_its_recorder_could_say_so(
    tmp_path: Path,
) -> None:
    found = written(tmp_path / "a.bdf", [EARLY, WITHDRAWN, LATE, SETTLED])
    assert found == [WITHDRAWN, LATE, SETTLED]


def test_events_of_older_versions_are_settled(tmp_path: Path) -> None:
    old = [Event("EMG", Kind.TWITCH, at, at + 20, 99.0, 20.0, 0.9) for at in (1000, 1010, 5000)]
    assert written(tmp_path / "a.bdf", old) == old


def test_the_smallest_twitch_that_would_be_found_is_read_back(tmp_path: Path) -> None:
    path = tmp_path / "a.bdf"
    with make_writer(path, [emg(), accelerometer()]) as writer:
        writer.write(SampleBlock(emg(), 0, noise(emg(), 8000)))
        writer.add_detectable_peak("EMG", 0, 35.21)
        writer.add_detectable_peak("ACC", 12, 0.00512)
        writer.add_detectable_peak("EMG", 0, 36.0)
    with open_recording(path) as recording:
        assert recording.detectable_peaks() == {"EMG": {0: 36.0}, "ACC": {12: 0.00512}}


def test_the_longest_annotation_of_an_event_fits_a_data_record(tmp_path: Path) -> None:
    name = "left-thigh, above the knee 肌"
    longest = Event(
        name, Kind.MOVEMENT, 4_000_000_000, 4_000_000_001, -1.2345e-05, -123.4, 0.25, count=99_999,
        cramp_probability=0.25, provisional=True,
    )  # fmt: skip
    path = tmp_path / "a.bdf"
    with make_writer(path, [emg(name)]) as writer:
        writer.write(SampleBlock(emg(name), 0, noise(emg(name), 800)))
        writer.add_event(longest)
    with open_recording(path) as recording:
        assert recording.events() == [longest]


def test_our_files_are_recognised_by_content(tmp_path: Path) -> None:
    path = tmp_path / "a.wrong-suffix"
    with make_writer(path, [emg()], started=datetime(1970, 1, 1, tzinfo=UTC)):
        pass
    with open_recording(path) as recording:
        assert isinstance(recording, BdfRecording)
        assert recording.started == datetime(1970, 1, 1, tzinfo=UTC)
