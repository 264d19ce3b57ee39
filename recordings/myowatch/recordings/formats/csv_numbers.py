"""Parse the numbers of a large CSV file in chunks, and report the line of an invalid cell.

PyArrow parses each chunk. A chunk that it refuses is parsed again line by line, which either finds
the invalid line or accepts what PyArrow does not know, such as quoted numbers.
"""

import math
import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Any, BinaryIO

import numpy as np

from myowatch.recordings.storage.problem import UnreadableRecording
from myowatch.signal.model.samples import Samples

CHUNK_BYTES = 1 << 23
_LONGEST_LINE = 1 << 20


@dataclass(frozen=True, slots=True)
class TextChunk:
    """Complete lines of a file; only its last line may have no line end.

    Parameters
    ----------
    first_line
        Number of the first line, from 1.
    end
        Bytes of the file up to the end of this chunk.
    """

    text: bytes
    first_line: int
    end: int


def text_chunks(
    file: BinaryIO, start: int, first_line: int, path: Path, size: int = CHUNK_BYTES
) -> Iterator[TextChunk]:
    """Yield the chunks of a file from a byte on.

    Raises
    ------
    UnreadableRecording
        If a line is longer than any line of samples.
    """
    file.seek(start)
    rest = b""
    end = start
    while data := file.read(size):
        end += len(data)
        whole, newline, rest = (rest + data).rpartition(b"\n")
        if newline:
            yield TextChunk(whole + newline, first_line, end)
            first_line += whole.count(b"\n") + 1
        elif len(rest) > _LONGEST_LINE:
            raise UnreadableRecording(
                f"{path}: line {first_line} is longer than {_LONGEST_LINE} bytes",
                "it is not a text file with one sample a line",
            )
    if rest.strip():
        yield TextChunk(rest, first_line, end)


_COMMENT = re.compile(rb"^[ \t]*#[^\r\n]*", re.MULTILINE)
_TORN = "the last line is not whole and is left out: still being written, or cut short"
_MISSING = ["", "nan", "NaN", "NAN"]


def parse_rows(chunk: bytes, n_columns: int, first_line: int, path: Path) -> Samples:
    """Return the cells of complete lines, shape (n_rows, n_columns), NaN where empty.

    Parameters
    ----------
    chunk
        Lines of the file; comments and blank lines are skipped.
    first_line
        Number of the chunk's first line, for messages.

    Raises
    ------
    UnreadableRecording
        If a line has too many or too few cells, or a cell is not a number.
    """
    import pyarrow as pa
    from pyarrow import csv

    rows = _COMMENT.sub(b"", chunk) if b"#" in chunk else chunk
    names = [str(number) for number in range(n_columns)]
    try:
        table = csv.read_csv(
            pa.py_buffer(rows),
            csv.ReadOptions(use_threads=False, column_names=names),
            csv.ParseOptions(quote_char=False),
            csv.ConvertOptions(
                check_utf8=False,
                column_types=dict.fromkeys(names, pa.float64()),
                null_values=_MISSING,
            ),
        )
    except pa.ArrowInvalid:
        return _parse_lines(chunk, n_columns, first_line, path)
    cells = np.empty((table.num_rows, n_columns), order="F")  # callers read columns
    for number, column in enumerate(table.columns):
        parts = [_values(part) for part in column.chunks]
        cells[:, number] = np.concatenate(parts) if parts else math.nan
    return cells


def _values(array: Any) -> Samples:
    """Return an Arrow array, NaN where null; its own `to_numpy` would import pandas (0.3 s)."""
    valid, data = array.buffers()
    values = np.frombuffer(data, np.float64, len(array), 8 * array.offset)
    if not array.null_count:
        return values
    bits = np.unpackbits(np.frombuffer(valid, np.uint8), bitorder="little")
    return np.where(bits[array.offset :][: len(array)], values, math.nan)


def parse_last_rows(
    chunk: bytes, n_columns: int, first_line: int, path: Path
) -> tuple[Samples, str]:
    """Return the cells as `parse_rows`, but leave out an invalid last line without a line end.

    Returns
    -------
    the cells, and a warning if a line was left out
    """
    try:
        return parse_rows(chunk, n_columns, first_line, path), ""
    except UnreadableRecording:
        if chunk.endswith(b"\n"):
            raise
    whole, newline, _ = chunk.rpartition(b"\n")
    return parse_rows(whole + newline, n_columns, first_line, path), _TORN


def line_of_row(chunk: bytes, row: int, first_line: int) -> int:
    """Return the line number of a row of a chunk."""
    lines = (n for n, line in enumerate(chunk.splitlines(), first_line) if _is_row(line.strip()))
    return next(islice(lines, row, None), first_line)


def _is_row(line: bytes) -> bool:
    return bool(line) and not line.startswith(b"#")


def _parse_lines(chunk: bytes, n_columns: int, first_line: int, path: Path) -> Samples:
    rows = []
    for number, raw in enumerate(chunk.splitlines(), first_line):
        line = raw.strip()
        if _is_row(line):
            rows.append(_parse_line(line, n_columns, number, path))
    return np.array(rows, dtype=np.float64).reshape(-1, n_columns)


def _parse_line(line: bytes, n_columns: int, number: int, path: Path) -> list[float]:
    cells = line.split(b",")
    if len(cells) != n_columns:
        raise UnreadableRecording(
            f"{path}: line {number} has {len(cells)} cells, the header {n_columns}",
            "is it a CSV file with commas, and whole?",
        )
    return [_parse_cell(cell, number, path) for cell in cells]


def _parse_cell(cell: bytes, number: int, path: Path) -> float:
    text = cell.strip().strip(b'"').strip()
    if not text:
        return math.nan
    try:
        if b"_" in text:  # only Python reads 1_000 as a number
            raise ValueError
        return float(text)
    except ValueError:
        raise UnreadableRecording(
            f"{path}: line {number} has {text[:40].decode('utf-8', 'replace')!r} for a number",
            "leave the cell empty where a sample is missing",
        ) from None
