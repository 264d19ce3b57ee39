"""Times between twitches, the 250 ms rule, clusters: each limit, and what gaps do to them."""

from math import exp

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from myowatch.signal.dsp.spans import Union
from myowatch.signal.model.events import Event, Kind
from myowatch.signal.statistics.intervals import Isolation, clusters, intervals, isolation, unbroken

RATE = 1000.0
END = 600_000
Gaps = list[tuple[int, int]]


def twitches(*onsets: int) -> list[Event]:
    return [Event("EMG", Kind.TWITCH, onset, onset + 10, 50.0) for onset in onsets]


def lost(*stretches: tuple[int, int]) -> Union:
    found = Union()
    for onset, offset in stretches:
        found.add(onset, offset)
    return found


onset_lists = st.lists(st.integers(0, END - 20), max_size=40, unique=True).map(sorted)
gap_lists = st.lists(
    st.tuples(st.integers(0, END), st.integers(1, 20_000)).map(lambda g: (g[0], g[0] + g[1])),
    max_size=8,
)


def test_evenly_spaced_twitches_have_their_spacing_and_no_variation() -> None:
    found = intervals(twitches(*range(0, 6000, 1000)), lost(), RATE)
    assert (found.count, found.median_s, found.quartiles_s, found.cv) == (5, 1.0, (1.0, 1.0), 0.0)


def test_four_intervals_are_counted_and_five_described() -> None:
    assert intervals(twitches(0, 500, 900, 2000, 3000), lost(), RATE).median_s is None
    assert intervals(twitches(0, 500, 900, 2000, 3000, 4000), lost(), RATE).median_s == 1.0


def test_twitches_that_come_independently_vary_as_much_as_their_mean() -> None:
    onsets = np.cumsum(np.random.default_rng(1).exponential(5000, 2000)).astype(int).tolist()
    found = intervals(twitches(*onsets), lost(), RATE)
    assert found.cv == pytest.approx(1.0, abs=0.05)
    assert found.median_s == pytest.approx(5 * np.log(2), rel=0.07)


@pytest.mark.parametrize(
    ("gap", "clear"),
    [((0, 1000), True), ((0, 1011), False), ((1500, 1501), False), ((2000, 2500), True)],
    ids=["ends with the first", "reaches past it", "between", "begins with the second"],
)
def test_an_interval_counts_only_if_all_between_could_be_scored(
    gap: tuple[int, int], *, clear: bool
) -> None:
    # Events of one sample less: the first ends at 1010, the second begins at 2000.
    assert unbroken(twitches(1000, 2000), lost(gap)).tolist() == [clear]


@given(onset_lists, gap_lists)
def test_no_interval_spans_a_gap_and_a_gap_adds_none(onsets: list[int], gaps: Gaps) -> None:
    events, stretches = twitches(*onsets), lost(*gaps)
    clear = unbroken(events, stretches)
    for a, b, ok in zip(events[:-1], events[1:], clear, strict=True):
        between = any(begin < b.onset and a.offset < end for begin, end in gaps)
        assert ok != between
    assert intervals(events, stretches, RATE).count <= max(len(events) - 1, 0)


@pytest.mark.parametrize(
    ("onsets", "expected"),
    [
        ((1000, 1250, 1500), Isolation(0, 1, 2, 0)),
        ((1000, 1251, 1502), Isolation(3, 0, 0, 0)),
        ((1000, 1250, 1501), Isolation(1, 0, 2, 0)),
        ((250, 1000), Isolation(1, 0, 0, 1)),
        ((251, 1000), Isolation(2, 0, 0, 0)),
        ((), Isolation(0, 0, 0, 0)),
    ],
    ids=["250 ms", "251 ms", "both", "250 ms from the start", "251 ms from the start", "none"],
)
def test_isolated_is_more_than_250_milliseconds_from_both(
    onsets: tuple[int, ...], expected: Isolation
) -> None:
    assert isolation(twitches(*onsets), lost(), RATE, END) == expected


@pytest.mark.parametrize(("gap_end", "isolated"), [(749, 1), (750, 0)])
def test_a_twitch_next_to_a_gap_has_no_isolation_class(gap_end: int, isolated: int) -> None:
    found = isolation(twitches(1000), lost((500, gap_end)), RATE, END)
    assert (found.isolated, found.unknown) == (isolated, 1 - isolated)


def test_an_event_past_the_stated_end_is_accepted() -> None:
    assert isolation(twitches(5000), lost(), RATE, 4000) == Isolation(0, 0, 0, 1)


@given(onset_lists, gap_lists)
def test_every_twitch_is_of_one_class_and_a_gap_isolates_none(
    onsets: list[int], gaps: Gaps
) -> None:
    whole = isolation(twitches(*onsets), lost(), RATE, END)
    found = isolation(twitches(*onsets), lost(*gaps), RATE, END)
    total = found.isolated + found.continual + found.other + found.unknown
    assert total == len(onsets)
    assert found.isolated <= whole.isolated
    assert found.continual <= whole.continual


@pytest.mark.parametrize(
    ("onsets", "sizes"),
    [
        ((1000, 2000), (0, 0, 0)),
        ((1000, 2000, 3000), (1, 3, 3)),
        ((1000, 2000, 3001), (0, 0, 0)),
        ((0, 500, 900, 5000, 5100, 9000, 9900, 10_000, 10_900), (2, 7, 4)),
    ],
    ids=["two", "three a second apart", "the third a moment late", "two clusters and a pair"],
)
def test_a_cluster_is_three_or_more_each_within_a_second(
    onsets: tuple[int, ...], sizes: tuple[int, int, int]
) -> None:
    found = clusters(twitches(*onsets), lost(), RATE, 600.0)
    assert (found.count, found.twitches, found.largest) == sizes


def test_a_gap_ends_a_cluster() -> None:
    events = twitches(1000, 1500, 2000, 2500, 3000, 3500)
    assert clusters(events, lost((2100, 2200)), RATE, 600.0).count == 2
    assert clusters(events, lost((1100, 1200), (3100, 3200)), RATE, 600.0).twitches == 4


def test_clusters_by_chance_are_as_many_as_independent_twitches_make() -> None:
    onsets = np.cumsum(np.random.default_rng(2).exponential(2000, 5000)).astype(int).tolist()
    found = clusters(twitches(*onsets), lost(), RATE, onsets[-1] / RATE)
    assert found.count == pytest.approx(found.by_chance, rel=0.1)
    assert found.by_chance == pytest.approx(5000 * exp(-0.5) * (1 - exp(-0.5)) ** 2, rel=0.05)


def test_nothing_found_gives_nothing() -> None:
    assert intervals([], lost(), RATE).count == 0
    assert clusters([], lost(), RATE, 0.0).count == 0
