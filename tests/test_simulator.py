import time
from collections import Counter
from dataclasses import replace
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from simulated_sensors import happenings

from myowatch.acquisition.simulator import (
    SCENE_NAMES,
    SCENES,
    Simulation,
    Wearer,
    WornSensors,
    scene_of,
    visible_events,
)
from myowatch.acquisition.simulator.scene import EventKind
from myowatch.acquisition.simulator.timetable import Timetable
from myowatch.acquisition.simulator.true_events import Mixer
from myowatch.signal.model.events import Event, Kind, Reason
from myowatch.signal.model.samples import Samples


def live(simulation: Simulation, seconds: int) -> tuple[dict[str, Samples], list[Event]]:
    wearer = Wearer(simulation)
    blocks, events = [], []
    for _ in range(seconds):
        of_this_second, begun = wearer.second()
        blocks += of_this_second
        events += begun
    samples = {
        s.name: np.concatenate([b.samples for b in blocks if b.stream == s]) for s in wearer.streams
    }
    return samples, visible_events(events, {name: len(x) for name, x in samples.items()})


@pytest.mark.parametrize("scene", SCENE_NAMES)
def test_the_same_simulation_gives_the_same_samples_and_events(scene: str) -> None:
    simulation = Simulation(scene, seed=3, wears=WornSensors.BOTH, channels=2)
    first, second = live(simulation, 50), live(simulation, 50)
    assert first[1] == second[1]
    for name, samples in first[0].items():
        np.testing.assert_array_equal(samples, second[0][name])


@given(seed=st.integers(0, 10**9), rate=st.sampled_from([97.5, 250.0, 1000.0, 2048.0]))
@settings(max_examples=12, deadline=None)
def test_every_sample_is_a_finite_whole_count(seed: int, rate: float) -> None:
    simulation = Simulation("restless", seed=seed, rate=rate, wears=WornSensors.BOTH)
    samples, events = live(simulation, 20)
    for stream in simulation.streams():
        counts = samples[stream.name] / stream.resolution
        assert samples[stream.name].shape == (
            round(20 * stream.sampling_rate),
            len(stream.channels),
        )
        np.testing.assert_allclose(counts, np.rint(counts), atol=1e-6)
    assert all(e.offset <= len(samples[e.stream]) for e in events)


@given(pieces=st.lists(st.integers(1, 40), min_size=1, max_size=20), seed=st.integers(0, 10**6))
def test_a_mixer_gives_the_same_sum_however_it_is_read(pieces: list[int], seed: int) -> None:
    rng = np.random.default_rng(seed)
    waves = [(int(rng.integers(100)), rng.normal(size=(rng.integers(1, 60), 2))) for _ in range(5)]
    total, mixer = np.zeros((1000, 2)), Mixer(2)
    for start, wave in waves:
        total[start : start + len(wave)] += wave
        mixer.add(start, wave)
    cuts = np.cumsum([0, *pieces])
    read = np.concatenate([mixer.read(int(a), int(b)) for a, b in pairwise(cuts)])
    np.testing.assert_allclose(read, total[: cuts[-1]], atol=1e-12)


@given(seed=st.integers(0, 10**9), scene=st.sampled_from(SCENE_NAMES))
@settings(max_examples=30, deadline=None)
def test_a_timetable_is_the_same_whether_asked_each_second_or_once(seed: int, scene: str) -> None:
    once = Timetable(scene_of(scene, seed), seed, 2).until(300.0)
    asked = Timetable(scene_of(scene, seed), seed, 2)
    each_second = [h for second in range(300) for h in asked.until(second + 1.0)]
    assert sorted(each_second, key=lambda h: (h.onset_s, h.draw)) == once
    long = [h for h in once if h.lasting_s]
    assert all(a.onset_s + a.lasting_s < b.onset_s for a, b in pairwise(long))


def test_more_channels_leave_the_first_one_as_it_was() -> None:
    one, _ = live(Simulation("calm", seed=5), 30)
    four, _ = live(Simulation("calm", seed=5, channels=4), 30)
    np.testing.assert_array_equal(one["EMG"], four["EMG1"])


def test_muscles_have_twitches_of_their_own() -> None:
    _, events = live(Simulation("twitchy", seed=2, channels=4), 120)
    onsets = {name: {e.onset for e in events if e.stream == name} for name in ("EMG1", "EMG2")}
    assert len(onsets["EMG1"] & onsets["EMG2"]) < 5


def test_both_sensors_see_the_twitches_of_the_muscle_at_the_same_instants() -> None:
    _, events = live(Simulation("twitchy", seed=2, wears=WornSensors.BOTH), 180)
    twitches = [e for e in events if e.kind is Kind.TWITCH]
    emg_s = np.array([e.onset / 1000 for e in twitches if e.stream == "EMG"])
    skin_s = np.array([e.onset / 200 for e in twitches if e.stream == "ACC"])
    assert len(emg_s) > 15
    assert len(emg_s) == len(skin_s)
    assert np.all(np.abs(skin_s - emg_s - 0.006) < 0.02)


@pytest.mark.parametrize(
    ("scene", "kinds"),
    [
        ("calm", {Kind.TWITCH}),
        ("twitchy", {Kind.TWITCH, Kind.MOVEMENT}),
        ("demo", {Kind.TWITCH, Kind.CRAMP, Kind.MOVEMENT}),
        ("cramp", {Kind.TWITCH, Kind.CRAMP}),
        ("restless", {Kind.TWITCH, Kind.MOVEMENT}),
        ("electrode-off", {Kind.TWITCH, Kind.ARTEFACT}),
        ("medium", set(Kind)),
        ("hard", set(Kind)),
    ],
)
def test_scenes_hold_what_their_names_say(scene: str, kinds: set[Kind]) -> None:
    _, events = live(Simulation(scene, seed=4), 600)
    found = Counter(e.kind for e in events)
    assert set(found) <= kinds
    assert {*found, Kind.TWITCH} == kinds
    per_minute = found[Kind.TWITCH] / 10
    assert per_minute < 1 if scene == "calm" else 2 < per_minute < 35


def test_electrodes_come_loose_fall_off_and_saturate() -> None:
    samples, events = live(Simulation("electrode-off", seed=4), 900)
    reasons = {e.reason for e in events}
    assert {Reason.NOISE, Reason.FLAT, Reason.SATURATION, Reason.ELECTRODE_POP} <= reasons
    flat = next(e for e in events if e.reason is Reason.FLAT)
    assert np.ptp(samples["EMG"][flat.onset : flat.offset]) == 0
    rail = np.abs(samples["EMG"]).max()
    saturated = next(e for e in events if e.reason is Reason.SATURATION)
    at_rail = np.abs(samples["EMG"][saturated.onset : saturated.offset]) == rail
    assert at_rail.mean() > 0.5


def test_a_true_twitch_is_where_the_signal_says() -> None:
    samples, events = live(Simulation("twitchy", seed=6), 60)
    assert events
    for event in (e for e in events if e.kind is Kind.TWITCH):
        around = samples["EMG"][event.onset - 60 : event.offset + 60, 0]
        inside = samples["EMG"][event.onset : event.offset, 0]
        assert np.ptp(inside) > 0.8 * np.ptp(around)
        assert 3 <= event.offset - event.onset <= 250


def test_twitches_have_the_durations_and_amplitudes_of_fasciculations() -> None:
    _, events = live(Simulation("twitchy", seed=1, channels=4), 300)
    twitches = [e for e in events if e.kind is Kind.TWITCH]
    durations_ms = np.array([e.offset - e.onset for e in twitches])
    assert 5 <= np.median(durations_ms) <= 30
    assert min(e.peak for e in twitches) > 20
    assert max(e.peak for e in twitches) < 1500


@pytest.mark.parametrize("mains_hz", [50.0, 60.0])
def test_mains_has_the_frequency_of_the_country(mains_hz: float) -> None:
    samples, _ = live(Simulation("calm", mains_hz=mains_hz), 20)
    spectrum = np.abs(np.fft.rfft(samples["EMG"][:, 0]))
    hertz = np.fft.rfftfreq(len(samples["EMG"]), 1e-3)
    above = np.where(hertz > 20, spectrum, 0)
    assert abs(hertz[np.argmax(above)] - mains_hz) < 0.2


def test_gravity_stays_gravity_through_every_turn() -> None:
    samples, events = live(Simulation("restless", seed=4, wears=WornSensors.ACCELEROMETER), 300)
    still = np.ones(len(samples["ACC"]), dtype=bool)
    for event in events:
        still[event.onset : event.offset + 100] = False
    assert abs(np.linalg.norm(samples["ACC"][still], axis=1) - 1).max() < 0.03
    assert samples["ACC"][still].std(axis=0).max() > 0.05


def test_events_are_cut_to_what_was_read() -> None:
    events = [Event("EMG", Kind.CRAMP, 100, 900), Event("EMG", Kind.TWITCH, 950, 960)]
    assert visible_events(events, {"EMG": 500}) == [replace(events[0], offset=500)]


@pytest.mark.parametrize(
    "wrong",
    [{"scene": "party"}, {"rate": 7.0}, {"channels": 0}, {"mains_hz": 55.0}, {"seed": -1}],
    ids=lambda w: next(iter(w)),
)
def test_invalid_simulations_are_refused(wrong: dict[str, float]) -> None:
    with pytest.raises(ValueError, match="need"):
        Simulation(**{"scene": "calm", **wrong})  # type: ignore[arg-type]


@pytest.mark.parametrize("scene", ["demo", "hard", "wild"])
def test_a_channel_costs_at_most_a_hundredth_of_the_time_it_lasts(scene: str) -> None:
    wearer, began = Wearer(Simulation(scene, seed=3)), time.process_time()
    for _ in range(300):
        wearer.second()
    assert (time.process_time() - began) / 300 < 0.01


def test_everything_that_makes_it_hard_happens_in_the_hard_scene() -> None:
    assert {h.kind for h in happenings(SCENES["hard"], 1, 3 * 3600)} == set(EventKind)


def test_short_events_keep_a_distance_from_artefacts() -> None:
    found = happenings(SCENES["hard"], 4, 3600, muscles=3)
    twitches = [h for h in found if h.kind is EventKind.TWITCH]
    long = [h for h in found if h.lasting_s]
    for twitch in twitches:
        for hides in long:
            if hides.channel in (None, twitch.channel):
                assert not hides.onset_s - 0.5 < twitch.onset_s < hides.end_s + 0.5
    assert len(twitches) > 100


@pytest.mark.parametrize("rate", [50.0, 97.5, 250.0, 500.0, 2000.0, 10_000.0])
@pytest.mark.parametrize("scene", ["clean", "medium", "hard", "wild"])
def test_the_grades_work_at_every_rate(scene: str, rate: float) -> None:
    for wears in (WornSensors.EMG, WornSensors.ACCELEROMETER):
        samples, events = live(Simulation(scene, seed=7, rate=rate, wears=wears), 20)
        (felt,) = samples.values()
        assert len(felt) == round(20 * rate)
        assert np.isfinite(felt).mean() > 0.5
        assert all(e.offset <= len(felt) for e in events)


def test_the_grades_differ_in_what_surrounds_the_twitches() -> None:
    floors = []
    for scene in ("clean", "medium", "hard"):
        samples, _ = live(Simulation(scene, seed=11, wears=WornSensors.BOTH), 60)
        floors.append([np.nanmedian(np.abs(np.diff(samples[s], axis=0))) for s in ("EMG", "ACC")])
    assert np.all(np.diff(floors, axis=0) > 0)


def test_neighbours_see_a_twitch_at_the_same_instant_in_the_same_shape_but_smaller() -> None:
    samples, events = live(Simulation("hard", seed=7, channels=2), 100)
    shares = []
    for event in (e for e in events if e.kind is Kind.TWITCH and e.stream == "EMG1"):
        if event.snr_db < 20:
            continue
        one, other = (samples[s][event.onset : event.offset, 0] for s in ("EMG1", "EMG2"))
        one, other = one - one.mean(), other - other.mean()
        shares.append(one @ other / (one @ one))
        own = [e for e in events if e.stream == "EMG2" and e.onset == event.onset]
        assert not own
    assert len(shares) > 5
    assert 0.08 < np.median(shares) < 0.3


def test_neighbours_see_nothing_of_each_other_in_scenes_without_crosstalk() -> None:
    one, _ = live(Simulation("clean", seed=5), 30)
    four, _ = live(Simulation("clean", seed=5, channels=4), 30)
    np.testing.assert_array_equal(one["EMG"], four["EMG1"])


def test_a_limb_movement_is_felt_by_muscle_and_accelerometer_alike() -> None:
    _, events = live(Simulation("restless", seed=6, wears=WornSensors.BOTH), 300)
    moves = [e for e in events if e.kind is Kind.MOVEMENT]
    muscle = [(e.onset / 1000, e.offset / 1000) for e in moves if e.stream == "EMG"]
    limb = [(e.onset / 200, e.offset / 200) for e in moves if e.stream == "ACC"]
    assert len(limb) == len(muscle) > 5
    np.testing.assert_allclose(limb, muscle, atol=0.4)
