"""Undo and redo, and the six questions answered as on an earlier day."""

from datetime import date
from pathlib import Path

import streamlit as st

from myowatch.dashboard.diary import diary_text as words
from myowatch.dashboard.diary.day_form import when
from myowatch.dashboard.diary.diary_dates import short_day
from myowatch.recordings.wearer.diary import (
    Change,
    Diary,
    Step,
    read_diary,
    redo_step,
    undo_step,
    write_changes,
)


def undo_bar(home: Path, diary: Diary, day: date) -> None:
    """Draw the buttons, and what the last change was."""
    steps = diary.steps(1)
    with st.container(horizontal=True, vertical_alignment="center"):
        st.button(
            words.UNDO,
            key="undo",
            disabled=not steps,
            on_click=_undo,
            args=(home,),
        )
        st.button(
            words.REDO,
            key="redo",
            disabled=not diary.undone,
            on_click=_redo,
            args=(home,),
        )
        if changes := same_as_before(diary, day):
            before, same = changes
            label = words.SAME_AS.format(day=short_day(before))
            st.button(label, key="as_before", on_click=_write, args=(home, same))
        if steps:
            st.caption(words.LAST_CHANGE.format(what=_what(steps[0]), time=when(steps[0].at)))


def same_as_before(diary: Diary, day: date) -> tuple[date, list[Change]] | None:
    """Return the latest earlier answers to the six as answers of this day, if it has none yet."""
    days = diary.days()
    asked = [name for q in words.QUESTIONS for name in (q, *words.DETAILS[q])]
    if any(name in days.get(day, {}) for name in asked):
        return None
    for before in sorted((d for d in days if d and d < day), reverse=True):
        said = days[before]
        if changes := [Change(day, name, said[name]) for name in asked if name in said]:
            return before, changes
    return None


def _undo(home: Path) -> None:
    # Of the diary as it is by now: the words that were typed just before the click are the last.
    for step in read_diary(home).steps(1):
        undo_step(home, step.id)


def _redo(home: Path) -> None:
    for step in read_diary(home).undone[-1:]:
        redo_step(home, step)


def _write(home: Path, changes: list[Change]) -> None:
    write_changes(home, changes, by="page")


def _what(step: Step) -> str:
    """Say in a few words what a step was about."""
    if len(step.fields) != 1:
        what = words.STEP_MANY.format(count=len(step.fields))
    else:
        ((day, name),) = step.fields
        what = words.STEP.format(
            field=words.LABELS[name], day=short_day(day) if day else words.ONCE
        )
    return words.IMPORTED.format(what=what) if step.by == "import" else what
