"""Any part of one of our recordings, without reading the rest of it: finished or still growing."""

import os
from pathlib import Path
from types import TracebackType

import numpy as np

from myowatch.recordings.bdf.bdf_layout import RecordLayout
from myowatch.recordings.bdf.bdf_reader import read_layout, read_records
from myowatch.recordings.bdf.edf_header import EdfHeader, read_header
from myowatch.recordings.storage.problem import UnreadableRecording
from myowatch.signal.model.samples import Samples, Stream

_RECORDS_AT_ONCE = 4096


class Excerpts:
    """Parts of a recording; a context manager.

    Opening it costs a few kilobytes of reading, however long the night.

    Raises
    ------
    UnreadableRecording
        If the file cannot be opened or is not one of ours.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        try:
            self._file = path.open("rb", buffering=0)
        except OSError as error:
            raise UnreadableRecording(f"cannot open {path}: {error.strerror}") from error
        try:
            self._header, self._layout = self._begin()
        except BaseException:
            self._file.close()
            raise

    def __enter__(self) -> "Excerpts":
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._file.close()

    @property
    def streams(self) -> tuple[Stream, ...]:
        """What the file holds."""
        return self._layout.streams

    def n_samples(self, name: str) -> int:
        """How many samples of a stream the complete data records hold now."""
        size = os.fstat(self._file.fileno()).st_size
        return self._layout.n_samples(self._header.whole_records(size))[name]

    def read(self, name: str, first: int, end: int) -> Samples:
        """Read samples [first, end) of a stream, shape (n, n_channels), NaN where missing.

        Fewer if the file ends before.
        """
        (slots,) = (s for s in self._layout.slots if s.stream.name == name)
        record = slots.whole_records(first)
        base = slots.first_sample(record)
        last = slots.records_for(end) if first < end else record
        parts = [np.empty((0, len(slots.stream.channels)))]
        while record < last:
            n_records = min(last - record, _RECORDS_AT_ONCE)
            records = read_records(self._file, self._header, record, n_records)
            if len(records):
                parts.append(self._layout.decode_stream(records, record, name))
            if len(records) < n_records:
                break
            record += n_records
        return np.concatenate(parts, axis=0)[first - base : end - base]

    def _begin(self) -> tuple[EdfHeader, RecordLayout]:
        header = read_header(self._file, self.path)
        found = read_layout(self._file, header)
        if found is None:
            raise UnreadableRecording(f"{self.path} is not a recording of Myowatch")
        return header, found[0]
