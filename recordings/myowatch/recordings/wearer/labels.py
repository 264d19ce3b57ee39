"""What the wearer says of single events: another word than the detector's, felt or not, a note.

In the journal `labels`, one JSON object a line:

    {"at": TIME, "step": ID, "session", "file", "stream", "onset", "offset", "kind",
     "label": WORD, "felt": true or false, "note": TEXT}
    {"at": TIME, "undo": ID, "session"}

Onset, offset and kind are the detector's and name the event: the store, which may be made again at
any time, is not changed by a label. The last line about an event counts, and an undo takes back its
step alone. Numbers as detected and as corrected stand side by side everywhere.
"""

import secrets
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from pathlib import Path
from typing import Any

from myowatch.recordings.storage.journal import Journal, replay
from myowatch.signal.model.events import Event, Kind

JOURNAL = "labels"
LONGEST_NOTE = 500


class LabelKind(StrEnum):
    """What the wearer calls an event."""

    TWITCH = "twitch"
    CRAMP = "cramp"
    MOVEMENT = "movement"
    NOT_AN_EVENT = "not_an_event"


@dataclass(frozen=True, slots=True)
class Label:
    """What the wearer says of one event.

    Parameters
    ----------
    kind
        None leaves the detector's word.
    felt
        None if nobody said.
    note
        Up to 500 characters.
    """

    kind: LabelKind | None = None
    felt: bool | None = None
    note: str = ""

    def __post_init__(self) -> None:
        if len(self.note) > LONGEST_NOTE:
            raise ValueError(f"need a note of up to {LONGEST_NOTE} characters: {len(self.note)}")

    @property
    def is_no_event(self) -> bool:
        """Whether the wearer says that there was no event."""
        return self.kind is LabelKind.NOT_AN_EVENT

    @property
    def is_empty(self) -> bool:
        """Whether nothing is said."""
        return self == Label()


EventKey = tuple[int, int, Kind]
"""Onset, offset and kind as detected."""
Labels = Mapping[EventKey, Label]
"""Of one stream of one file."""


def event_key(event: Event) -> EventKey:
    """Return what names an event within its stream."""
    return event.onset, event.offset, event.kind


@dataclass(frozen=True, slots=True)
class SessionLabels:
    """All labels of one session.

    Parameters
    ----------
    steps
        Ids of what can be undone, the newest last.
    """

    by_stream: Mapping[tuple[str, str], Labels]
    steps: tuple[str, ...] = ()

    def for_stream(self, file: str, stream: str) -> Labels:
        """Labels of one stream of one file."""
        return self.by_stream.get((file, stream), {})


def read_labels(home: Path, session_id: str) -> SessionLabels:
    """Return the labels that stand; lines that this version does not understand are passed over.

    Raises
    ------
    StorageProblem
        If the journal is there and cannot be read.
    """
    entries = Journal(home, JOURNAL).entries()
    return _labels_of([e for e in entries if e.get("session") == session_id])


def read_all_labels(home: Path) -> dict[str, SessionLabels]:
    """Return the labels of every session that has any, by its id; reads the journal once.

    Raises
    ------
    StorageProblem
        If the journal is there and cannot be read.
    """
    entries: dict[str, list[dict[str, Any]]] = {}
    for entry in Journal(home, JOURNAL).entries():
        if isinstance(entry.get("session"), str):
            entries.setdefault(entry["session"], []).append(entry)
    return {session_id: _labels_of(found) for session_id, found in entries.items()}


def _labels_of(entries: list[dict[str, Any]]) -> SessionLabels:
    """Read the lines of one session, oldest first."""
    found: dict[tuple[str, str], dict[EventKey, Label]] = {}
    steps = []
    for entry in replay(entries)[0]:
        try:
            key = int(entry["onset"]), int(entry["offset"]), Kind(entry["kind"])
            label = _label(entry)
            place = str(entry["file"]), str(entry["stream"])
            steps.append(str(entry["step"]))
        except (KeyError, ValueError, TypeError):
            continue
        found.setdefault(place, {})[key] = label
    standing = {
        place: {key: label for key, label in labels.items() if not label.is_empty}
        for place, labels in found.items()
    }
    return SessionLabels(standing, tuple(steps))


def add_label(home: Path, session_id: str, file: str, event: Event, label: Label) -> str:
    """Say something of an event; an empty label takes back what was said.

    Returns
    -------
    the step's id, for `undo_label`

    Raises
    ------
    StorageProblem
        If it cannot be written.
    """
    step = secrets.token_hex(4)
    entry = {
        "at": datetime.now().astimezone().isoformat(timespec="seconds"),
        "step": step,
        "session": session_id,
        "file": file,
        "stream": event.stream,
        "onset": event.onset,
        "offset": event.offset,
        "kind": event.kind.value,
    }
    Journal(home, JOURNAL).append(entry | label_as_json(label))
    return step


def undo_label(home: Path, session_id: str, step: str) -> None:
    """Take one step back.

    Raises
    ------
    StorageProblem
        If it cannot be written.
    """
    at = datetime.now().astimezone().isoformat(timespec="seconds")
    Journal(home, JOURNAL).append({"at": at, "undo": step, "session": session_id})


def label_as_json(label: Label) -> dict[str, Any]:
    """Return the members of a label that say something."""
    said: dict[str, Any] = {}
    if label.kind is not None:
        said["label"] = label.kind.value
    if label.felt is not None:
        said["felt"] = label.felt
    return said | ({"note": label.note} if label.note else {})


def apply_labels(events: Iterable[Event], labels: Labels) -> list[Event]:
    """Return the events of one stream as the wearer has them, by onset.

    What was no event is left out, and what was rejected and was one after all is taken in.
    """
    return [
        _as_said(event, label.kind) if (label := labels.get(event_key(event))) else event
        for event in events
        if not ((label := labels.get(event_key(event))) and label.is_no_event)
    ]


def count_changes(labels: Labels) -> Mapping[Kind, int]:
    """How many events of each kind there are more, or fewer, than detected."""
    more = dict.fromkeys((Kind.TWITCH, Kind.CRAMP, Kind.MOVEMENT), 0)
    for (_, _, kind), label in labels.items():
        if label.kind is None:
            continue
        if kind in more:
            more[kind] -= 1
        if not label.is_no_event:
            more[Kind(label.kind.value)] += 1
    return more


def _as_said(event: Event, word: LabelKind | None) -> Event:
    return event if word is None else replace(event, kind=Kind(word.value), reason=None)


def _label(entry: Mapping[str, Any]) -> Label:
    word = entry.get("label")
    felt, note = entry.get("felt"), entry.get("note", "")
    return Label(
        None if word is None else LabelKind(word),
        felt if isinstance(felt, bool) else None,
        str(note)[:LONGEST_NOTE],
    )
