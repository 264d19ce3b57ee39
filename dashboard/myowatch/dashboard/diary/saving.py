"""What the form sends, taken to the disk before the page says that it is saved.

The form does not go through Streamlit: a text area there is sent when it is left, so what is typed
before a tab is closed would be lost. Each change is checked by itself and is a line of its own; one
that comes a second time, because the answer to the first did not get through, is written once.
"""

import hashlib
from collections.abc import Callable, Coroutine, Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Any

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import JSONResponse

from myowatch.dashboard.words import diary as words
from myowatch.recordings.diary.diary import Change, diary_size, has_said, now, today, write
from myowatch.recordings.problem import Problem

LARGEST_BODY = 1_000_000
LONGEST_STEP = 32


def saving(home: Path) -> Callable[[Request], Coroutine[Any, Any, JSONResponse]]:
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
    """Write what can be, and say when it was, and what was refused and why."""
    refused = []
    for sent in changes:
        try:
            change, step = _read(sent)
        except ValueError as error:
            refused.append({"day": sent.get("day"), "field": sent.get("field"), "why": str(error)})
            continue
        if not (sent.get("again") and has_said(home, change, step)):
            write(home, [change], step=step, by="page")
    return {"saved": f"{now():%H:%M}", "refused": refused, "size": diary_size(home)}


def diary_key(home: Path) -> str:
    """Tell one data folder's diary from another's, without saying where it is."""
    return hashlib.sha256(str(home).encode()).hexdigest()[:12]


def _read(sent: Mapping[str, Any]) -> tuple[Change, str]:
    step, day = sent.get("step"), sent.get("day")
    if not isinstance(step, str) or not step.isalnum() or len(step) > LONGEST_STEP:
        raise ValueError(f"need a step of 1 to {LONGEST_STEP} letters, got {step!r}")
    when = None if day is None else date.fromisoformat(str(day))
    if when and when > today():
        raise ValueError(f"need a day up to {today()}, got {when}")
    return Change(when, str(sent.get("field")), sent.get("value")), step
