"""What the diary says of a period, in a few numbers."""

from collections.abc import Mapping
from datetime import date
from statistics import median

from myowatch.dashboard.report.contents import DiarySummary, Spread
from myowatch.recordings.diary.diary import Days
from myowatch.recordings.diary.values import Value

NUMBERS = (
    *("caffeine_drinks", "alcohol_drinks", "fluids_l", "sleep_h", "sleep_quality", "stress"),
    *("exercise_min", "exercise_effort"),
)
MEASURES = ("thigh_left_cm", "thigh_right_cm", "chair_stands")


def summarise(days: Days, first: date, last: date, *, notes: bool) -> DiarySummary:
    """Summarise what was said of the days from the first to the last, both included.

    Parameters
    ----------
    notes
        Whether what was written in free words is taken along.
    """
    said = {day: of_day for day, of_day in days.items() if day and first <= day <= last}
    family = days.get(None, {}).get("family_history_who", "")
    cramps = [v for _, v in _answers(said, "cramps") if isinstance(v, int | float)]
    ends = {name: found for name in ("medicines", *MEASURES) if (found := _answers(said, name))}
    return DiarySummary(
        days=len(said),
        numbers={name: spread for name in NUMBERS if (spread := _spread(said, name))},
        cramps=int(sum(cramps)) if cramps else None,
        latest={name: found[-1] for name, found in ends.items()},
        first={name: found[0] for name, found in ends.items() if len(found) > 1},
        changed=tuple(day for day, value in _answers(said, "medicines_changed") if value is True),
        family=family if isinstance(family, str) else "",
        notes=tuple((day, str(v)) for day, v in _answers(said, "note")) if notes else (),
    )


def _answers(said: Mapping[date, Mapping[str, Value]], name: str) -> list[tuple[date, Value]]:
    return [(day, said[day][name]) for day in sorted(said) if name in said[day]]


def _spread(said: Mapping[date, Mapping[str, Value]], name: str) -> Spread | None:
    values = [float(v) for _, v in _answers(said, name) if isinstance(v, int | float)]
    if not values:
        return None
    return Spread(len(values), median(values), min(values), max(values))
