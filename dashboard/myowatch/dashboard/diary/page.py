"""What the Diary page draws, from top to bottom."""

from datetime import date, timedelta
from pathlib import Path

import streamlit as st

from myowatch.dashboard.diary import elsewhere
from myowatch.dashboard.diary.beside_table import beside_table
from myowatch.dashboard.diary.counted import counted_on
from myowatch.dashboard.diary.days import day_shown, long_day, turn_to
from myowatch.dashboard.diary.form import day_form
from myowatch.dashboard.diary.month import month_overview
from myowatch.dashboard.diary.undoing import undo_bar
from myowatch.dashboard.words import diary as words
from myowatch.recordings.diary.beside import DayBeside, days_beside
from myowatch.recordings.diary.diary import diary_size, read_diary, today
from myowatch.recordings.diary.values import EARLIEST
from myowatch.recordings.store import Store

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
        beside = days_beside(diary.days(), store.wears())
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


def _side_by_side(days: list[DayBeside]) -> None:
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
