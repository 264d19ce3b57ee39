"""The wearer's labels of single events: another kind, whether it was felt, a note.

In the journal `labels`, one JSON object a line:

    {"at": TIME, "step": ID, "session", "file", "stream", "onset", "offset", "kind",
     "label": WORD, "felt": true or false, "note": TEXT}
    {"at": TIME, "undo": ID, "session"}

Onset, offset and kind are the detector's and identify the event. A label does not change the store,
which may be rebuilt at any time. The last line about an event counts, and an undo takes back only
its own step. Detected and corrected numbers are always shown together.
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
    """The kind of an event in the wearer's opinion."""

    TWITCH = "twitch"
    CRAMP = "cramp"
    MOVEMENT = "movement"
    NOT_AN_EVENT = "not_an_event"
    NOT_SURE = "not_sure"


@dataclass(frozen=True, slots=True)
class Label:
    """A label of one event.

    Parameters
    ----------
    kind
        None and `NOT_SURE` keep the detector's kind; the latter says that the wearer was asked.
    felt
        Whether the wearer felt it; None if unknown.
    note
        At most 500 characters.
    """

    kind: LabelKind | None = None
    felt: bool | None = None
    note: str = ""

    def __post_init__(self) -> None:
        if len(self.note) > LONGEST_NOTE:
            raise ValueError(f"need a note of up to {LONGEST_NOTE} characters: {len(self.note)}")

    @property
    def is_no_event(self) -> bool:
        """Return whether the wearer says that there was no event."""
        return self.kind is LabelKind.NOT_AN_EVENT

    @property
    def corrects(self) -> bool:
        """Return whether the wearer says which kind it was, or that there was no event."""
        return self.kind is not None and self.kind is not LabelKind.NOT_SURE

    @property
    def is_empty(self) -> bool:
        """Return whether the label is empty."""
        return self == Label()


EventKey = tuple[int, int, Kind]
"""Detected onset, offset and kind."""
Labels = Mapping[EventKey, Label]
"""Labels of one stream of one file."""


def event_key(event: Event) -> EventKey:
    """Return the key of an event within its stream."""
    return event.onset, event.offset, event.kind


@dataclass(frozen=True, slots=True)
class SessionLabels:
    """All labels of one session.

    Parameters
    ----------
    steps
        Ids of the steps that can be undone, the newest last.
    """

    by_stream: Mapping[tuple[str, str], Labels]
    steps: tuple[str, ...] = ()

    def for_stream(self, file: str, stream: str) -> Labels:
        """Return the labels of one stream of one file."""
        return self.by_stream.get((file, stream), {})


def read_labels(home: Path, session_id: str) -> SessionLabels:
    """Return the labels of a session; lines that this version cannot read are skipped.

    Raises
    ------
    StorageProblem
        If the journal exists and cannot be read.
    """
    entries = Journal(home, JOURNAL).entries()
    return _labels_of([e for e in entries if e.get("session") == session_id])


def read_all_labels(home: Path) -> dict[str, SessionLabels]:
    """Return the labels of every session, by its id; reads the journal once.

    Raises
    ------
    StorageProblem
        If the journal exists and cannot be read.
    """
    entries: dict[str, list[dict[str, Any]]] = {}
    for entry in Journal(home, JOURNAL).entries():
        if isinstance(entry.get("session"), str):
            entries.setdefault(entry["session"], []).append(entry)
    return {session_id: _labels_of(found) for session_id, found in entries.items()}


def _labels_of(entries: list[dict[str, Any]]) -> SessionLabels:
    """Return the labels of one session's entries, oldest first."""
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
    """Label an event; an empty label removes the label.

    Returns
    -------
    the id of the step, for `undo_label`

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
    """Undo one step.

    Raises
    ------
    StorageProblem
        If it cannot be written.
    """
    at = datetime.now().astimezone().isoformat(timespec="seconds")
    Journal(home, JOURNAL).append({"at": at, "undo": step, "session": session_id})


def label_as_json(label: Label) -> dict[str, Any]:
    """Return the parts of a label that are set."""
    parts: dict[str, Any] = {}
    if label.kind is not None:
        parts["label"] = label.kind.value
    if label.felt is not None:
        parts["felt"] = label.felt
    return parts | ({"note": label.note} if label.note else {})


def apply_labels(events: Iterable[Event], labels: Labels) -> list[Event]:
    """Return the events of one stream as the wearer corrected them, by onset.

    Events that the wearer denies are left out; rejected ones that the wearer confirms are included.
    """
    return [
        _relabel(event, label) if (label := labels.get(event_key(event))) else event
        for event in events
        if not ((label := labels.get(event_key(event))) and label.is_no_event)
    ]


def count_changes(labels: Labels) -> Mapping[Kind, int]:
    """Return how many more, or fewer, events of each kind there are than detected."""
    more = dict.fromkeys((Kind.TWITCH, Kind.CRAMP, Kind.MOVEMENT), 0)
    for (_, _, kind), label in labels.items():
        if label.kind is None or not label.corrects:
            continue
        if kind in more:
            more[kind] -= 1
        if not label.is_no_event:
            more[Kind(label.kind.value)] += 1
    return more


def _relabel(event: Event, label: Label) -> Event:
    if label.kind is None or not label.corrects:
        return event
    kind = Kind(label.kind.value)
    return replace(event, kind=kind, reason=None, cramp_probability=None)


def _label(entry: Mapping[str, Any]) -> Label:
    kind = entry.get("label")
    felt, note = entry.get("felt"), entry.get("note", "")
    return Label(
        None if kind is None else LabelKind(kind),
        felt if isinstance(felt, bool) else None,
        str(note)[:LONGEST_NOTE],
    )
