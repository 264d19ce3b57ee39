"""What the wearer answered to the six questions, as the thresholds are judged by it."""

from collections.abc import Mapping
from datetime import date
from pathlib import Path

from myowatch.recordings.diary.diary import Diary, read_diary
from myowatch.recordings.diary.fields import FIELDS
from myowatch.recordings.diary.values import Value
from myowatch.signal.escalation.evidence import Answer
from myowatch.signal.escalation.thresholds import Threshold

_ASKED = frozenset(
    name for name in FIELDS if any(name.startswith(threshold) for threshold in Threshold)
)


def answers(home: Path) -> list[Answer]:
    """Return the answers of a data folder's diary, oldest day first.

    One answer a question and day that was answered; family history, asked once, has the day on
    which it was last said.

    Raises
    ------
    StorageProblem
        If the diary is there and cannot be read.
    """
    return answers_of(read_diary(home))


def answers_of(diary: Diary) -> list[Answer]:
    """Return the answers of a diary that was read already."""
    days: dict[date, dict[str, Value]] = {}
    for (day, name), (value, at) in diary.latest(_ASKED).items():
        days.setdefault(day or at.date(), {})[name] = value
    return [
        _answer(threshold, day, days[day])
        for day in sorted(days)
        for threshold in Threshold
        if threshold in days[day]
    ]


def _answer(threshold: Threshold, day: date, found: Mapping[str, Value]) -> Answer:
    yes = found[threshold] is True
    if not yes:
        return Answer(threshold, day, yes=False)  # what was said beside an earlier yes is past
    sides = found.get(f"{threshold}_where", ())
    severity, since = found.get(f"{threshold}_severity"), found.get(f"{threshold}_since")
    return Answer(
        threshold,
        day,
        yes=True,
        sides=sides if isinstance(sides, tuple) else (),
        severity=severity if isinstance(severity, int) else None,
        since=since if isinstance(since, date) else None,
    )
