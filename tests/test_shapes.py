"""The same unit again: potentials of one shape get one number, whatever lies over them."""

import itertools
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from recorded_sessions import EMG as WORN
from recorded_sessions import STARTED
from test_real_recordings_detection import detect, emg

from myowatch.acquisition.simulator.motor_unit import MotorUnit, Phases, motor_units
from myowatch.acquisition.simulator.scene import Twitching
from myowatch.recordings.analysis.analyze import analyze, shape_numbers
from myowatch.recordings.bdf.bdf_writer import BdfWriter
from myowatch.recordings.export.analysis_json import analysis_as_json
from myowatch.signal.model.events import Event, Kind
from myowatch.signal.model.samples import Modality, SampleBlock, Samples, Stream, Unit
from myowatch.signal.statistics.potential_shapes import MOST_SHAPES, Shapes
from myowatch.signal.statistics.shape_tracker import (
    ShapeNumbering,
    ShapeTracker,
    can_be_numbered,
    recurrence,
)

NOISE = 5.0
EVERY_S = 1.7
Numbers = list[int | None]


def stream(rate: float) -> Stream:
    return Stream("EMG", Modality.EMG, Unit.MICROVOLT, rate, ("EMG",), 0.025)


def twitches(rate: float, n: int) -> list[Event]:
    onsets = [round((1.0 + i * EVERY_S) * rate) for i in range(n)]
    return [Event("EMG", Kind.TWITCH, o, o + round(0.02 * rate), 100.0, 26.0) for o in onsets]


def muscle(units: list[MotorUnit], rate: float, hum: float = 0.0, seed: int = 0) -> Samples:
    """Each of these units discharges once, in this order; shape (n_samples, 1)."""
    rng = np.random.default_rng(seed)
    samples = rng.normal(0.0, NOISE, round((1.5 + len(units) * EVERY_S) * rate))
    time_s = np.arange(len(samples)) / rate
    samples += hum * (
        np.sin(2 * np.pi * 49.95 * time_s) + 0.5 * np.sin(2 * np.pi * 149.85 * time_s)
    )
    samples += 100 * np.sin(2 * np.pi * 0.4 * time_s)
    for twitch, unit in zip(twitches(rate, len(units)), units, strict=True):
        # A detected onset is a few milliseconds off.
        at = twitch.onset + round(float(rng.uniform(-0.004, 0.004)) * rate)
        part = slice(at, at + round(0.06 * rate))
        samples[part] += unit.potential(time_s[part] - time_s[at], rate)
    return samples[:, np.newaxis]


def numbers(samples: Samples, rate: float, events: list[Event] | None = None) -> Numbers:
    tracker = ShapeTracker(stream(rate))
    tracker.add(
        twitches(rate, int((len(samples) / rate - 1.5) / EVERY_S + 0.5))
        if events is None
        else events
    )
    numbered = tracker.process(SampleBlock(stream(rate), 0, samples)) + tracker.flush()
    return [one.shape for one in numbered]


def units(seed: int) -> tuple[MotorUnit, ...]:
    return motor_units(Twitching((1.0, 2.0), amplitude_uv=(150.0, 900.0)), seed, 0)


def together(found: Numbers, wanted: list[int]) -> float:
    """Share of the pairs of twitches that are rightly of one number or rightly of two."""
    pairs = [(i, j) for i in range(len(found)) for j in range(i)]
    right = sum(
        (found[i] == found[j] and found[i] is not None) == (wanted[i] == wanted[j])
        for i, j in pairs
    )
    return right / len(pairs)


@pytest.mark.parametrize("rate", [500.0, 1000.0, 2000.0, 1024.0])
@pytest.mark.parametrize("hum", [0.0, 60.0], ids=["no hum", "60 uV of hum"])
def test_the_same_unit_is_known_again(rate: float, hum: float) -> None:
    found = numbers(muscle([units(3)[0]] * 8, rate, hum), rate)
    assert found == [1] * 8


@pytest.mark.parametrize("seed", [1, 2, 5])
def test_alternating_units_have_different_shapes(seed: int) -> None:
    six, order = units(seed), [int(i) for i in np.random.default_rng(seed).integers(0, 6, 40)]
    found = numbers(muscle([six[i] for i in order], 1000.0, 20.0, seed), 1000.0)
    assert together(found, order) > 0.95


def test_one_shape_of_twice_the_size_is_another() -> None:
    small = units(3)[0]
    assert isinstance(small.shape, Phases)
    large = replace(small, shape=replace(small.shape, height_uv=2 * small.shape.height_uv))
    assert numbers(muscle([small, large, small, large], 1000.0), 1000.0) == [1, 2, 1, 2]


def test_a_shape_turned_upside_down_is_another() -> None:
    up = muscle([units(3)[0]] * 2, 1000.0)
    half = len(up) // 2
    assert numbers(np.concatenate([up[:half], -up[half:]]), 1000.0) == [1, 2]


def test_noise_and_faint_potentials_have_no_number() -> None:
    noise = np.random.default_rng(0).normal(0.0, NOISE, (8000, 1))
    faint = [Event("EMG", Kind.TWITCH, 2000 * i, 2000 * i + 20, 12.0, 7.6) for i in (1, 2, 3)]
    assert numbers(noise, 1000.0, faint) == [None] * 3


def test_silence_has_no_number_and_a_potential_between_silences_has() -> None:
    shapes = Shapes(60, 24)
    assert shapes.number(np.zeros(108), 0.0) is None
    alone = np.zeros(108)
    alone[54:57] = 100.0, -50.0, 20.0
    assert [shapes.number(alone, 0.0), shapes.number(alone, 0.0)] == [1, 1]


def test_next_to_a_gap_or_an_end_of_the_recording_a_twitch_has_no_number() -> None:
    samples = muscle([units(3)[0]] * 3, 1000.0)
    samples[twitches(1000.0, 3)[1].onset + 200] = np.nan
    assert numbers(samples, 1000.0) == [1, None, 1]
    early = Event("EMG", Kind.TWITCH, 10, 30, 100.0, 26.0)
    late = Event("EMG", Kind.TWITCH, len(samples) - 20, len(samples), 100.0, 26.0)
    assert numbers(samples, 1000.0, [early, late]) == [None, None]


def test_a_jump_of_the_first_sample_is_a_gap_as_well() -> None:
    samples = muscle([units(3)[0]] * 3, 1000.0)
    events, tracker = twitches(1000.0, 3), ShapeTracker(stream(1000.0))
    tracker.add(events)
    cut = events[1].onset - 50
    found = tracker.process(SampleBlock(stream(1000.0), 0, samples[:cut]))
    found += tracker.process(SampleBlock(stream(1000.0), cut + 7, samples[cut + 7 :]))
    assert [one.shape for one in found + tracker.flush()] == [1, None, 1]


@settings(max_examples=15, deadline=None)
@given(cuts=st.lists(st.integers(0, 60_000), max_size=30), late=st.integers(0, 20_000))
def test_numbers_depend_on_neither_cutting_nor_when_events_come(cuts: list[int], late: int) -> None:
    six = units(1)
    samples = muscle([six[i % 5] for i in range(34)], 1000.0)
    events, tracker = twitches(1000.0, 34), ShapeTracker(stream(1000.0))
    found = []
    edges = sorted({0, len(samples), *(c for c in cuts if c < len(samples))})
    for begin, end in itertools.pairwise(edges):
        while events and events[0].offset + late <= begin:
            tracker.add([events.pop(0)])
        found += tracker.process(SampleBlock(stream(1000.0), begin, samples[begin:end]))
    tracker.add(events)
    found += tracker.flush()
    assert [one.shape for one in found] == numbers(samples, 1000.0)


def test_samples_are_kept_for_two_minutes_and_no_longer() -> None:
    tracker = ShapeTracker(stream(500.0))
    for second in range(400):
        tracker.process(SampleBlock(stream(500.0), 500 * second, np.zeros((500, 1))))
    assert sum(map(len, tracker._blocks)) <= 123 * 500


def test_only_so_many_shapes_are_remembered_and_a_rare_one_makes_room() -> None:
    rng, shapes = np.random.default_rng(0), Shapes(60, 24)
    potentials = rng.normal(0.0, 1.0, (MOST_SHAPES + 6, 108))
    often = potentials[0]
    for one in potentials:
        shapes.number(often, 0.0)
        shapes.number(one, 0.0)
    assert shapes.number(often, 0.0) == 1
    assert shapes.number(potentials[1], 0.0) == MOST_SHAPES + 7


def test_electrodes_of_500_hz_or_more_are_compared_and_accelerometers_are_not() -> None:
    assert can_be_numbered(stream(500.0))
    assert not can_be_numbered(stream(250.0))
    axes = ("x", "y", "z")
    acc = Stream("ACC", Modality.ACCELEROMETER, Unit.G, 1000.0, axes, 1e-5)
    assert not can_be_numbered(acc)
    assert ShapeNumbering([acc, stream(250.0)]).finish() == {}


def test_recurrence_speaks_of_shapes_that_came_three_times() -> None:
    found = recurrence(
        twitches(1000.0, 9),
        dict(
            zip((t.onset for t in twitches(1000.0, 9)), [1, 2, 1, 3, 2, 1, None, 2, 2], strict=True)
        ),
    )
    assert [(one.shape, one.twitches) for one in found.shapes] == [(2, 4), (1, 3)]
    assert (found.rare, found.not_compared) == (1, 1)
    assert (found.shapes[0].first, found.shapes[0].last) == (2700, 14_600)


def test_brief_contractions_of_many_units_never_look_alike() -> None:
    ((real, samples),) = emg("emg_1000_hz_16_bits_solo.h5")
    events = [event for event in detect(real, samples) if event.peak > 200]
    tracker = ShapeTracker(real)
    tracker.add(events)
    found = tracker.process(SampleBlock(real, 0, samples)) + tracker.flush()
    known = [one.shape for one in found if one.shape is not None]
    assert len(known) >= 18
    assert len(set(known)) == len(known)


def test_a_session_that_is_exported_has_the_numbers_that_its_file_has(tmp_path: Path) -> None:
    six, path = units(1), tmp_path / "session.bdf"
    samples = muscle([six[i % 4] for i in range(30)], 1000.0)
    with BdfWriter(path, [WORN], started=STARTED, session_id="a", source="test") as writer:
        for begin in range(0, len(samples), 1000):
            writer.write(SampleBlock(WORN, begin, samples[begin : begin + 1000]))
    analysis = analyze(path)
    assert shape_numbers(path, analysis.events) == analysis.shapes
    said = analysis_as_json(analysis)
    numbered = [event["shape"] for event in said["events"] if event["kind"] == "twitch"]
    assert set(numbered) == set(analysis.shapes["EMG"].values())
    (most, *_) = said["summary"][0]["statistics"]["recurrence"]["shapes"]
    assert most["twitches"] == numbered.count(most["shape"]) >= 6


def test_a_deleted_recording_has_no_shapes(tmp_path: Path) -> None:
    assert shape_numbers(tmp_path / "gone.bdf", []) == {}
