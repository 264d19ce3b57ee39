"""Days in words, and which one the page shows."""

from datetime import date, datetime

import streamlit as st

from myowatch.dashboard.diary import diary_text as words
from myowatch.recordings.wearer.diary import now, today
from myowatch.recordings.wearer.diary_fields import EARLIEST

EVENING_ENDS = 4
"""O'clock until which a page that was opened in the evening stays with that day."""
OPENED = "diary_opened"


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
    moment = now()
    opened = current_day(st.session_state.get(OPENED, moment.date()), moment)
    st.session_state[OPENED] = opened
    try:
        named = date.fromisoformat(st.query_params.get("day", ""))
    except ValueError:
        return opened
    return min(max(named, EARLIEST), moment.date())


def current_day(opened: date, moment: datetime) -> date:
    """Return the day a page is about: who writes past midnight still writes about the evening.

    Parameters
    ----------
    opened
        The day the page was about before.
    """
    passed = (moment.date() - opened).days
    return opened if passed == 1 and moment.hour < EVENING_ENDS else moment.date()


def turn_to(day: date) -> None:
    """Show another day, up to today."""
    st.session_state[OPENED] = today()
    if day >= today():
        st.query_params.pop("day", None)
    else:
        st.query_params["day"] = day.isoformat()
