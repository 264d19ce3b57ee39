"""Read our recordings while they grow: follow the end, or read any part.

Neither reader locks the file or talks to its writer.
"""

import os
from datetime import datetime
from pathlib import Path
from typing import BinaryIO, NamedTuple, Self

import numpy as np

from myowatch.recordings.bdf import bdf_annotations as texts
from myowatch.recordings.bdf.bdf_layout import RecordLayout
from myowatch.recordings.bdf.bdf_reader import (
    decode_blocks,
    read_layout,
    read_records,
    record_annotations,
)
from myowatch.recordings.bdf.edf_header import EdfHeader, read_header
from myowatch.recordings.model.recording import Marker
from myowatch.recordings.storage.problem import UnreadableRecording
from myowatch.signal.model.events import Event
from myowatch.signal.model.samples import SampleBlock, Samples, Stream

_LONGEST_POLL_S = 60.0
_RECORDS_AT_ONCE = 4096


class _OpenFile:
    """An open file that is closed at the end of the `with` block."""

    def __init__(self, path: Path) -> None:
        self.path = path
        try:
            self._file: BinaryIO = path.open("rb", buffering=0)
        except OSError as error:
            raise UnreadableRecording(f"cannot open {path}: {error.strerror}") from error

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Close the file."""
        self._file.close()

    def _size(self) -> int:
        return os.fstat(self._file.fileno()).st_size

    def _find_layout(self, header: EdfHeader) -> tuple[RecordLayout, datetime]:
        found = read_layout(self._file, header)
        if found is None:
            raise UnreadableRecording(f"{self.path} is not a recording of Myowatch")
        return found


class NewRecords(NamedTuple):
    """What data records have added to a recording.

    Attributes
    ----------
    blocks
        Samples; they may be missing, as NaN.
    events
        Settled and provisional ones, as they were written.
    settled_until
        Up to where all is settled, by stream, where this was written anew: settled events have
        replaced the provisional ones up to there.
    """

    blocks: list[SampleBlock]
    events: list[Event]
    markers: list[Marker]
    settled_until: dict[str, int]


class RecordingTail(_OpenFile):
    """Follows one of our recordings as it grows; a context manager.

    Parameters
    ----------
    path
        A recording that may still be shorter than its first data record.
    from_seconds_before_end
        Start this long before the present end. None starts at the beginning.

    Raises
    ------
    UnreadableRecording
        From `poll` or here, if the file cannot be opened or is not one of ours.
    """

    def __init__(self, path: Path, from_seconds_before_end: float | None = None) -> None:
        super().__init__(path)
        self.started: datetime | None = None
        self._before_end_s = from_seconds_before_end
        self._header: EdfHeader | None = None
        self._layout: RecordLayout | None = None
        self._next_record = 0

    @property
    def streams(self) -> tuple[Stream, ...]:
        """Return the streams of the file; empty until `poll` has read its first data record."""
        return self._layout.streams if self._layout else ()

    def poll(self) -> NewRecords:
        """Return what complete data records have added, at most a minute of it at once."""
        size = self._size()
        if self._layout is None:
            self._begin(size)
        if self._layout is None or self._header is None:
            return NewRecords([], [], [], {})
        waiting = self._header.whole_records(size) - self._next_record
        if waiting <= 0:
            return NewRecords([], [], [], {})
        n_records = min(waiting, max(1, int(_LONGEST_POLL_S / float(self._layout.duration))))
        records = read_records(self._file, self._header, self._next_record, n_records)
        first, self._next_record = self._next_record, self._next_record + len(records)
        annotations = [*record_annotations(records, self._header.signal_slices()[-1])]
        events = [e for a in annotations if (e := texts.parse_event(a)) is not None]
        markers = [m for a in annotations if (m := texts.parse_marker(a)) is not None]
        settled = [s for a in annotations if (s := texts.parse_settled(a)) is not None]
        return NewRecords(
            [*decode_blocks(self._layout, records, first)],
            events,
            markers,
            {each.stream: each.sample for each in settled},
        )

    def _begin(self, size: int) -> None:
        if self._header is None and size > 0:
            self._header = read_header(self._file, self.path)
        if self._header is None or not (n_records := self._header.whole_records(size)):
            return
        self._layout, self.started = self._find_layout(self._header)
        if self._before_end_s is not None:
            back = int(self._before_end_s / float(self._layout.duration))
            self._next_record = max(0, n_records - back)


class ExcerptReader(_OpenFile):
    """Reads any part of a recording without the rest; a context manager.

    Opening reads a few kilobytes, also of a recording of a whole night.

    Raises
    ------
    UnreadableRecording
        If the file cannot be opened or is not one of ours.
    """

    def __init__(self, path: Path) -> None:
        super().__init__(path)
        try:
            self._header = read_header(self._file, path)
            self._layout, _ = self._find_layout(self._header)
        except BaseException:
            self.close()
            raise

    @property
    def streams(self) -> tuple[Stream, ...]:
        """Return the streams of the file."""
        return self._layout.streams

    def n_samples(self, name: str) -> int:
        """Return how many samples of a stream the complete data records hold now."""
        return self._layout.n_samples(self._header.whole_records(self._size()))[name]

    def read(self, name: str, first: int, end: int) -> Samples:
        """Return samples [first, end) of a stream, shape (n, n_channels), NaN where missing.

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
