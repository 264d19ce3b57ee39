"""The header of a plain CSV file: comments, column names, units, streams.

The first column is `time_s`; every other is a channel headed `NAME [UNIT]`. Comments `# key: value`
are metadata. `# modality NAME: envelope` states that a column is an envelope of EMG. Three columns
`NAME.x`, `NAME.y`, `NAME.z` of one unit of acceleration are one stream.
"""

import csv
import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from myowatch.recordings.storage.problem import UnreadableRecording
from myowatch.signal.model.samples import COLUMN_UNITS, ColumnUnit, Modality, Stream, column_unit

TIME_COLUMN = "time_s"
_HEADED = re.compile(r"(.*?)\s*\[([^\[\]]*)\]", re.DOTALL)
_SMALLEST = 1e-15  # smaller values are damage, and their products overflow
_AXES = ("x", "y", "z")
_OF_A_STREAM = ("resolution ", "site ", "modality ")
_EXAMPLE = f"the first line should be like `{TIME_COLUMN},EMG [uV]`"


@dataclass(frozen=True, slots=True)
class CsvColumns:
    """The columns of one stream.

    Parameters
    ----------
    columns
        Positions; the time column is 0.
    factor
        Converts the column's unit to the stream's.
    """

    stream: Stream
    columns: tuple[int, ...]
    factor: float


@dataclass(frozen=True, slots=True)
class Column:
    """One column of the header."""

    position: int
    name: str
    unit: ColumnUnit
    unit_text: str


# What spreadsheets take for a formula (OWASP, "CSV injection"), behind any apostrophes, so that
# `unescape_formula` returns exactly the original text.
_FORMULA = re.compile(r"'*[=+\-@\t\r\n＝＋－＠]")  # noqa: RUF001 - full-width signs count too


def escape_formula(text: str) -> str:
    """Return text that a spreadsheet does not take for a formula."""
    return f"'{text}" if _FORMULA.match(text) else text


def unescape_formula(cell: str) -> str:
    """Return the text that `escape_formula` was given."""
    return cell[1:] if cell.startswith("'") and _FORMULA.match(cell) else cell


def parse_metadata(line: str) -> tuple[str, str] | None:
    """Return the key and value of a comment line; None for any other comment."""
    text = line.lstrip("#").strip()
    # A key that ends with a stream's name may contain a colon; its value never does.
    cut = str.rpartition if text.startswith(_OF_A_STREAM) else str.partition
    key, colon, value = cut(text, ":")
    return (key.strip(), value.strip()) if colon and key.strip() else None


def parse_columns(line: str, path: Path) -> list[Column]:
    """Return the columns of a header line, without the time column.

    Raises
    ------
    UnreadableRecording
        If it is not a header of a plain CSV file.
    """
    try:
        cells = next(csv.reader([line], strict=True), [])
    except csv.Error as error:
        raise UnreadableRecording(f"{path} has no header: {error}", _EXAMPLE) from error
    names = [unescape_formula(cell.strip()) for cell in cells]
    if not names or names[0] != TIME_COLUMN:
        raise UnreadableRecording(
            f"{path} has no column {TIME_COLUMN} at the beginning of its header", _EXAMPLE
        )
    if len(names) == 1:
        raise UnreadableRecording(f"{path} has no channel, only {TIME_COLUMN}", _EXAMPLE)
    columns = [_parse_column(i, name, path) for i, name in enumerate(names[1:], 1)]
    twice = {c.name for c in columns if [d.name for d in columns].count(c.name) > 1}
    if twice:
        raise UnreadableRecording(
            f"{path} has several columns named {min(twice)[:60]!r}", "give each its own name"
        )
    return columns


def form_streams(
    columns: Sequence[Column], metadata: Mapping[str, str], *, rate: float, site: str, path: Path
) -> list[CsvColumns]:
    """Return the streams of the columns, in their order."""
    by_name = {column.name: column for column in columns}
    formed: list[CsvColumns] = []
    for column in columns:
        if column.unit.modality is not Modality.ACCELEROMETER:
            formed.append(_stream(column.name, [column], metadata, rate=rate, site=site, path=path))
            continue
        name, dot, axis = column.name.rpartition(".")
        triple = [by_name.get(f"{name}.{a}") for a in _AXES]
        axes = [c for c in triple if c is not None and c.unit_text == column.unit_text]
        if not dot or axis not in _AXES or len(axes) < len(_AXES):
            raise UnreadableRecording(
                f"{path}: {column.name[:60]!r} is in {column.unit_text}, but an accelerometer "
                "needs three columns of one unit",
                "name them NAME.x, NAME.y and NAME.z",
            )
        if axis == "x":
            formed.append(_stream(name, axes, metadata, rate=rate, site=site, path=path))
    return formed


def stated_rate(metadata: Mapping[str, str], path: Path) -> float | None:
    """Return the sampling rate in the metadata; None if there is none."""
    text = metadata.get("sampling_rate_hz")
    return None if text is None else _positive(text, "sampling_rate_hz", path)


def _stream(
    name: str,
    columns: Sequence[Column],
    metadata: Mapping[str, str],
    *,
    rate: float,
    site: str,
    path: Path,
) -> CsvColumns:
    unit = columns[0].unit
    key = next((k for k in (f"resolution {name}", "resolution") if k in metadata), None)
    resolution = unit.resolution
    if key is not None:
        resolution = _positive(metadata[key], key, path) * unit.factor
    stated = metadata.get(f"modality {name}", metadata.get("modality"))
    is_envelope = unit.modality is Modality.EMG and stated == Modality.ENVELOPE
    stream = Stream(
        name,
        Modality.ENVELOPE if is_envelope else unit.modality,
        unit.unit,
        rate,
        tuple(column.name for column in columns),
        resolution,
        metadata.get(f"site {name}", metadata.get("site", site)),
    )
    return CsvColumns(stream, tuple(column.position for column in columns), unit.factor)


def _parse_column(position: int, heading: str, path: Path) -> Column:
    found = _HEADED.fullmatch(heading)
    name, unit_text = (found[1], found[2].strip()) if found else (heading, "")
    unit = column_unit(unit_text)
    if unit is None:
        has = f"the unit {unit_text[:20]!r}" if found else "no unit"
        raise UnreadableRecording(
            f"{path}: column {heading[:60]!r} has {has}",
            f"head it `NAME [UNIT]` with one of {', '.join(COLUMN_UNITS)}",
        )
    if not name or not name.isprintable():
        raise UnreadableRecording(f"{path}: column {position + 1} has no name", _EXAMPLE)
    return Column(position, name, unit, unit_text)


def _positive(text: str, key: str, path: Path) -> float:
    try:
        value = float(text)
    except ValueError:
        value = math.nan
    if not _SMALLEST < value < 1 / _SMALLEST:
        raise UnreadableRecording(
            f"{path}: metadata {key} should be a number above 0, not {text[:40]!r}",
            "correct it or leave it out",
        )
    return value
