"""Envelopes of EMG: long events are found, twitches never are."""

from dataclasses import replace
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
from event_lists import settled
from hypothesis import given, settings
from hypothesis import strategies as st
from recorded_sessions import STARTED
from scipy import signal
from streamlit.testing.v1 import AppTest

from myowatch.acquisition.recorder.recorder import record
from myowatch.acquisition.simulator import Simulation, Wearer
from myowatch.acquisition.sources.file_source import FileSource
from myowatch.acquisition.wire.decoding import DeviceFacts
from myowatch.acquisition.wire.text import TextDecoder
from myowatch.cli.tables import console, print_analyses, print_sessions
from myowatch.dashboard.live.live_board import Board, counted
from myowatch.dashboard.live.live_text import ENVELOPE
from myowatch.dashboard.live.trace_lanes import Lane
from myowatch.recordings.analysis.analyze import analyze, settings_from_text
from myowatch.recordings.bdf.bdf_writer import BdfWriter
from myowatch.recordings.export.analysis_json import analysis_as_json
from myowatch.recordings.formats.csv_writer import CsvWriter
from myowatch.recordings.formats.opening import open_recording
from myowatch.recordings.model.recording import ENVELOPE_NOTE
from myowatch.recordings.store.recorder_status import read_statuses
from myowatch.recordings.store.store import Store, rebuild_store
from myowatch.signal.detector.detector import Detector
from myowatch.signal.model.events import Event, Kind
from myowatch.signal.model.samples import Modality, SampleBlock, Samples, Stream, Unit
from myowatch.signal.statistics.counts import Minute, tally

MAIN = Path(__file__).parent.parent / "dashboard/myowatch/dashboard/pages/main.py"
STREAM = Stream("EMG", Modality.ENVELOPE, Unit.ADC, 100.0, ("EMG",), 1.0, "left-calf")
LASTING = {Kind.CRAMP, Kind.MOVEMENT}


def worn(scene: str, seed: int, seconds: int) -> tuple[Samples, list[Event]]:
    """Return the output of a MyoWare (8 bits, 100 Hz) and the true events at 1 kHz."""
    wearer = Wearer(Simulation(scene, seed=seed))
    lived = [wearer.second() for _ in range(seconds)]
    emg = np.concatenate([blocks[0].samples[:, 0] for blocks, _ in lived])
    band = signal.sosfilt(signal.butter(2, [20, 450], "band", fs=1000.0, output="sos"), emg)
    smooth = signal.sosfilt(signal.butter(1, 3.6, fs=1000.0, output="sos"), np.abs(band))
    counts = np.clip(np.round(0.5 * smooth[::10] + 2), 0, 255)
    return counts[:, np.newaxis], [event for _, events in lived for event in events]


def found(samples: Samples, cuts: list[int]) -> list[Event]:
    detector = Detector([STREAM])
    edges = [0, *sorted(cuts), len(samples)]
    blocks = (SampleBlock(STREAM, a, samples[a:b]) for a, b in pairwise(edges))
    events = [event for block in blocks for event in detector.process(block)]
    return settled(events + detector.flush())


def shared_s(one: tuple[float, float], other: tuple[float, float]) -> float:
    return min(one[1], other[1]) - max(one[0], other[0])


def times(events: list[Event], kinds: set[Kind], rate: float) -> list[tuple[float, float]]:
    return [(e.onset / rate, e.offset / rate) for e in events if e.kind in kinds]


@pytest.mark.parametrize(("scene", "seed"), [("cramp", 100), ("restless", 100), ("clean", 100)])
def test_only_long_events_are_found(scene: str, seed: int) -> None:
    samples, truth = worn(scene, seed, 170)
    events = found(samples, [])
    assert Kind.TWITCH not in {event.kind for event in events}
    assert any(event.kind is Kind.TWITCH for event in truth)
    for kinds in (LASTING, {Kind.CRAMP}):
        true, told = times(truth, kinds, 1000.0), times(events, kinds, 100.0)
        assert all(any(shared_s(t, f) > 0.3 * (t[1] - t[0]) for f in told) for t in true)
        assert all(any(shared_s(t, f) > 0.3 * (f[1] - f[0]) for t in true) for f in told)


@settings(max_examples=8, deadline=None)
@given(st.lists(st.integers(0, 6000), max_size=60))
def test_block_sizes_do_not_change_the_events(cuts: list[int]) -> None:
    samples, _ = CRAMP
    assert found(samples, cuts) == found(samples, [])


CRAMP = worn("cramp", 100, 60)


def test_a_constant_level_is_rest_and_not_flat_for_a_minute() -> None:
    samples = np.zeros((5000, 1))
    samples[2000:2400] = 255.0
    kinds = [(event.kind, event.reason) for event in found(samples, [])]
    assert [kind for kind, reason in kinds if reason is None] == [Kind.MOVEMENT]
    assert {reason for _, reason in kinds if reason} == {"edge"}


def test_no_twitch_rate_is_given() -> None:
    summary = tally(STREAM, []).summary(100 * 3600)
    assert (summary.twitches, summary.twitches_per_min, summary.ci95) == (0, None, None)
    counts = counted("EMG", [Minute("EMG", 0, 0, 1, 2, 600.0)], shows_twitches=False)
    assert (counts.rate, counts.cramps, counts.movements) == (None, 1, 2)
    of_emg = tally(replace(STREAM, modality=Modality.EMG), []).summary(100 * 3600)
    assert of_emg.twitches_per_min == 0.0


def test_recording_replay_analysis_and_store_agree_on_the_modality(tmp_path: Path) -> None:
    samples, _ = CRAMP
    night = tmp_path / "night.bdf"
    with BdfWriter(night, [STREAM], started=STARTED, session_id="", source="") as writer:
        writer.write(SampleBlock(STREAM, 0, samples))
    analysis = analyze(night)
    assert list(analysis.streams) == [STREAM]
    assert list(analysis.events) == found(samples, [])
    recorded = record([FileSource(night, speed=float("inf"))], home=tmp_path)
    rows = []
    for _ in range(2):
        with Store(tmp_path) as store:
            (session,) = store.sessions()
            rows.append((session, store.streams(session.id), set(store.events(session.id))))
        rebuild_store(tmp_path)
    assert rows[0] == rows[1]
    session, streams, events = rows[0]
    assert session.id == recorded.session_id
    assert (streams, events) == ([STREAM], set(analysis.events))
    assert (session.twitches, session.cramps, session.shows_twitches) == (0, 1, False)


def test_exported_csv_states_the_envelope(tmp_path: Path) -> None:
    samples, _ = CRAMP
    night = tmp_path / "night.csv"
    with CsvWriter(night, [STREAM]) as writer:
        writer.write(SampleBlock(STREAM, 0, samples))
    with open_recording(night) as recording:
        assert list(recording.streams) == [STREAM]


def test_users_are_warned_that_twitches_are_not_counted(tmp_path: Path) -> None:
    samples, _ = CRAMP
    night = tmp_path / "night.bdf"
    with BdfWriter(night, [STREAM], started=STARTED, session_id="", source="") as writer:
        writer.write(SampleBlock(STREAM, 0, samples))
    result = analysis_as_json(analyze(night))
    assert result["streams"][0]["modality"] == "envelope"
    assert result["summary"][0]["twitches_per_min"] is None
    assert result["warnings"][0] == f"EMG: {ENVELOPE_NOTE}"
    record([FileSource(night, speed=float("inf"))], home=tmp_path)
    with console.capture() as printed, Store(tmp_path) as store:
        print_analyses([result])
        print_sessions(store.sessions())
    table, sessions = printed.get().split("session", 1)
    assert f"night.bdf: EMG: {ENVELOPE_NOTE}" in table
    assert table.splitlines()[1].split()[-4:] == ["-", "-", "1", "0"]
    assert sessions.splitlines()[1].split()[5:7] == ["-", "1"]


def test_an_option_declares_an_envelope() -> None:
    decoder = TextDecoder(DeviceFacts(modality=Modality.ENVELOPE, sampling_rate=100.0))
    decoder.feed(b"".join(b"%d\r\n" % n for n in range(60)))
    (layout,) = decoder.layouts
    assert (layout.modality, layout.unit, layout.resolution) == (Modality.ENVELOPE, Unit.ADC, 1.0)


def test_the_live_trace_shows_the_level() -> None:
    lane = Lane(STREAM, [10])
    lane.add(SampleBlock(STREAM, 0, np.full((500, 1), 37.0)))
    _, _, low_high = lane.window(10)
    assert np.nanmin(low_high) == np.nanmax(low_high) == 37.0


def test_settings_from_before_envelopes_are_read() -> None:
    known = settings_from_text('{"emg": {"low": 25.0}, "accelerometer": {}, "mains_hz": 50}')
    assert known is not None
    assert (known.emg.low, known.envelope.twitch_max_s) == (25.0, 0.5)


def test_both_pages_say_that_twitches_are_not_counted(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MYOWATCH_HOME", str(tmp_path))
    night = tmp_path / "night.bdf"
    with BdfWriter(night, [STREAM], started=STARTED, session_id="", source="") as writer:
        writer.write(SampleBlock(STREAM, 0, CRAMP[0]))
    record([FileSource(night, speed=float("inf"))], home=tmp_path)
    (status,) = read_statuses(tmp_path)
    board = Board(tmp_path)
    ((stream,),) = [
        each["streams"] for each in board.make(status.key, heart_beats={}, presses=())["sensors"]
    ]
    board.close()
    assert stream["rate"] == ENVELOPE
    assert not [label for label, _ in stream["metrics"] if "witches" in label]
    app = AppTest.from_file(MAIN, default_timeout=30).run()
    app.switch_page("sessions.py").run()
    assert not app.exception
    assert any(ENVELOPE in str(caption.value) for caption in app.caption)
    assert {metric.value for metric in app.metric if "witches" in metric.label} <= {"-"}
