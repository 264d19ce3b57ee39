"""The form of one day, as a component."""

from collections.abc import Callable, Mapping
from datetime import date, datetime
from pathlib import Path
from typing import Any

from myowatch.dashboard.diary.components import component
from myowatch.dashboard.diary.saving import diary_key
from myowatch.dashboard.words import diary as words
from myowatch.recordings.diary.diary import Diary, today
from myowatch.recordings.diary.fields import FIELDS, SCALE
from myowatch.recordings.diary.values import Day, Number, Places, Text, YesNo, as_json

LONG_TEXT = 1000
"""From how many letters on a text has more than one line."""


def day_form(home: Path, day: date, diary: Diary, size: int, on_saved: Callable[[], None]) -> Any:
    """Draw the form of a day.

    Parameters
    ----------
    size
        Of the journal, from before it was read.
    on_saved
        Called when something was saved, or another tab may have saved something.
    """
    return component("diary", "form.js")(
        key="diary_form",
        data=form_data(home, day, diary) | {"size": size},
        on_saved_change=on_saved,
        on_look_change=on_saved,
    )


def form_data(home: Path, day: date, diary: Diary) -> dict[str, Any]:
    """Return what the form shows and says."""
    latest = diary.latest()
    mine = {name: said for (on, name), said in latest.items() if on in (day, None)}
    times = [at for (on, _), (_, at) in latest.items() if on == day]
    return {
        "diary": diary_key(home),
        "day": day.isoformat(),
        "values": {name: as_json(value) for name, (value, _) in mine.items()},
        "saved": when(max(times)) if times else "",
        "groups": _groups(),
        "words": words.FORM | {"sites": words.SITES},
    }


def when(time: datetime) -> str:
    """Say when something was, with the day only if it was another than today."""
    local = time.astimezone()
    return f"{local:%H:%M}" if local.date() == today() else f"{local:%Y-%m-%d %H:%M}"


def _groups() -> list[dict[str, Any]]:
    questions = [{"name": "", "fields": [_question(name)]} for name in words.QUESTIONS]
    day = [
        {"name": title, "fields": [_field(name) for name in names]}
        for title, names in words.DAY_GROUPS.items()
    ]
    measured = [{"name": "", "fields": [_field(name) for name in words.MEASURED]}]
    return [
        {"title": words.DAY_TITLE, "intro": words.DAY_INTRO, "rows": day},
        {"title": words.QUESTIONS_TITLE, "intro": words.QUESTIONS_INTRO, "rows": questions},
        {"title": words.MEASURED_TITLE, "intro": words.MEASURED_INTRO, "rows": measured},
    ]


def _question(name: str) -> dict[str, Any]:
    question, why = words.QUESTIONS[name]
    return _field(name) | {"label": question, "why": why}


def _field(name: str) -> dict[str, Any]:
    field = FIELDS[name]
    shown = {"name": name, "label": words.LABELS[name], "once": field.once, **_control(field.kind)}
    if name in words.DETAILS:
        shown["details"] = [_field(detail) for detail in words.DETAILS[name]]
    return shown


def _control(kind: YesNo | Number | Day | Places | Text) -> Mapping[str, Any]:
    match kind:
        case YesNo():
            return {"kind": "yes_no"}
        case Number(low, high, step):
            control = "scale" if kind == SCALE else "number"
            return {"kind": control, "low": low, "high": high, "step": step}
        case Day():
            return {"kind": "date"}
        case Places():
            return {"kind": "places"}
        case Text(longest):
            rows = 1 if longest < LONG_TEXT else 2 if longest == LONG_TEXT else 4
            return {"kind": "text", "longest": longest, "rows": rows}
