"""Each thing that can happen, against the words of the project's goal for hard scenes."""

import json
from dataclasses import replace
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
from command_line import run
from scipy import signal
from simulated_sensors import HARD, happenings, on_emg, on_skin, quiet, scheduled

from myowatch.acquisition.simulator import Simulation, Wearer, WornSensors
from myowatch.acquisition.simulator.accelerometer_sensor import AccelerometerSensor
from myowatch.acquisition.simulator.contractions import steps
from myowatch.acquisition.simulator.emg_sensor import EmgSensor
from myowatch.acquisition.simulator.motor_unit import Phases, motor_units
from myowatch.acquisition.simulator.scene import Electrodes, EventKind, Twitching
from myowatch.acquisition.simulator.timetable import Timetable, beats, random_draws
from myowatch.acquisition.simulator.true_events import VisibilityTest
from myowatch.signal.model.events import Event, Kind, Reason
from myowatch.signal.model.samples import Samples

TWITCHING = HARD.twitching or Twitching((0.0, 0.0))
DRAWS = range(6)


def rms(samples: Samples) -> float:
    return float(np.sqrt(np.mean(samples**2)))


def share_in(samples: Samples, event: Event) -> float:
    """Share of the energy that lies within the event."""
    energy = (samples - np.median(samples)) ** 2
    return float(energy[event.onset : event.offset].sum() / energy.sum())


def peak_hz(samples: Samples, rate: float) -> float:
    hertz, power = signal.periodogram(samples, rate, nfft=8 * len(samples))
    return float(hertz[np.argmax(power)])


# Twitches "of several motor units (bi-, tri-, polyphasic, 5-40 ms, log-normal 20 uV to 1 mV)"


def test_potentials_have_two_to_five_phases_of_5_to_40_ms_and_20_uv_to_1_mv() -> None:
    units = [u for seed in range(40) for u in motor_units(TWITCHING, seed, 0)]
    time_s = np.arange(0, 0.08, 1e-4)
    waves = [u.potential(time_s, 1e4) for u in units]
    heights = np.array([np.ptp(w) for w in waves])
    lasts_ms = [0.1 * np.ptp(np.flatnonzero(np.abs(w) > 0.1 * np.abs(w).max())) for w in waves]
    assert {len(u.shape.at_s) for u in units if isinstance(u.shape, Phases)} == {2, 3, 4, 5}
    assert 19 < heights.min() < 60
    assert 250 < heights.max() < 1001
    assert abs(np.median(np.log(heights)) - np.log(141)) < 0.3  # log-normal around the middle
    assert 4 < np.min(lasts_ms) < 8
    assert 25 < np.max(lasts_ms) < 45
    assert all(abs(w[0]) < 0.02 * np.abs(w).max() for w in waves)


def test_twitches_are_single_doublets_or_triplets() -> None:
    events = [e for draw in range(60) for e in on_emg(scheduled(EventKind.TWITCH, draw))[1]]
    counts = [e.count for e in events]
    assert set(counts) == {1, 2, 3}
    assert counts.count(1) > counts.count(2) + counts.count(3)


# "0.5 to 80 a minute, Poisson and clustered"


TWITCHES_ONLY = replace(HARD, long=(), brief=(), electrodes=Electrodes())


def test_muscles_twitch_from_half_to_eighty_times_a_minute() -> None:
    per_minute = [len(happenings(TWITCHES_ONLY, seed, 1200)) / 20 for seed in range(40)]
    assert min(per_minute) < 1.5
    assert 40 < max(per_minute) < 85


def test_twitches_cluster_more_than_chance_would_have_it() -> None:
    shares = []
    for seed in range(30):
        at = np.array([h.onset_s for h in happenings(TWITCHES_ONLY, seed, 3600)])
        if len(at) > 30:
            by_chance = 1 - np.exp(-2 * len(at) / 3600)
            shares.append((np.diff(at) < 2).mean() - by_chance)
    assert np.median(shares) > 0.1


# "noise 3-20 uV RMS, coloured, stepping"


def test_noise_steps_between_3_and_20_uv_and_falls_with_frequency() -> None:
    bare = Electrodes(noise_uv=(3, 20), step_s=20, coloured=0.7, mains_uv=(0, 0), wander_uv=0)
    above_10_hz = signal.butter(4, 10, "highpass", fs=1000, output="sos")
    samples = quiet(bare, 600)
    seconds = signal.sosfilt(above_10_hz, samples).reshape(-1, 1000)[1:]
    levels = np.array([rms(s) for s in seconds])
    assert 2.5 < levels.min() < 6
    assert 14 < levels.max() < 23
    changed = np.abs(np.diff(np.log(levels))) > 0.3
    assert 8 < changed.sum() < 50
    hertz, power = signal.welch(samples, 1000, nperseg=1000)
    bands = [power[(hertz >= low) & (hertz < 2 * low)].mean() for low in (5, 20, 100, 240)]
    assert all(low > 1.3 * high for low, high in pairwise(bands))


# "mains 50/60 Hz with harmonics to 60 uV, drifting"


def test_mains_steps_up_to_60_uv_drifts_and_has_harmonics() -> None:
    bare = Electrodes(
        noise_uv=(0.1, 0.1), step_s=40, mains_uv=(5, 60), mains_drift_hz=0.05, wander_uv=0
    )
    samples = quiet(bare, 300)
    carrier = np.exp(-2j * np.pi * 50 * np.arange(len(samples)) / 1000)
    slow = signal.butter(2, 2, fs=1000, output="sos")
    turning = signal.sosfiltfilt(slow, samples * carrier)[1000:-1000]
    # Over 5 s, so that a step does not count as a turn.
    hertz = (np.angle(turning[5000:] / turning[:-5000])) / (2 * np.pi * 5)
    assert 0.03 < np.quantile(np.abs(hertz), 0.9) < 0.07
    strength = 2 * np.abs(turning)
    assert strength.max() / strength.min() > 2
    assert strength.max() < 80
    frequencies, power = signal.welch(samples, 1000, nperseg=4000)
    near = {h: power[np.abs(frequencies - h) < 1].max() for h in (100, 120, 150)}
    assert near[150] > 100 * near[120]
    assert near[100] > 100 * near[120]


# "heart beats to 220 uV", "baseline wander to 200 uV"


def test_the_heart_beats_with_the_breath_and_sometimes_early_and_broad() -> None:
    rhythm = beats(0.03, random_draws(5, "heart"))
    found = [next(rhythm) for _ in range(2000)]
    onset, early = np.array([f[0] for f in found]), np.array([f[1] for f in found])
    intervals = np.diff(onset)
    normal = intervals[~early[:-1] & ~early[1:]]
    assert 0.01 < early.mean() < 0.06
    assert intervals[early[1:]].mean() < 0.7 * normal.mean() < intervals[early[:-1]].mean()
    assert 0.02 < normal.std() / normal.mean() < 0.08


def test_heart_beats_of_220_uv_are_known_to_the_truth() -> None:
    wearer = Wearer(Simulation("heartbeat", seed=2))
    lived = [wearer.second() for _ in range(120)]
    events = [e for _, begun in lived for e in begun]
    assert {e.reason for e in events} == {Reason.ECG}
    assert 110 < len(events) < 170
    assert 190 < np.median([e.peak for e in events]) < 250


def test_the_baseline_wanders_by_200_uv() -> None:
    samples = quiet(Electrodes(mains_uv=(0, 0), wander_uv=200), 200)
    assert 250 < np.ptp(samples) < 450


# "stretches of a loose electrode; pops with slow recovery; cable movement; saturation; dropouts"


@pytest.mark.parametrize(
    ("kind", "lasting_s", "reason"),
    [
        (EventKind.LOOSE, 8.0, Reason.NOISE),
        (EventKind.CABLE, 3.0, Reason.MOVEMENT),
        (EventKind.POP, 0.0, Reason.ELECTRODE_POP),
        (EventKind.SATURATION, 2.0, Reason.SATURATION),
    ],
)
def test_artefacts_are_where_their_truth_says(
    kind: EventKind, lasting_s: float, reason: Reason
) -> None:
    for draw in DRAWS:
        samples, (event,) = on_emg(scheduled(kind, draw, lasting_s), seconds=14)
        assert event.reason is reason
        assert share_in(samples, event) > 0.95
        assert abs(event.onset - 1000) < 60


def test_a_pulled_cable_swings_slowly_and_rubs() -> None:
    friction = signal.butter(4, 40, "highpass", fs=1000, output="sos")
    for draw in DRAWS:
        samples, _ = on_emg(scheduled(EventKind.CABLE, draw, 4.0))
        rubs = signal.sosfiltfilt(friction, samples)
        assert peak_hz(samples, 1000) < 4
        assert np.ptp(samples) > 200
        assert rms(rubs[1000:5000]) > 2
        assert rms(rubs[6000:]) < 0.1


def test_electrode_pops_decay() -> None:
    recovery_s = []
    for draw in range(30):
        samples, _ = on_emg(scheduled(EventKind.POP, draw), seconds=8)
        high = np.flatnonzero(np.abs(samples) > np.abs(samples).max() / np.e)
        recovery_s.append(np.ptp(high) / 1000)
    assert min(recovery_s) < 0.06
    assert max(recovery_s) > 0.4


def test_dropouts_are_gaps_in_a_recorded_file_and_to_check(tmp_path: Path) -> None:
    seed = next(s for s in range(99) if _drops_out(s, 60))
    out, truth = tmp_path / "night.bdf", tmp_path / "truth.json"
    options = ["--duration", "60s", "--seed", str(seed), "--truth", str(truth)]
    assert run("simulate", "hard", "--out", str(out), *options).returncode == 0
    analysed = run("analyze", "--json", str(out)).stdout.splitlines()[0]
    true, found = (
        [e for e in json.loads(text)["rejected"] if e["reason"] == "gap"]
        for text in (truth.read_text("utf-8"), analysed)
    )
    checked = run("check", str(out))
    assert true
    assert found == true
    assert f"{len(true)} gaps" in checked.stdout
    assert checked.returncode == 1


def _drops_out(seed: int, before_s: float) -> bool:
    found = Timetable(HARD, seed, 1).until(before_s)
    return any(h.kind is EventKind.DROPOUT and h.lasting_s > 0.2 for h in found)


# As the goal says: "one unit firing tonically (movement, not a hundred twitches)"


def test_a_unit_that_fires_on_is_one_movement_of_5_to_15_hz() -> None:
    for draw in DRAWS:
        samples, (event,) = on_emg(scheduled(EventKind.TONIC, draw, 10.0))
        peaks, _ = signal.find_peaks(np.abs(samples), 0.6 * np.abs(samples).max(), distance=40)
        assert event.kind is Kind.MOVEMENT
        assert 4.5 < len(peaks) / 10 < 16.5
        assert (event.offset - event.onset) > 9000


# As the goal says: "voluntary contractions 0.5-10 s"; cramps of "20-150 Hz discharge, ramping"


@pytest.mark.parametrize("lasting_s", [0.6, 3.0, 10.0])
def test_contractions_swell_and_fade_and_are_muscle(lasting_s: float) -> None:
    for draw in DRAWS:
        samples, (event,) = on_emg(scheduled(EventKind.MOVEMENT, draw, lasting_s))
        edge = round(100 * lasting_s / 10)
        inside = samples[1000 : 1000 + round(1000 * lasting_s)]
        middle = rms(inside[len(inside) // 3 : 2 * len(inside) // 3])
        assert event.kind is Kind.MOVEMENT
        assert share_in(samples, event) > 0.99
        assert rms(inside[:edge]) < 0.5 * middle
        assert rms(inside[-edge:]) < 0.5 * middle
        hertz, power = signal.welch(inside, 1000, nperseg=512)
        assert 15 < (hertz * power).sum() / power.sum() < 200


def test_cramps_discharge_at_20_to_150_hz_ramp_and_decay() -> None:
    for draw in DRAWS:
        samples, (event,) = on_emg(scheduled(EventKind.CRAMP, draw, 20.0))
        parts = [rms(p) for p in np.array_split(samples[1000:21000], 20)]
        assert event.kind is Kind.CRAMP
        assert parts[0] < 0.8 * max(parts)
        assert parts[-1] < 0.4 * max(parts)
        envelope = np.abs(signal.hilbert(samples[6000:14000]))
        hertz, power = signal.periodogram(envelope - envelope.mean(), 1000)
        assert power[(hertz > 12) & (hertz < 160)].sum() > 0.5 * power[hertz > 2].sum()


# "twitches as damped 5-30 Hz transients of 50-250 ms and 2-60 mg"


def test_skin_twitches_begin_smoothly_and_ring_at_5_to_30_hz() -> None:
    found = []
    for draw in range(40):
        samples, events = on_skin(scheduled(EventKind.TWITCH, draw), seed=draw, rate=400)
        for event in events:
            inside = np.abs(samples[event.onset : event.offset])
            assert share_in(samples[300:800], _later(event, -300)) > 0.9
            assert inside[0] < 0.5 * inside.max()
            found.append((1000 * inside.max(), peak_hz(samples[400:600], 400), len(inside) / 400))
    height_mg, hertz, lasting_s = np.array(found).T
    assert 1.5 < height_mg.min() < 8
    assert 25 < height_mg.max() < 70
    assert 5 < hertz.min() < 12
    assert 18 < hertz.max() < 34
    assert 0.03 < lasting_s.min() < 0.1
    assert 0.12 < lasting_s.max() < 0.5


def _later(event: Event, samples: int) -> Event:
    return Event(event.stream, event.kind, event.onset + samples, event.offset + samples)


# "cramps as 8-30 Hz tremor, limb movements, periodic limb movements, walking, taps on the table"


def test_a_cramp_shakes_the_skin_at_8_to_30_hz() -> None:
    for draw in DRAWS:
        samples, (event,) = on_skin(scheduled(EventKind.CRAMP, draw, 15.0))
        assert event.kind is Kind.CRAMP
        assert 7 < peak_hz(samples, 200) < 31
        assert share_in(samples, event) > 0.98


def test_a_limb_turns_and_a_periodic_movement_comes_back() -> None:
    stays = []
    for draw in range(12):
        moved, (event,) = on_skin(scheduled(EventKind.MOVEMENT, draw, 2.0))
        stays.append(abs(moved[-100:].mean()) < 0.01)
        back, _ = on_skin(scheduled(EventKind.PERIODIC, draw, 2.0))
        assert event.kind is Kind.MOVEMENT
        assert abs(back[-100:].mean()) < 0.01 < np.abs(back).max()
    assert 0 < sum(stays) < 12


def test_a_walk_is_one_movement_of_1_5_to_2_2_steps_a_second_on_both_sensors() -> None:
    for draw in DRAWS:
        walk = scheduled(EventKind.WALK, draw, 10.0)
        skin, (on_acc,) = on_skin(walk)
        muscle, (on_muscle,) = on_emg(walk)
        assert 1.4 < 1 / np.diff(steps(walk)).mean() < 2.3
        assert on_acc.kind is on_muscle.kind is Kind.MOVEMENT
        assert np.abs(skin).max() > 0.1
        assert rms(muscle[1500:10500]) > 10


def test_taps_are_sharp_and_soon_over() -> None:
    for draw in DRAWS:
        samples, (event,) = on_skin(scheduled(EventKind.TAP, draw), rate=400)
        assert event.reason is Reason.TAP
        assert (event.offset - event.onset) / 400 < 0.06
        assert 30 < peak_hz(samples, 400) < 100


def test_a_resting_arm_trembles_by_3_mg_most_of_it_under_15_hz() -> None:
    rest = scheduled(EventKind.POP, 0)  # which an accelerometer does not feel
    (stream,) = Simulation("hard", wears=WornSensors.ACCELEROMETER).streams()
    sensor = AccelerometerSensor(stream, HARD, 3)
    assert sensor.begin(rest) == []
    felt = np.concatenate([sensor.read(200 * s, 200 * s + 200) for s in range(120)])
    hertz, power = signal.welch(felt - felt.mean(axis=0), 200, nperseg=400, axis=0)
    total_mg = 1000 * np.sqrt(power[hertz >= 2].sum() * 0.5)
    assert 2.0 < total_mg < 3.6
    assert power[(hertz >= 2) & (hertz < 15)].mean() > 4 * power[hertz > 50].mean()


# "the truth is exported", and asks only for what can be had


def test_an_observer_of_white_noise_sees_the_root_of_the_energy() -> None:
    wave = np.random.default_rng(1).normal(size=50)
    observer = VisibilityTest(np.ones(100), 1000.0, from_hz=0.0)
    assert observer.deflection(wave, 2.0) == pytest.approx(np.sqrt((wave**2).sum()) / 2.0)


def test_invisible_twitches_are_not_true_twitches() -> None:
    faint = Electrodes(noise_uv=(20, 20))
    (stream,) = Simulation("hard").streams()
    sensor = EmgSensor(stream, replace(HARD, electrodes=faint), 1, 0, 50.0)
    twitches = [scheduled(EventKind.TWITCH, draw) for draw in range(60)]
    events = [e for t in twitches for e in sensor.begin(t)]
    assert 5 < len(events) < 60
    assert min(e.peak for e in events) > 25
