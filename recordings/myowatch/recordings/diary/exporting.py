"""The diary as a table or as JSON, to be read by people, spreadsheets and `importing`.

Both have an entry a day. In the table what was said once is a row without a day, an open answer is
an empty cell, and words that a spreadsheet would take for a formula begin with an apostrophe.
"""

import csv
import io
import json
import re
from typing import Any

from myowatch.recordings.diary.diary import Days
from myowatch.recordings.diary.fields import FIELDS
from myowatch.recordings.diary.values import as_json, as_text

SCHEMA = 1
DAY = "day"
# What spreadsheets begin a formula with (OWASP, "CSV injection"), behind any apostrophes of its
# own: so that `unguarded` gives back exactly what was typed.
_FORMULA = re.compile(r"'*[=+\-@\t\r\n＝＋－＠]")  # noqa: RUF001 - full-width ones count too


def diary_csv(days: Days) -> str:
    """Return the diary as CSV, with a column for every field."""
    table = io.StringIO(newline="")
    rows = csv.DictWriter(table, [DAY, *FIELDS], lineterminator="\n")
    rows.writeheader()
    for day, found in days.items():
        cells = {name: guarded(as_text(value)) for name, value in found.items()}
        rows.writerow({DAY: day.isoformat() if day else "", **cells})
    return table.getvalue()


def diary_json(days: Days) -> str:
    """Return the diary as JSON: `{"schema": 1, "diary": [{"day": ..., FIELD: ...}, ...]}`."""
    return json.dumps({"schema": SCHEMA, "diary": day_objects(days)}, ensure_ascii=False, indent=1)


def day_objects(days: Days) -> list[dict[str, Any]]:
    """Return one object a day; `day` is null for what was said once."""
    return [
        {DAY: day.isoformat() if day else None}
        | {name: as_json(value) for name, value in found.items()}
        for day, found in days.items()
    ]


def guarded(text: str) -> str:
    """Text that a spreadsheet takes for text."""
    return f"'{text}" if _FORMULA.match(text) else text


def unguarded(cell: str) -> str:
    """Text as it was before `guarded`."""
    return cell[1:] if cell.startswith("'") and _FORMULA.match(cell) else cell
