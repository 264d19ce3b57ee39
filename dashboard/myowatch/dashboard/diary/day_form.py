"""The form of one day; what it sends is saved before the page says so."""

import hashlib
from collections.abc import Callable, Coroutine, Mapping, Sequence
from datetime import date, datetime
from pathlib import Path
from typing import Any

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import JSONResponse

from myowatch.dashboard.components import diary_component
from myowatch.dashboard.diary import diary_text as words
from myowatch.recordings.storage.problem import Problem
from myowatch.recordings.wearer.diary import (
    Change,
    Diary,
    diary_size,
    has_written,
    now,
    today,
    write_changes,
)
from myowatch.recordings.wearer.diary_fields import (
    FIELDS,
    SCALE,
    Day,
    Number,
    Places,
    Text,
    YesNo,
    as_json,
)

LARGEST_BODY = 1_000_000
LONGEST_STEP = 32


def diary_endpoint(home: Path) -> Callable[[Request], Coroutine[Any, Any, JSONResponse]]:
    """Return the endpoint that writes to the diary of a data folder."""

    async def save(request: Request) -> JSONResponse:
        body = await request.body()
        if len(body) > LARGEST_BODY:
            return JSONResponse({"problem": words.TOO_MUCH}, 413)
        try:
            sent = await request.json()
            changes = sent["changes"]
        except (KeyError, TypeError, ValueError):
            changes = None
        if not isinstance(changes, list) or not all(isinstance(c, dict) for c in changes):
            return JSONResponse({"problem": words.NOT_UNDERSTOOD}, 400)
        if sent.get("diary") != diary_key(home):
            return JSONResponse({"problem": words.OTHER_FOLDER}, 409)
        try:
            return JSONResponse(await run_in_threadpool(save_all, home, changes))
        except Problem as problem:
            return JSONResponse({"problem": str(problem)}, 507)

    return save


def save_all(home: Path, changes: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """Write the changes; return when that was, and what was refused and why."""
    refused = []
    for sent in changes:
        try:
            change, step = _read(sent)
        except ValueError as error:
            refused.append({"day": sent.get("day"), "field": sent.get("field"), "why": str(error)})
            continue
        if not (sent.get("again") and has_written(home, change, step)):
            write_changes(home, [change], step=step, by="page")
    return {"saved": f"{now():%H:%M}", "refused": refused, "size": diary_size(home)}


def diary_key(home: Path) -> str:
    """Return a key for the diary of a data folder that does not reveal the folder."""
    return hashlib.sha256(str(home).encode()).hexdigest()[:12]


def _read(sent: Mapping[str, Any]) -> tuple[Change, str]:
    step, day = sent.get("step"), sent.get("day")
    if not isinstance(step, str) or not step.isalnum() or len(step) > LONGEST_STEP:
        raise ValueError(f"need a step of 1 to {LONGEST_STEP} letters, got {step!r}")
    when = None if day is None else date.fromisoformat(str(day))
    if when and when > today():
        raise ValueError(f"need a day up to {today()}, got {when}")
    return Change(when, str(sent.get("field")), sent.get("value")), step


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
    return diary_component("diary", "form.js")(
        key="diary_form",
        data=form_data(home, day, diary) | {"size": size},
        on_saved_change=on_saved,
        on_look_change=on_saved,
    )


def form_data(home: Path, day: date, diary: Diary) -> dict[str, Any]:
    """Return the values and texts of the form."""
    latest = diary.latest()
    mine = {name: said for (on, name), said in latest.items() if on in (day, None)}
    times = [at for (on, _), (_, at) in latest.items() if on == day]
    return {
        "diary": diary_key(home),
        "day": day.isoformat(),
        "values": {name: as_json(value) for name, (value, _) in mine.items()},
        "saved": time_in_words(max(times)) if times else "",
        "groups": _groups(),
        "words": words.FORM | {"sites": words.SITES},
    }


def time_in_words(time: datetime) -> str:
    """Return a time in words, with the day only if it is not today."""
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
