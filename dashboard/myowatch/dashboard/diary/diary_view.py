"""The Diary page: the month, the undo bar, the day, and the table beside it."""

import calendar
from collections.abc import Callable, Mapping, Sequence
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pandas as pd
import streamlit as st

from myowatch.dashboard.components import diary_component
from myowatch.dashboard.diary import diary_files as elsewhere
from myowatch.dashboard.diary import diary_text as words
from myowatch.dashboard.diary.day_counts import counted_on, day_shown, long_day, short_day, turn_to
from myowatch.dashboard.diary.day_form import day_form, time_in_words
from myowatch.recordings.store.store import Store
from myowatch.recordings.wearer.diary import (
    Change,
    Diary,
    Step,
    diary_size,
    read_diary,
    redo_step,
    today,
    undo_step,
    write_changes,
)
from myowatch.recordings.wearer.diary_days import DiaryDay, SiteTotals, diary_days_with_wear
from myowatch.recordings.wearer.diary_fields import EARLIEST, as_text
from myowatch.signal.escalation.evidence import Threshold

KEY = "diary_month"


def month_overview(
    day: date, beside: Mapping[date, DiaryDay], turn_to: Callable[[date], None]
) -> None:
    """Draw the month of a day; a click on another day opens it."""

    def picked() -> None:
        turn_to(date.fromisoformat(st.session_state[KEY].day))

    diary_component("month", "month.js")(
        key=KEY, data=month_data(day, beside), on_day_change=picked
    )


def month_data(day: date, beside: Mapping[date, DiaryDay]) -> dict[str, Any]:
    """Return the values and texts of the month."""
    weeks = calendar.Calendar().monthdatescalendar(day.year, day.month)
    return {
        "title": f"{words.MONTHS[day.month - 1]} {day.year}",
        "weekdays": words.WEEKDAYS_SHORT,
        "weeks": [
            [_cell(d, day, beside.get(d, DiaryDay(d))) if d.month == day.month else None for d in w]
            for w in weeks
        ],
        "legend": words.MONTH_LEGEND,
    }


def _cell(day: date, chosen: date, beside: DiaryDay) -> dict[str, Any]:
    longest = max(beside.worn, key=lambda worn: worn.scorable_s, default=None)
    rate = longest.twitches_per_hour if longest else None
    count = len(beside.answers)
    said = words.MONTH_ANSWERS.format(count=count) if count else words.MONTH_OPEN
    return {
        "day": day.isoformat(),
        "number": day.day,
        "chosen": day == chosen,
        "future": day > today(),
        "dot": bool(count),
        "rate": "" if rate is None else words.MONTH_RATE.format(rate=rate),
        "says": ", ".join([long_day(day), said, *(_said(worn) for worn in beside.worn)]),
    }


def _said(worn: SiteTotals) -> str:
    site = worn.site.replace("-", " ") or words.NO_SITE
    if worn.twitches_per_hour is None:
        return words.WORN_SHORTLY.format(site=site)
    return words.WORN.format(site=site, rate=worn.twitches_per_hour)


def undo_bar(home: Path, diary: Diary, day: date) -> None:
    """Draw the undo buttons, and what the last change was."""
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
        if changes := copy_earlier_answers(diary, day):
            before, same = changes
            label = words.SAME_AS.format(day=short_day(before))
            st.button(label, key="as_before", on_click=_write, args=(home, same))
        if steps:
            st.caption(
                words.LAST_CHANGE.format(what=_what(steps[0]), time=time_in_words(steps[0].at))
            )


def copy_earlier_answers(diary: Diary, day: date) -> tuple[date, list[Change]] | None:
    """Return the latest earlier answers to the six questions, for a day without answers."""
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
    """Return in a few words what a step changed."""
    if len(step.fields) != 1:
        what = words.STEP_MANY.format(count=len(step.fields))
    else:
        ((day, name),) = step.fields
        what = words.STEP.format(
            field=words.LABELS[name], day=short_day(day) if day else words.ONCE
        )
    return words.IMPORTED.format(what=what) if step.by == "import" else what


SHOWN = (
    *("caffeine_drinks", "alcohol_drinks", "fluids_l", "sleep_h", "sleep_quality", "stress"),
    *("exercise_min", "cramps", "medicines_changed"),
)


def beside_table(days: Sequence[DiaryDay]) -> pd.DataFrame:
    """Return one row a day, latest first, with all that was written or worn."""
    rows = [_row(day) for day in reversed(days)]
    said = {name for row in rows for name in row}
    rates = sorted(name for name in said if name.startswith(words.BESIDE_RATE.partition("{")[0]))
    order = [words.DAY, *rates, words.BESIDE_WORN, *(words.BESIDE[n] for n in SHOWN)]
    columns = [name for name in [*order, words.BESIDE_YES] if name in said]
    return pd.DataFrame(rows, columns=columns)


def _row(day: DiaryDay) -> dict[str, object]:
    row: dict[str, object] = {words.DAY: day.day.isoformat()}
    for worn in day.worn:
        site = worn.site.replace("-", " ") or words.NO_SITE
        if worn.twitches_per_hour is not None:
            row[words.BESIDE_RATE.format(site=site)] = round(worn.twitches_per_hour, 1)
    if day.worn:
        longest = max(worn.scorable_s for worn in day.worn)
        row[words.BESIDE_WORN] = round(longest / 3600, 1)
    for name in SHOWN:
        if name in day.answers:
            value = day.answers[name]
            row[words.BESIDE[name]] = as_text(value) if isinstance(value, bool) else value
    yes = [words.LABELS[q] for q in Threshold if day.answers.get(q) is True]
    return row | ({words.BESIDE_YES: ", ".join(yes)} if yes else {})


ONE_DAY = timedelta(days=1)


def show(home: Path) -> None:
    """Draw the page."""
    size = diary_size(home)  # before it is read: see `assets/diary/form.js`
    diary = read_diary(home)
    day = day_shown()
    st.caption(words.INTRO)
    _days_bar(day)
    undo_bar(home, diary, day)
    day_form(home, day, diary, size, on_saved=lambda: None)
    with Store(home) as store:
        beside = diary_days_with_wear(diary.days(), store.wears())
        counted_on(store, day)
    st.subheader(words.MONTH_TITLE)
    month_overview(day, {found.day: found for found in beside}, turn_to)
    _side_by_side([b for b in beside if (b.day.year, b.day.month) == (day.year, day.month)])
    st.subheader(words.ELSEWHERE)
    elsewhere.downloads(home)
    with st.expander(words.IMPORT_TITLE):
        elsewhere.upload(home, diary)


def _days_bar(day: date) -> None:
    st.session_state["diary_day"] = day
    last = day == today()
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
        next_day = (day + ONE_DAY,)
        st.button(words.NEXT_DAY, on_click=turn_to, args=next_day, key="next_day", disabled=last)
        st.button(words.TODAY, on_click=turn_to, args=(today(),), key="today", disabled=last)
    st.subheader(long_day(day))


def _side_by_side(days: list[DiaryDay]) -> None:
    if not days:
        return
    with st.expander(words.BESIDE_TITLE):
        st.caption(words.BESIDE_NOTE)
        st.dataframe(
            beside_table(days),
            hide_index=True,
            placeholder="",
            alt=words.BESIDE_ALT.format(days=len(days)),
            key="beside",
        )
