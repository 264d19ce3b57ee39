"""What the Diary page draws, from top to bottom."""

from datetime import date, timedelta
from pathlib import Path

import streamlit as st

from myowatch.dashboard.diary.form import day_form, when
from myowatch.dashboard.words import diary as words
from myowatch.recordings.diary.diary import (
    ONCE,
    Change,
    Diary,
    Step,
    diary_size,
    read_diary,
    redo,
    today,
    undo,
    write,
)

EARLIEST = date(1900, 1, 1)
ONE_DAY = timedelta(days=1)


def show(home: Path) -> None:
    """Draw the page."""
    size = diary_size(home)
    diary = read_diary(home)
    day = _day()
    st.caption(words.INTRO)
    _days_bar(day)
    _undo_bar(home, diary, day)
    day_form(home, day, diary, size, on_saved=lambda: None)


def long_day(day: date) -> str:
    """Say a day in full: `Monday, 23 November 2026`."""
    return words.LONG_DAY.format(
        weekday=words.WEEKDAYS[day.weekday()],
        day=day.day,
        month=words.MONTHS[day.month - 1],
        year=day.year,
    )


def _day() -> date:
    """Return the day to show: today, unless the address names another, which a reload keeps."""
    try:
        named = date.fromisoformat(st.query_params.get("day", ""))
    except ValueError:
        named = today()
    return min(max(named, EARLIEST), today())


def turn_to(day: date) -> None:
    """Show another day."""
    if day == today():
        st.query_params.pop("day", None)
    else:
        st.query_params["day"] = day.isoformat()


def _days_bar(day: date) -> None:
    st.session_state["diary_day"] = day
    with st.container(horizontal=True, vertical_alignment="bottom"):
        st.button(words.PREVIOUS_DAY, on_click=turn_to, args=(day - ONE_DAY,), key="previous_day")
        st.date_input(
            words.DAY,
            min_value=EARLIEST,
            max_value=today(),
            format="YYYY-MM-DD",
            key="diary_day",
            on_change=lambda: turn_to(st.session_state["diary_day"]),
            width=160,
        )
        last = day == today()
        st.button(
            words.NEXT_DAY,
            on_click=turn_to,
            args=(min(day + ONE_DAY, today()),),
            key="next_day",
            disabled=last,
        )
        st.button(words.TODAY, on_click=turn_to, args=(today(),), key="today", disabled=last)
    st.subheader(long_day(day))


def _undo_bar(home: Path, diary: Diary, day: date) -> None:
    steps = diary.steps(1)
    with st.container(horizontal=True, vertical_alignment="center"):
        st.button(
            words.UNDO,
            key="undo",
            disabled=not steps,
            on_click=undo,
            args=(home, steps[0].id if steps else ""),
        )
        st.button(
            words.REDO,
            key="redo",
            disabled=not diary.undone,
            on_click=redo,
            args=(home, diary.undone[-1] if diary.undone else ""),
        )
        if again := _as_before(diary, day):
            before, changes = again
            st.button(
                words.SAME_AS.format(day=f"{before.day} {words.MONTHS[before.month - 1]}"),
                key="as_before",
                on_click=_write,
                args=(home, changes),
            )
        if steps:
            st.caption(words.LAST_CHANGE.format(what=_what(steps[0]), time=when(steps[0].at)))


def _write(home: Path, changes: list[Change]) -> None:
    write(home, changes, by="page")


def _what(step: Step) -> str:
    """Say in a few words what a step was about."""
    if len(step.touched) > 1:
        what = words.STEP_MANY.format(count=len(step.touched))
    else:
        ((day, name),) = step.touched
        on = words.ONCE if day is ONCE else f"{day.day} {words.MONTHS[day.month - 1]}"
        what = words.STEP.format(field=words.LABELS[name], day=on)
    return words.IMPORTED.format(what=what) if step.by == "import" else what


def _as_before(diary: Diary, day: date) -> tuple[date, list[Change]] | None:
    """Say the last earlier day's answers of this day too, if none of the six is answered yet."""
    days = diary.days()
    asked = [name for q in words.QUESTIONS for name in (q, *words.DETAILS[q])]
    if any(name in days.get(day, {}) for name in asked):
        return None
    for before in sorted((d for d in days if d and d < day), reverse=True):
        if changes := [
            Change(day, name, days[before][name]) for name in asked if name in days[before]
        ]:
            return before, changes
    return None
