"""Export the diary as CSV or JSON, and import it."""

import csv
import io
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from myowatch.recordings.formats.csv_header import escape_formula, unescape_formula
from myowatch.recordings.storage.problem import Problem
from myowatch.recordings.wearer.diary import (
    Change,
    Days,
    Diary,
    FieldKey,
    read_diary,
    today,
    write_changes,
)
from myowatch.recordings.wearer.diary_fields import FIELDS, Day, Number, Value, as_json, as_text

SCHEMA = 1
DAY = "day"


def diary_csv(days: Days) -> str:
    """Return the diary as CSV, with a column for every field."""
    table = io.StringIO(newline="")
    rows = csv.DictWriter(table, [DAY, *FIELDS], lineterminator="\n")
    rows.writeheader()
    for day, found in days.items():
        cells = {name: escape_formula(as_text(value)) for name, value in found.items()}
        rows.writerow({DAY: day.isoformat() if day else "", **cells})
    return table.getvalue()


def diary_json(days: Days) -> str:
    """Return the diary as JSON: `{"schema": 1, "diary": [{"day": ..., FIELD: ...}, ...]}`."""
    return json.dumps({"schema": SCHEMA, "diary": day_objects(days)}, ensure_ascii=False, indent=1)


def day_objects(days: Days) -> list[dict[str, Any]]:
    """Return one object for each day; `day` is null for fields without a day."""
    return [
        {DAY: day.isoformat() if day else None}
        | {name: as_json(value) for name, value in found.items()}
        for day, found in days.items()
    ]


DELIMITERS = ",;\t"


@dataclass(frozen=True, slots=True)
class BadRow:
    """A row that could not be read.

    Parameters
    ----------
    where
        `line 5` of CSV, `entry 5` of JSON.
    why
        The error, with the value and the limit.
    """

    where: str
    why: str


@dataclass(frozen=True, slots=True)
class DiaryImport:
    """The differences between an imported file and the diary.

    Parameters
    ----------
    added
        Answers to fields that had none.
    changed
        Answers that differ, with the old value.
    unchanged
        Number of answers that are equal.
    bad
        Values that could not be read; the others of their rows are imported.
    """

    added: tuple[Change, ...] = ()
    changed: tuple[tuple[Change, Value], ...] = ()
    unchanged: int = 0
    bad: tuple[BadRow, ...] = ()

    @property
    def changes(self) -> list[Change]:
        """Return all changes that an import writes."""
        return [*self.added, *(change for change, _ in self.changed)]


def compare_import(data: bytes, diary: Diary) -> DiaryImport:
    """Return the differences between a file, CSV or JSON, and a diary.

    Raises
    ------
    Problem
        If the file is neither CSV nor JSON.
    """
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise Problem("this is not UTF-8 text", "save it as UTF-8") from None
    rows = _json_rows(text) if text.lstrip()[:1] in {"{", "["} else _csv_rows(text)
    found: dict[FieldKey, Change] = {}
    bad: list[BadRow] = []
    for where, row in rows:
        for change in _changes(where, row, bad):
            earlier = found.setdefault((change.day, change.field), change)
            if earlier != change:
                bad.append(BadRow(where, f"{change.field} of {change.day} is given twice"))
    return _compare(diary, found, bad)


def import_diary(home: Path, data: bytes, *, skip_bad: bool = False) -> DiaryImport:
    """Import a file into the diary of a data folder, as one step.

    Returns
    -------
    the differences; nothing was written if some are bad and `skip_bad` is false

    Raises
    ------
    Problem
        If the file is neither CSV nor JSON.
    StorageProblem
        If the diary cannot be read or written.
    """
    found = compare_import(data, read_diary(home))
    if found.changes and (skip_bad or not found.bad):
        write_changes(home, found.changes, by="import")
    return found


def _compare(diary: Diary, found: Mapping[FieldKey, Change], bad: list[BadRow]) -> DiaryImport:
    old = {key: value for key, (value, _) in diary.latest().items()}
    new = {key: change for key, change in found.items() if old.get(key) != change.value}
    changed = tuple((change, old[key]) for key, change in new.items() if key in old)
    added = tuple(change for key, change in new.items() if key not in old)
    return DiaryImport(added, changed, len(found) - len(new), tuple(bad))


def _changes(where: str, row: Mapping[str, Any], bad: list[BadRow]) -> Iterator[Change]:
    try:
        day = None if row.get(DAY) in (None, "") else Day().read(row[DAY])
        if day and day > today():
            raise ValueError(f"need a day up to {today()}, got {day}")
    except ValueError as error:
        bad.append(BadRow(where, str(error)))
        return
    for name, value in row.items():
        if name != DAY and value is not None:
            try:
                yield Change(day, name, value)
            except ValueError as error:
                why = str(error) if name in str(error) else f"{name}: {error}"
                bad.append(BadRow(where, why))


def _json_rows(text: str) -> Iterator[tuple[str, Mapping[str, Any]]]:
    try:
        whole = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise Problem(f"this is not JSON: {error}", "export one to see the form") from None
    entries = whole.get("diary") if isinstance(whole, dict) else whole
    if not isinstance(entries, list) or not all(isinstance(entry, dict) for entry in entries):
        raise Problem("this JSON has no list `diary` of days", "export one to see the form")
    for number, entry in enumerate(entries, start=1):
        yield f"entry {number}", entry


def _csv_rows(text: str) -> Iterator[tuple[str, Mapping[str, Any]]]:
    head = text.partition("\n")[0]
    delimiter = max(DELIMITERS, key=head.count)
    table = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    try:
        names = [name.strip() for name in next(table, [])]
        if DAY not in names:
            raise Problem("this table has no column `day`", "export one to see the form")
        line = table.line_num + 1
        for cells in table:
            if any(cells):
                yield f"line {line}", _row(names, cells, delimiter)
            line = table.line_num + 1
    except csv.Error as error:
        raise Problem(f"this is not CSV: {error}", "export one to see the form") from None


def _row(names: list[str], cells: list[str], delimiter: str) -> dict[str, Any]:
    names = [*names, *(f"column {n + 1}" for n in range(len(names), len(cells)))]
    row = {n: unescape_formula(cell) for n, cell in zip(names, cells, strict=False) if cell.strip()}
    if delimiter == ";":  # such files have a decimal comma
        for name, cell in row.items():
            if name in FIELDS and isinstance(FIELDS[name].kind, Number):
                row[name] = cell.replace(",", ".")
    return row
