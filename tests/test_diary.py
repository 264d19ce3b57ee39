"""The diary keeps every entry, and an undo affects only its own step."""

from collections.abc import Sequence
from datetime import date
from pathlib import Path

import pytest
from diary_values import MONDAY, changes
from hypothesis import given
from hypothesis import strategies as st

from myowatch.recordings.storage.journal import Journal
from myowatch.recordings.wearer.diary import (
    Change,
    Diary,
    read_diary,
    redo_step,
    replay_diary,
    undo_step,
    write_changes,
)
from myowatch.recordings.wearer.diary_days import answers_from, read_answers
from myowatch.recordings.wearer.diary_fields import Value, as_json, as_text
from myowatch.signal.escalation.evidence import Threshold

AT = "2024-11-18T22:04:11.123+01:00"
TUESDAY = date(2024, 11, 19)
lines = st.tuples(changes(), st.sampled_from("abcd"))
"""Changes that two browser tabs write in any order, with their steps."""


def entry(change: Change, step: str) -> dict[str, object]:
    value = None if change.value is None else as_json(change.value)
    day = change.day.isoformat() if change.day else None
    return {"at": AT, "step": step, "by": "page", "set": [[day, change.field, value]]}


def state(journal: Sequence[tuple[Change, str]]) -> dict[tuple[date | None, str], Value]:
    """Return the last value of each field, by a simple reference method."""
    last = {(change.day, change.field): change.value for change, _ in journal}
    return {place: value for place, value in last.items() if value is not None}


def flat(diary: Diary) -> dict[tuple[date | None, str], Value]:
    return {(day, name): v for day, found in diary.days().items() for name, v in found.items()}


@given(st.lists(lines, max_size=12))
def test_the_last_value_of_each_field_counts(
    journal: list[tuple[Change, str]],
) -> None:
    assert flat(replay_diary([entry(*line) for line in journal])) == state(journal)


@given(st.lists(lines, min_size=1, max_size=10), st.data())
def test_undo_removes_a_step_and_redo_restores_it(
    journal: list[tuple[Change, str]], data: st.DataObject
) -> None:
    step = data.draw(st.sampled_from([step for _, step in journal]))
    entries = [entry(*line) for line in journal]
    undone = replay_diary([*entries, {"at": AT, "undo": step}])
    assert flat(undone) == state([line for line in journal if line[1] != step])
    assert undone.undone == (step,)
    assert replay_diary(
        [*entries, {"at": AT, "undo": step}, {"at": AT, "redo": step}]
    ) == replay_diary(entries)


@given(st.lists(lines, min_size=1, max_size=10))
def test_undo_of_all_steps_empties_the_diary_and_redo_restores_it(
    journal: list[tuple[Change, str]],
) -> None:
    entries = [entry(*line) for line in journal]
    whole = replay_diary(entries)
    while steps := replay_diary(entries).steps(1):
        entries.append({"at": AT, "undo": steps[0].id})
    assert flat(replay_diary(entries)) == {}
    while undone := replay_diary(entries).undone:
        entries.append({"at": AT, "redo": undone[-1]})
    assert replay_diary(entries) == whole


@given(st.lists(lines, min_size=1, max_size=6), lines)
def test_a_change_after_an_undo_counts(
    journal: list[tuple[Change, str]], later: tuple[Change, str]
) -> None:
    change, step = later
    entries = [entry(*line) for line in journal]
    diary = replay_diary([*entries, {"at": AT, "undo": step}, entry(change, step)])
    assert flat(diary).get((change.day, change.field)) == change.value
    assert diary.undone == ()


@given(st.lists(lines, max_size=8))
def test_steps_are_listed_latest_first_with_their_fields(
    journal: list[tuple[Change, str]],
) -> None:
    steps = replay_diary([entry(*line) for line in journal]).steps(2)
    order = list(dict.fromkeys(step for _, step in reversed(journal)))
    assert [step.id for step in steps] == order[:2]
    for step in steps:
        mine = [(change.day, change.field) for change, name in journal if name == step.id]
        assert step.fields == tuple(dict.fromkeys(mine))


@given(changes(taken_back=False))
def test_every_value_is_read_back_from_json_and_csv(change: Change) -> None:
    assert change.value is not None
    for written in (as_json(change.value), as_text(change.value)):
        assert Change(change.day, change.field, written) == change  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("name", "value", "limit"),
    [
        ("caffeine_drinks", 51, "from 0 to 50, got 51"),
        ("caffeine_drinks", 1.5, "whole number from 0 to 50, got 1.5"),
        ("sleep_h", -0.5, "from 0 to 24, got -0.5"),
        ("sleep_h", "nan", "need a number, got 'nan'"),
        ("sleep_h", "1_0", "need a number, got '1_0'"),
        ("sleep_h", True, "need a number, got True"),
        ("weakness", "perhaps", "need yes or no, got 'perhaps'"),
        ("weakness_severity", 11, "from 0 to 10, got 11"),
        ("weakness_since", "20261101", "need a date such as 2026-11-23, got '20261101'"),
        ("weakness_since", "2024-11-19", "need weakness_since up to 2024-11-18, got 2024-11-19"),
        ("weakness_where", [], "1 to 20 places, got 0"),
        ("weakness_where", ["x" * 41], "at most 40 letters"),
        ("note", "x" * 5001, "1 to 5000 letters, got 5001"),
        ("note", " \n", "1 to 5000 letters, got 0"),
        ("mood", 3, "no field is called 'mood'"),
    ],
)
def test_invalid_values_are_refused_with_value_and_limit(
    name: str, value: Value, limit: str
) -> None:
    with pytest.raises(ValueError, match=limit):
        Change(MONDAY, name, value)


def test_fields_without_a_day_refuse_one_and_others_need_one() -> None:
    with pytest.raises(ValueError, match="family_history has no day"):
        Change(MONDAY, "family_history", value=True)
    with pytest.raises(ValueError, match="stress needs a day"):
        Change(None, "stress", 3)


def test_unknown_and_damaged_lines_do_not_affect_others(tmp_path: Path) -> None:
    step = write_changes(tmp_path, [Change(MONDAY, "stress", 3)], by="page")
    day = MONDAY.isoformat()
    for odd in (
        {"at": AT, "step": "x", "by": "page", "set": [[day, "moon_phase", 3]]},
        {"at": AT, "step": "x", "by": "page", "set": [[day, "stress_at", 300]]},
        {"at": AT, "step": "x", "by": "page", "set": [[day, "stress"]]},
        {"at": AT, "step": "x", "by": "page", "set": [["yesterday", "stress", 1]]},
        {"at": "noon", "step": "x", "by": "page", "set": [[day, "stress", 1]]},
        {"step": 4, "set": 5},
        {"undo": 7},
    ):
        Journal(tmp_path, "diary").append(odd)
    assert flat(read_diary(tmp_path)) == {(MONDAY, "stress"): 3}
    undo_step(tmp_path, step)
    assert flat(read_diary(tmp_path)) == {}
    redo_step(tmp_path, step)
    assert flat(read_diary(tmp_path)) == {(MONDAY, "stress"): 3}


def test_answers_have_the_form_that_the_thresholds_need(tmp_path: Path) -> None:
    write_changes(
        tmp_path,
        [
            Change(TUESDAY, "weakness", value=False),
            Change(TUESDAY, "weakness_severity", 9),
            Change(MONDAY, "weakness", value=True),
            Change(MONDAY, "weakness_where", ("left thigh",)),
            Change(MONDAY, "weakness_severity", 4),
            Change(MONDAY, "weakness_since", date(2024, 11, 1)),
            Change(MONDAY, "spread_where", ("left calf",)),  # the question itself is open
            Change(None, "family_history", value=True),
        ],
    )
    first, second, once = read_answers(tmp_path)
    assert (first.threshold, first.day, first.yes) == (Threshold.WEAKNESS, MONDAY, True)
    assert (first.sides, first.severity) == (("left thigh",), 4)
    assert first.since == date(2024, 11, 1)
    assert (second.day, second.yes, second.severity) == (TUESDAY, False, None)
    assert (once.threshold, once.yes) == (Threshold.FAMILY_HISTORY, True)
    assert answers_from(Diary()) == []
