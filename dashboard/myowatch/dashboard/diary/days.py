"""Days in words, and which one the page shows."""

from datetime import date

import streamlit as st

from myowatch.dashboard.words import diary as words
from myowatch.recordings.diary.diary import today

EARLIEST = date(1900, 1, 1)


def long_day(day: date) -> str:
    """Say a day in full: `Monday, 23 November 2026`."""
    return words.LONG_DAY.format(
        weekday=words.WEEKDAYS[day.weekday()], day=short_day(day), year=day.year
    )


def short_day(day: date) -> str:
    """Say a day of this year: `23 November`."""
    return f"{day.day} {words.MONTHS[day.month - 1]}"


def day_shown() -> date:
    """Return today, unless the address names another day, which a reload keeps."""
    try:
        named = date.fromisoformat(st.query_params.get("day", ""))
    except ValueError:
        named = today()
    return min(max(named, EARLIEST), today())


def turn_to(day: date) -> None:
    """Show another day, up to today."""
    if day >= today():
        st.query_params.pop("day", None)
    else:
        st.query_params["day"] = day.isoformat()
