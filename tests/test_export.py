"""Export of analyses and sessions as JSON and CSV."""

import csv
import json
from dataclasses import replace
from importlib.metadata import version
from pathlib import Path

import numpy as np
import pytest
from recorded_sessions import ACC, EMG, EVENTS, record_session

from myowatch.recordings.analysis.analyze import Analysis
from myowatch.recordings.export.analysis_json import (
    analysis_as_json,
    events_as_json,
    export_json,
    session_as_json,
    session_export_as_json,
)
from myowatch.recordings.export.session_tables import export_csv, write_events_csv
from myowatch.recordings.formats.opening import open_recording
from myowatch.recordings.storage.problem import StorageProblem
from myowatch.recordings.store.store import Store
from myowatch.signal.model.events import Event, Kind, Reason
from myowatch.signal.model.settings import DetectionSettings


def test_an_analysis_becomes_the_documented_json() -> None:
    settings = DetectionSettings(mains_hz=50.0)
    n_samples = {"EMG": 600_000, "ACC": 62_400}
    analysis = Analysis("night.csv", (EMG, ACC), n_samples, EVENTS, settings, ["torn"])
    said = analysis_as_json(analysis)
    assert json.loads(json.dumps(said)) == said
    assert list(said) == [
        *("schema", "file", "software", "streams", "events", "rejected", "summary", "warnings"),
    ]
    assert (said["schema"], said["file"]) == (1, "night.csv")
    assert said["software"] == f"myowatch {version('myowatch')}"
    stream = said["streams"][0]
    assert stream.pop("settings")["mains_hz"] == 50.0
    assert stream == {
        "name": "EMG",
        "modality": "emg",
        "unit": "uV",
        "sampling_rate_hz": 1000.0,
        "channels": ["EMG"],
        "site": "left-thigh",
        "starts_s": 0.0,
        "n_samples": 600_000,
        "duration_s": 600.0,
        "scorable_s": 599.0,
    }
    assert said["events"][0] == {
        "stream": "EMG",
        "kind": "twitch",
        "onset_s": 1.234,
        "offset_s": 1.252,
        "peak": 132.12,
        "unit": "uV",
        "snr_db": 18.2,
        "confidence": 0.98,
        "count": 2,
    }
    assert said["rejected"] == [
        {"stream": "EMG", "kind": "artefact", "reason": "edge", "onset_s": 0.0, "offset_s": 1.0}
    ]
    summary = said["summary"][0]
    assert (summary["twitches"], summary["cramps"], summary["movements"]) == (1, 1, 1)
    assert summary["twitches_per_min"] == pytest.approx(0.1, abs=0.001)
    assert summary["twitches_per_min_ci95"] == pytest.approx([0.0025, 0.558], abs=0.002)
    assert summary["unscorable"] == {"edge": 1.0}
    assert said["warnings"] == ["torn", "EMG: 1.0 s not scorable"]


def test_no_rate_is_given_below_two_scorable_minutes() -> None:
    said = analysis_as_json(Analysis("a", (EMG,), {"EMG": 119_000}, EVENTS[1:2]))
    assert said["summary"][0]["twitches_per_min"] is None
    assert said["summary"][0]["twitches_per_min_ci95"] is None
    assert said["streams"][0]["settings"] == {}


def test_a_session_is_exported_with_its_markers(tmp_path: Path) -> None:
    record_session(tmp_path, "20261123-220411-k3f")
    with Store(tmp_path) as store:
        session = store.find("last")
        assert session_as_json(session)["started"] == "2026-11-23T22:04:11+01:00"
        (path,) = export_json(store, session, tmp_path / "night.json")
        said = json.loads(path.read_text("utf-8"))
        with pytest.raises(StorageProblem, match="exists already"):
            export_json(store, session, tmp_path / "night.json")
    assert said["session"]["id"] == "20261123-220411-k3f"
    assert said["session"]["ended"] == "2026-11-23T22:05:26+01:00"
    assert said["session"]["files"] == ["sessions/20261123-220411-k3f/sim-twitchy.bdf"]
    assert said["markers"] == [{"time_s": 1.5, "text": "felt"}, {"time_s": 62.0, "text": "cramp"}]
    assert sorted(e["kind"] for e in said["events"]) == ["cramp", "movement", "twitch", "twitch"]


def test_streams_of_the_same_name_get_the_name_of_their_file(tmp_path: Path) -> None:
    record_session(tmp_path, "20261123-220411-k3f", names=("left.bdf", "right.bdf"))
    with Store(tmp_path) as store:
        said = session_export_as_json(store, store.find("last"))
    names = ["left/EMG", "left/ACC", "right/EMG", "right/ACC"]
    assert [stream["name"] for stream in said["streams"]] == names
    assert {event["stream"] for event in said["events"]} == set(names)


def test_exported_csv_holds_the_same_samples(tmp_path: Path) -> None:
    folder = record_session(tmp_path, "20261123-220411-k3f", seconds=5)
    with Store(tmp_path) as store:
        written = export_csv(tmp_path, store, store.find("last"), tmp_path / "out.csv")
    assert [p.name for p in written] == ["out.csv", "out-104Hz.csv", "out-events.csv"]
    for path, stream in zip(written, (EMG, ACC), strict=False):
        with open_recording(path) as copy, open_recording(folder / "sim-twitchy.bdf") as original:
            expected = [b.samples for b in original.blocks() if b.stream == stream]
            assert copy.started == original.started
            (copied_stream,) = copy.streams
            assert copied_stream == stream
            np.testing.assert_array_equal(
                np.concatenate([b.samples for b in copy.blocks()]), np.concatenate(expected)
            )
    with written[2].open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    assert [(row["kind"], row["onset_s"], row["reason"]) for row in rows] == [
        ("artefact", "0.0", "edge"),
        ("twitch", "1.234", ""),
        ("twitch", "1.25", ""),
    ]


def test_no_text_in_an_exported_table_is_a_formula(tmp_path: Path) -> None:
    evil = replace(EMG, name="=HYPERLINK(1)", channels=("=HYPERLINK(1)",))
    events = [Event(evil.name, Kind.ARTEFACT, 0, 10, reason=Reason.TAP)]
    write_events_csv(tmp_path / "events.csv", events, [evil])
    row = (tmp_path / "events.csv").read_text("utf-8").splitlines()[1]
    assert row.startswith("'=HYPERLINK")
    assert events_as_json(events, [evil])["rejected"][0]["stream"] == "=HYPERLINK(1)"


def test_what_the_detector_states_beside_the_counts_is_exported() -> None:
    unsure = Event("EMG", Kind.CRAMP, 5000, 9000, 90.0, 20.0, 0.6, cramp_probability=0.55)
    cut_off = Event("EMG", Kind.TWITCH, 9500, 9520, 24.0, 20.0, 0.9, provisional=True)
    analysis = Analysis(
        *("a", (EMG, ACC), {"EMG": 10_000, "ACC": 1040}, [*EVENTS[:3], unsure, cut_off]),
        detectable_peaks={"EMG": {0: 35.2}},
    )
    said = analysis_as_json(analysis)
    emg, acc = said["summary"]
    assert (emg["detectable_peak"], emg["twitches_above_50_uv"]) == (35.2, 1)
    assert (acc["detectable_peak"], acc["twitches_above_50_uv"]) == (None, None)
    with_probability = [e for e in said["events"] if "cramp_probability" in e]
    assert [(e["kind"], e["cramp_probability"]) for e in with_probability] == [("cramp", 0.55)]
    assert [e["onset_s"] for e in said["events"] if e.get("provisional")] == [9.5]


def test_an_exported_session_states_the_smallest_detectable_twitch(tmp_path: Path) -> None:
    record_session(tmp_path, "one")
    with Store(tmp_path) as store:
        session = store.find("one")
        store.add_detectable_peaks("one", session.files[0], {"EMG": {0: 35.2}})
        store.set_progress("one", store.n_samples("one"))
        summary = session_export_as_json(store, session)["summary"]
    assert [each["detectable_peak"] for each in summary] == [35.2, None]
