"""Read plain CSV recordings; memory does not grow with the file."""

import codecs
from collections.abc import Callable, Iterator
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import BinaryIO

import numpy as np
import numpy.typing as npt

from myowatch.recordings.formats.csv_header import (
    Column,
    CsvColumns,
    form_streams,
    parse_columns,
    parse_metadata,
    stated_rate,
)
from myowatch.recordings.formats.csv_numbers import (
    CHUNK_BYTES,
    TextChunk,
    line_of_row,
    parse_last_rows,
    text_chunks,
)
from myowatch.recordings.model.recording import (
    Recording,
    is_usable_rate,
    left_out_note,
    unusable_rate,
)
from myowatch.recordings.storage.problem import UnreadableRecording
from myowatch.signal.model.samples import SampleBlock, Samples, quantise

Indices = npt.NDArray[np.int64]

_HALF = 0.5
_RATE_MISFIT = 0.2
_FEW = 5  # too few steps to find rate and jitter: one of them may be a gap
_MOST_JITTER = 10.0  # samples
_OFTEN = 0.1  # part of equal times above which times are rounded coarsely
_LONGEST_JUMP_S = 31 * 86400.0
_NICE = 2e-4  # accuracy of a rate that is found from times with few decimals


def estimate_rate(times: Samples) -> float | None:
    """Return the sampling rate of most steps of the time column; None if there is none.

    It is the mean of the steps near the median. The median alone is wrong for times with few
    decimals (a millisecond at 256 Hz), the mean alone is wrong if samples are missing.
    """
    steps = np.diff(times)
    steps = steps[np.isfinite(steps)]
    if not len(steps):
        return None
    typical = float(np.median(steps))
    if typical <= 0:
        typical = float(np.mean(steps))
    rounded = np.mean(steps == 0) > _OFTEN
    near = steps[(steps <= 3 * typical) if rounded else np.abs(steps - typical) <= _HALF * typical]
    step = float(np.mean(near)) if len(near) else typical
    if not step > 0:
        return None
    rate = 1 / step
    return float(round(rate)) if abs(round(rate) / rate - 1) < _NICE else rate


class TimeAxis:
    """Converts times to sample indices, chunk by chunk.

    A step longer than one sample skips samples. Rounded times have jitter: it is measured in the
    first chunk, and a gap must exceed it by half a sample.
    """

    def __init__(self, rate: float, path: Path) -> None:
        self._rate, self._path = rate, path
        self._jitter: float | None = None
        self._last_time: float | None = None
        self._next_index = 0

    def indices(self, times: Samples, line_of: Callable[[int], int]) -> Indices:
        """Return the sample indices of consecutive rows.

        Parameters
        ----------
        times
            Seconds, shape (n,), at least one.
        line_of
            Returns the line number of a row, for messages.

        Raises
        ------
        UnreadableRecording
            If the time does not rise, or contradicts the rate.
        """
        if not np.isfinite(times).all():
            line = line_of(int(np.isfinite(times).argmin()))
            raise UnreadableRecording(f"{self._path}: line {line} has no time", "fill it in")
        before = times[0] - 1 / self._rate if self._last_time is None else self._last_time
        steps = np.diff(times, prepend=before) * self._rate
        if self._jitter is None:
            self._measure_jitter(steps[1:])
        self._check_rising(steps, line_of)
        skipped = np.where(
            steps > 1 + _HALF + (self._jitter or 0.0), np.rint(steps).astype(np.int64) - 1, 0
        )
        indices: Indices = self._next_index + np.arange(len(times)) + np.cumsum(skipped)
        self._last_time = float(times[-1])
        self._next_index = int(indices[-1]) + 1
        return indices

    def _measure_jitter(self, steps: Samples) -> None:
        if len(steps) < _FEW:
            return
        typical, mean = float(np.median(steps)), float(np.mean(steps))
        if min(abs(typical - 1), abs(mean - 1)) > _RATE_MISFIT:
            raise UnreadableRecording(
                f"{self._path} says {self._rate:g} Hz, but its time column says "
                f"{self._rate / (typical or mean or 1):.6g} Hz",
                "correct `# sampling_rate_hz`, or the times, which are seconds",
            )
        self._jitter = min(2 * float(np.median(np.abs(steps - 1))), _MOST_JITTER)

    def _check_rising(self, steps: Samples, line_of: Callable[[int], int]) -> None:
        falls = steps < 0 if (self._jitter or 0) > _HALF else steps <= 0
        if falls.any():
            line = line_of(int(falls.argmax()))
            raise UnreadableRecording(
                f"{self._path}: the time does not rise at line {line}",
                "sort the rows by time, one recording a file",
            )
        if steps.max() > _LONGEST_JUMP_S * self._rate:
            raise UnreadableRecording(
                f"{self._path}: the time jumps by {steps.max() / self._rate:.6g} s at line "
                f"{line_of(int(steps.argmax()))}",
                "the times should be seconds from the beginning",
            )


_HEAD_BYTES = 1 << 20


class CsvRecording(Recording):
    """A plain CSV file; use `open_recording`.

    Raises
    ------
    UnreadableRecording
        If its header or its first rows are invalid.
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
        self._formed = [f for f in formed if is_usable_rate(rate, f.stream.modality)]
        if not self._formed:
            raise unusable_rate(path, rate, formed[0].stream.modality)
        for stream in (f.stream for f in formed if f not in self._formed):
            self._warn(left_out_note(stream.name, rate, stream.modality))
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
        n_columns = len(self._columns) + 1
        cells, torn = parse_last_rows(chunk.text, n_columns, chunk.first_line, self.path)
        if torn:
            self._warn(torn)
        return cells


def _read_head(file: BinaryIO, path: Path) -> tuple[dict[str, str], list[Column], int, int]:
    """Return the metadata, the columns, and the bytes and lines of the header."""
    metadata: dict[str, str] = {}
    file.seek(0)
    n_bytes = n_lines = 0
    while raw := file.readline(_HEAD_BYTES):
        n_bytes, n_lines = n_bytes + len(raw), n_lines + 1
        line = _decode(raw.removeprefix(codecs.BOM_UTF8) if n_lines == 1 else raw, path).strip()
        if line.startswith("#"):
            pair = parse_metadata(line)
            metadata |= dict([pair]) if pair else {}
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
            f"{path} is not a recording that Myowatch can read",
            "it reads BDF, EDF, OpenSignals and CSV with a `time_s` column",
        )
    return text


def _parse_started(text: str) -> datetime | None:
    try:
        started = datetime.fromisoformat(text)
        return started if started.tzinfo else started.astimezone()
    except (ValueError, OverflowError, OSError):
        return None


def _line(chunk: TextChunk, row: int) -> int:
    return line_of_row(chunk.text, row, chunk.first_line)


def _convert(cells: Samples, formed: CsvColumns) -> Samples:
    values = cells[:, list(formed.columns)]
    values[~np.isfinite(values)] = np.nan
    return quantise(values * formed.factor, formed.stream.resolution)


def _windows(indices: Indices, longest: int) -> Iterator[tuple[int, int]]:
    """Yield the rows of each block."""
    first = 0
    while first < len(indices):
        end = int(np.searchsorted(indices, indices[first] + longest))
        yield first, end
        first = end


def _place(samples: Samples, indices: Indices) -> Samples:
    """Return samples at their indices, NaN where rows were skipped."""
    span = int(indices[-1] - indices[0]) + 1
    if span == len(samples):
        return samples
    placed = np.full((span, samples.shape[1]), np.nan)
    placed[indices - indices[0]] = samples
    return placed
