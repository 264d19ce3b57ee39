"""Headers of EDF and BDF files: read any, write ours, and repair ours after a killed recorder.

EDF: Kemp et al. 1992, Electroencephalogr Clin Neurophysiol 82:391; EDF+ 2003. BDF differs in its
first byte and in its 24-bit samples. Every field of a header that is read is checked.
"""

import math
import os
import re
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import BinaryIO

import numpy as np

from myowatch.recordings.bdf.bdf_layout import LARGEST, MISSING, RecordLayout, Slots
from myowatch.recordings.storage.problem import UnreadableRecording, storage_problem

_MAIN_BYTES = 256
_MOST_SIGNALS = 512
_SIGNAL_FIELDS = (16, 80, 8, 8, 8, 8, 8, 80, 8, 32)
_DATE_TIME = re.compile(r"(\d\d)\D(\d\d)\D(\d\d)")
_TWO_DIGIT_YEARS_FROM = 85  # 85 to 99 are of the last century


@dataclass(frozen=True, slots=True)
class EdfSignalHeader:
    """One signal in the header."""

    label: str
    unit: str
    physical_min: float
    physical_max: float
    digital_min: int
    digital_max: int
    n_samples: int

    @property
    def is_annotations(self) -> bool:
        """Return whether the signal holds annotations instead of samples."""
        return self.label in {"EDF Annotations", "BDF Annotations"}


@dataclass(frozen=True, slots=True)
class EdfHeader:
    """The header of an EDF or BDF file.

    Parameters
    ----------
    n_records
        Number of data records as stated; -1 while a file grows.
    started
        Local time without an offset from UTC; None if it is not a date.
    """

    sample_bytes: int
    reserved: str
    n_records: int
    record_s: float
    started: datetime | None
    signals: tuple[EdfSignalHeader, ...]

    @property
    def n_bytes(self) -> int:
        """Return the size of the header."""
        return _MAIN_BYTES * (1 + len(self.signals))

    @property
    def record_bytes(self) -> int:
        """Return the size of one data record."""
        return self.sample_bytes * sum(signal.n_samples for signal in self.signals)

    def whole_records(self, file_bytes: int) -> int:
        """Return how many complete data records a file of this size holds."""
        return max(0, file_bytes - self.n_bytes) // self.record_bytes

    def signal_slices(self) -> list[slice]:
        """Return the bytes of each signal within a record."""
        slices, start = [], 0
        for signal in self.signals:
            end = start + signal.n_samples * self.sample_bytes
            slices.append(slice(start, end))
            start = end
        return slices


def looks_like_edf(beginning: bytes) -> bool:
    """Return whether a file starts like an EDF or BDF file."""
    return beginning.startswith((b"0       ", b"\xffBIOSEMI"))


def read_header(file: BinaryIO, path: Path) -> EdfHeader:
    """Return the header of an open file.

    Raises
    ------
    UnreadableRecording
        If it is incomplete or invalid.
    """
    file.seek(0)
    main = file.read(_MAIN_BYTES)
    if len(main) < _MAIN_BYTES or not looks_like_edf(main):
        raise UnreadableRecording(f"{path} has no whole EDF or BDF header", "is it cut short?")
    try:
        n_signals = int(main[252:256])
        if not 1 <= n_signals <= _MOST_SIGNALS:
            raise ValueError(f"need 1 to {_MOST_SIGNALS} signals, got {n_signals}")
        rest = file.read(_MAIN_BYTES * n_signals)
        if len(rest) < _MAIN_BYTES * n_signals:
            raise ValueError("it is cut short")
        header = EdfHeader(
            sample_bytes=3 if main[:1] == b"\xff" else 2,
            reserved=_text(main[192:236]),
            n_records=int(main[236:244]),
            record_s=_finite(main[244:252]),
            started=_started(_text(main[168:184])),
            signals=tuple(_parse_signals(rest, n_signals)),
        )
        _check(header, file)
    except ValueError as error:
        raise UnreadableRecording(
            f"{path} has a damaged EDF or BDF header: {error}", "record or export it again"
        ) from error
    return header


def _check(header: EdfHeader, file: BinaryIO) -> None:
    ordinary = [signal for signal in header.signals if not signal.is_annotations]
    if ordinary and header.record_s <= 0:
        raise ValueError(f"need data records longer than 0 s, got {header.record_s}")
    if header.record_bytes == 0:
        raise ValueError("its data records are empty")
    size = os.fstat(file.fileno()).st_size
    if header.record_bytes > max(size, 1 << 20):
        raise ValueError(f"a data record would have {header.record_bytes} bytes, the file {size}")


def _parse_signals(raw: bytes, n_signals: int) -> list[EdfSignalHeader]:
    columns: list[list[bytes]] = []
    start = 0
    for width in _SIGNAL_FIELDS:
        end = start + width * n_signals
        columns.append([raw[i : i + width] for i in range(start, end, width)])
        start = end
    return [_parse_signal(fields) for fields in zip(*columns, strict=True)]


def _parse_signal(fields: tuple[bytes, ...]) -> EdfSignalHeader:
    label, _, unit, p_min, p_max, d_min, d_max, _, n, _ = fields
    signal = EdfSignalHeader(
        _text(label),
        _text(unit),
        _finite(p_min),
        _finite(p_max),
        int(d_min),
        int(d_max),
        int(n),
    )
    if signal.n_samples < 0:
        raise ValueError(f"{signal.label} has {signal.n_samples} samples in a record")
    return signal


def _text(field: bytes) -> str:
    # Latin-1 accepts every byte, and gives the micro sign that some software writes.
    # The standard allows only ASCII.
    return "".join(c for c in field.decode("latin-1") if c.isprintable()).strip()


def _finite(field: bytes) -> float:
    value = float(field)
    if not math.isfinite(value):
        raise ValueError(f"{_text(field)!r} is no number")
    return value


def _started(text: str) -> datetime | None:
    found = _DATE_TIME.findall(text)
    try:
        (day, month, year), (hour, minute, second) = (tuple(map(int, part)) for part in found)
        century = 1900 if year >= _TWO_DIGIT_YEARS_FROM else 2000
        return datetime(century + year, month, day, hour, minute, second)  # noqa: DTZ001
    except ValueError:
        return None


N_RECORDS_AT = 236
"""Position of the number of data records, 8 characters."""

_LABEL_LENGTH, _TEXT_LENGTH, _NUMBER_LENGTH = 16, 80, 8
_FIRST_DAY, _LAST_DAY = date(1985, 1, 1), date(2084, 12, 31)  # the range of the header field


def encode_header(layout: RecordLayout, started: datetime) -> bytes:
    """Return a header with a record count of -1.

    Labels, units and ranges are for other viewers and limited to 16 and 8 ASCII characters. The
    description in the first record has the exact names, rates and resolutions.
    """
    import edfio

    labels = _labels(layout)
    signals = [
        edfio.BdfSignal.from_digital(
            np.zeros(slots.n, np.int32),
            slots.n / float(layout.duration),
            label=labels.pop(0),
            transducer_type=_ascii(slots.stream.name, _TEXT_LENGTH),
            physical_dimension=slots.stream.unit,
            physical_range=_physical_range(slots.stream.resolution),
            prefiltering=_ascii(slots.stream.site, _TEXT_LENGTH),
        )
        for slots in layout.slots
        for _ in slots.stream.channels
    ]
    day = min(max(started.date(), _FIRST_DAY), _LAST_DAY)
    # The list adds 9 bytes to its text: `+0\x14\x14\0` and `+0\x14...\x14\0`, less the
    # terminators that edfio shares. The filler sets the size of the annotation channel.
    filler = edfio.EdfAnnotation(0, None, "x" * (layout.annotation_bytes - 10))
    file = edfio.Bdf(
        signals,
        recording=edfio.Recording(startdate=day, equipment_code="myowatch"),
        starttime=started.time().replace(microsecond=0, tzinfo=None),
        data_record_duration=float(layout.duration),
        annotations=[filler],
    )
    header = file.to_bytes()[: 256 * (len(signals) + 2)]
    return header[:N_RECORDS_AT] + encode_record_count(-1) + header[N_RECORDS_AT + 8 :]


def encode_record_count(n_records: int) -> bytes:
    """Return the header field of the number of data records."""
    return str(n_records).ljust(8).encode()


def _labels(layout: RecordLayout) -> list[str]:
    labels: list[str] = []
    for number, name in enumerate((c for s in layout.slots for c in _channel_names(s)), 1):
        label = _ascii(name, _LABEL_LENGTH) or f"channel {number}"
        if label in labels or label == "BDF Annotations":
            label = f"{label[: _LABEL_LENGTH - 4].rstrip()} #{number}"
        labels.append(label)
    return labels


def _channel_names(slots: Slots) -> list[str]:
    if len(slots.stream.channels) == 1:
        return [slots.stream.name]
    name = slots.stream.name[: _LABEL_LENGTH - 2]
    return [f"{name}.{axis}" for axis in "xyz"]


def _ascii(text: str, length: int) -> str:
    return "".join(c if c.isascii() and c.isprintable() else "_" for c in text)[:length].strip()


def _physical_range(resolution: float) -> tuple[float, float]:
    # Symmetric, so that zero stays within half a count of zero.
    limit = _nearest_field(LARGEST * resolution)
    return (-limit, limit) if limit else (float(MISSING), float(LARGEST))


def _nearest_field(value: float) -> float:
    """Return the nearest number that fits 8 characters with a minus sign; 0 if none does."""
    rounded = [float(f"{value:.{digits}g}") for digits in range(12, 0, -1)]
    fits = (int(r) if r.is_integer() else r for r in rounded)
    return next((r for r in fits if len(str(r)) < _NUMBER_LENGTH), 0)


def repair(path: Path) -> bool:
    """Remove an incomplete last record and write the record count.

    Only for a file that no recorder is writing. A complete file is not changed.

    Returns
    -------
    whether the file was changed

    Raises
    ------
    UnreadableRecording
        If the header is damaged.
    StorageProblem
        If the file cannot be written.
    """
    try:
        with path.open("r+b") as file:
            size = path.stat().st_size
            header = read_header(file, path)
            n_records = header.whole_records(size)
            whole = header.n_bytes + n_records * header.record_bytes
            if header.n_records == n_records and size == whole:
                return False
            file.truncate(whole)
            file.seek(N_RECORDS_AT)
            file.write(encode_record_count(n_records))
    except OSError as error:
        raise storage_problem(path, error) from error
    return True
