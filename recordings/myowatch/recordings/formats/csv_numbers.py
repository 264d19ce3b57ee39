"""Numbers of a large CSV file, some megabytes at a time, with the line of what is no number."""

import io
import math
import re
import warnings
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import BinaryIO

import numpy as np
import pandas as pd

from myowatch.recordings.storage.problem import UnreadableRecording
from myowatch.signal.model.samples import Samples

CHUNK_BYTES = 1 << 23
_LONGEST_LINE = 1 << 20


@dataclass(frozen=True, slots=True)
class TextChunk:
    """Whole lines; only the last line of a file may lack its end.

    Parameters
    ----------
    first_line
        Number of its first line, from 1.
    end
        Bytes of the file that were read by then.
    """

    text: bytes
    first_line: int
    end: int


def text_chunks(
    file: BinaryIO, start: int, first_line: int, path: Path, size: int = CHUNK_BYTES
) -> Iterator[TextChunk]:
    """Chunks of a file from a byte on.

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
                "it is no text file with one sample a line",
            )
    if rest.strip():
        yield TextChunk(rest, first_line, end)


_COMMENT = re.compile(rb"^[ \t]*#[^\r\n]*", re.MULTILINE)
_TORN = "the last line is not whole and is left out: still being written, or cut short"
_NOT_A_NUMBER = ["", "nan", "NaN", "NAN"]


def parse_rows(chunk: bytes, n_columns: int, first_line: int, path: Path) -> Samples:
    """Cells of whole lines, shape (n_rows, n_columns), NaN where empty.

    Parameters
    ----------
    chunk
        Lines of the file; comments and blank lines among them are passed over.
    first_line
        Number of the chunk's first line, for messages.

    Raises
    ------
    UnreadableRecording
        If a line has too many or too few cells, or a cell is no number.
    """
    rows = _COMMENT.sub(b"", chunk) if b"#" in chunk else chunk
    if b'"' in rows:
        return _parse_slowly(chunk, n_columns, first_line, path)
    try:
        with warnings.catch_warnings():
            # Cells too many in every line; the count of commas below tells that better.
            warnings.simplefilter("ignore", pd.errors.ParserWarning)
            frame = pd.read_csv(
                io.BytesIO(rows),
                header=None,
                names=range(n_columns),
                index_col=False,
                dtype=np.float64,
                encoding="latin-1",
                keep_default_na=False,
                na_values=_NOT_A_NUMBER,
                skipinitialspace=True,
            )
    except (ValueError, OverflowError):  # what pandas raises here derives from them
        return _parse_slowly(chunk, n_columns, first_line, path)
    if len(frame) * (n_columns - 1) != rows.count(b","):
        return _parse_slowly(chunk, n_columns, first_line, path)
    return frame.to_numpy()


def parse_last_rows(
    chunk: bytes, n_columns: int, first_line: int, path: Path
) -> tuple[Samples, str]:
    """Cells as `parse_rows` gives them, but a damaged last line without an end is left out.

    Returns
    -------
    the cells, and what to say of the line that was left out, if one was
    """
    try:
        return parse_rows(chunk, n_columns, first_line, path), ""
    except UnreadableRecording:
        if chunk.endswith(b"\n"):
            raise
    whole, newline, _ = chunk.rpartition(b"\n")
    return parse_rows(whole + newline, n_columns, first_line, path), _TORN


def line_of_row(chunk: bytes, row: int, first_line: int) -> int:
    """Line on which a row of a chunk stands."""
    lines = (n for n, line in enumerate(chunk.splitlines(), first_line) if _is_row(line.strip()))
    return next(islice(lines, row, None), first_line)


def _is_row(line: bytes) -> bool:
    return bool(line) and not line.startswith(b"#")


def _parse_slowly(chunk: bytes, n_columns: int, first_line: int, path: Path) -> Samples:
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
        if b"_" in text:  # Python would read 1_000, nobody else does
            raise ValueError
        return float(text)
    except ValueError:
        raise UnreadableRecording(
            f"{path}: line {number} has {text[:40].decode('utf-8', 'replace')!r} for a number",
            "leave the cell empty where a sample is missing",
        ) from None
