"""Diary days with the recorded sites, and the answers that the thresholds use."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

from myowatch.recordings.wearer.diary import Days, Diary, read_diary
from myowatch.recordings.wearer.diary_fields import FIELDS, Value
from myowatch.signal.escalation.evidence import Answer, Threshold, Wear
from myowatch.signal.model.samples import Modality
from myowatch.signal.statistics.counts import ENOUGH_S

_ASKED = frozenset(
    name for name in FIELDS if any(name.startswith(threshold) for threshold in Threshold)
)


def read_answers(home: Path) -> list[Answer]:
    """Return the answers of a data folder's diary, oldest day first.

    Each question gives one answer for each day with an answer. Family history has no day of its
    own; it gets the day of its last change.

    Raises
    ------
    StorageProblem
        If the diary exists and cannot be read.
    """
    return answers_from(read_diary(home))


def answers_from(diary: Diary) -> list[Answer]:
    """Return the answers of a diary."""
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
        return Answer(threshold, day, yes=False)  # details of an earlier yes no longer apply
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


@dataclass(frozen=True, slots=True)
class SiteTotals:
    """Sum of one kind of sensor at one site over the recordings that started on one day."""

    site: str
    modality: Modality
    twitches: int
    scorable_s: float

    @property
    def twitches_per_hour(self) -> float | None:
        """Return the rate over the scorable time; None below two minutes."""
        return 3600 * self.twitches / self.scorable_s if self.scorable_s >= ENOUGH_S else None


@dataclass(frozen=True, slots=True)
class DiaryDay:
    """The answers and the recorded sites of one day.

    Parameters
    ----------
    answers
        By field.
    worn
        One entry for each site and kind of sensor.
    """

    day: date
    answers: Mapping[str, Value] = field(default_factory=dict)
    worn: tuple[SiteTotals, ...] = ()


def diary_days_with_wear(days: Days, wears: Iterable[Wear]) -> list[DiaryDay]:
    """Return every day with an answer or a recording, oldest first.

    Parameters
    ----------
    days
        `read_diary(home).days()`; answers without a day are ignored.
    wears
        `store.wears()`. A night belongs to the day on which its recording started, but "hours slept
        last night" of a day belong to the night before.
    """
    worn: dict[date, dict[tuple[str, Modality], list[Wear]]] = defaultdict(dict)
    for wear in wears:
        worn[wear.day].setdefault((wear.site, wear.modality), []).append(wear)
    return [
        DiaryDay(
            day,
            days.get(day, {}),
            tuple(_sum(parts) for _, parts in sorted(worn.get(day, {}).items())),
        )
        for day in sorted({day for day in days if day is not None} | set(worn))
    ]


def _sum(parts: list[Wear]) -> SiteTotals:
    return SiteTotals(
        parts[0].site,
        parts[0].modality,
        sum(part.twitches for part in parts),
        sum(part.scorable_s for part in parts),
    )
