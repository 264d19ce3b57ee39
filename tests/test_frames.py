"""Frames, sliding windows and time scales: where the samples of a stream are put together."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from myowatch.signal.bursts.bursts import BurstDetector
from myowatch.signal.bursts.time_scales import TimeScale
from myowatch.signal.dsp.frames import (
    Frames,
    frame_maxima,
    frame_sums,
    sliding_max,
    trailing_windows,
)
from myowatch.signal.dsp.mains import MainsTurn
from myowatch.signal.model.samples import Samples


def ramp(n: int) -> Samples:
    return np.arange(float(n))


def test_incomplete_frames_continue_with_the_next_block() -> None:
    stage = Frames(3)
    assert stage.process(ramp(7)).tolist() == [[0, 1, 2], [3, 4, 5]]
    assert stage.n_left == 1
    assert stage.process(ramp(2)).tolist() == [[6, 0, 1]]


def test_kept_samples_are_a_copy() -> None:
    stage, samples = Frames(3), ramp(2)
    stage.process(samples)
    samples[:] = 99.0
    assert stage.process(ramp(1)).tolist() == [[0, 1, 0]]


@given(length=st.integers(1, 9), n=st.integers(0, 40), seed=st.integers(0, 99))
def test_sums_and_maxima_of_frames_are_numpys(length: int, n: int, seed: int) -> None:
    frames = np.random.default_rng(seed).normal(size=(2, n, length))
    assert np.allclose(frame_sums(frames), frames.sum(axis=2))
    assert np.array_equal(frame_maxima(frames), frames.max(axis=2))


@given(length=st.integers(1, 40), n=st.integers(40, 90), seed=st.integers(0, 99))
def test_the_largest_in_a_row_is_found_for_every_row(length: int, n: int, seed: int) -> None:
    values = np.random.default_rng(seed).normal(size=n)
    windows = np.lib.stride_tricks.sliding_window_view(values, length)
    assert np.array_equal(sliding_max(values, length), windows.max(axis=1))


def test_each_new_value_comes_with_those_before_it() -> None:
    windows, past = trailing_windows(np.array([1.0, 2.0]), np.array([3.0, 4.0, 5.0]))
    assert windows.T.tolist() == [[1, 2, 3], [2, 3, 4], [3, 4, 5]]
    assert past.tolist() == [4, 5]


@pytest.mark.parametrize("drift_hz", [-0.1, 0.0, 0.1])
def test_the_turn_of_the_mains_is_followed(drift_hz: float) -> None:
    angle = math.tau * drift_hz * 0.2 * ramp(300)
    fits = np.array([np.cos(angle), np.sin(angle)])[:, np.newaxis]
    (turned,) = MainsTurn([0.0]).process(fits)
    steps = np.diff(turned)[150:]
    assert steps == pytest.approx(math.tau * drift_hz * 0.2, abs=1e-3)


def test_a_burst_lies_where_it_was_before_windows_and_filters_delayed_it() -> None:
    stage = TimeScale(BurstDetector(4.0, 2.0), step=10, early=5, late=25, least=10)
    level = np.zeros(40)
    level[20:30] = 9.0
    (burst,) = stage.process(level, level, np.ones(40))
    span = stage.span(burst)
    assert (span.onset, span.offset, stage.length(burst)) == (195, 275, 80)
    assert stage.earliest == 395
