"""Plain CSV recordings, in flat memory."""

import codecs
from collections.abc import Iterator
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import BinaryIO

import numpy as np

from myowatch.recordings.csv_header import (
    Column,
    CsvColumns,
    form_streams,
    parse_columns,
    parse_metadata,
    stated_rate,
)
from myowatch.recordings.csv_time import Indices, TimeAxis, estimate_rate
from myowatch.recordings.problem import UnreadableRecording
from myowatch.recordings.rates import is_usable, left_out, unusable_rate
from myowatch.recordings.recording import Recording
from myowatch.recordings.text_chunks import CHUNK_BYTES, TextChunk, text_chunks
from myowatch.signal.samples import SampleBlock, Samples, quantise

_HEAD_BYTES = 1 << 20


class CsvRecording(Recording):
    """A plain CSV file; use `open_recording`.

    Raises
    ------
    UnreadableRecording
        If its head or its first rows make no sense.
    """

    format = "plain CSV"

    def __init__(self, path: Path, file: BinaryIO, site: str = "") -> None:
        super().__init__(path)
        self._file = file
        self._size = path.stat().st_size
        metadata, self._columns, self._head_bytes, self._head_lines = _read_head(file, path)
        self.metadata = metadata
        self.started = _parse_started(metadata.get("started", ""))
        rate = self._find_rate(stated_rate(metadata, path))
        formed = form_streams(self._columns, metadata, rate=rate, site=site, path=path)
        self._formed = [f for f in formed if is_usable(rate, f.stream.modality)]
        if not self._formed:
            raise unusable_rate(path, rate, formed[0].stream.modality)
        for stream in (f.stream for f in formed if f not in self._formed):
            self._warn(left_out(stream.name, rate, stream.modality))
        self.streams = tuple(formed.stream for formed in self._formed)

    def _read(self, seconds: float) -> Iterator[SampleBlock]:
        rate = self.streams[0].sampling_rate
        axis = TimeAxis(rate, self.path)
        longest = max(1, int(seconds * rate))
        found = False
        for chunk in self._chunks():
            cells = self._parse(chunk)
            if not len(cells):
                continue
            indices = axis.indices(cells[:, 0], partial(_line, chunk))
            converted = [(formed.stream, _convert(cells, formed)) for formed in self._formed]
            found = found or any(np.isfinite(samples).any() for _, samples in converted)
            for first, end in _windows(indices, longest):
                for stream, samples in converted:
                    placed = _place(samples[first:end], indices[first:end])
                    yield SampleBlock(stream, int(indices[first]), placed)
            self.progress = min(1.0, chunk.end / max(1, self._size))
        if not found:
            raise UnreadableRecording(
                f"{self.path} has no sample, only empty cells", "check what wrote it"
            )

    def _close(self) -> None:
        self._file.close()

    def _find_rate(self, stated: float | None) -> float:
        chunk = next(self._chunks(_HEAD_BYTES), TextChunk(b"", 0, 0))
        times = self._parse(chunk)[:, 0]
        if len(times) == 0:
            raise UnreadableRecording(f"{self.path} has no samples", "it ends after its header")
        if len(times) == 1 and chunk.end >= self._size:
            raise UnreadableRecording(f"{self.path} has only one sample", "a recording needs many")
        rate = stated or estimate_rate(times)
        if rate is None:
            raise UnreadableRecording(
                f"{self.path}: the time does not rise in its first rows",
                "sort the rows by time, or state `# sampling_rate_hz: ...`",
            )
        return rate

    def _chunks(self, size: int = CHUNK_BYTES) -> Iterator[TextChunk]:
        return text_chunks(self._file, self._head_bytes, self._head_lines + 1, self.path, size)

    def _parse(self, chunk: TextChunk) -> Samples:
        from myowatch.recordings.csv_cells import parse_last_rows

        n_columns = len(self._columns) + 1
        cells, torn = parse_last_rows(chunk.text, n_columns, chunk.first_line, self.path)
        if torn:
            self._warn(torn)
        return cells


def _read_head(file: BinaryIO, path: Path) -> tuple[dict[str, str], list[Column], int, int]:
    """Metadata, columns, and how many bytes and lines they take."""
    metadata: dict[str, str] = {}
    file.seek(0)
    n_bytes = n_lines = 0
    while raw := file.readline(_HEAD_BYTES):
        n_bytes, n_lines = n_bytes + len(raw), n_lines + 1
        line = _decode(raw.removeprefix(codecs.BOM_UTF8) if n_lines == 1 else raw, path).strip()
        if line.startswith("#"):
            said = parse_metadata(line)
            metadata |= {said[0]: said[1]} if said else {}
        elif line:
            return metadata, parse_columns(line, path), n_bytes, n_lines
    raise UnreadableRecording(f"{path} has no header and no samples", "is it the right file?")


def _decode(raw: bytes, path: Path) -> str:
    try:
        text = raw.decode("utf-8")
    except UnicodeDecodeError:
        text = raw.decode("latin-1")  # a micro sign as older programs write it
    if any(not c.isprintable() and c not in "\t\r\n" for c in text):
        raise UnreadableRecording(
            f"{path} is no recording that is understood",
            "BDF, EDF, OpenSignals and CSV with a `time_s` column are",
        )
    return text


def _parse_started(text: str) -> datetime | None:
    try:
        return _aware(datetime.fromisoformat(text))
    except (ValueError, OverflowError, OSError):
        return None


def _aware(started: datetime) -> datetime:
    return started if started.tzinfo else started.astimezone()


def _line(chunk: TextChunk, row: int) -> int:
    from myowatch.recordings.csv_cells import line_of_row

    return line_of_row(chunk.text, row, chunk.first_line)


def _convert(cells: Samples, formed: CsvColumns) -> Samples:
    values = cells[:, list(formed.columns)]
    values[~np.isfinite(values)] = np.nan
    return quantise(values * formed.factor, formed.stream.resolution)


def _windows(indices: Indices, longest: int) -> Iterator[tuple[int, int]]:
    """Rows that fit in one block each."""
    first = 0
    while first < len(indices):
        end = int(np.searchsorted(indices, indices[first] + longest))
        yield first, end
        first = end


def _place(samples: Samples, indices: Indices) -> Samples:
    """Put samples at their places, NaN where rows were skipped."""
    span = int(indices[-1] - indices[0]) + 1
    if span == len(samples):
        return samples
    placed = np.full((span, samples.shape[1]), np.nan)
    placed[indices - indices[0]] = samples
    return placed
