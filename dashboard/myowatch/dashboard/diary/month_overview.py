"""The month around a day: where something was written, and how often a muscle twitched."""

import calendar
from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

import streamlit as st

from myowatch.dashboard.components.diary_component import component
from myowatch.dashboard.diary import diary_text as words
from myowatch.dashboard.diary.diary_dates import long_day
from myowatch.recordings.wearer.diary import today
from myowatch.recordings.wearer.diary_days import DiaryDay, SiteTotals

KEY = "diary_month"


def month_overview(
    day: date, beside: Mapping[date, DiaryDay], turn_to: Callable[[date], None]
) -> None:
    """Draw the month of a day; a click on another day turns to it."""

    def picked() -> None:
        turn_to(date.fromisoformat(st.session_state[KEY].day))

    component("month", "month.js")(key=KEY, data=month_data(day, beside), on_day_change=picked)


def month_data(day: date, beside: Mapping[date, DiaryDay]) -> dict[str, Any]:
    """Return what the month shows and says."""
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
