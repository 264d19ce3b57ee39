"""The diary: values of the fields of each day, in the journal `diary`."""

import secrets
from collections.abc import Container, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property, lru_cache
from pathlib import Path
from typing import Any, Final, TypedDict, cast

from myowatch.recordings.storage.journal import Entry, Journal, replay
from myowatch.recordings.wearer.diary_fields import EARLIEST, FIELDS, Value, as_json, field_of


class Line(TypedDict):
    """A journal line that sets fields."""

    at: str
    step: str
    by: str
    set: list[tuple[str | None, str, Any]]


def _is_line(entry: Entry) -> bool:
    """Return whether an entry has the form that `write_changes` writes."""
    try:
        datetime.fromisoformat(entry["at"])
        for day, name, _ in entry["set"]:
            day_of(day)
            if not isinstance(name, str):
                return False
        return isinstance(entry["step"], str) and isinstance(entry["by"], str)
    except (KeyError, TypeError, ValueError):
        return False


def day_of(day: str | None) -> date | None:
    """Return the day of a line; None for a field without a day."""
    return None if day is None else date.fromisoformat(day)


NAME: Final = "diary"
FieldKey = tuple[date | None, str]
"""Day and name of a field."""

Days = Mapping[date | None, Mapping[str, Value]]


@dataclass(frozen=True, slots=True)
class Change:
    """One field of one day set to a value.

    Parameters
    ----------
    day
        None for a field without a day.
    field
        Name of the field.
    value
        As `myowatch.recordings.wearer.diary_fields` reads it; None removes the answer.

    Raises
    ------
    ValueError
        If the field is unknown, needs a day or has none, or the value is outside its limits.
    """

    day: date | None
    field: str
    value: Value | None

    def __post_init__(self) -> None:
        if self.value is not None:
            object.__setattr__(self, "value", check_value(self.day, self.field, self.value))
        else:
            _check_place(self.day, self.field)


def check_value(day: date | None, name: str, value: object) -> Value:
    """Return the value in its stored form.

    Raises
    ------
    ValueError
        See `Change`.
    """
    _check_place(day, name)
    kept = FIELDS[name].kind.read(value)
    if isinstance(kept, date) and day and kept > day:
        raise ValueError(f"need {name} up to {day}, got {kept}")
    return kept


def _check_place(day: date | None, name: str) -> None:
    once = field_of(name).once
    if once != (day is None):
        raise ValueError(f"{name} {'has no day' if once else 'needs a day'}")
    if day and day < EARLIEST:
        raise ValueError(f"need a day from {EARLIEST}, got {day}")


@dataclass(frozen=True, slots=True)
class Step:
    """Lines that are undone together.

    Parameters
    ----------
    at
        When its last line was written.
    by
        `page`, `command` or `import`.
    fields
        Day and name of each field that it set, in order.
    """

    id: str
    at: datetime
    by: str
    fields: tuple[FieldKey, ...]


@dataclass(frozen=True)  # without slots: cached properties need `__dict__`
class Diary:
    """The content of the diary.

    Parameters
    ----------
    lines
        Lines that set fields and are not undone, oldest first.
    undone
        Ids of the steps that can be redone, the last undone last; empty after a new line.
    """

    lines: tuple[Line, ...] = ()
    undone: tuple[str, ...] = ()

    def latest(self, names: Container[str] = FIELDS) -> Mapping[FieldKey, tuple[Value, datetime]]:
        """Return the present answers and when they were given, in no order."""
        return self._all if names is FIELDS else self._latest(names)

    def days(self) -> Days:
        """Return the answers by day, oldest first; those without a day come first, under None."""
        return self._days

    @cached_property
    def _all(self) -> Mapping[FieldKey, tuple[Value, datetime]]:
        return self._latest(FIELDS)

    def _latest(self, names: Container[str]) -> Mapping[FieldKey, tuple[Value, datetime]]:
        raw = {
            (day, name): (value, line["at"])
            for line in self.lines
            for day, name, value in line["set"]
            if name in names
        }
        found: dict[FieldKey, tuple[Value, datetime]] = {}
        for (written, name), (value, at) in raw.items():
            if value is None:
                continue
            try:
                day = day_of(written)
                found[day, name] = check_value(day, name, value), datetime.fromisoformat(at)
            except ValueError:  # another version has other fields or limits
                continue
        return found

    @cached_property
    def _days(self) -> Days:
        days: dict[date | None, dict[str, Value]] = {}
        for (day, name), (value, _) in self._all.items():
            days.setdefault(day, {})[name] = value
        return {
            day: {name: days[day][name] for name in FIELDS if name in days[day]}
            for day in sorted(days, key=lambda day: day or date.min)
        }

    def steps(self, most: int) -> list[Step]:
        """Return the last steps that can be undone, the latest first."""
        last: dict[str, Line] = {}
        for line in reversed(self.lines):
            if line["step"] not in last and len(last) == most:
                break
            last.setdefault(line["step"], line)
        return [
            Step(step, datetime.fromisoformat(line["at"]), line["by"], self.fields_of(step))
            for step, line in last.items()
        ]

    def fields_of(self, step: str) -> tuple[FieldKey, ...]:
        """Return day and name of each field that a step set, in order."""
        keys = {
            (day_of(day), name): None
            for line in self.lines
            if line["step"] == step
            for day, name, _ in line["set"]
            if name in FIELDS
        }
        return tuple(keys)


def read_diary(home: Path) -> Diary:
    """Return the diary of a data folder.

    Raises
    ------
    StorageProblem
        If the journal exists and cannot be read.
    """
    journal = Journal(home, NAME)
    try:
        found = journal.path.stat()
    except OSError:
        return replay_diary(journal.entries())  # raises the right error
    return _read(home, found.st_size, found.st_mtime_ns)


@lru_cache(maxsize=4)
def _read(home: Path, _size: int, _mtime_ns: int) -> Diary:
    """Return the diary; cached until size or time of the journal changes."""
    return replay_diary(Journal(home, NAME).entries())


def write_changes(home: Path, changes: Sequence[Change], *, step: str = "", by: str = "") -> str:
    """Write one line; it is on the disk when this returns.

    Parameters
    ----------
    step
        Id of the step that it continues; empty starts a new one.
    by
        `page`, `command` or `import`.

    Returns
    -------
    the id of the step

    Raises
    ------
    StorageProblem
        If it cannot be written.
    """
    step = step or new_step()
    Journal(home, NAME).append({"at": _at(), "step": step, "by": by, "set": _settings(changes)})
    return step


def undo_step(home: Path, step: str) -> None:
    """Undo what a step has set so far."""
    Journal(home, NAME).append({"at": _at(), "undo": step})


def redo_step(home: Path, step: str) -> None:
    """Redo an undone step."""
    Journal(home, NAME).append({"at": _at(), "redo": step})


def new_step() -> str:
    """Return a new id for a step."""
    return secrets.token_hex(6)


def has_written(home: Path, change: Change, step: str) -> bool:
    """Return whether a change is the last that a step wrote for its field, undone or not."""
    (setting,) = _settings([change])
    for entry in reversed(Journal(home, NAME).entries()):
        if entry.get("step") == step and _is_line(entry):
            for known in entry["set"]:
                if known[:2] == setting[:2]:
                    return bool(known == setting)
    return False


def diary_size(home: Path) -> int:
    """Return the journal's size in bytes, which only grows."""
    return Journal(home, NAME).size()


def now() -> datetime:
    """Return the time by this computer's clock."""
    return datetime.now().astimezone()


def today() -> date:
    """Return the day by this computer's clock."""
    return now().date()


def replay_diary(entries: Iterable[Entry]) -> Diary:
    """Return the diary that the entries of its journal, oldest first, give."""
    valid = (e for e in entries if (_is_line(e) if "set" in e else "undo" in e or "redo" in e))
    lines, undone = replay(valid)
    return Diary(tuple(cast(Line, line) for line in lines if "set" in line), undone)


def _settings(changes: Sequence[Change]) -> list[list[Any]]:
    return [
        [
            change.day.isoformat() if change.day else None,
            change.field,
            None if change.value is None else as_json(change.value),
        ]
        for change in changes
    ]


def _at() -> str:
    return now().isoformat(timespec="milliseconds")
