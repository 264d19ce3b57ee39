"""What a stream of the Lab Streaming Layer says of its channels, as sensors of ours."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from myowatch.acquisition.wire.decoding import Layout, Run
from myowatch.recordings.storage.problem import Problem
from myowatch.signal.model.column_units import COLUMN_UNITS, ColumnUnit, column_unit
from myowatch.signal.model.samples import AXES, Modality, Samples, quantise

_NEVER = 2**62
"""Our own count does not begin anew."""
_WORDS = {
    "volts": "V",
    "millivolts": "mV",
    "microvolts": "uV",
    "meters/second^2": "m/s2",
    "m/s/s": "m/s2",
}
"""Units as the metadata of other programs have them (LSL's XDF format, `EEG` and `MoCap`)."""
_BY_TYPE = {"acc": "g", "accelerometer": "g", "emg": "uV", "eeg": "uV", "ecg": "uV", "exg": "uV"}


@dataclass(frozen=True, slots=True)
class Columns:
    """Channels of the stream that make one sensor.

    Parameters
    ----------
    numbers
        Of the channels, from 0 on.
    factor
        Turns their values into the layout's unit.
    """

    layout: Layout
    numbers: Sequence[int]
    factor: float

    def run(self, samples: Samples, count: int) -> Run:
        """Give their part of the stream's samples, shape (n_samples, n_channels)."""
        values = quantise(samples[:, self.numbers] * self.factor, self.layout.resolution)
        return Run(self.layout, values, count)


def columns_of(info: Any, said: str) -> list[Columns]:
    """Sort a stream's channels into sensors, by their units.

    Parameters
    ----------
    info
        A `pylsl.StreamInfo` with its metadata.
    said
        The unit of all channels; empty to take what the metadata have.

    Raises
    ------
    Problem
        If the stream has no sampling rate, or acceleration has not three axes.
    """
    if info.nominal_srate() <= 0:
        raise Problem(f"the LSL stream {info.name()} has no sampling rate", "take another stream")
    n_channels = info.channel_count()
    all_the_same = column_unit(said)
    units = [all_the_same] * n_channels if all_the_same else _units(info)
    labels = info.get_channel_labels() or [None] * n_channels
    columns: list[Columns] = []
    for unit in dict.fromkeys(units):
        numbers = [i for i in range(n_channels) if units[i] == unit]
        names = tuple(labels[i] or f"CH{i + 1}" for i in numbers)
        columns.append(_sensor(info, unit, names, numbers, len(columns)))
    return columns


def _sensor(
    info: Any, unit: ColumnUnit, names: tuple[str, ...], numbers: list[int], before: int
) -> Columns:
    is_emg = unit.modality is Modality.EMG
    if not is_emg and len(numbers) != AXES:
        raise Problem(
            f"the LSL stream {info.name()} has {len(numbers)} channels of acceleration",
            "three are needed, x, y and z; say unit=uV if they are something else",
        )
    layout = Layout(
        ("EMG" if is_emg else "ACC") + (f" {before + 1}" if before else ""),
        unit.modality,
        unit.unit,
        names,
        unit.resolution,
        info.nominal_srate(),
        count_period=_NEVER,
    )
    return Columns(layout, numbers, unit.factor)


def _units(info: Any) -> list[ColumnUnit]:
    """Give each channel's unit as the stream tells it, else as its type has it."""
    n_channels = info.channel_count()
    told = info.get_channel_units() or [None] * n_channels
    types = info.get_channel_types() or [None] * n_channels
    return [
        column_unit(_WORDS.get(str(unit).lower(), str(unit)))
        or COLUMN_UNITS[_BY_TYPE.get(str(kind or info.type()).lower(), "adc")]
        for unit, kind in zip(told, types, strict=True)
    ]
