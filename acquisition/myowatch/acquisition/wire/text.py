"""Lines of text with a number a channel, as sketches print them for a plotter."""

from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise

import numpy as np

from myowatch.acquisition.wire.decoding import Layout, Reception, Run
from myowatch.acquisition.wire.delimited import Delimited
from myowatch.acquisition.wire.facts import Facts
from myowatch.acquisition.wire.text_columns import Clock
from myowatch.acquisition.wire.text_fields import read_fields
from myowatch.acquisition.wire.text_learning import Learning, LineShape
from myowatch.signal.samples import Samples

BAUD_RATES = (115200, 9600, 230400, 500000, 57600, 1000000)
LONGEST_LINE = 1000
LATE = 1.5
"""Times the usual step of the device's clock: more, and a line is missing in between."""
LARGEST_CLOCK = 2.0**53
"""Beyond this a float does not hold whole numbers, and no clock goes so far."""


class TextDecoder:
    """Decodes lines of text; which columns there are it learns from the first that look alike.

    Parameters
    ----------
    facts
        Of which channels, sampling rate, modality, unit, clock and columns count.
    """

    def __init__(self, facts: Facts) -> None:
        self._pieces = Delimited(b"\n", LONGEST_LINE)
        self._given = facts
        self._learning = Learning(facts)
        self._shape: LineShape | None = None
        self._begun = False
        self._frames = self._frame_bytes = self._skipped = self._bad = 0

    @property
    def facts(self) -> Facts:
        """What is known of the device by now: its columns too, once they are."""
        if self._shape is None:
            return self._given
        return replace(self._given, columns=self._shape.columns)

    @property
    def layouts(self) -> tuple[Layout, ...]:
        """The sensors that the columns are, when these are known."""
        sensors = self._shape.columns.sensors if self._shape else ()
        return tuple(sensor.layout for sensor in sensors)

    @property
    def reception(self) -> Reception:
        """How the bytes came through until now; the first lines count when they are understood."""
        pieces = self._pieces
        return Reception(
            self._frames,
            self._frame_bytes,
            self._skipped + pieces.dropped_bytes,
            self._bad + pieces.dropped_pieces,
        )

    def feed(self, data: bytes) -> list[Run]:
        """Give the samples of the lines that these bytes complete."""
        lines = self._pieces.feed(data)
        if self._shape is None:
            lines = self._learn(lines)
        if self._shape is None or not lines:
            return []
        values = self._values(self._shape, lines)
        return _runs(self._shape, values) if len(values) else []

    def _learn(self, lines: list[bytes]) -> list[bytes]:
        """Take in lines until the columns are known; give those to be read."""
        for number, line in enumerate(lines):
            if not self._begun and self._is_torn(line):
                continue
            self._skip(self._learning.hear(line))
            self._shape = self._learning.shape
            if self._shape is not None:
                return self._learning.lines + lines[number + 1 :]
        return []

    def _is_torn(self, line: bytes) -> bool:
        """Say whether it is the first line and holds numbers, which may have begun before."""
        self._begun = True
        fields = read_fields(line)
        if not fields or not fields[-1].is_value:
            return False
        self._skip([line])
        return True

    def _skip(self, lines: Sequence[bytes]) -> None:
        self._skipped += sum(map(len, lines)) + len(lines)

    def _values(self, shape: LineShape, lines: list[bytes]) -> Samples:
        """Give the numbers of lines; shape (n_lines_of_samples, n_columns)."""
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
    """Give the samples of each sensor, cut where by the device's clock a line is missing."""
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
    """Give the lines before which others are missing."""
    if clock is None:
        return []
    late = np.diff(clock_us) % clock.period_us > LATE * clock.step_us
    return [int(line) + 1 for line in np.flatnonzero(late)]


def _clock_us(clock: Clock | None, values: Samples) -> Samples:
    """Give the device's clock at each line; NaN where it is not to be had."""
    if clock is None:
        return np.full(len(values), np.nan)
    counts = values[:, clock.column]
    told = np.abs(counts) < LARGEST_CLOCK / clock.unit_us
    counts = np.where(told, np.rint(counts), np.nan)
    return counts * clock.unit_us % clock.period_us
