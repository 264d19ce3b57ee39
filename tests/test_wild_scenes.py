"""The grade `wild`: each seed is another wearer with another sensor."""

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from array_cache import ArrayCache
from command_line import run
from matched_filter_bound import expected_recall
from scenes import Scene, recorded
from scipy import signal
from scoring import Truth
from simulated_sensors import SILENT, on_skin, quiet, scheduled

from myowatch.acquisition.simulator import WILD, Simulation, Wearer, WornSensors, scene_of
from myowatch.acquisition.simulator.accelerometer_sensor import AccelerometerSensor
from myowatch.acquisition.simulator.emg_sensor import EmgSensor
from myowatch.acquisition.simulator.limb import RestingLimb
from myowatch.acquisition.simulator.ranges import FrontEnd, HeartBeats
from myowatch.acquisition.simulator.scene import Electrodes, EventKind, Rest
from myowatch.acquisition.simulator.timetable import Heart, beats, random_draws
from myowatch.acquisition.sources.open_source import open_source
from myowatch.signal.model.events import Kind
from myowatch.signal.model.samples import Modality, Samples

SCENES = [scene_of(WILD, seed) for seed in range(801, 880)]


def resting(rest: Rest, seconds: int, rate: float = 100.0) -> Samples:
    """What an accelerometer feels of a resting limb, without gravity; shape (n_samples, 3)."""
    felt, limb = np.zeros((round(seconds * rate), 3)), RestingLimb(rest, 1, rate)
    limb.add_to(felt, 0, len(felt))
    return felt


# What is drawn.


def test_seeds_differ_in_every_parameter() -> None:
    first, second = scene_of(WILD, 801), scene_of(WILD, 802)
    for part in ("twitching", "long", "brief", "electrodes", "rest", "activity", "heart"):
        assert getattr(first, part) != getattr(second, part)
    assert scene_of(WILD, 801) == first


def test_sensors_have_the_rates_and_steps_of_data_sheets() -> None:
    emg, skin = [s.emg for s in SCENES], [s.accelerometer for s in SCENES]
    assert {250.0, 1000.0, 2000.0} <= {e.sampling_rate for e in emg}
    assert all(250 <= e.sampling_rate <= 2000 for e in emg)
    assert all(50 <= a.sampling_rate <= 400 for a in skin)
    assert {1e-3, 3.9e-3, 4e-3, 61e-6} <= {a.resolution for a in skin}
    assert min(e.resolution for e in emg) < 0.05
    assert max(e.resolution for e in emg) > 20
    assert {e.high_pass_hz for e in emg} >= {0.0, 20.0, 25.0}


def test_wearers_cover_the_ranges_of_the_literature() -> None:
    rests, electrodes = [s.rest for s in SCENES], [s.electrodes for s in SCENES]
    twitching = [s.twitching for s in SCENES if s.twitching]
    fat_mm = [1e3 * t.anatomy.tissue.fat for t in twitching if t.anatomy]
    ring_hz = [np.mean(t.ring_hz) for t in twitching]
    assert len(fat_mm) == len(SCENES)
    assert min(fat_mm) < 2
    assert max(fat_mm) > 12
    assert min(ring_hz) < 8
    assert max(ring_hz) > 25
    assert min(e.noise_uv[0] for e in electrodes) < 1.5
    assert 12 < max(e.noise_uv[1] for e in electrodes) <= 20
    assert {e.mains_hz for e in electrodes} == {50.0, 60.0}
    assert {e.heart_uv[1] > 0 for e in electrodes} == {True, False}
    assert {r.line_mg[1] > 0 for r in rests} == {True, False}
    assert {r.pulse_mg[1] > 0 for r in rests} == {True, False}
    assert {kind for s in SCENES for kind in (long.kind for long in s.long)} == {
        EventKind.MOVEMENT,
        EventKind.CRAMP,
        EventKind.PERIODIC,
        EventKind.WALK,
        EventKind.TONIC,
        EventKind.LOOSE,
        EventKind.CABLE,
        EventKind.SATURATION,
        EventKind.FLAT,
        EventKind.DROPOUT,
    }


def test_twitches_differ_in_size_and_duration_between_wearers() -> None:
    sizes, durations = [], []
    for seed in range(801, 825):
        wearer = Wearer(Simulation(WILD, seed))
        rate = wearer.streams[0].sampling_rate
        begun = [e for _ in range(120) for e in wearer.second()[1] if e.kind is Kind.TWITCH]
        single = [e for e in begun if e.count == 1]
        if len(single) > 3:
            sizes.append(np.median([e.peak for e in single]))
            durations.append(np.median([(e.offset - e.onset) / rate for e in single]))
    assert min(sizes) < 25
    assert max(sizes) > 200
    assert min(durations) < 0.010
    assert max(durations) > 0.018


# Parts that only `wild` uses.


def test_a_line_tremor_has_one_direction_and_one_frequency() -> None:
    felt = resting(Rest(0.01, line_mg=(2.0, 2.0), line_hz=(7.0, 12.0)), 120)
    power = np.linalg.eigvalsh(np.cov(felt.T))
    assert power[2] > 1000 * power[1]
    assert 1e3 * np.sqrt(power[2]) == pytest.approx(2.0, rel=0.25)
    hertz, spectrum = signal.welch(felt[:, 0], 100, nperseg=400)
    assert 6.5 < hertz[np.argmax(spectrum)] < 12.5


def test_noise_of_an_accelerometer_may_fall_with_frequency() -> None:
    white, coloured = (resting(Rest(1.0, coloured=c), 200)[:, 0] for c in (0.0, 0.5))
    ratios = []
    for samples in (white, coloured):
        hertz, power = signal.welch(samples, 100, nperseg=400)
        ratios.append(power[(hertz > 2) & (hertz < 5)].mean() / power[hertz > 30].mean())
    assert ratios[0] < 1.3
    assert ratios[1] > 1.8


def test_each_heart_beat_shakes_the_limb_alike() -> None:
    limb = RestingLimb(Rest(0.0, pulse_mg=(3.0, 3.0)), 1, 100.0)
    time_s = np.arange(60) / 100
    for start in (0, 100):
        limb.beat(start, time_s)
    felt = np.zeros((200, 3))
    limb.add_to(felt, 0, 200)
    np.testing.assert_array_equal(felt[:100], felt[100:])
    assert np.linalg.norm(felt, axis=1).max() == pytest.approx(3e-3, rel=0.02)


def test_a_heart_beats_on_the_skin_even_if_the_electrodes_do_not_see_it() -> None:
    scene = replace(
        SILENT, electrodes=Electrodes(), rest=Rest(0.01, pulse_mg=(5.0, 5.0)), long=(), brief=()
    )
    (stream,) = Simulation("hard").streams()
    assert EmgSensor(stream, scene, 1, 0, 50.0).begin(scheduled(EventKind.BEAT, 1)) == []
    (stream,) = Simulation("hard", wears=WornSensors.ACCELEROMETER).streams()
    sensor = AccelerometerSensor(stream, scene, 1)
    assert sensor.begin(scheduled(EventKind.BEAT, 1)) == []
    felt = np.concatenate([sensor.read(200 * s, 200 * s + 200) for s in range(3)])
    assert np.linalg.norm(felt - felt[:100].mean(axis=0), axis=1).max() > 3e-3


def test_units_move_the_skin_in_directions_of_their_own() -> None:
    twitching = SILENT.twitching and replace(SILENT.twitching, aside=0.8, repeated=0.0)
    scene = replace(SILENT, twitching=twitching and replace(twitching, two_units=0.0))
    (stream,) = Simulation("hard", wears=WornSensors.ACCELEROMETER).streams()
    directions = []
    for draw in range(12):
        sensor = AccelerometerSensor(stream, scene, 1)
        sensor.begin(scheduled(EventKind.TWITCH, draw))
        felt = np.concatenate([sensor.read(200 * s, 200 * s + 200) for s in range(3)])
        directions.append(np.linalg.svd(felt - felt[0], full_matrices=False)[2][0])
    likeness = np.abs(np.array(directions) @ np.array(directions).T)
    assert likeness.min() < 0.9
    assert (likeness > 0.999).sum() > len(directions)  # the same unit again


def test_a_twitch_on_skin_keeps_its_direction_in_the_other_scenes() -> None:
    felt, (event,) = on_skin(scheduled(EventKind.TWITCH, 3))
    assert event.kind is Kind.TWITCH
    assert np.abs(felt).max() > 1e-3


@pytest.mark.parametrize("exponent", [0.5, 1.0, 2.0])
def test_noise_of_electrodes_falls_as_its_exponent_says(exponent: float) -> None:
    bare = Electrodes((5, 5), coloured=1.0, exponent=exponent, mains_uv=(0, 0), wander_uv=0)
    hertz, power = signal.welch(quiet(bare, 200), 1000, nperseg=2000)
    inside = (hertz > 5) & (hertz < 200)
    slope = np.polyfit(np.log(hertz[inside]), np.log(power[inside]), 1)[0]
    assert slope == pytest.approx(-exponent, abs=0.15)


def test_an_amplifier_coupled_at_20_hz_keeps_twitches_and_removes_wander() -> None:
    electrodes = Electrodes((1, 1), mains_uv=(0, 0), wander_uv=300)
    deviation = []
    for high_pass_hz in (0.0, 20.0):
        scene = replace(
            SILENT,
            electrodes=electrodes,
            emg=FrontEnd(1000.0, 0.025, 2e5, high_pass_hz),
        )
        (stream,) = Simulation("hard").streams()
        sensor = EmgSensor(stream, scene, 1, 0, 50.0)
        felt = np.concatenate([sensor.read(1000 * s, 1000 * s + 1000) for s in range(30)])
        deviation.append(felt[2000:].std())
    assert deviation[0] > 50
    assert deviation[1] < 8


def test_rounding_counts_as_noise_only_where_steps_are_coarse() -> None:
    fine, coarse = FrontEnd(1000.0, 0.1, 1e4), FrontEnd(1000.0, 24.0, 1e4)
    assert fine.with_rounding(3.0) == 3.0
    assert coarse.with_rounding(3.0) == pytest.approx(np.hypot(3.0, 24 / np.sqrt(12)))


def test_hearts_differ_in_rate_rhythm_and_width() -> None:
    fast = HeartBeats(interval_s=(0.5, 0.5), irregular=0.2)
    rhythm = beats(0.0, random_draws(1, "heart"), fast)
    intervals = np.diff([next(rhythm)[0] for _ in range(500)])
    assert 0.45 < intervals.mean() < 0.55
    assert intervals.std() / intervals.mean() > 0.15
    assert intervals.min() > 0.2
    time_s = np.arange(600) / 1000
    widths = []
    for width in (0.8, 1.6):
        heart = Heart((100, 100), 1, 0, HeartBeats(width=(width, width), t_wave=(0, 0)))
        wave = np.abs(heart.potential(time_s, 1.0, ectopic=False))
        widths.append((wave > wave.max() / 10).sum())
    assert widths[1] == pytest.approx(2 * widths[0], rel=0.1)


# Scenes for measuring, and for users.


@pytest.mark.parametrize("modality", [Modality.EMG, Modality.ACCELEROMETER])
def test_scenes_for_measuring_come_with_and_without_their_twitches(
    modality: Modality, tmp_path: Path
) -> None:
    record = recorded(Scene(WILD, modality, 801, 2), ArrayCache(tmp_path))
    rate = record.stream.sampling_rate
    truth = Truth.of(record.truth, rate, modality, record.hours)
    recall = expected_recall(record, truth)
    assert len(truth.twitches) > 20
    assert recall.mean() > 0.9
    changed = np.abs(np.nan_to_num(record.samples - record.without)).max(axis=1) > 0
    near = np.zeros(len(changed), dtype=bool)
    for event in (e for e in record.truth if e.kind is Kind.TWITCH):
        assert changed[event.onset : event.offset].mean() > 0.1
        near[max(event.onset - round(0.1 * rate), 0) : event.offset + round(0.5 * rate)] = True
    assert changed[~near].mean() < 0.01


def test_wild_is_a_scene_of_the_command_line_and_a_source(tmp_path: Path) -> None:
    out, truth = tmp_path / "wild.bdf", tmp_path / "truth.json"
    options = ["--duration", "40s", "--seed", "801", "--modality", "both", "--truth", str(truth)]
    done = run("simulate", "wild", "--out", str(out), *options)
    assert done.returncode == 0, done.stderr
    streams = json.loads(truth.read_text("utf-8"))["streams"]
    scene = scene_of(WILD, 801)
    rates = [scene.emg.sampling_rate, scene.accelerometer.sampling_rate]
    assert [s["sampling_rate_hz"] for s in streams] == rates
    assert run("check", str(out)).returncode in (0, 1)  # 1 if the scene has a dropout
    source = open_source("sim:wild?seed=801&speed=max")
    assert source.open()[0].sampling_rate == rates[0]
    source.close()


def test_a_rate_that_is_asked_for_replaces_the_drawn_one() -> None:
    (stream,) = Simulation(WILD, 801, rate=500.0).streams()
    assert stream.sampling_rate == 500.0
    assert Simulation(WILD, 801, mains_hz=60.0).hum_hz == 60.0
    assert Simulation("calm").hum_hz == 50.0
