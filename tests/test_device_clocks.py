"""A device's clock against the host's, and rates that nothing tells."""

import numpy as np
import pytest

from myowatch.acquisition.timing.clock_comparison import ClockComparison
from myowatch.acquisition.timing.sample_counts import (
    BY_ARRIVAL,
    BY_CLOCK,
    MeasuredRate,
    measure_rate,
    nominal_rate,
)


@pytest.mark.parametrize("ppm", [-4000.0, -35.0, 0.0, 12.0, 4000.0])
def test_drift_is_found_below_delays_of_any_kind(ppm: float) -> None:
    rng, clocks = np.random.default_rng(3), ClockComparison()
    for i in range(20 * 600):
        host_s = i * 0.05
        delay_s = rng.exponential(0.01) + (0.5 if rng.random() < 0.02 else 0.0)
        clocks.add(host_s * (1 + ppm * 1e-6), 1e6 + host_s + delay_s)
    assert clocks.drift_ppm == pytest.approx(ppm, abs=max(5, abs(ppm) * 0.006))
    assert clocks.jitter_ms == pytest.approx(30, abs=15)


def test_a_night_of_deliveries_takes_no_more_memory_than_a_minute() -> None:
    clocks = ClockComparison()
    for i in range(8 * 3600):
        clocks.add(i, i * (1 - 20e-6) + (i % 7) * 0.002)
    assert clocks.drift_ppm == pytest.approx(20, abs=1)
    assert len(clocks._fastest) <= 512


def test_there_is_no_drift_before_half_a_minute() -> None:
    clocks = ClockComparison()
    assert clocks.drift_ppm is clocks.jitter_ms is None
    for i in range(250):
        clocks.add(i / 10, i / 10)
    assert clocks.drift_ppm is None
    assert clocks.jitter_ms == pytest.approx(0, abs=1e-6)


@pytest.mark.parametrize("hertz", [100, 250, 256, 500, 512, 860, 1000, 1024, 2000])
@pytest.mark.parametrize("seed", range(3))
def test_a_rate_is_measured_by_arrivals_in_a_second_and_a_half(hertz: int, seed: int) -> None:
    rng = np.random.default_rng(seed)
    times, counts, off = [], [], 1 + rng.uniform(-0.003, 0.003)
    for i in range(75):
        now = i * 0.02 + rng.uniform(0, 0.004) + (0.03 if 20 < i < 30 else 0.0)
        times.append(now)
        counts.append(np.floor(i * 0.02 * hertz * off))
    measured = measure_rate(counts, times, least_error=BY_ARRIVAL)
    assert measured is not None
    assert nominal_rate(measured) == hertz


def test_an_unusual_rate_is_rounded_to_its_accuracy() -> None:
    assert nominal_rate(MeasuredRate(943.21, 0.05)) == 943.21
    assert nominal_rate(MeasuredRate(943.21, 3.0)) == 943
    assert nominal_rate(MeasuredRate(997.0, 4.0)) == 1000
    assert measure_rate([1, 2], [0.0, 1.0], least_error=BY_CLOCK) is None
    assert measure_rate([1, 1, 1], [0.0, 1.0, 2.0], least_error=BY_CLOCK) is None
