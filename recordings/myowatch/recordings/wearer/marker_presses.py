"""Buttons that are pressed during a recording: "I felt it", "Cramp", "That was me".

    HOME/journal/marks.jsonl
    {"id": "k3f...", "session": "20261123-220411-k3f", "text": "felt", "at": "2026-11-23T22:10:..."}
    {"undo": "k3f..."}

A press is written to the journal first. The recorder follows the journal and writes the press into
the recording, as a marker, when it can no longer be undone.
"""

import secrets
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from pathlib import Path

from myowatch.recordings.bdf.bdf_reader import BdfRecording
from myowatch.recordings.model.recording import Marker
from myowatch.recordings.storage.journal import Entry, Journal, replay

UNDO_S = 6.0
"""How long a press can be undone; a marker in a recording cannot."""
RECORDED_AFTER_S = UNDO_S + 2.0
"""When a recorder writes it; a late undo is in the journal by then."""
SAME_S = 3.0
"""Largest time between a marker and its press. The clock in a recording is accurate to half a
second, and people do not press the same button twice so quickly."""


class Button(StrEnum):
    """The buttons, with the text of their markers."""

    FELT = "felt"
    CRAMP = "cramp"
    ME = "me"


@dataclass(frozen=True, slots=True)
class Press:
    """One press of a button.

    Parameters
    ----------
    at
        Seconds since 1970, by this computer's clock.
    """

    id: str
    session_id: str
    text: Button
    at: float


def add_press(home: Path, session_id: str, text: Button, at: float) -> Press:
    """Write a press to the journal.

    Raises
    ------
    StorageProblem
        If it cannot be written.
    """
    made = Press(secrets.token_hex(6), session_id, text, at)
    moment = datetime.fromtimestamp(at, UTC).isoformat()
    entry = {"id": made.id, "session": session_id, "text": text.value, "at": moment}
    _journal(home).append(entry)
    return made


def undo_press(home: Path, press_id: str) -> None:
    """Undo a press; not possible after `UNDO_S`.

    Raises
    ------
    StorageProblem
        If it cannot be written.
    """
    _journal(home).append({"undo": press_id})


class Presses:
    """Follows the journal of presses; it is read only when its size has changed.

    Parameters
    ----------
    home
        The data folder.
    """

    def __init__(self, home: Path) -> None:
        self._journal = _journal(home)
        self._size = 0
        self._known: dict[str, Press] = {}

    def poll(self) -> bool:
        """Read the journal if it has changed, and return whether it has."""
        size = self._journal.size()
        if size == self._size:
            return False
        self._size = size
        self._known.clear()
        for entry in replay(self._journal.entries())[0]:
            try:
                press = _press(entry)
            except (KeyError, TypeError, ValueError):
                continue  # of another version
            self._known[press.id] = press
        return True

    def for_session(self, session_id: str) -> tuple[Press, ...]:
        """Return the presses of a session that are not undone, oldest first."""
        mine = (p for p in self._known.values() if p.session_id == session_id)
        return tuple(sorted(mine, key=lambda p: p.at))


def _press(entry: Entry) -> Press:
    at = datetime.fromisoformat(entry["at"]).timestamp()
    return Press(entry["id"], entry["session"], Button(entry["text"]), at)


def presses_of(home: Path, session_id: str) -> tuple[Press, ...]:
    """Return the presses of a session that are not undone, oldest first.

    Raises
    ------
    StorageProblem
        If it cannot be read.
    """
    presses = Presses(home)
    presses.poll()
    return presses.for_session(session_id)


def markers_with_presses(recording: BdfRecording, presses: Iterable[Press]) -> list[Marker]:
    """Return the markers of a recording, and those of presses that a killed recorder did not write.

    Parameters
    ----------
    presses
        The presses of the recording's session.
    """
    markers = recording.markers()
    clock = recording.clock
    places = ((press.text, clock.signal_at(press.at)) for press in presses)
    pressed = [Marker(at, text) for text, at in places if at is not None and at >= 0]
    return [*markers, *unmatched_markers(markers, pressed)]


def unmatched_markers(markers: Iterable[Marker], pressed: Iterable[Marker]) -> list[Marker]:
    """Return the `pressed` markers without an equal marker; each marker matches one press."""
    left = [*markers]
    missing = []
    for marker in pressed:
        same = [m for m in left if m.text == marker.text and _apart(m, marker) <= SAME_S]
        if same:
            left.remove(min(same, key=lambda m: _apart(m, marker)))
        else:
            missing.append(marker)
    return missing


def _apart(one: Marker, other: Marker) -> float:
    return abs(one.time_s - other.time_s)


def _journal(home: Path) -> Journal:
    return Journal(home, "marks")
