"""The header of any EDF or BDF file, read with care: nothing in it is taken on trust.

EDF: Kemp et al. 1992, Electroencephalogr Clin Neurophysiol 82:391; EDF+ 2003. BDF differs in its
first byte and in its 24-bit samples.
"""

import math
import os
import re
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import BinaryIO

from myowatch.recordings.storage.problem import UnreadableRecording

_MAIN_BYTES = 256
_MOST_SIGNALS = 512
_SIGNAL_FIELDS = (16, 80, 8, 8, 8, 8, 8, 80, 8, 32)
_DATE_TIME = re.compile(r"(\d\d)\D(\d\d)\D(\d\d)")
_TWO_DIGIT_YEARS_FROM = 85  # 85 to 99 are of the last century


@dataclass(frozen=True, slots=True)
class EdfSignalHeader:
    """One signal as the header describes it."""

    label: str
    transducer: str
    unit: str
    physical_min: float
    physical_max: float
    digital_min: int
    digital_max: int
    prefiltering: str
    n_samples: int

    @property
    def is_annotations(self) -> bool:
        """Whether the signal holds annotations rather than samples."""
        return self.label in {"EDF Annotations", "BDF Annotations"}


@dataclass(frozen=True, slots=True)
class EdfHeader:
    """What the header says, and where the data records are.

    Parameters
    ----------
    n_records
        As stated; -1 while a file grows.
    started
        Without an offset from UTC: the format has none. None if it is no date.
    """

    sample_bytes: int
    reserved: str
    n_records: int
    record_s: float
    started: datetime | None
    signals: tuple[EdfSignalHeader, ...]

    @property
    def n_bytes(self) -> int:
        """Size of the header."""
        return _MAIN_BYTES * (1 + len(self.signals))

    @property
    def record_bytes(self) -> int:
        """Size of one data record."""
        return self.sample_bytes * sum(signal.n_samples for signal in self.signals)

    def whole_records(self, file_bytes: int) -> int:
        """How many complete data records a file of this size holds."""
        return max(0, file_bytes - self.n_bytes) // self.record_bytes

    def signal_slices(self) -> list[slice]:
        """Where in a record each signal's bytes stand."""
        slices, start = [], 0
        for signal in self.signals:
            end = start + signal.n_samples * self.sample_bytes
            slices.append(slice(start, end))
            start = end
        return slices


def looks_like_edf(beginning: bytes) -> bool:
    """Whether a file begins as EDF and BDF files do."""
    return beginning.startswith((b"0       ", b"\xffBIOSEMI"))


def read_header(file: BinaryIO, path: Path) -> EdfHeader:
    """Header of an open file.

    Raises
    ------
    UnreadableRecording
        If it is not whole or makes no sense.
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
    label, transducer, unit, p_min, p_max, d_min, d_max, prefiltering, n, _ = fields
    signal = EdfSignalHeader(
        _text(label),
        _text(transducer),
        _text(unit),
        _finite(p_min),
        _finite(p_max),
        int(d_min),
        int(d_max),
        _text(prefiltering),
        int(n),
    )
    if signal.n_samples < 0:
        raise ValueError(f"{signal.label} has {signal.n_samples} samples in a record")
    return signal


def _text(field: bytes) -> str:
    # Latin-1 takes every byte, and gives a micro sign where software writes one against the rule.
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
