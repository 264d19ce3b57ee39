"""A burst while the baseline swings is friction, one out of a quiet baseline is not."""

import numpy as np
import pytest

from myowatch.signal.emg.baseline_artefacts import CableSwing
from myowatch.signal.model.samples import Samples

RATE = 1000.0


def swing(baseline: Samples) -> CableSwing:
    stage = CableSwing(RATE)
    noise = np.random.default_rng(0).normal(0.0, 5.0, len(baseline))
    stage.process((baseline + noise)[:, np.newaxis])
    return stage


def pulled(height: float) -> Samples:
    """Half a minute that wanders by 100 uV, then two seconds of a cable at 1.5 Hz."""
    time = np.arange(32_000) / RATE
    wander = 100.0 * np.sin(2 * np.pi * 0.2 * time)
    return np.asarray(wander + height * np.sin(2 * np.pi * 1.5 * time) * (time > 30))


def test_a_burst_while_the_baseline_swings_is_friction() -> None:
    stage = swing(pulled(500.0))
    assert stage.swings(31_000, 31_100, 200.0)
    assert stage.swings_throughout(30_200, 31_800)


@pytest.mark.parametrize("height", [0.0, 20.0])
def test_a_burst_on_a_usual_baseline_is_not_friction(height: float) -> None:
    stage = swing(pulled(height))
    assert not stage.swings(31_000, 31_100, 200.0)
    assert not stage.swings_throughout(30_200, 31_800)


def test_a_potential_far_above_the_swing_is_not_friction() -> None:
    assert not swing(pulled(150.0)).swings(31_000, 31_100, 2000.0)


def test_the_baseline_range_is_unknown_before_ten_seconds() -> None:
    assert not swing(pulled(500.0)[24_000:]).swings(7_000, 7_100, 200.0)
