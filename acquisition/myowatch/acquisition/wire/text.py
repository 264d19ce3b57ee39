"""Lines of text with one number a channel, as Arduino sketches print them for a plotter."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

import numpy as np

from myowatch.acquisition.wire.decoding import Columns, DeviceFacts, Layout, Reception, Run
from myowatch.acquisition.wire.delimited import Delimited
from myowatch.acquisition.wire.text_columns import (
    NUMBER,
    Clock,
    Field,
    FirstLines,
    find_clock,
    find_sensors,
    is_known,
    read_fields,
)
from myowatch.signal.model.samples import Samples

_NUMERALS = b"0123456789.+-eE"
_FIRST_MARK = 0x80  # none of these is in a line of ASCII
_MARKS_AS_SPACE = bytes(range(_FIRST_MARK)) + b" " * (256 - _FIRST_MARK)
_value = re.compile(rf"(?<![^\s,;:=\[{{]){NUMBER}(?=[\s,;\]}}]|$)".encode())


@dataclass(frozen=True, slots=True)
class FastLineParser:
    """Parses many lines at once that all look like one known line.

    Parameters
    ----------
    begin, end
        Of each line.
    marks
        Texts between two numbers, within a line or across lines, and the byte that replaces each;
        the longest first, because one may be part of another.
    skeleton
        The marks of one line, including the one before the next line.
    """

    begin: bytes
    end: bytes
    marks: tuple[tuple[bytes, bytes], ...]
    skeleton: bytes

    @classmethod
    def of(cls, line: bytes, numbers: Sequence[str]) -> "FastLineParser | None":
        """Return the parser for lines like this one; None if the numbers are ambiguous."""
        if [found.decode() for found in _value.findall(line)] != list(numbers):
            return None
        begin, *between, end = _value.split(line)
        between.append(end + b"\n" + begin)
        mark_of = {text: bytes([_FIRST_MARK + n]) for n, text in enumerate(dict.fromkeys(between))}
        marks = tuple(sorted(mark_of.items(), key=lambda mark: -len(mark[0])))
        return cls(begin, end, marks, b"".join(mark_of[text] for text in between))

    def values(self, text: bytes, lines: int) -> Samples | None:
        """Return the numbers of these lines, (lines, width); None if one looks different."""
        framed = text.startswith(self.begin) and text.endswith(self.end)
        if not framed or not text.isascii() or len(text) < len(self.begin) + len(self.end):
            return None
        text = text[len(self.begin) : len(text) - len(self.end)]
        for between, mark in self.marks:
            text = text.replace(between, mark)
        width = len(self.skeleton)
        if text.translate(None, _NUMERALS) != (self.skeleton * lines)[:-1]:
            return None
        # With the right number of marks and of numbers, each number is in its place.
        numbers = text.translate(_MARKS_AS_SPACE).split()
        if len(numbers) != width * lines:
            return None
        try:
            return np.fromiter(map(float, numbers), np.float64, len(numbers)).reshape(-1, width)
        except ValueError:
            return None


LINES = 8
"""Lines of one form in a row that are needed; start messages differ from line to line."""

MOST_COLUMNS = 64


@dataclass(frozen=True, slots=True)
class LineShape:
    """Form of a sketch's lines.

    Parameters
    ----------
    labels
        Label of each value; None without one.
    usual
        Parser for undamaged lines; None if the first lines all differ.
    """

    labels: tuple[str | None, ...]
    usual: FastLineParser | None
    columns: Columns
    clock: Clock | None

    def row(self, line: bytes) -> tuple[list[float], bool] | None:
        """Return a line's values, NaN where unreadable, and whether all are readable.

        None if the line does not have these columns.
        """
        fields = read_fields(line)
        if len(fields) != len(self.labels):
            return None
        readable = [
            field.is_value and field.label == label
            for field, label in zip(fields, self.labels, strict=True)
        ]
        if not any(readable):
            return None
        values = [f.value if good else np.nan for f, good in zip(fields, readable, strict=True)]
        return values, all(readable)


class LineShapeLearner:
    """Collects lines until enough of one form have come.

    Attributes
    ----------
    lines
        The last lines, all of one form.
    shape
        How they look; None as long as they are too few.
    """

    def __init__(self, facts: DeviceFacts) -> None:
        self.lines: list[bytes] = []
        self.shape: LineShape | None = None
        self._facts = facts
        self._header: bytes | None = None
        self._fields: list[tuple[Field, ...]] = []

    def add(self, line: bytes) -> list[bytes]:
        """Add a line; return the lines that turned out not to be samples."""
        fields = read_fields(line)
        if not 1 <= len(fields) <= MOST_COLUMNS or not all(field.is_value for field in fields):
            self._header = line if fields else self._header
            return [*self._forget(), line]
        forgotten = []
        if self._fields and _labels(fields) != _labels(self._fields[0]):
            self._header = None
            forgotten = self._forget()
        self.lines.append(line)
        self._fields.append(fields)
        if len(self.lines) == LINES:
            self.shape = self._learned()
        return forgotten

    def _forget(self) -> list[bytes]:
        forgotten, self.lines, self._fields = self.lines, [], []
        return forgotten

    def _learned(self) -> LineShape:
        printed, before = _labels(self._fields[0]), self._facts.columns
        known = before if before and before.fit(printed) else None
        columns = list(zip(*self._fields, strict=True))
        lines = FirstLines(
            known.labels if known else self._named(printed),
            tuple(max(field.decimals for field in column) for column in columns),
            np.array([[field.value for field in fields] for fields in self._fields]),
        )
        clock = find_clock(lines, self._facts)
        found = known or Columns(lines.labels, find_sensors(lines, clock, self._facts))
        usual = (
            FastLineParser.of(line, [field.text for field in fields])
            for line, fields in zip(self.lines, self._fields, strict=True)
        )
        return LineShape(printed, next(filter(None, usual), None), found, clock)

    def _named(self, printed: tuple[str | None, ...]) -> tuple[str | None, ...]:
        """Return the labels of a header line, if the lines themselves have none."""
        if self._header is None or any(printed):
            return printed
        words = [field.text for field in read_fields(self._header)]
        alike = _commas(self._header) == _commas(self.lines[0])
        if len(words) != len(printed) or not alike:
            return printed
        # "Setup done" before two columns looks like a header.
        if not _commas(self._header) and not any(map(is_known, words)):
            return printed
        return tuple(words)


def _labels(fields: tuple[Field, ...]) -> tuple[str | None, ...]:
    return tuple(field.label for field in fields)


def _commas(line: bytes) -> set[int]:
    return set(line) & set(b",;\t")


BAUD_RATES = (115200, 9600, 230400, 500000, 57600, 1000000)
LONGEST_LINE = 1000
LATE = 1.5
"""Multiple of the usual step of the device's clock above which a line is missing."""
LARGEST_CLOCK = 2.0**53
"""Above this a float cannot hold every whole number; clocks stay below."""


class TextDecoder:
    """Decodes lines of text; it learns the columns from the first lines of one form.

    Parameters
    ----------
    facts
        Channels, sampling rate, modality, unit, clock and columns are used.
    """

    def __init__(self, facts: DeviceFacts) -> None:
        self._pieces = Delimited(b"\n", LONGEST_LINE)
        self._given = facts
        self._learning = LineShapeLearner(facts)
        self._shape: LineShape | None = None
        self._begun = False
        self._frames = self._frame_bytes = self._skipped = self._bad = 0

    @property
    def facts(self) -> DeviceFacts:
        """What is known of the device so far, with its columns."""
        if self._shape is None:
            return self._given
        return replace(self._given, columns=self._shape.columns)

    @property
    def layouts(self) -> tuple[Layout, ...]:
        """Sensors of the columns, once these are known."""
        sensors = self._shape.columns.sensors if self._shape else ()
        return tuple(sensor.layout for sensor in sensors)

    @property
    def reception(self) -> Reception:
        """Reception counters so far; the first lines count once they are understood."""
        pieces = self._pieces
        return Reception(
            self._frames,
            self._frame_bytes,
            self._skipped + pieces.dropped_bytes,
            self._bad + pieces.dropped_pieces,
        )

    def feed(self, data: bytes) -> list[Run]:
        """Return the samples of the lines that these bytes complete."""
        lines = self._pieces.feed(data)
        if self._shape is None:
            lines = self._learn(lines)
        if self._shape is None or not lines:
            return []
        values = self._values(self._shape, lines)
        return _runs(self._shape, values) if len(values) else []

    def _learn(self, lines: list[bytes]) -> list[bytes]:
        """Collect lines until the columns are known; return those to decode."""
        for number, line in enumerate(lines):
            if not self._begun and self._is_torn(line):
                continue
            self._skip(self._learning.add(line))
            self._shape = self._learning.shape
            if self._shape is not None:
                return self._learning.lines + lines[number + 1 :]
        return []

    def _is_torn(self, line: bytes) -> bool:
        """Return whether the first line holds numbers, and may have begun earlier."""
        self._begun = True
        fields = read_fields(line)
        if not fields or not fields[-1].is_value:
            return False
        self._skip([line])
        return True

    def _skip(self, lines: Sequence[bytes]) -> None:
        self._skipped += sum(map(len, lines)) + len(lines)

    def _values(self, shape: LineShape, lines: list[bytes]) -> Samples:
        """Return the numbers of lines; shape (n_lines_of_samples, n_columns)."""
        text = b"\n".join(lines)
        values = shape.usual.values(text, len(lines)) if shape.usual else None
        if values is None:
            return self._one_by_one(shape, lines)
        self._frames += len(lines)
        self._frame_bytes += len(text) + 1
        return values

    def _one_by_one(self, shape: LineShape, lines: list[bytes]) -> Samples:
        rows = []
        for line in lines:
            row = shape.row(line)
            if row is not None:
                rows.append(row[0])
            if row is not None and row[1]:
                self._frames += 1
                self._frame_bytes += len(line) + 1
            else:
                self._bad += bool(line.strip())
                self._skip([line])
        return np.array(rows).reshape(-1, len(shape.labels))


def _runs(shape: LineShape, values: Samples) -> list[Run]:
    """Return each sensor's samples, cut where the device's clock shows a missing line."""
    clock_us = _clock_us(shape.clock, values)
    with np.errstate(over="ignore", invalid="ignore"):
        samples = [sensor.samples(values) for sensor in shape.columns.sensors]
    runs = []
    for begin, end in pairwise([0, *_missing(shape.clock, clock_us), len(values)]):
        clock = None if np.isnan(clock_us[begin]) else int(clock_us[begin])
        for sensor, part in zip(shape.columns.sensors, samples, strict=True):
            runs.append(Run(sensor.layout, part[begin:end], None, clock))
    return runs


def _missing(clock: Clock | None, clock_us: Samples) -> list[int]:
    """Return the lines before which others are missing."""
    if clock is None:
        return []
    late = np.diff(clock_us) % clock.period_us > LATE * clock.step_us
    return [int(line) + 1 for line in np.flatnonzero(late)]


def _clock_us(clock: Clock | None, values: Samples) -> Samples:
    """Return the device's clock at each line; NaN if it is unavailable."""
    if clock is None:
        return np.full(len(values), np.nan)
    counts = values[:, clock.column]
    told = np.abs(counts) < LARGEST_CLOCK / clock.unit_us
    counts = np.where(told, np.rint(counts), np.nan)
    return counts * clock.unit_us % clock.period_us
