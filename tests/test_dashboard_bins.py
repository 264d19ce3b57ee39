from functools import partial

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.testing import assert_array_equal

from myowatch.dashboard.live.trace_lanes import MinMaxBins
from myowatch.signal.model.samples import Samples


def filled(
    values: Samples, cuts: list[int], *, bin_size: int, n_bins: int, first_sample: int
) -> MinMaxBins:
    bins = MinMaxBins(bin_size, n_bins)
    for start, end in zip([0, *cuts], [*cuts, len(values)], strict=True):
        bins.add(first_sample + start, values[start:end])
    return bins


values_of = st.lists(
    st.floats(-1e6, 1e6, width=32) | st.just(float("nan")), min_size=1, max_size=400
).map(np.array)


@given(values_of, st.data(), st.integers(1, 30), st.integers(1, 40), st.integers(0, 1000))
def test_cutting_the_signal_does_not_change_a_bin(
    values: Samples, data: st.DataObject, bin_size: int, n_bins: int, first_sample: int
) -> None:
    cuts = sorted(data.draw(st.lists(st.integers(0, len(values)), max_size=6)))
    fill = partial(filled, values, bin_size=bin_size, n_bins=n_bins, first_sample=first_sample)
    whole_first, whole = fill([]).window()
    cut_first, cut = fill(cuts).window()
    assert cut_first == whole_first
    assert_array_equal(cut, whole)


@given(values_of, st.integers(1, 30), st.integers(1, 40), st.integers(0, 1000))
def test_each_bin_holds_exactly_the_lowest_and_highest_of_its_own_samples(
    values: Samples, bin_size: int, n_bins: int, first_sample: int
) -> None:
    first, low_high = filled(
        values, [], bin_size=bin_size, n_bins=n_bins, first_sample=first_sample
    ).window()
    index = np.arange(first_sample, first_sample + len(values))
    for k, (low, high) in enumerate(low_high.T, start=first):
        inside = values[(index // bin_size == k) & ~np.isnan(values)]
        if len(inside):
            assert (low, high) == (np.float32(inside.min()), np.float32(inside.max()))
        else:
            assert np.isnan(low)
            assert np.isnan(high)


def test_a_jump_of_the_sample_index_leaves_empty_bins_and_the_newest_bin_is_last() -> None:
    bins = MinMaxBins(10, 6)
    bins.add(0, np.ones(10))
    bins.add(40, np.full(5, 2.0))
    first, (low, _) = bins.window()
    assert first == -1
    assert_array_equal(low, np.array([np.nan, 1, np.nan, np.nan, np.nan, 2], np.float32))
    assert bins.end_sample == 45


def test_a_jump_longer_than_the_window_empties_it() -> None:
    bins = MinMaxBins(10, 3)
    bins.add(0, np.ones(30))
    bins.add(10_000, np.full(1, 5.0))
    assert_array_equal(bins.window()[1][0], np.array([np.nan, np.nan, 5], np.float32))


@pytest.mark.parametrize("shape", [(0, 5), (5, 0)])
def test_an_empty_bin_size_is_refused(shape: tuple[int, int]) -> None:
    with pytest.raises(ValueError, match="1 or more"):
        MinMaxBins(*shape)
