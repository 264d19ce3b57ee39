"""Parts of a recording: annotations, record durations, headers, refused arguments."""

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import edfio
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from recorded_sessions import ACC, EMG, STARTED

from myowatch.recordings.bdf import bdf_annotations as texts
from myowatch.recordings.bdf.bdf_annotations import (
    Annotation,
    decode_annotations,
    encode_annotation,
    timekeeping_tal,
)
from myowatch.recordings.bdf.bdf_growing import RecordingTail
from myowatch.recordings.bdf.bdf_layout import choose_record_duration
from myowatch.recordings.bdf.bdf_writer import BdfWriter
from myowatch.recordings.formats.opening import open_recording
from myowatch.recordings.model.recording import Marker
from myowatch.recordings.storage.problem import UnreadableRecording
from myowatch.signal.model.events import Event, Kind, Reason
from myowatch.signal.model.samples import SampleBlock

NAMES = st.text(st.characters(codec="utf-8"), min_size=1, max_size=30)


@st.composite
def events(draw: st.DrawFn) -> Event:
    kind = draw(st.sampled_from(Kind))
    onset = draw(st.integers(0, 10**10))
    return Event(
        draw(NAMES),
        kind,
        onset,
        onset + draw(st.integers(1, 10**6)),
        draw(st.floats(0, 1e7)),
        draw(st.floats(-200, 200)),
        draw(st.floats(0, 1)),
        draw(st.sampled_from(Reason)) if kind is Kind.ARTEFACT else None,
        draw(st.integers(1, 99)),
    )


@given(event=events(), rate=st.floats(1, 10_000))
def test_an_event_is_read_back_from_its_annotation(event: Event, rate: float) -> None:
    raw = encode_annotation(texts.describe_event(event, rate))
    (annotation,) = decode_annotations(timekeeping_tal(100_000) + raw + b"\0\0")
    assert texts.parse_event(annotation) == event


@given(time_s=st.floats(-1, 1e6), text=st.text(st.characters(exclude_categories=["C", "Z"])))
def test_a_marker_is_read_back_from_its_annotation(time_s: float, text: str) -> None:
    marker = Marker(time_s, "note: " + text[:20])
    (annotation,) = decode_annotations(encode_annotation(texts.describe_marker(marker)))
    assert texts.parse_marker(annotation) == marker


@given(text=st.text())
def test_annotations_of_other_software_are_not_parsed(text: str) -> None:
    annotation = Annotation(1.0, text)
    assert texts.parse_event(annotation) is None
    assert texts.parse_description(annotation) is None
    assert texts.parse_clipping(annotation) is None


@pytest.mark.parametrize(
    "text",
    [
        "myowatch {",
        "myowatch {}",
        'myowatch {"streams": [[1]], "started": "2026-11-23"}',
        'twitch in "E\\q" samples 1-2 peak 1.0 snr 1.0 confidence 1.0 count 1',
        'twitch in "EMG" samples 2-1 peak 1.0 snr 1.0 confidence 1.0 count 1',
        'twitch tap in "EMG" samples 1-2 peak 1.0 snr 1.0 confidence 1.0 count 1',
        'artefact boredom in "EMG" samples 1-2 peak 1.0 snr 1.0 confidence 1.0 count 1',
        "marker \x07",
        'clipped in "E\\q" 3 samples',
    ],
)
def test_damaged_annotations_are_skipped(text: str) -> None:
    annotation = Annotation(1.0, text)
    assert texts.parse_event(annotation) is None
    assert texts.parse_marker(annotation) is None
    assert texts.parse_description(annotation) is None
    assert texts.parse_clipping(annotation) is None


def test_a_record_states_its_start() -> None:
    assert timekeeping_tal(12_345_678) == b"+12.345678\x14\x14\x00"


@pytest.mark.parametrize(
    ("rates", "seconds"),
    [
        ([1000.0], "0.1"),
        ([104.0], "0.125"),
        ([250.0, 1000.0], "0.1"),
        ([104.0, 1000.0], "0.125"),
        ([1024.0, 1000.0, 104.0], "0.125"),
        ([1259.2592592592594, 148.14814814814815], "0.0945"),
    ],
)
def test_records_hold_whole_samples_of_every_rate(rates: list[float], seconds: str) -> None:
    assert str(choose_record_duration(rates)) == seconds


@given(rates=st.lists(st.floats(100, 10_000), min_size=1, max_size=4))
def test_a_record_duration_is_short_and_fits_its_field(rates: list[float]) -> None:
    duration = choose_record_duration(rates)
    assert 0.01 <= float(duration) <= 0.26
    assert len(str(float(duration))) <= 8


def test_unusual_rates_do_not_drift_in_a_night(tmp_path: Path) -> None:
    odd = replace(ACC, sampling_rate=104.2)
    fast = replace(EMG, sampling_rate=999.87)
    path = tmp_path / "a.bdf"
    night = 8 * 3600
    with BdfWriter(path, [fast, odd], started=STARTED, session_id="s", source="test") as writer:
        for first_s in (0, night):
            for stream in (fast, odd):
                first = max(0, int(first_s * stream.sampling_rate) - 10)
                writer.write(SampleBlock(stream, first, np.zeros((10, len(stream.channels)))))
        for name, n in writer.n_samples.items():
            rate = {"EMG": 999.87, "ACC": 104.2}[name]
            assert n / rate == pytest.approx(night, abs=1.0)  # neither waits for the other
    with open_recording(path) as recording:
        assert [block.first_sample for block in recording.blocks()] == [
            *(0, 0),
            int(night * 999.87) - 10,
            int(night * 104.2) - 10,
        ]


@pytest.mark.parametrize("resolution", [1e-12, 1e-3, 1.0, 12345.678, 1e12])
def test_any_resolution_gives_a_header_that_edfio_reads(tmp_path: Path, resolution: float) -> None:
    stream = replace(EMG, resolution=resolution, name="BDF Annotations")
    path = tmp_path / "a.bdf"
    samples = np.arange(-1000, 1000)[:, None] * np.float64(resolution)
    with BdfWriter(
        path, [stream, EMG], started=datetime(1900, 1, 1, tzinfo=UTC), session_id="s", source=""
    ) as writer:
        writer.write(SampleBlock(stream, 0, samples))
        writer.write(SampleBlock(EMG, 0, samples * 0))
    with open_recording(path) as recording:
        first = next(b for b in recording.blocks() if b.stream == stream)
        np.testing.assert_array_equal(first.samples, samples)
    signal = edfio.read_bdf(path).signals[0]
    np.testing.assert_array_equal(signal.digital[:2000], np.arange(-1000, 1000))


def test_a_writer_refuses_invalid_arguments(tmp_path: Path) -> None:
    details = {"session_id": "s", "source": "test"}
    for streams in ([], [EMG, EMG]):
        with pytest.raises(ValueError, match="streams with different names"):
            BdfWriter(tmp_path / "a.bdf", streams, started=STARTED, **details)
    with pytest.raises(ValueError, match="offset from UTC"):
        BdfWriter(tmp_path / "a.bdf", [EMG], started=datetime(2026, 1, 1), **details)  # noqa: DTZ001
    assert not (tmp_path / "a.bdf").exists()
    writer = BdfWriter(tmp_path / "a.bdf", [EMG], started=STARTED, **details)
    writer.close()
    assert writer.close() == []
    with pytest.raises(ValueError, match="is closed"):
        writer.sync()


def test_sync_does_not_wait_for_a_silent_stream(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("myowatch.recordings.bdf.bdf_writer._SILENT_S", 0.0)
    with BdfWriter(
        tmp_path / "a.bdf", [EMG, ACC], started=STARTED, session_id="s", source="test"
    ) as writer:
        writer.write(SampleBlock(EMG, 0, np.zeros((5000, 1))))
        assert writer.n_samples["EMG"] == 0
        writer.sync()
        assert writer.n_samples["EMG"] > 4000


def test_a_tail_refuses_other_files(tmp_path: Path) -> None:
    with pytest.raises(UnreadableRecording, match="cannot open"):
        RecordingTail(tmp_path / "missing.bdf")
    (tmp_path / "text").write_text("time_s,EMG [uV]\n")
    with RecordingTail(tmp_path / "text") as tail, pytest.raises(UnreadableRecording):
        tail.poll()
    edfio.Bdf(
        [edfio.BdfSignal(np.zeros(1000), 1000, physical_range=(-1, 1))], annotations=[]
    ).write(tmp_path / "other.bdf")
    with RecordingTail(tmp_path / "other.bdf") as tail, pytest.raises(UnreadableRecording):
        tail.poll()
