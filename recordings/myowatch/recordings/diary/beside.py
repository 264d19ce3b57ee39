"""The diary beside what was worn: for each day what was said, and how often each place twitched.

Side by side and no more: a few dozen days, each unlike the other in everything at once, cannot say
what caused what. Used by the Diary and Sessions pages and by the report.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date

from myowatch.recordings.diary.diary import Days
from myowatch.recordings.diary.values import Value
from myowatch.signal.escalation.evidence import Wear
from myowatch.signal.samples import Modality
from myowatch.signal.summary import ENOUGH_S


@dataclass(frozen=True, slots=True)
class Worn:
    """All that was worn at one site by one kind of sensor in recordings begun on one day."""

    site: str
    modality: Modality
    twitches: int
    scorable_s: float

    @property
    def twitches_per_hour(self) -> float | None:
        """Rate over the scored time; None if that is under two minutes."""
        return 3600 * self.twitches / self.scorable_s if self.scorable_s >= ENOUGH_S else None


@dataclass(frozen=True, slots=True)
class DayBeside:
    """One day.

    Parameters
    ----------
    answers
        By field.
    worn
        By site; empty if nothing was.
    """

    day: date
    answers: Mapping[str, Value] = field(default_factory=dict)
    worn: tuple[Worn, ...] = ()


def days_beside(days: Days, wears: Iterable[Wear]) -> list[DayBeside]:
    """Return every day on which something was said or worn, oldest first.

    Parameters
    ----------
    days
        `read_diary(home).days()`; what was said once is passed over.
    wears
        `store.wears()`. A night belongs to the day on which its recording began; "hours slept last
        night" of a day are those of the night before.
    """
    worn: dict[date, dict[tuple[str, Modality], list[Wear]]] = defaultdict(dict)
    for wear in wears:
        worn[wear.day].setdefault((wear.site, wear.modality), []).append(wear)
    return [
        DayBeside(
            day,
            days.get(day, {}),
            tuple(_together(parts) for _, parts in sorted(worn.get(day, {}).items())),
        )
        for day in sorted({day for day in days if day is not None} | set(worn))
    ]


def _together(parts: list[Wear]) -> Worn:
    return Worn(
        parts[0].site,
        parts[0].modality,
        sum(part.twitches for part in parts),
        sum(part.scorable_s for part in parts),
    )
