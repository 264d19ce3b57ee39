"""A recording read while it grows, without a word to its writer."""

import os
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from types import TracebackType

from myowatch.recordings.bdf import bdf_annotations as texts
from myowatch.recordings.bdf.bdf_layout import RawRecords, RecordLayout
from myowatch.recordings.bdf.bdf_reader import read_layout, read_records, record_annotations
from myowatch.recordings.bdf.edf_header import EdfHeader, read_header
from myowatch.recordings.model.recording import Marker
from myowatch.recordings.storage.problem import UnreadableRecording
from myowatch.signal.model.events import Event
from myowatch.signal.model.samples import SampleBlock, Stream

_LONGEST_POLL_S = 60.0


class RecordingTail:
    """Follows one of our recordings as it grows; a context manager.

    Parameters
    ----------
    path
        A recording that may still be shorter than its first data record.
    from_seconds_before_end
        Where to begin: so long before what is its end now. None is the beginning.

    Raises
    ------
    UnreadableRecording
        From `poll` or here, if the file cannot be opened or is not one of ours.
    """

    def __init__(self, path: Path, from_seconds_before_end: float | None = None) -> None:
        self.path = path
        self.started: datetime | None = None
        self._before_end_s = from_seconds_before_end
        self._header: EdfHeader | None = None
        self._layout: RecordLayout | None = None
        self._next_record = 0
        try:
            self._file = path.open("rb", buffering=0)
        except OSError as error:
            raise UnreadableRecording(f"cannot open {path}: {error.strerror}") from error

    def __enter__(self) -> "RecordingTail":
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    @property
    def streams(self) -> tuple[Stream, ...]:
        """What the file holds; empty until a `poll` finds its first data record."""
        return self._layout.streams if self._layout else ()

    def poll(self) -> tuple[list[SampleBlock], list[Event], list[Marker]]:
        """Everything new in complete data records, at most a minute of it at once.

        A block may hold missing samples, as NaN.
        """
        size = os.fstat(self._file.fileno()).st_size
        if self._layout is None:
            self._begin(size)
        if self._layout is None or self._header is None:
            return [], [], []
        waiting = self._header.whole_records(size) - self._next_record
        if waiting <= 0:
            return [], [], []
        n_records = min(waiting, max(1, int(_LONGEST_POLL_S / float(self._layout.duration))))
        records = read_records(self._file, self._header, self._next_record, n_records)
        first, self._next_record = self._next_record, self._next_record + len(records)
        annotations = [*record_annotations(records, self._header.signal_slices()[-1])]
        events = [e for a in annotations if (e := texts.parse_event(a)) is not None]
        markers = [m for a in annotations if (m := texts.parse_marker(a)) is not None]
        return [*_decode(self._layout, records, first)], events, markers

    def close(self) -> None:
        """Let go of the file."""
        self._file.close()

    def _begin(self, size: int) -> None:
        if self._header is None and size > 0:
            self._header = read_header(self._file, self.path)
        if self._header is None or not (n_records := self._header.whole_records(size)):
            return
        found = read_layout(self._file, self._header)
        if found is None:
            raise UnreadableRecording(f"{self.path} is not a recording of Myowatch")
        self._layout, self.started = found
        if self._before_end_s is not None:
            back = int(self._before_end_s / float(self._layout.duration))
            self._next_record = max(0, n_records - back)


def _decode(layout: RecordLayout, records: RawRecords, first: int) -> Iterator[SampleBlock]:
    begins = layout.n_samples(first)
    samples = layout.decode(records, first)
    for stream in layout.streams:
        yield SampleBlock(stream, begins[stream.name], samples[stream.name])
