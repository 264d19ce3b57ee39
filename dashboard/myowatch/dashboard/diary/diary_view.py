"""What the Diary page draws, from top to bottom."""

from collections.abc import Sequence
from datetime import date, timedelta
from pathlib import Path

import pandas as pd
import streamlit as st

from myowatch.dashboard.diary import diary_files as elsewhere
from myowatch.dashboard.diary import diary_text as words
from myowatch.dashboard.diary.day_counts import counted_on
from myowatch.dashboard.diary.day_form import day_form
from myowatch.dashboard.diary.diary_dates import day_shown, long_day, turn_to
from myowatch.dashboard.diary.diary_undo import undo_bar
from myowatch.dashboard.diary.month_overview import month_overview
from myowatch.recordings.store.store import Store
from myowatch.recordings.wearer.diary import diary_size, read_diary, today
from myowatch.recordings.wearer.diary_days import DiaryDay, diary_days_with_wear
from myowatch.recordings.wearer.diary_fields import EARLIEST, as_text
from myowatch.signal.escalation.evidence import Threshold

SHOWN = (
    *("caffeine_drinks", "alcohol_drinks", "fluids_l", "sleep_h", "sleep_quality", "stress"),
    *("exercise_min", "cramps", "medicines_changed"),
)


def beside_table(days: Sequence[DiaryDay]) -> pd.DataFrame:
    """Return a row a day, latest first, and a column for everything that was said or worn."""
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
