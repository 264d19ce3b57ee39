"""What a viewer may ask of the Live page: one small JSON object, of which nothing is believed."""

import json
import time
from dataclasses import replace
from pathlib import Path
from typing import Any

from myowatch.recordings.store.recorder_status import RecorderStatus, request_stop
from myowatch.recordings.wearer.marker_presses import UNDO_S, Button, Presses, add_press, undo_press
from myowatch.recordings.wearer.preferences import Sound, change_preferences

LATEST_S = 3600.0
"""How old a press may be that comes only now: it waited in a page whose server was away."""


def understood(message: str) -> dict[str, Any]:
    """Return what a message says; nothing if it is nonsense."""
    try:
        asked = json.loads(message)
    except (ValueError, RecursionError):
        return {}
    return asked if isinstance(asked, dict) else {}


def fulfil(home: Path, statuses: list[RecorderStatus], asked: dict[str, Any]) -> None:
    """Do what was asked, if it is something that can be asked.

    Parameters
    ----------
    statuses
        Of all recorders of the session that is shown.

    Raises
    ------
    StorageProblem
        If it cannot be written.
    """
    if "press" in asked:
        _press(home, statuses, asked)
    elif "undo" in asked and statuses:
        _undo(home, statuses[0].session_id, asked["undo"])
    elif "stop" in asked:
        for status in statuses:
            if asked["stop"] is True or asked["stop"] == status.key:
                request_stop(home, status.key)
    elif isinstance(asked.get("night_mode"), bool):
        change_preferences(home, lambda p: replace(p, night_mode=asked["night_mode"]))
    elif asked.get("sound") in [sound.value for sound in Sound]:
        change_preferences(home, lambda p: replace(p, sound=Sound(asked["sound"])))


def _press(home: Path, statuses: list[RecorderStatus], asked: dict[str, Any]) -> None:
    text, ago = asked["press"], asked.get("ago")
    if not isinstance(ago, int | float) or isinstance(ago, bool) or not 0 <= ago <= LATEST_S:
        return
    if statuses and text in [each.value for each in Button]:
        add_press(home, statuses[0].session_id, Button(text), time.time() - ago)


def _undo(home: Path, session_id: str, press_id: object) -> None:
    presses = Presses(home)
    presses.poll()
    for made in presses.for_session(session_id):
        if made.id == press_id and time.time() - made.at < UNDO_S + 1:
            undo_press(home, made.id)
