"""Lines of the diary's journal as JSON has them, and which of them are not undone."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any, TypedDict, cast


class Line(TypedDict):
    """A line that sets fields, as JSON has it."""

    at: str
    step: str
    by: str
    set: list[tuple[str | None, str, Any]]


def standing(entries: Sequence[Mapping[str, Any]]) -> tuple[tuple[Line, ...], tuple[str, ...]]:
    """Return the lines that are not undone, and the steps that can be redone, the last one last."""
    undone_to: dict[str, int] = {}  # lines of the step before this one do not count
    undone: list[str] = []
    lines: list[tuple[int, Line]] = []
    for number, entry in enumerate(entries):
        if "set" in entry:
            if is_line(entry):
                lines.append((number, cast(Line, entry)))
                undone.clear()
        elif isinstance(step := entry.get("undo"), str):
            undone_to[step] = number
            undone.append(step)
        elif isinstance(step := entry.get("redo"), str):
            undone_to.pop(step, None)
            undone = [other for other in undone if other != step]
    kept = (line for number, line in lines if number >= undone_to.get(line["step"], 0))
    return tuple(kept), tuple(undone)


def is_line(entry: Mapping[str, Any]) -> bool:
    """Whether an entry is as `write` makes them."""
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
