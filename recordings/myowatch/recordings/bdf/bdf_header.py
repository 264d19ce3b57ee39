"""The header of our BDF+C files, and the repair of one whose recorder was killed."""

from datetime import date, datetime
from pathlib import Path

import numpy as np

from myowatch.recordings.bdf.bdf_layout import LARGEST, MISSING, RecordLayout, Slots
from myowatch.recordings.bdf.edf_header import read_header
from myowatch.recordings.storage.disk import storage_problem

N_RECORDS_AT = 236
"""Where in the header the number of data records stands, 8 characters; -1 while a file grows."""

_LABEL_LENGTH, _TEXT_LENGTH, _NUMBER_LENGTH = 16, 80, 8
_FIRST_DAY, _LAST_DAY = date(1985, 1, 1), date(2084, 12, 31)  # what the header can say


def encode_header(layout: RecordLayout, started: datetime) -> bytes:
    """Header with a record count of -1.

    Labels, units and ranges serve other viewers, within what 16 and 8 ASCII characters can say;
    the description in the first record has names, rates and resolutions in full.
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
    # The list frames its text with 9 bytes: `+0\x14\x14\0` and `+0\x14...\x14\0`, less the
    # terminators that edfio shares; the filler makes the annotation channel the size we want.
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
    """Return the header field that says how many data records there are."""
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
    # The same on both sides, so that zero stays within half a count of zero.
    limit = _nearest_field(LARGEST * resolution)
    return (-limit, limit) if limit else (float(MISSING), float(LARGEST))


def _nearest_field(value: float) -> float:
    """Return the nearest number that fits 8 characters with a minus sign, 0 if none does."""
    rounded = [float(f"{value:.{digits}g}") for digits in range(12, 0, -1)]
    fits = (int(r) if r.is_integer() else r for r in rounded)
    return next((r for r in fits if len(str(r)) < _NUMBER_LENGTH), 0)


def repair(path: Path) -> bool:
    """Drop a torn last record and state the record count.

    Only for a file that no living recorder writes; a file that is whole is left as it is.

    Returns
    -------
    whether anything had to be done

    Raises
    ------
    UnreadableRecording
        If even the header is damaged.
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
