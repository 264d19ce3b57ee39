"""What somebody presses while a session is recorded: "I felt it", "Cramp", "That was me".

    HOME/journal/marks.jsonl
    {"id": "k3f...", "session": "20261123-220411-k3f", "text": "felt", "at": "2026-11-23T22:10:..."}
    {"undo": "k3f..."}

A press is in the journal before anything else happens to it. The running recorder follows the
journal and takes the press into the recording, as a marker, when it can no longer be undone.
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
"""How long a press can be undone: what is in a recording stays there."""
RECORDED_AFTER_S = UNDO_S + 2.0
"""When a recorder takes it; an undo of the last moment is in the journal by then."""
SAME_S = 3.0
"""How far a marker may lie from where a rebuild would put its press. The clock that is noted in a
recording each minute says so to half a second, and a hand does not do the same thing twice."""


class Button(StrEnum):
    """What was pressed, as markers say it."""

    FELT = "felt"
    CRAMP = "cramp"
    ME = "me"


@dataclass(frozen=True, slots=True)
class Press:
    """One press.

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
    """Take a press into the journal.

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
    """Take a press back; the recorder must not have it yet, see `UNDO_S`.

    Raises
    ------
    StorageProblem
        If that cannot be written.
    """
    _journal(home).append({"undo": press_id})


class Presses:
    """Follows the journal of presses, at the cost of asking for a file's size.

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
        """Read the journal again if it has changed; whether it had."""
        try:
            size = self._journal.path.stat().st_size
        except OSError:
            size = 0
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
        """Give the presses of a session that were not undone, oldest first."""
        mine = (p for p in self._known.values() if p.session_id == session_id)
        return tuple(sorted(mine, key=lambda p: p.at))


def _press(entry: Entry) -> Press:
    at = datetime.fromisoformat(entry["at"]).timestamp()
    return Press(entry["id"], entry["session"], Button(entry["text"]), at)


def presses_of(home: Path, session_id: str) -> tuple[Press, ...]:
    """Give what the journal has of one session.

    Raises
    ------
    StorageProblem
        If it cannot be read.
    """
    presses = Presses(home)
    presses.poll()
    return presses.for_session(session_id)


def markers_with_presses(recording: BdfRecording, presses: Iterable[Press]) -> list[Marker]:
    """Give the markers of a recording, and those of presses that its recorder did not live to take.

    Parameters
    ----------
    presses
        Of the recording's session.
    """
    markers = recording.markers()
    clock = recording.clock
    places = ((press.text, clock.signal_at(press.at)) for press in presses)
    pressed = [Marker(at, text) for text, at in places if at is not None and at >= 0]
    return [*markers, *unmatched_markers(markers, pressed)]


def unmatched_markers(markers: Iterable[Marker], pressed: Iterable[Marker]) -> list[Marker]:
    """Those of the second that are none of the first, each of which stands for one press."""
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
