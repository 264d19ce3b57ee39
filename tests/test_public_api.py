"""`myowatch.signal` as other programs call it."""

import subprocess
import sys
from dataclasses import FrozenInstanceError
from functools import cache
from itertools import pairwise
from pathlib import Path
from types import ModuleType

import numpy as np
import pandas as pd
import pytest
from event_lists import settled
from hypothesis import given, settings
from hypothesis import strategies as st

import myowatch.recordings
import myowatch.signal
from myowatch.acquisition.simulator import Simulation, Wearer, WornSensors
from myowatch.recordings.analysis.analyze import analyze
from myowatch.signal import (
    DetectedEvent,
    DetectionSettings,
    Detector,
    Kind,
    Modality,
    Reason,
    SampleBlock,
    Stream,
    Unit,
    detect,
)
from myowatch.signal.model.samples import COLUMN_UNITS, Samples

RATE = 1000.0
SECONDS = 60


@cache
def twitching() -> Samples:
    """A minute of twitches, shape (n_samples,), microvolts on the grid of a CSV column."""
    wearer = Wearer(Simulation("twitchy", seed=5))
    parts = [wearer.second()[0][0].samples[:, 0] for _ in range(SECONDS)]
    samples: Samples = np.round(np.nan_to_num(np.concatenate(parts)), 1).astype(np.float64)
    samples.flags.writeable = False
    return samples


@cache
def shaking() -> Samples:
    """A minute of a twitching limb, shape (n_samples, 3), g, at 200 Hz."""
    wearer = Wearer(Simulation("twitchy", seed=3, wears=WornSensors.ACCELEROMETER))
    return np.concatenate([wearer.second()[0][0].samples for _ in range(SECONDS)])


@cache
def found() -> tuple[DetectedEvent, ...]:
    return tuple(detect(twitching(), RATE))


def times(events: list[DetectedEvent] | tuple[DetectedEvent, ...]) -> list[tuple[str, float]]:
    return [(event.kind, event.onset_s) for event in events]


def test_events_are_those_of_analyze_for_the_same_samples(tmp_path: Path) -> None:
    path = tmp_path / "recording.csv"
    lines = (f"{i / RATE:.3f},{value:.1f}\n" for i, value in enumerate(twitching()))
    path.write_text("time_s,EMG [uV]\n" + "".join(lines), "utf-8")
    expected = [
        DetectedEvent(
            e.kind,
            e.onset / RATE,
            e.offset / RATE,
            e.peak,
            e.snr_db,
            e.confidence,
            e.stream,
            e.reason,
        )
        for e in sorted(analyze(path).events, key=lambda e: e.onset)
    ]
    assert len(expected) > 10
    assert detect(twitching(), RATE, rejected=True) == expected
    assert list(found()) == [e for e in expected if e.kind is not Kind.ARTEFACT]


@settings(max_examples=8, deadline=None)
@given(st.lists(st.integers(0, SECONDS * 1000), max_size=30))
def test_any_cutting_of_a_stream_gives_the_events_of_the_array(cuts: list[int]) -> None:
    stream = Stream("EMG", Modality.EMG, Unit.MICROVOLT, RATE, ("EMG",), 0.025)
    samples, detector = twitching()[:, np.newaxis], Detector([stream])
    events = []
    for first, end in pairwise([0, *sorted(cuts), len(samples)]):
        events += detector.process(SampleBlock(stream, first, samples[first:end]))
    events = settled(events + detector.flush())
    onsets = [(str(e.kind), e.onset / RATE) for e in events if e.kind is not Kind.ARTEFACT]
    assert sorted(onsets, key=lambda e: e[1]) == times(found())


@pytest.mark.parametrize(
    "samples",
    [
        pytest.param(lambda x: x[:, np.newaxis], id="one column"),
        pytest.param(lambda x: x.tolist(), id="list"),
        pytest.param(pd.Series, id="pandas"),
        pytest.param(lambda x: x.astype(">f8"), id="big-endian"),
    ],
)
def test_samples_come_in_many_forms(samples: object) -> None:
    assert callable(samples)
    assert detect(samples(twitching()), RATE) == list(found())


def test_single_precision_gives_nearly_the_same_events() -> None:
    assert times(detect(twitching().astype(np.float32), RATE)) == times(found())


def test_counts_have_a_scale() -> None:
    counts = np.rint(twitching() / 0.1).astype(np.int32)
    assert times(detect(counts, RATE, scale=0.1)) == times(found())


@pytest.mark.parametrize(("unit", "factor"), [("mV", 1e-3), ("V", 1e-6)])
def test_other_units_are_converted(unit: str, factor: float) -> None:
    kinds = [e.kind for e in detect(twitching() * factor, RATE, unit=unit)]
    assert abs(kinds.count(Kind.TWITCH) - [e.kind for e in found()].count(Kind.TWITCH)) <= 2


def test_an_accelerometer_is_in_g_by_default() -> None:
    events = detect(shaking(), 200.0, modality="accelerometer")
    assert len(events) > 5
    assert events == detect(shaking(), 200.0, modality=Modality.ACCELEROMETER, unit="g")
    in_mg = detect(shaking() * 1000.0, 200.0, modality="accelerometer", unit="mg")
    assert times(in_mg) == times(events)
    assert {event.stream for event in events} == {"ACC"}


def test_columns_of_emg_are_streams_that_are_judged_together() -> None:
    two = np.column_stack([twitching(), np.roll(twitching(), 7777)])
    events = detect(two, RATE, rejected=True)
    assert {event.stream for event in events} == {"EMG1", "EMG2"}
    assert [e.onset_s for e in events] == sorted(e.onset_s for e in events)


def test_missing_samples_are_a_gap() -> None:
    samples = twitching().copy()
    samples[20_000:25_000] = np.nan
    events = detect(samples, RATE, rejected=True)
    gaps = [e for e in events if e.reason is Reason.GAP]
    assert len(gaps) == 1
    assert gaps[0].onset_s <= 20.0
    assert gaps[0].offset_s >= 25.0
    assert not [e for e in events if e.kind is Kind.TWITCH and 20.0 <= e.onset_s < 25.0]


def test_mains_and_settings_are_taken() -> None:
    fewer = detect(twitching(), RATE, mains_hz=50, settings=DetectionSettings(start_up_s=30.0))
    assert min(event.onset_s for event in fewer) >= 30.0


def test_events_make_a_table_and_cannot_be_changed() -> None:
    table = pd.DataFrame(found())
    assert list(table.columns) == [
        *("kind", "onset_s", "offset_s", "peak"),
        *("snr_db", "confidence", "stream", "reason", "cramp_probability"),
    ]
    assert (table["kind"] == "twitch").sum() > 5
    assert (table["offset_s"] > table["onset_s"]).all()
    with pytest.raises(FrozenInstanceError):
        found()[0].kind = Kind.CRAMP  # type: ignore[misc]


@pytest.mark.parametrize(
    ("samples", "options", "message"),
    [
        (np.zeros((2, 3, 4)), {}, r"got \(2, 3, 4\)"),
        (np.zeros(()), {}, r"got \(\)"),
        (np.zeros(0), {}, r"need 1 sample or more, got an array of shape \(0,\)"),
        (np.zeros((5, 0)), {}, r"shape \(5, 0\)"),
        (np.zeros((1, 5000)), {}, "at most 256 channels .columns., got 5000"),
        (np.zeros(5000, dtype=complex), {}, "complex128"),
        (np.zeros(5000, dtype=bool), {}, "bool"),
        (["a"] * 5000, {}, "array of <U1"),
        (np.array([0.0] * 500 + [np.inf]), {}, "inf.* at sample 500"),
        (np.zeros(5000), {"modality": "ecg"}, "need a modality of emg, .*got 'ecg'"),
        (np.zeros(5000), {"unit": "nV"}, "need a unit of V, mV, uV, adc for emg, got 'nV'"),
        (np.zeros(5000), {"unit": "g"}, "need a unit of V, mV, uV, adc"),
        (np.zeros((5000, 3)), {"modality": "accelerometer", "unit": "mV"}, "need a unit of g, mg"),
        (np.zeros((5000, 2)), {"modality": "accelerometer"}, r"need 3 columns .*got 2"),
        (np.zeros(5000), {"scale": 0.0}, "need a scale above 0, got 0.0"),
        (np.zeros(5000), {"scale": np.nan}, "need a scale above 0, got nan"),
        (np.zeros(5000), {"mains_hz": 16.7}, "got 16.7"),
    ],
)
def test_wrong_input_is_refused_with_value_and_limit(
    samples: object, options: dict[str, object], message: str
) -> None:
    with pytest.raises(ValueError, match=message):
        detect(samples, RATE, **options)  # type: ignore[arg-type]


@pytest.mark.parametrize("rate", [0.0, -5.0, np.nan, np.inf, 20.0, 1e6])
def test_an_unusable_sampling_rate_is_refused(rate: float) -> None:
    with pytest.raises(ValueError, match=r"sampling rate"):
        detect(np.zeros(5000), rate)


@pytest.mark.parametrize("name", COLUMN_UNITS)
def test_every_unit_of_a_csv_column_is_taken(name: str) -> None:
    is_g = COLUMN_UNITS[name].unit is Unit.G
    samples = np.zeros((3000, 3) if is_g else 3000)
    assert detect(samples, RATE, unit=name, modality="accelerometer" if is_g else "emg") == []


@pytest.mark.parametrize("package", [myowatch.signal, myowatch.recordings])
def test_everything_exported_is_there_and_documented(package: ModuleType) -> None:
    assert len(package.__all__) > 10
    for name in package.__all__:
        assert getattr(package, name).__doc__
    with pytest.raises(AttributeError, match="no attribute 'nothing'"):
        _ = package.nothing


IMPORTED = """
import sys, time
began = time.perf_counter()
import myowatch.signal
seconds = time.perf_counter() - began
loaded = {name.partition(".")[0] for name in sys.modules if name[0] != "_"} - {"cython_runtime"}
ours = {name for name in sys.modules if name.startswith("myowatch.")}
print(seconds)
print(*sorted(loaded - sys.stdlib_module_names))
print(*sorted({name.split(".")[1] for name in ours}))
print("scipy.signal" in sys.modules)
"""


def test_importing_the_library_loads_numpy_and_scipy_alone() -> None:
    command = [sys.executable, "-S", "-c", f"import sys; sys.path[:0] = {sys.path!r}\n{IMPORTED}"]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    _, others, ours, scipy_signal = done.stdout.splitlines()
    # NumPy itself imports charset_normalizer where it is installed.
    assert set(others.split()) - {"charset_normalizer"} == {"numpy", "scipy", "myowatch"}
    assert ours == "signal"
    assert scipy_signal == "False"  # takes half a second, and is loaded when first needed
