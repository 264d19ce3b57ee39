"""Scenes with planted potentials, and noise, hold what they say."""

from itertools import pairwise

import numpy as np
import pytest
from grounds import noise
from grounds.motor_units import SPLITS, UNITS, Split, shapes
from grounds.planted import SIZES, scene
from grounds.rests import in_band, names, rest
from real_recordings import need_packages

from myowatch.signal.model.events import Kind
from myowatch.signal.model.samples import Modality

need_packages()

RATE = 1000.0


def test_the_same_seed_gives_the_same_scene_and_another_split_gives_another() -> None:
    first, again = (scene(3, "low", 500, 1, heart=True) for _ in range(2))
    other = scene(3, "low", 500, 1, heart=True, split="test")
    assert np.array_equal(first.samples, again.samples)
    assert first.truth == again.truth
    assert not np.array_equal(first.samples, other.samples)


def test_tuning_and_tests_share_no_unit_and_no_rest() -> None:
    assert not set(UNITS["tuning"]) & set(UNITS["test"])
    assert {s.unit for s in shapes("tuning")} == set(UNITS["tuning"])
    assert not set(names("tuning")) & set(names("test"))


@pytest.mark.parametrize("grade", SIZES)
def test_a_twitch_has_the_size_of_its_grade(grade: str) -> None:
    found = scene(1, grade, RATE, 5)
    twitches = in_band((found.samples - found.without)[:, 0], RATE)
    # Seed 1 has no hum. Swings and movements are too few to sway the median window.
    windows = in_band(found.without[:, 0], RATE).reshape(-1, 200)
    background = np.median(np.sqrt(np.mean(windows**2, axis=1)))
    single = [e for e in found.truth if e.kind is Kind.TWITCH and e.count == 1]
    sizes = [np.ptp(twitches[max(e.onset - 40, 0) : e.offset + 40]) for e in single]
    least, most = SIZES[grade]
    assert 0.85 * least < min(sizes) / background
    assert max(sizes) / background < 1.15 * most


def test_samples_differ_from_those_without_twitches_only_near_twitches() -> None:
    found = scene(5, "high", RATE, 3, heart=True)
    changed = np.flatnonzero(found.samples[:, 0] != found.without[:, 0])
    twitches = [e for e in found.truth if e.kind is Kind.TWITCH]
    near = np.zeros(len(found.samples), bool)
    for event in twitches:
        near[max(event.onset - 60, 0) : event.offset + 60] = True
    assert twitches
    assert near[changed].all()


def test_twitches_keep_clear_of_each_other_and_of_movements() -> None:
    events = [scene(seed, "medium", 250, 10).truth for seed in range(8)]
    for truth in events:
        twitches = [e for e in truth if e.kind is Kind.TWITCH]
        others = [e for e in truth if e.kind is not Kind.TWITCH]
        # 0.2 s, less where different potentials become visible at different times.
        assert all(b.onset - a.onset >= 0.15 * 250 for a, b in pairwise(twitches))
        assert all(t.offset <= o.onset or t.onset >= o.offset for t in twitches for o in others)
    assert {e.kind for truth in events for e in truth} == {
        Kind.TWITCH,
        Kind.MOVEMENT,
        Kind.ARTEFACT,
    }


@pytest.mark.parametrize("split", SPLITS)
def test_extended_rest_has_the_spectrum_of_the_rest_and_no_seam(split: Split) -> None:
    own = rest(names(split)[0]).resampled(RATE)
    longer = own.extended(60_000, np.random.default_rng(0))
    level = np.sqrt(np.mean(in_band(longer, RATE) ** 2))
    assert level == pytest.approx(own.rms, rel=0.1)
    # Pieces join every quarter of a second: the mean power is the same at each place of a piece.
    power = np.mean(longer.reshape(-1, 250) ** 2, axis=0).reshape(10, 25).mean(axis=1)
    assert power.max() / power.min() < 1.25


def test_noise_has_no_event_and_comes_at_its_rates() -> None:
    made = dict(noise.scenes(0.1, modality=Modality.ACCELEROMETER))
    assert {"white, 10000 Hz", "tremor, 100 Hz", "4 mg steps, 400 Hz"} <= set(made)
    for found in made.values():
        assert not found.truth
        steps = found.samples / found.stream.resolution
        assert np.allclose(steps, np.rint(steps), atol=1e-6)
