"""What the first lines of a sketch tell: how its lines look, and what their columns are."""

from dataclasses import dataclass

import numpy as np

from myowatch.acquisition.wire.facts import Facts
from myowatch.acquisition.wire.text_columns import (
    Clock,
    FirstLines,
    find_clock,
    find_sensors,
    is_known,
)
from myowatch.acquisition.wire.text_fields import Field, read_fields
from myowatch.acquisition.wire.text_sensor import Columns
from myowatch.acquisition.wire.text_usual import UsualLines

LINES = 8
"""That have to look alike, one after the other: what a board says at its start does not."""

MOST_COLUMNS = 64


@dataclass(frozen=True, slots=True)
class LineShape:
    """How a sketch's lines look.

    Parameters
    ----------
    labels
        Printed with each value; None without one.
    usual
        How lines look when all is well; None if the first that were heard all differ.
    """

    labels: tuple[str | None, ...]
    usual: UsualLines | None
    columns: Columns
    clock: Clock | None

    def row(self, line: bytes) -> tuple[list[float], bool] | None:
        """Give a line's values, NaN where one is unreadable, and whether all are readable.

        None if it is no line of these columns.
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


class Learning:
    """Listens to lines until enough that look alike have come.

    Attributes
    ----------
    lines
        The last ones heard, that look alike.
    shape
        How they look; None as long as they are too few.
    """

    def __init__(self, facts: Facts) -> None:
        self.lines: list[bytes] = []
        self.shape: LineShape | None = None
        self._facts = facts
        self._header: bytes | None = None
        self._fields: list[tuple[Field, ...]] = []

    def hear(self, line: bytes) -> list[bytes]:
        """Take in a line; give those that turned out to be no samples."""
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
            UsualLines.of(line, [field.text for field in fields])
            for line, fields in zip(self.lines, self._fields, strict=True)
        )
        return LineShape(printed, next(filter(None, usual), None), found, clock)

    def _named(self, printed: tuple[str | None, ...]) -> tuple[str | None, ...]:
        """Give the labels that a header line gives, where the lines themselves have none."""
        if self._header is None or any(printed):
            return printed
        words = [field.text for field in read_fields(self._header)]
        alike = _commas(self._header) == _commas(self.lines[0])
        if len(words) != len(printed) or not alike:
            return printed
        # "Setup done" stands before two columns as a header would.
        if not _commas(self._header) and not any(map(is_known, words)):
            return printed
        return tuple(words)


def _labels(fields: tuple[Field, ...]) -> tuple[str | None, ...]:
    return tuple(field.label for field in fields)


def _commas(line: bytes) -> set[int]:
    return set(line) & set(b",;\t")
