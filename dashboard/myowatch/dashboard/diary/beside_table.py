"""The diary beside what was counted, a row a day; for the Diary and Sessions pages."""

from collections.abc import Sequence

import pandas as pd

from myowatch.dashboard.words import diary as words
from myowatch.recordings.diary.beside import DayBeside
from myowatch.recordings.diary.values import as_text
from myowatch.signal.escalation.thresholds import Threshold

SHOWN = (
    *("caffeine_drinks", "alcohol_drinks", "fluids_l", "sleep_h", "sleep_quality", "stress"),
    *("exercise_min", "cramps", "medicines_changed"),
)


def beside_table(days: Sequence[DayBeside]) -> pd.DataFrame:
    """Return a row a day, latest first, and a column for everything that was said or worn."""
    rows = [_row(day) for day in reversed(days)]
    said = {name for row in rows for name in row}
    rates = sorted(name for name in said if name.startswith(words.BESIDE_RATE.partition("{")[0]))
    order = [words.DAY, *rates, words.BESIDE_WORN, *(words.BESIDE[n] for n in SHOWN)]
    columns = [name for name in [*order, words.BESIDE_YES] if name in said]
    return pd.DataFrame(rows, columns=columns)


def _row(day: DayBeside) -> dict[str, object]:
    row: dict[str, object] = {words.DAY: day.day.isoformat()}
    for worn in day.worn:
        site = worn.site.replace("-", " ") or words.NO_SITE
        if worn.twitches_per_hour is not None:
            row[words.BESIDE_RATE.format(site=site)] = round(worn.twitches_per_hour, 1)
    if day.worn:
        longest = max(worn.scorable_s for worn in day.worn)
        row[words.BESIDE_WORN] = round(longest / 3600, 1)
    for name in SHOWN:
        if name in day.answers:
            value = day.answers[name]
            row[words.BESIDE[name]] = as_text(value) if isinstance(value, bool) else value
    yes = [words.LABELS[q] for q in Threshold if day.answers.get(q) is True]
    return row | ({words.BESIDE_YES: ", ".join(yes)} if yes else {})
