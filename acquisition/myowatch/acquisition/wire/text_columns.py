"""Columns of lines of text: an accelerometer's axes, a clock, EMG, or unknown."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from myowatch.acquisition.wire.decoding import DeviceFacts, Layout, Sensor
from myowatch.signal.model.samples import (
    AXES,
    COLUMN_UNITS,
    STANDARD_GRAVITY,
    ColumnUnit,
    Modality,
    Samples,
    Unit,
)

NUMBER = r"[+-]?(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d+)?"
NOT_A_NUMBER = r"[+-]?(?:[nN][aA][nN]|[iI][nN][fF])"
"""As Arduino's `print` and C's `printf` write missing numbers; `ovf` is another."""
SEPARATORS = " \t,;"

_number = re.compile(NUMBER, re.ASCII)
_not_a_number = re.compile(f"{NOT_A_NUMBER}|[+-]?ovf", re.ASCII)
_between = re.compile(f"[{SEPARATORS}]+")
_in_string = r'(?:[^"\\]|\\.)*'
_entry = re.compile(
    rf'[ \t]*(?:"({_in_string})"[ \t]*:[ \t]*)?'
    rf'({NUMBER}|{NOT_A_NUMBER}|null|true|false|"{_in_string}")[ \t]*(?:,|$)',
    re.ASCII,
)
_NO_VALUE = ('"', "true", "false")
_label_end = re.compile(r"[ \t]*([:=])[ \t]*")


@dataclass(frozen=True, slots=True)
class Field:
    """One value of a line, and its label (None without one)."""

    label: str | None
    text: str

    @property
    def is_value(self) -> bool:
        """Whether it is a number, or a word for a missing one."""
        return bool(_number.fullmatch(self.text) or _not_a_number.fullmatch(self.text))

    @property
    def value(self) -> float:
        """The number; NaN if it is missing or unreadable."""
        return float(self.text) if _number.fullmatch(self.text) else float("nan")

    @property
    def decimals(self) -> int:
        """Digits after the decimal point; below 0 for a number such as 5e3."""
        if not _number.fullmatch(self.text):
            return 0
        digits, _, exponent = self.text.lower().partition("e")
        return len(digits.partition(".")[2]) - int(exponent or 0)


def read_fields(line: bytes) -> tuple[Field, ...]:
    """Split a line into fields; empty if there are none."""
    text = line.decode("ascii", errors="replace").strip()
    if text[:1] in ("{", "["):
        return _json_fields(text) if text[-1] in "}]" else ()
    parts = _between.split(_label_end.sub(r"\1", text).strip(SEPARATORS))
    return tuple(_field(part) for part in parts if part)


def _field(part: str) -> Field:
    label, colon, text = part.replace("=", ":").rpartition(":")
    if not colon or not label or label.isdecimal():
        return Field(None, part)
    return Field(label, text)


def _json_fields(text: str) -> tuple[Field, ...]:
    """Return the numbers of a flat JSON object or array; empty if it is malformed.

    Not by a JSON parser, which refuses numbers such as 007 or .5.
    """
    fields, inside, at = [], text[1:-1], 0
    while entry := _entry.match(inside, at):
        label, value = entry.groups()
        if not value.startswith(_NO_VALUE):
            fields.append(Field(label, "nan" if value == "null" else value))
        at = entry.end()
    return tuple(fields) if at == len(inside) else ()


_US, _MS = 1, 1000
CLOCKS = {
    **dict.fromkeys(("micros", "us", "t_us", "time_us", "timestamp_us"), _US),
    **dict.fromkeys(("millis", "ms", "t_ms", "time_ms", "timestamp_ms"), _MS),
}
"""Microseconds per unit, by the label."""
COUNTS_OF_A_CLOCK = 1 << 32
"""Counts after which Arduino's `micros` and `millis` wrap."""

_AXIS = re.compile(r"(?:a(?:cc?(?:el)?)?)?[ _.]?([xyz])|([xyz])[ _.]?acc?(?:el)?", re.IGNORECASE)
# Other sensors of the same chip, clocks and counters, and the constants that fix the scale of a
# plotter.
_NO_SIGNAL = re.compile(
    r"(?:g|gyro?|gyr|m|mag|rot)[ _.]?[xyz]|temp(?:erature)?|t|time|timestamp|sample|index|count"
    r"|counter|seq|n|i|min|max|upper|lower|ms|us|millis|micros|[a-z]*_[mu]s",
    re.IGNORECASE,
)
_EMG = re.compile(r"emg|ch|raw|sig|adc|env|sensor|a\d", re.IGNORECASE)

LARGEST_COUNT = 2**23 - 1
"""A recording stores a count in 24 bits."""
HEADROOM = 16
"""Room above the largest of the first values: a sensor at rest shows little of its range."""
MOST_DECIMALS = 9
LONGEST_NAME = 12


@dataclass(frozen=True, slots=True, eq=False)
class FirstLines:
    """Contents of the first lines.

    Parameters
    ----------
    labels
        Label of each column, None without one.
    decimals
        Most decimals of each column.
    values
        Shape (n_lines, n_columns), as printed.
    """

    labels: tuple[str | None, ...]
    decimals: tuple[int, ...]
    values: Samples


@dataclass(frozen=True, slots=True)
class Clock:
    """Column of the device's clock, its unit in microseconds, and its usual step."""

    column: int
    unit_us: int
    step_us: float

    @property
    def period_us(self) -> int:
        """Microseconds after which the clock wraps to 0."""
        return COUNTS_OF_A_CLOCK * self.unit_us


def is_known(label: str) -> bool:
    """Return whether a word is a label of a column."""
    return bool(_AXIS.fullmatch(label) or _NO_SIGNAL.fullmatch(label) or _EMG.match(label))


def find_clock(lines: FirstLines, facts: DeviceFacts) -> Clock | None:
    """Return the column of the device's clock: it is labelled or named so, and rises."""
    for column, label in enumerate(lines.labels):
        unit_us = CLOCKS.get((label or "").lower(), None if facts.clock is None else _US)
        said = facts.clock in (None, label, str(column + 1))
        if unit_us is None or not said or lines.decimals[column]:
            continue
        with np.errstate(invalid="ignore"):
            steps = np.diff(lines.values[:, column]) % COUNTS_OF_A_CLOCK
        usual = float(np.mean(np.sort(steps)[len(steps) // 4 : -(len(steps) // 4)]))
        if np.all(steps < COUNTS_OF_A_CLOCK / 2) and usual > 0:
            return Clock(column, unit_us, usual * unit_us)
    return None


def find_sensors(lines: FirstLines, clock: Clock | None, facts: DeviceFacts) -> tuple[Sensor, ...]:
    """Return the sensors of the columns; at least one, if there is a column besides the clock."""
    signals = [n for n in range(len(lines.labels)) if clock is None or n != clock.column]
    told = [n for n in signals if not _NO_SIGNAL.fullmatch(lines.labels[n] or "")] or signals
    axes = _axes(lines.labels, told, facts)
    emg = [n for n in told if n not in axes][: facts.channels]
    layout = Layout("EMG", Modality.EMG, Unit.ADC, (), 1.0, facts.sampling_rate)
    layout = replace(layout, clock_period_us=clock.period_us if clock else None)
    found = []
    if emg:
        layout = replace(layout, channels=_names(lines, emg))
        found.append(_on_grid(layout, _emg_unit(facts), emg, lines))
    if axes:
        layout = replace(layout, name="ACC", channels=("x", "y", "z"))
        found.append(_on_grid(layout, _acceleration_unit(lines, axes, facts), axes, lines))
    return tuple(found)


def _axes(labels: Sequence[str | None], told: Sequence[int], facts: DeviceFacts) -> list[int]:
    """Return the columns of x, y and z; empty if there is no accelerometer."""
    modality = facts.modality or (facts.unit.modality if facts.unit else None)
    if modality not in (None, Modality.ACCELEROMETER):
        return []
    matches = {n: _AXIS.fullmatch(labels[n] or "") for n in told}
    by_axis = {(m[1] or m[2]).lower(): n for n, m in matches.items() if m}
    if len(by_axis) == AXES:
        return [by_axis[axis] for axis in "xyz"]
    said = modality is Modality.ACCELEROMETER and len(told) >= AXES
    return list(told[:AXES]) if said else []


def _emg_unit(facts: DeviceFacts) -> ColumnUnit:
    said = facts.unit
    unit = said if said and said.modality is Modality.EMG else COLUMN_UNITS["adc"]
    is_envelope = facts.modality is Modality.ENVELOPE
    return replace(unit, modality=Modality.ENVELOPE) if is_envelope else unit


def _acceleration_unit(lines: FirstLines, axes: Sequence[int], facts: DeviceFacts) -> ColumnUnit:
    """Return the stated unit, else the one in which gravity has its strength."""
    if facts.unit and facts.unit.modality is Modality.ACCELEROMETER:
        return facts.unit
    counts = replace(COLUMN_UNITS["adc"], modality=Modality.ACCELEROMETER)
    if facts.unit or not any(lines.decimals[n] for n in axes):
        return counts
    with np.errstate(over="ignore"):
        strengths = np.linalg.norm(lines.values[:, axes], axis=1)
    told = strengths[np.isfinite(strengths)]
    strength = np.median(told) if len(told) else 0.0
    for name, gravity in (("g", 1.0), ("m/s2", STANDARD_GRAVITY)):
        if gravity / 2 < strength < gravity * 2:
            return COLUMN_UNITS[name]
    return counts


def _on_grid(layout: Layout, unit: ColumnUnit, columns: Sequence[int], lines: FirstLines) -> Sensor:
    """Return a grid as fine as the printed numbers, but coarse enough for 24 bits."""
    values = np.abs(lines.values[:, columns])
    largest = float(np.max(values, initial=0.0, where=np.isfinite(values)))
    decimals = min(max(0, *(lines.decimals[n] for n in columns)), MOST_DECIMALS)
    while (
        largest * (HEADROOM if decimals > 0 else 1) > LARGEST_COUNT * 10.0**-decimals
        and decimals > -MOST_DECIMALS
    ):
        decimals -= 1
    resolution = float(f"1e{-decimals}") * unit.factor
    layout = replace(layout, modality=unit.modality, unit=unit.unit, resolution=resolution)
    return Sensor(layout, tuple(columns), 10.0**decimals)


def _names(lines: FirstLines, columns: Sequence[int]) -> tuple[str, ...]:
    """Return the labels as a recording can hold them, and numbers for empty ones."""
    alone = len(columns) == 1
    return tuple(
        re.sub(r"[^!-~]+", "", lines.labels[column] or "")[:LONGEST_NAME]
        or ("EMG" if alone else f"EMG{number + 1}")
        for number, column in enumerate(columns)
    )
