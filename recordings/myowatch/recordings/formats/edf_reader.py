"""Read EDF, EDF+C, BDF and BDF+C files of other software; memory does not grow with the file."""

import os
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import BinaryIO

import numpy as np

from myowatch.recordings.bdf.bdf_layout import RawRecords, decode_counts
from myowatch.recordings.bdf.bdf_reader import read_records, scan_annotations
from myowatch.recordings.bdf.edf_header import EdfSignalHeader, read_header
from myowatch.recordings.model.recording import (
    MAX_TEXT_BYTES,
    Marker,
    Recording,
    is_usable_rate,
    left_out_note,
    unusable_rate,
)
from myowatch.recordings.storage.problem import UnreadableRecording
from myowatch.signal.model.samples import (
    COLUMN_UNITS,
    ColumnUnit,
    Modality,
    SampleBlock,
    Samples,
    Stream,
    column_unit,
    quantise,
)

_LOOKS_LIKE_EMG = re.compile(r"\bemg|emg\b", re.IGNORECASE)
_SOMETHING_ELSE = re.compile(r"(EEG|ECG|EKG|EOG|ERG|MEG|MCG|EP)\b", re.IGNORECASE)
"""Labels start with the kind of signal (EDF+ 2003, section 2.1.3)."""

_AXIS = re.compile(r"(.*?)[\s._-]*([xyz])", re.IGNORECASE | re.DOTALL)
_BIOSEMI_BYTES = 3
_SMALLEST_STEP = 1e-30  # smaller steps are damage, and their inverse overflows


@dataclass(frozen=True, slots=True)
class EdfStream:
    """One stream and its signals."""

    stream: Stream
    signals: tuple[int, ...]
    unit: ColumnUnit


class EdfRecording(Recording):
    """An EDF or BDF file of other software; use `open_recording`.

    Signals in volts are EMG. Three signals in a unit of acceleration that are named by their axes
    are an accelerometer. Annotations are markers. Values are rounded to the steps of the file,
    which removes an offset of less than half a step.
    """

    def __init__(self, path: Path, file: BinaryIO, site: str = "") -> None:
        super().__init__(path)
        self._file = file
        self._header = header = read_header(file, path)
        kind = "EDF" if header.sample_bytes < _BIOSEMI_BYTES else "BDF"
        self.format = header.reserved[:5] if header.reserved[3:4] == "+" else kind
        if header.reserved.startswith(("EDF+D", "BDF+D")):
            raise UnreadableRecording(
                f"{path} is discontinuous ({header.reserved[:5]})",
                "convert it to a continuous one, for instance with EDFbrowser",
            )
        size = os.fstat(file.fileno()).st_size
        self._n_records = header.whole_records(size)
        self._warn_of_damage(size)
        self._formed = self._form_streams(site)
        self.streams = tuple(formed.stream for formed in self._formed)
        self.started = header.started.astimezone() if header.started else None
        self.n_samples = {
            f.stream.name: self._n_records * header.signals[f.signals[0]].n_samples
            for f in self._formed
        }

    def _read(self, seconds: float) -> Iterator[SampleBlock]:
        at_once = max(1, int(seconds / self._header.record_s))
        for first in range(0, self._n_records, at_once):
            n_records = min(at_once, self._n_records - first)
            records = read_records(self._file, self._header, first, n_records)
            if len(records) < n_records:
                raise UnreadableRecording(f"{self.path} became shorter while it was read")
            self.progress = first / self._n_records
            for formed in self._formed:
                yield from self._decode(formed, records, first, seconds)

    def _decode(
        self, formed: EdfStream, records: RawRecords, first: int, seconds: float
    ) -> Iterator[SampleBlock]:
        slices = self._header.signal_slices()
        columns = [self._physical(records[:, slices[i]], i) for i in formed.signals]
        values = np.stack(columns, axis=1) * formed.unit.factor
        samples = quantise(values, formed.stream.resolution)
        begins = first * self._header.signals[formed.signals[0]].n_samples
        longest = max(1, int(seconds * formed.stream.sampling_rate))
        for start in range(0, len(samples), longest):  # a record may be longer than a block
            part = samples[start : start + longest]
            yield SampleBlock(formed.stream, begins + start, part)

    def _physical(self, raw: RawRecords, number: int) -> Samples:
        signal = self._header.signals[number]
        flat = np.ascontiguousarray(raw).reshape(-1)
        if self._header.sample_bytes == _BIOSEMI_BYTES:
            digital = decode_counts(flat).astype(np.float64)
        else:
            digital = flat.view("<i2").astype(np.float64)
        return (digital - signal.digital_min) * _step(signal) + signal.physical_min

    def _markers(self) -> list[Marker]:
        where = [
            part
            for part, signal in zip(self._header.signal_slices(), self._header.signals, strict=True)
            if signal.is_annotations
        ]
        found = [a for part in where for a in scan_annotations(self._file, self._header, part)]
        return [Marker(a.onset_s, _printable(a.text)) for a in found if _printable(a.text)]

    def _close(self) -> None:
        self._file.close()

    def _warn_of_damage(self, size: int) -> None:
        stated = self._header.n_records
        if stated > self._n_records:
            self._warn(f"cut short: {self._n_records} of {stated} data records are left")
        elif stated < 0:
            self._warn("not closed: still being written, or its recorder was stopped by force")
        if self._n_records == 0:
            raise UnreadableRecording(f"{self.path} has no whole data record", "is it cut short?")

    def _form_streams(self, site: str) -> list[EdfStream]:
        formed: list[EdfStream] = []
        acceleration: list[int] = []
        slow: list[tuple[float, Modality]] = []
        for number, signal in enumerate(self._header.signals):
            unit = _unit(signal)
            rate = self._rate(signal)
            if signal.is_annotations:
                continue
            if unit is None or not _step(signal) or signal.n_samples == 0:
                self._warn(
                    f"{signal.label or number + 1} in {signal.unit or 'no unit'} is left out"
                )
            elif not is_usable_rate(rate, unit.modality):
                slow.append((rate, unit.modality))
                self._warn(left_out_note(signal.label, rate, unit.modality))
            elif unit.modality is Modality.ACCELEROMETER:
                acceleration.append(number)
            else:
                formed.append(self._stream(signal.label, [number], unit, site))
        formed += self._accelerometers(acceleration, site)
        if not formed and slow:
            raise unusable_rate(self.path, *slow[-1])
        if not formed:
            raise UnreadableRecording(
                f"{self.path} has no signal that Myowatch can read",
                f"it needs EMG or three axes, in units among {', '.join(COLUMN_UNITS)}",
            )
        return _with_own_names(sorted(formed, key=lambda f: f.signals))

    def _accelerometers(self, numbers: Sequence[int], site: str) -> list[EdfStream]:
        triples: dict[tuple[str, str, float], dict[str, int]] = {}
        for number in numbers:
            signal = self._header.signals[number]
            found = _AXIS.fullmatch(signal.label)
            name, axis = (found[1], found[2].lower()) if found else (signal.label, "")
            triples.setdefault((name, signal.unit, self._rate(signal)), {})[axis] = number
        formed = []
        for (name, unit_text, _), axes in triples.items():
            unit = column_unit(unit_text)
            if set(axes) == {"x", "y", "z"} and unit is not None:
                signals = [axes[axis] for axis in "xyz"]
                formed.append(self._stream(name or "ACC", signals, unit, site))
            else:
                self._warn(f"{name}: an accelerometer needs three axes, x, y and z; left out")
        return formed

    def _stream(self, name: str, numbers: Sequence[int], unit: ColumnUnit, site: str) -> EdfStream:
        signals = [self._header.signals[number] for number in numbers]
        stream = Stream(
            name=name or f"signal {numbers[0] + 1}",
            modality=unit.modality,
            unit=unit.unit,
            sampling_rate=self._rate(signals[0]),
            channels=tuple(signal.label for signal in signals),
            resolution=min(abs(_step(signal)) for signal in signals) * unit.factor,
            site=site,
        )
        return EdfStream(stream, tuple(numbers), unit)

    def _rate(self, signal: EdfSignalHeader) -> float:
        rate = signal.n_samples / self._header.record_s if self._header.record_s else 0.0
        # 8 characters hold a duration to six digits: 0.333333 s means a third.
        whole = round(rate)
        return float(whole) if whole and abs(whole / rate - 1) < 2e-6 else rate  # noqa: PLR2004


def _unit(signal: EdfSignalHeader) -> ColumnUnit | None:
    if _SOMETHING_ELSE.match(signal.label):
        return None
    if signal.unit in {"", "adc"} and _LOOKS_LIKE_EMG.search(signal.label):
        return COLUMN_UNITS["adc"]
    return column_unit(signal.unit) if signal.unit != "adc" else None


def _step(signal: EdfSignalHeader) -> float:
    """Return the physical units per count, negative if inverted, 0 if the header is invalid."""
    span = signal.digital_max - signal.digital_min
    step = (signal.physical_max - signal.physical_min) / span if span > 0 else 0.0
    return step if _SMALLEST_STEP < abs(step) < 1 / _SMALLEST_STEP else 0.0


def _printable(text: str) -> str:
    clean = " ".join("".join(c if c.isprintable() else " " for c in text).split())
    return clean.encode("utf-8", "replace")[:MAX_TEXT_BYTES].decode("utf-8", "ignore")


def _with_own_names(formed: Sequence[EdfStream]) -> list[EdfStream]:
    names = [f.stream.name for f in formed]
    return [
        replace(f, stream=replace(f.stream, name=f"{f.stream.name} #{number}"))
        if names.count(f.stream.name) > 1
        else f
        for number, f in enumerate(formed, 1)
    ]
