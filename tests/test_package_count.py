"""A running count from package numbers: whatever a board does, what is lost is counted."""

from itertools import pairwise

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from myowatch.acquisition.timing.sample_counts import PackageCount


def placed(numbers: list[int], cuts: list[int]) -> list[int]:
    """The count of each sample, however they came."""
    counter = PackageCount()
    counts: list[int] = []
    edges = sorted({0, len(numbers), *(cut % (len(numbers) + 1) for cut in cuts)})
    for begin, end in pairwise(edges):
        piece = np.asarray(numbers[begin:end], float)
        for where, count in counter.add(piece):
            counts += range(count, count + where.stop - where.start)
    return counts


@given(
    period=st.sampled_from([101, 128, 201, 256, 65536]),
    step=st.sampled_from([1, 2]),
    of_one=st.sampled_from([1, 2, 10]),
    lost=st.sets(st.integers(600, 1400), max_size=40),
    cuts=st.lists(st.integers(0, 10_000), max_size=5),
)
def test_lost_packages_are_counted_and_cutting_changes_nothing(
    period: int, step: int, of_one: int, lost: set[int], cuts: list[int]
) -> None:
    period -= period % step
    came = [n for n in range(1500) if n not in lost]
    numbers = [n * step % period for n in came for _ in range(of_one)]
    expected = [n * of_one + i for n in came for i in range(of_one)]
    assert placed(numbers, cuts) == expected


def test_before_the_first_reset_the_period_is_unknown() -> None:
    assert placed([250, 251, 252, 3, 4], []) == [0, 1, 2, 3, 4]


def test_nothing_gives_nothing() -> None:
    assert PackageCount().add(np.empty(0)) == []
