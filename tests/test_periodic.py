"""Series of periodic limb movements by the rules of AASM and of WASM 2016, clause by clause."""

from dataclasses import replace
from itertools import accumulate, pairwise
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from myowatch.signal.dsp.spans import Union
from myowatch.signal.model.events import Event, Kind
from myowatch.signal.statistics.periodic_movements import (
    AASM,
    WASM,
    PeriodicRules,
    periodic_movements,
    series,
)

RATE = 100.0
BOTH = pytest.mark.parametrize("rules", [AASM, WASM], ids=lambda rules: rules.name)


def movements(*onsets_s: float, lasting_s: float = 2.0, kind: Kind = Kind.MOVEMENT) -> list[Event]:
    return [
        Event("EMG", kind, round(at * RATE), round((at + lasting_s) * RATE), 100.0)
        for at in onsets_s
    ]


def lost(*stretches_s: tuple[float, float]) -> Union:
    found = Union()
    for begin, end in stretches_s:
        found.add(round(begin * RATE), round(end * RATE))
    return found


def sizes(events: list[Event], rules: PeriodicRules, unscorable: Union | None = None) -> list[int]:
    ordered = sorted(events, key=lambda e: e.onset)
    return [len(one) for one in series(ordered, unscorable or Union(), RATE, rules)]


@BOTH
def test_four_movements_in_a_row_are_a_series_and_three_are_none(rules: PeriodicRules) -> None:
    assert sizes(movements(0, 20, 40), rules) == []
    assert sizes(movements(0, 20, 40, 60), rules) == [4]


@BOTH
@pytest.mark.parametrize(("lasting_s", "found"), [(0.49, []), (0.5, [4]), (10.0, [4]), (10.01, [])])
def test_a_movement_lasts_from_half_a_second_to_ten(
    rules: PeriodicRules, lasting_s: float, found: list[int]
) -> None:
    assert sizes(movements(0, 20, 40, 60, lasting_s=lasting_s), rules) == found


@pytest.mark.parametrize(
    ("rules", "interval_s", "found"),
    [
        *((AASM, 4.99, []), (AASM, 5.0, [4]), (AASM, 90.0, [4]), (AASM, 90.01, [])),
        *((WASM, 9.99, []), (WASM, 10.0, [4]), (WASM, 90.0, [4]), (WASM, 90.01, [])),
    ],
)
def test_onsets_are_5_or_10_to_90_seconds_apart(
    rules: PeriodicRules, interval_s: float, found: list[int]
) -> None:
    onsets_s = [i * interval_s for i in range(4)]
    assert sizes(movements(*onsets_s, lasting_s=1.0), rules) == found


def test_a_movement_that_comes_too_soon_is_passed_over_by_aasm_and_ends_the_series_for_wasm() -> (
    None
):
    events = movements(0, 20, 40, 44, 60, 80, 100)
    assert sizes(events, AASM) == [6]
    assert sizes(events, WASM) == [4]  # 44, 60, 80, 100: it may begin the next series
    assert sizes(movements(0, 20, 40, 44, 60), WASM) == []


def test_a_movement_that_lasts_too_long_ends_the_series_for_wasm_only() -> None:
    events = movements(0, 20, 60, 80) + movements(40, lasting_s=12.0)
    assert sizes(events, AASM) == [4]
    assert sizes(events, WASM) == []


@BOTH
def test_a_twitch_between_movements_changes_nothing(rules: PeriodicRules) -> None:
    twitch = movements(30, lasting_s=0.02, kind=Kind.TWITCH)
    found = periodic_movements(
        sorted(movements(0, 20, 40, 60) + twitch, key=lambda e: e.onset),
        Union(),
        RATE,
        3600.0,
        rules,
    )
    assert (found.series, found.movements, found.median_interval_s) == (1, 4, 20.0)


@BOTH
def test_a_short_cramp_counts_as_a_movement(rules: PeriodicRules) -> None:
    events = movements(0, 20, 40) + movements(60, lasting_s=8.0, kind=Kind.CRAMP)
    found = periodic_movements(events, Union(), RATE, 3600.0, rules)
    assert found.movements == 4


@BOTH
def test_time_that_cannot_be_scored_ends_a_series(rules: PeriodicRules) -> None:
    events = movements(0, 20, 40, 60, 80, 100, 120, 140)
    assert sizes(events, rules, lost((65.0, 65.1))) == [4, 4]
    assert sizes(events, rules, lost((45.0, 46.0), (125.0, 126.0))) == [4]
    # A strong movement may clip: that is within it, not between two.
    assert sizes(events, rules, lost((60.5, 61.5))) == [8]


@BOTH
@pytest.mark.parametrize(("scorable_s", "per_hour"), [(3599.0, None), (3600.0, 4.0), (7200.0, 2.0)])
def test_the_index_is_per_hour_of_scorable_time_and_none_under_one(
    rules: PeriodicRules, scorable_s: float, per_hour: float | None
) -> None:
    found = periodic_movements(movements(0, 20, 40, 60), Union(), RATE, scorable_s, rules)
    assert found.per_hour == per_hour


@pytest.mark.parametrize(
    "wrong",
    [{"nearest_s": 0.0}, {"farthest_s": 4.0}, {"shortest_s": 11.0}, {"at_least": 1}],
    ids=str,
)
def test_invalid_rules_are_refused(wrong: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match=r"rising limits|at least two"):
        replace(AASM, **wrong)


@st.composite
def nights(draw: st.DrawFn) -> list[Event]:
    events, at = [], 0.0
    for _ in range(draw(st.integers(0, 25))):
        at += draw(st.floats(0.5, 100.0))
        lasting_s = draw(st.floats(0.1, 12.0))
        events += movements(at, lasting_s=lasting_s)
        at += lasting_s
    return events


@given(nights(), st.floats(10.0, 60.0))
def test_a_wider_interval_never_loses_a_movement_for_aasm(
    events: list[Event], farthest_s: float
) -> None:
    narrow = sizes(events, replace(AASM, farthest_s=farthest_s))
    assert sum(sizes(events, AASM)) >= sum(narrow)


@given(st.lists(st.floats(10.0, 120.0), max_size=30), st.floats(0.5, 9.9))
def test_both_agree_where_no_movement_comes_too_soon_or_lasts_too_long(
    intervals_s: list[float], lasting_s: float
) -> None:
    events = movements(*accumulate(intervals_s), lasting_s=lasting_s)
    assert sizes(events, AASM) == sizes(events, WASM)


@given(nights(), st.sampled_from([AASM, WASM]), st.floats(0.0, 1000.0), st.floats(0.1, 60.0))
def test_a_gap_never_joins_movements(
    events: list[Event], rules: PeriodicRules, begin_s: float, lasting_s: float
) -> None:
    gap = lost((begin_s, begin_s + lasting_s))
    for one in series(events, gap, RATE, rules):
        for a, b in pairwise(one):
            assert not any(onset < b.onset and a.offset < offset for onset, offset in gap)
            assert rules.nearest_s <= (b.onset - a.onset) / RATE <= rules.farthest_s
