"""The diary: one entry a field of a day, set to a value at a time, in the journal `diary`."""

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
    """A line that sets fields, as JSON has it."""

    at: str
    step: str
    by: str
    set: list[tuple[str | None, str, Any]]


def _is_line(entry: Entry) -> bool:
    """Whether an entry is as `write_changes` makes them."""
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
    """Return the day of a line; None for what is said once."""
    return None if day is None else date.fromisoformat(day)


NAME: Final = "diary"
ONCE: Final = None
"""The day of what is said once."""

FieldKey = tuple[date | None, str]
"""Day and name of a field."""

Days = Mapping[date | None, Mapping[str, Value]]


@dataclass(frozen=True, slots=True)
class Change:
    """One field of one day set to a value.

    Parameters
    ----------
    day
        None for what is said once.
    field
        Its name.
    value
        As `myowatch.recordings.wearer.diary_fields` reads it; None takes the answer back.

    Raises
    ------
    ValueError
        If there is no such field, it does not go with the day, or the value is out of its limits.
    """

    day: date | None
    field: str
    value: Value | None

    def __post_init__(self) -> None:
        if self.value is not None:
            object.__setattr__(self, "value", checked(self.day, self.field, self.value))
        else:
            _check_place(self.day, self.field)


def checked(day: date | None, name: str, value: object) -> Value:
    """Return the value as it is kept, or refuse it; see `Change`."""
    _check_place(day, name)
    kept = FIELDS[name].kind.read(value)
    if isinstance(kept, date) and day and kept > day:
        raise ValueError(f"need {name} up to {day}, got {kept}")
    return kept


def _check_place(day: date | None, name: str) -> None:
    once = field_of(name).once
    if once != (day is None):
        said = "is said once, without a day" if once else "needs a day"
        raise ValueError(f"{name} {said}")
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
        Who wrote: `page`, `command`, `import`.
    fields
        Day and field of all that it set, in order.
    """

    id: str
    at: datetime
    by: str
    fields: tuple[FieldKey, ...]


@dataclass(frozen=True)  # without slots, so that a page reads the values of its lines once
class Diary:
    """What stands in the journal.

    Parameters
    ----------
    lines
        Those that set fields and are not undone, oldest first.
    undone
        Ids of what can be redone, the last undone last; what is typed after an undo empties it.
    """

    lines: tuple[Line, ...] = ()
    undone: tuple[str, ...] = ()

    def latest(self, names: Container[str] = FIELDS) -> Mapping[FieldKey, tuple[Value, datetime]]:
        """Return the answers that stand, with when they were given, in no order."""
        return self._all if names is FIELDS else self._latest(names)

    def days(self) -> Days:
        """Return the answers by day, oldest first; those said once come first, under None."""
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
                found[day, name] = checked(day, name, value), datetime.fromisoformat(at)
            except ValueError:  # of a version with other fields or limits
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
        """Return the places that a step set, in order."""
        places = {
            (day_of(day), name): None
            for line in self.lines
            if line["step"] == step
            for day, name, _ in line["set"]
            if name in FIELDS
        }
        return tuple(places)


def read_diary(home: Path) -> Diary:
    """Read the diary of a data folder, in time that grows with its lines only.

    Raises
    ------
    StorageProblem
        If the journal is there and cannot be read.
    """
    journal = Journal(home, NAME)
    try:
        found = journal.path.stat()
    except OSError:
        return replay_diary(journal.entries())  # which knows what to say
    return _read(home, found.st_size, found.st_mtime_ns)


@lru_cache(maxsize=4)
def _read(home: Path, _size: int, _mtime_ns: int) -> Diary:
    """Read a journal that has these marks; every line makes it longer."""
    return replay_diary(Journal(home, NAME).entries())


def write_changes(home: Path, changes: Sequence[Change], *, step: str = "", by: str = "") -> str:
    """Add one line; it is on the disk when this returns.

    Parameters
    ----------
    step
        Id of the step it goes on with; empty begins a new one.
    by
        Who wrote: `page`, `command`, `import`.

    Returns
    -------
    Id of the step.

    Raises
    ------
    StorageProblem
        If it cannot be written.
    """
    step = step or new_step()
    Journal(home, NAME).append({"at": _at(), "step": step, "by": by, "set": _settings(changes)})
    return step


def undo_step(home: Path, step: str) -> None:
    """Take back what a step has set so far."""
    Journal(home, NAME).append({"at": _at(), "undo": step})


def redo_step(home: Path, step: str) -> None:
    """Set again what a step had set."""
    Journal(home, NAME).append({"at": _at(), "redo": step})


def new_step() -> str:
    """Return an id for a step."""
    return secrets.token_hex(6)


def has_written(home: Path, change: Change, step: str) -> bool:
    """Whether the last word of a step on a field is this one already, undone or not."""
    (setting,) = _settings([change])
    for entry in reversed(Journal(home, NAME).entries()):
        if entry.get("step") == step and _is_line(entry):
            for known in entry["set"]:
                if known[:2] == setting[:2]:
                    return bool(known == setting)
    return False


def diary_size(home: Path) -> int:
    """Return the journal's size in bytes: it only grows, so what was read later is not smaller."""
    try:
        return Journal(home, NAME).path.stat().st_size
    except FileNotFoundError:
        return 0


def now() -> datetime:
    """Return the time by this machine's clock."""
    return datetime.now().astimezone()


def today() -> date:
    """Return the day by this machine's clock."""
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
