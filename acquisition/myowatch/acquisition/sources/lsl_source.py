"""A stream of the Lab Streaming Layer as a source: `lsl:NAME`."""

import os
import time
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from types import ModuleType
from typing import Any

import numpy as np

from myowatch.acquisition.device.device_source import READ_EVERY_S, DeviceSource, SensorSamples
from myowatch.acquisition.source.source import SourceText
from myowatch.acquisition.timing.placing import sensors_of
from myowatch.acquisition.wire.decoding import Layout, Run
from myowatch.recordings.model.link_quality import LinkQuality
from myowatch.recordings.storage.problem import Problem
from myowatch.signal.model.samples import (
    AXES,
    COLUMN_UNITS,
    ColumnUnit,
    Modality,
    SampleBlock,
    Samples,
    Stream,
    column_unit,
    quantise,
)

_NEVER = 2**62
"""Our own count does not wrap."""
_WORDS = {
    "volts": "V",
    "millivolts": "mV",
    "microvolts": "uV",
    "meters/second^2": "m/s2",
    "m/s/s": "m/s2",
}
"""Units in the metadata of other programs (LSL's XDF format, `EEG` and `MoCap`)."""
_BY_TYPE = {"acc": "g", "accelerometer": "g", "emg": "uV", "eeg": "uV", "ecg": "uV", "exg": "uV"}


@dataclass(frozen=True, slots=True)
class Columns:
    """Channels of the stream that belong to one sensor.

    Parameters
    ----------
    numbers
        Channel numbers, from 0 on.
    factor
        Converts their values to the layout's unit.
    """

    layout: Layout
    numbers: Sequence[int]
    factor: float

    def run(self, samples: Samples, count: int) -> Run:
        """Return these channels of the stream's samples, shape (n_samples, n_channels)."""
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
    """Return each channel's unit, as stated or else by the stream's type."""
    n_channels = info.channel_count()
    stated = info.get_channel_units() or [None] * n_channels
    types = info.get_channel_types() or [None] * n_channels
    return [
        column_unit(_WORDS.get(str(unit).lower(), str(unit)))
        or COLUMN_UNITS[_BY_TYPE.get(str(kind or info.type()).lower(), "adc")]
        for unit, kind in zip(stated, types, strict=True)
    ]


LISTEN_S = 3.0
"""A stream answers within milliseconds in a local network, within a second over a bad radio."""
BUFFER_S = 60
_ERRORS_ONLY = -2
JUMP_S = 0.1
"""Time stamps have jitter of one chunk of the sender; a longer jump is a loss."""


class LslSource(DeviceSource):
    """Samples of another program or device that uses the Lab Streaming Layer.

    LSL loses no samples; time stamps show what the sender itself lost.

    Parameters
    ----------
    name
        Of the stream.
    unit
        Of all its channels, if its metadata lack it or are wrong.
    """

    def __init__(self, name: str, *, unit: str = "", site: str = "", text: str = "") -> None:
        self.text = text or f"lsl:{name}"
        self.site = site
        self._name, self._unit = name, unit
        self._inlet: Any = None
        self._columns: list[Columns] = []
        self._samples = SensorSamples(self.text)
        super().__init__(self._samples)
        self._count = 0
        self._stamp_s: float | None = None

    @classmethod
    def parse(cls, text: SourceText, site: str) -> "LslSource":
        """Return the source that a text names.

        Raises
        ------
        WrongSource
            If an option is wrong.
        """
        text.only("site", "unit")
        unit = text.option("unit", _unit, "", needs=f"one of {', '.join(COLUMN_UNITS)}")
        return cls(text.address, unit=unit, site=site, text=text.text)

    def open(self) -> tuple[Stream, ...]:
        """Look for the stream, and join it.

        Raises
        ------
        Problem
            If LSL is not installed, or there is no such stream.
        """
        lsl = _library()
        found = lsl.resolve_byprop("name", self._name, 1, LISTEN_S)
        if not found:
            names = ", ".join(sorted({info.name() for info in lsl.resolve_streams(1.0)}))
            raise Problem(
                f"no LSL stream named {self._name} was found within {LISTEN_S:g} s",
                f"there are {names}" if names else "start it first; there are no LSL streams",
            )
        inlet = lsl.StreamInlet(found[0], max_buflen=BUFFER_S)
        try:
            info = inlet.info(timeout=LISTEN_S)
            self._columns = columns_of(info, self._unit)
            inlet.open_stream(timeout=LISTEN_S)
        except (lsl.util.LostError, lsl.util.TimeoutError) as error:
            raise Problem(
                f"the LSL stream {self._name} does not answer", "start its program again"
            ) from error
        self._inlet, self._stamp_s = inlet, None
        sensors = sensors_of([columns.layout for columns in self._columns], {}, site=self.site)
        return self._samples.begin(sensors)

    def read(self) -> list[SampleBlock]:
        """Return what has arrived.

        Raises
        ------
        SourceLost
            If the stream is silent.
        """
        time.sleep(READ_EVERY_S)
        rows, times_s = self._inlet.pull_chunk(timeout=0.0, max_samples=10_000)
        runs = self._runs(np.asarray(rows, float), times_s) if rows else []
        blocks = self._samples.place(runs)
        if not blocks and self._samples.is_silent:
            raise self._samples.lost("check that its program still runs")
        return blocks

    def close(self) -> None:
        """Leave the stream."""
        inlet, self._inlet = self._inlet, None
        if inlet is not None:
            inlet.close_stream()

    @property
    def link(self) -> LinkQuality | None:
        """Link quality; None before the first `open`."""
        return self._samples.quality

    def _runs(self, samples: Samples, stamps_s: Sequence[float]) -> list[Run]:
        """Cut where the sender's time stamps jump, and count what was lost."""
        rate = self._columns[0].layout.sampling_rate or 1.0
        before_s = stamps_s[0] - 1 / rate if self._stamp_s is None else self._stamp_s
        late_s = np.diff(stamps_s, prepend=before_s) - 1 / rate
        self._stamp_s = stamps_s[-1]
        begins = sorted({0, *np.flatnonzero(late_s > JUMP_S).tolist()})
        runs = []
        for begin, end in pairwise([*begins, len(samples)]):
            if late_s[begin] > JUMP_S:
                self._count += round(late_s[begin] * rate)
            runs += [columns.run(samples[begin:end], self._count) for columns in self._columns]
            self._count += end - begin
        return runs


def _library() -> ModuleType:
    try:
        import pylsl
    except (ImportError, RuntimeError) as error:  # RuntimeError: its C library is missing
        raise Problem(
            "the Lab Streaming Layer is not installed", "install it: pip install 'myowatch[lsl]'"
        ) from error
    if "LSLAPICFG" not in os.environ and not any(path.exists() for path in _own_configs()):
        pylsl.set_config_content(f"[log]\nlevel = {_ERRORS_ONLY}\n")
    module: ModuleType = pylsl
    return module


def _own_configs() -> list[Path]:
    """Return the configuration files of LSL that a user may have written."""
    folders = [Path(), Path.home() / "lsl_api", Path("/etc/lsl_api")]
    return [folder / "lsl_api.cfg" for folder in folders]


def _unit(text: str) -> str:
    if column_unit(text) is None:
        raise ValueError(f"need a unit, got {text}")
    return text
