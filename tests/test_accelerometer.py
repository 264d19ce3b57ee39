"""Twitches, cramps, limbs and taps as an accelerometer on the skin has them."""

import numpy as np
import pytest
from event_lists import provisional, settled
from scipy.signal import sosfilt

from myowatch.signal.accelerometer.accelerometer_front import PolarisedEnergy, SlowMotion
from myowatch.signal.accelerometer.taps import TapDetector
from myowatch.signal.accelerometer.tremor import firing_regularity
from myowatch.signal.detector.detector import Detector
from myowatch.signal.dsp.filters import design_bandpass
from myowatch.signal.model.events import Event, Kind, Reason
from myowatch.signal.model.samples import Modality, SampleBlock, Samples, Stream, Unit, quantise
from myowatch.signal.noise.rest_floor import RestFloor

RATE = 200.0
RATES = [50.0, 100.0, 200.0, 400.0, 1000.0]
DOWN = np.array([0.1, 0.6, 0.8])


def rest(seconds: float, rate: float = RATE, seed: int = 0) -> Samples:
    """Gravity, and noise of half a thousandth of it."""
    noise = np.random.default_rng(seed).normal(0.0, 5e-4, (round(seconds * rate), 3))
    return np.asarray(noise + DOWN)


def ring(peak: float, hertz: float, decay_s: float, rate: float = RATE) -> Samples:
    time = np.arange(round(6 * decay_s * rate)) / rate
    wave = np.exp(-time / decay_s) * np.sin(2 * np.pi * hertz * time + 0.3)
    return np.asarray(peak * wave[:, np.newaxis] / np.abs(wave).max() * DOWN)


def tremor(seconds: float, rms: float, rate: float = RATE) -> Samples:
    sos = design_bandpass(9.0, 14.0, order=2, sampling_rate=rate)
    noise = np.random.default_rng(1).normal(0.0, 1.0, round((seconds + 1) * rate))
    wave = sosfilt(sos, noise)[round(rate) :]
    return np.asarray(rms * wave[:, np.newaxis] / wave.std() * DOWN)


def with_waves(samples: Samples, waves: list[tuple[float, Samples]], rate: float = RATE) -> Samples:
    samples = samples.copy()
    for at_s, wave in waves:
        begin = round(at_s * rate)
        samples[begin : begin + len(wave)] += wave
    return samples


def detect(samples: Samples, rate: float = RATE) -> list[Event]:
    stream = Stream("ACC", Modality.ACCELEROMETER, Unit.G, rate, ("x", "y", "z"), 6e-5)
    detector = Detector([stream])
    events = detector.process(SampleBlock(stream, 0, quantise(samples, stream.resolution)))
    return [e for e in settled(events + detector.flush()) if e.reason is not Reason.EDGE]


@pytest.mark.parametrize("rate", RATES)
def test_weak_twitches_are_found_however_many_there_are(rate: float) -> None:
    onsets = np.arange(3.0, 58.0, 1.3)
    waves = [(at, ring(0.007, 16.0, 0.03, rate)) for at in onsets.tolist()]
    events = detect(with_waves(rest(60, rate), waves, rate), rate)
    assert [e.kind for e in events] == [Kind.TWITCH] * len(onsets)
    late = np.array([e.onset / rate for e in events]) - onsets
    assert np.abs(np.median(late)) <= max(0.015, 1.01 / rate)


def test_twitches_do_not_widen_the_spread_of_the_noise() -> None:
    rng = np.random.default_rng(0)
    energy = rng.chisquare(4.0, (1, 6000)) / 4.0
    quiet = RestFloor(100.0, [4.0], follow=[1.6], least=[0.01], deviate=5.4).process(energy)
    for at in range(400, 6000, 130):
        energy[:, at : at + 14] += 60.0
    limit, floor = RestFloor(100.0, [4.0], follow=[1.6], least=[0.01], deviate=5.4).process(energy)
    assert limit[0, -1] == pytest.approx(quiet[0][0, -1], rel=0.2)
    assert floor[-1] == pytest.approx(quiet[1][-1], rel=0.2)


@pytest.mark.parametrize("rate", RATES)
def test_a_tremor_is_one_cramp_without_twitches(rate: float) -> None:
    samples = with_waves(rest(60, rate), [(20.0, tremor(20.0, 0.03, rate))], rate)
    (cramp,) = detect(samples, rate)
    assert cramp.kind is Kind.CRAMP
    assert cramp.onset / rate == pytest.approx(20.0, abs=0.1)
    assert cramp.offset / rate == pytest.approx(40.0, abs=0.3)


def test_the_waves_in_which_a_tremor_fades_are_part_of_it() -> None:
    waves = [(20.0, tremor(15.0, 0.03)), (36.2, tremor(1.0, 0.008)), (38.0, tremor(1.0, 0.006))]
    (cramp,) = detect(with_waves(rest(60), waves))
    assert cramp.offset / RATE == pytest.approx(39.0, abs=0.3)


def test_the_waves_in_which_a_tremor_begins_are_part_of_it() -> None:
    waves = [(20.0, 0.2 * tremor(0.3, 0.03)), (20.45, 0.3 * tremor(0.3, 0.03))]
    (cramp,) = detect(with_waves(rest(60), [*waves, (20.9, tremor(15.0, 0.03))]))
    assert cramp.kind is Kind.CRAMP
    assert cramp.onset / RATE == pytest.approx(20.0, abs=0.1)


def test_twitches_that_ring_into_each_other_are_counted_one_by_one() -> None:
    onsets = np.arange(5.0, 6.5, 0.35).tolist()
    waves = [(at, ring(0.03, 15.0, 0.025)) for at in onsets]
    events = detect(with_waves(rest(20), waves))
    assert [e.kind for e in events] == [Kind.TWITCH] * len(onsets)


def test_a_tremor_that_returns_after_ten_seconds_is_another_cramp() -> None:
    waves = [(10.0, tremor(10.0, 0.03)), (30.0, tremor(10.0, 0.03))]
    assert [e.kind for e in detect(with_waves(rest(60), waves))] == [Kind.CRAMP] * 2


@pytest.mark.parametrize("hertz", [0.5, 1.0, 2.0, 3.0])
def test_a_limb_that_swings_is_one_movement_at_any_pace(hertz: float) -> None:
    time = np.arange(round(4 * RATE)) / RATE
    swing = 0.1 * np.sin(2 * np.pi * hertz * time) * np.clip(np.minimum(time, 4 - time) / 0.2, 0, 1)
    shaking = [(at, 0.4 * tremor(0.3, 0.02)) for at in (10.1, 11.2, 12.5)]
    samples = with_waves(rest(30), [(10.0, swing[:, np.newaxis] * DOWN), *shaking])
    (movement,) = detect(samples)
    assert movement.kind is Kind.MOVEMENT
    assert movement.onset / RATE == pytest.approx(10.0, abs=0.5)
    assert movement.offset / RATE == pytest.approx(14.0, abs=0.6)


def test_breathing_is_no_movement() -> None:
    time = np.arange(round(60 * RATE))[:, np.newaxis] / RATE
    tilt = 0.0175 * np.sin(2 * np.pi * 0.25 * time) * np.array([1.0, 0.0, 0.0])
    assert detect(rest(60) + tilt) == []


def test_slow_motion_is_steady_while_a_limb_swings() -> None:
    time = np.arange(round(20 * RATE)) / RATE
    for hertz in (0.5, 1.0, 2.0, 3.0):
        swing = np.zeros((len(time), 3))
        swing[:, 1] = 0.1 * np.sin(2 * np.pi * hertz * time)
        settled = SlowMotion(RATE, 3.0, every=2).process(swing)[300:]
        assert settled.min() > 0.35 * settled.max() > 0.01


@pytest.mark.parametrize("rate", [200.0, 400.0, 1000.0])
def test_taps_are_rejected_and_twitches_as_strong_are_not(rate: float) -> None:
    taps = [(at, ring(0.05, 70.0, 0.012, rate)) for at in (5.0, 9.1, 13.3)]
    twitches = [(at, ring(0.05, 18.0, 0.04, rate)) for at in (7.0, 11.0, 15.2)]
    events = detect(with_waves(rest(20, rate), [*taps, *twitches], rate), rate)
    assert [e.reason for e in events] == [Reason.TAP, None] * 3
    assert [e.kind for e in events] == [Kind.ARTEFACT, Kind.TWITCH] * 3


def test_a_slow_sensor_reports_no_tap() -> None:
    stage = TapDetector(50.0, 1)
    stage.process(
        samples := with_waves(rest(9, 50.0), [(6.0, ring(0.05, 20.0, 0.02, 50.0))], 50.0),
        samples[:, 0] ** 2,
    )
    assert stage.share(300, 310) == 0.0
    assert not stage.is_tap(300, 310)


def test_discarded_frames_give_no_answer() -> None:
    stage = TapDetector(RATE, 1)
    for second in range(40):
        samples = rest(1, seed=second)
        stage.process(samples, samples[:, 0] ** 2)
    assert stage.share(1000, 1010) == 0.0


def test_linear_motion_keeps_its_energy_and_rotation_has_little() -> None:
    angle = 2 * np.pi * 16 * np.arange(round(4 * RATE)) / RATE
    still = np.zeros_like(angle)
    line = np.stack([np.sin(angle), still, still], axis=1)
    circle = np.stack([np.sin(angle), np.cos(angle), still], axis=1)
    energies = [
        PolarisedEnergy(RATE, 8.0, 28.0, window_s=0.08, frame=1).process(x)[-200:].mean()
        for x in (line, circle)
    ]
    assert energies[0] == pytest.approx(0.5, rel=0.05)
    assert energies[1] == pytest.approx(0.25, rel=0.05)


def floor_under(energy: Samples) -> Samples:
    stage = RestFloor(100.0, [4.0], follow=[1.6], least=[0.01], deviate=5.4)
    floor: Samples = stage.process(energy[np.newaxis])[1]
    return floor


def test_a_cramp_raises_the_floor_by_two_decibels_and_longer_activity_is_background() -> None:
    energy = np.random.default_rng(0).chisquare(4.0, 30_000) / 4.0
    energy[3000:] *= 30.0
    floor = floor_under(energy)
    assert floor[12_000] < 1.7
    assert floor[-1] == pytest.approx(30.0, rel=0.3)


def test_a_sensor_that_stood_still_does_not_hold_the_floor_down() -> None:
    energy = np.random.default_rng(0).chisquare(4.0, 9000) / 4.0
    energy[2000:5000] = 0.0
    floor = floor_under(energy)
    assert floor[4900] == 0.01
    assert floor[-1] == pytest.approx(1.0, rel=0.3)


def test_a_twitch_leaves_within_350_milliseconds_of_its_end() -> None:
    onsets = np.arange(3.0, 38.0, 0.97).tolist()
    samples = with_waves(rest(40), [(at, ring(0.02, 15.0, 0.04)) for at in onsets])
    stream = Stream("ACC", Modality.ACCELEROMETER, Unit.G, RATE, ("x", "y", "z"), 6e-5)
    detector = Detector([stream])
    late = []
    for begin in range(0, len(samples), 4):
        block = SampleBlock(stream, begin, samples[begin : begin + 4])
        late += [
            block.end_sample - e.offset
            for e in provisional(detector.process(block))
            if e.kind is Kind.TWITCH
        ]
    assert len(late) == len(onsets)
    assert max(late) <= 0.35 * RATE


def test_one_motor_unit_that_keeps_firing_is_a_movement_not_a_cramp() -> None:
    rng = np.random.default_rng(0)
    onsets = 20.0 + np.cumsum(rng.normal(1.0, 0.12, 90) / 8.0)
    events = detect(with_waves(rest(60), [(at, ring(0.02, 15.0, 0.03)) for at in onsets.tolist()]))
    assert [e.kind for e in events] == [Kind.MOVEMENT]


def test_a_narrow_band_tremor_is_not_regular() -> None:
    energy = (tremor(40.0, 0.03) ** 2).sum(axis=1)
    beats = [firing_regularity(energy[at : at + 600], RATE) for at in range(0, 7000, 400)]
    assert np.median(beats) < 0.3
    pulses = 0.01 + np.sin(np.pi * 8 * np.arange(600) / RATE) ** 8
    assert firing_regularity(pulses, RATE) > 1.0
