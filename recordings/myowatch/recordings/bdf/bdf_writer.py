"""Write our recording: a BDF+C file that is valid after every appended data record.

The record count in the header is -1 while the file grows, as the standard allows. Only complete
records are written, so that a killed process loses less than a record. They are flushed to the disk
about once a second, so that a power cut loses little more.
"""

import contextlib
import json
import os
import time
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import NoReturn

from myowatch.recordings.bdf import bdf_annotations as texts
from myowatch.recordings.bdf.bdf_annotations import SettledUntil, encode_annotation, timekeeping_tal
from myowatch.recordings.bdf.bdf_layout import RecordLayout, to_counts
from myowatch.recordings.bdf.edf_header import N_RECORDS_AT, encode_header, encode_record_count
from myowatch.recordings.bdf.record_queues import Item, PendingAnnotations, PendingSamples
from myowatch.recordings.model.recording import Marker
from myowatch.recordings.storage.disk import create_private, write_all
from myowatch.recordings.storage.problem import StorageProblem, storage_problem
from myowatch.signal.model.events import Event
from myowatch.signal.model.samples import SampleBlock, Stream

_RECORDS_AT_ONCE = 256
_UNWRITTEN_S = 0.5  # `write` leaves this much to `sync`, so that events fit beside their samples
_SILENT_S, _LAG_S = 1.0, 2.0  # a stream this silent and this late is filled with missing samples
_LONGEST_LAG_S = 60.0  # bounds the memory when one stream is far ahead of the others
_FLUSH_S = 1.0
_CLOCK_S = 60.0


class _RecordFile:
    """An open file to which data records are appended; on an error it ends after a record."""

    def __init__(self, path: Path, header: bytes, record_bytes: int) -> None:
        self.path = path
        self.n_records = 0
        self.failure: StorageProblem | None = None
        self._header_bytes, self._record_bytes = len(header), record_bytes
        self._flushed_at = time.monotonic()
        self._descriptor = create_private(path)
        try:
            self.append(header)
        except StorageProblem:
            self.close()
            path.unlink()
            raise

    def append(self, data: bytes, n_records: int = 0) -> None:
        try:
            write_all(self._descriptor, data)
        except OSError as error:
            self._fail(error)
        self.n_records += n_records

    def flush(self) -> None:
        """Flush to the disk about once a second."""
        if time.monotonic() - self._flushed_at >= _FLUSH_S:
            self._flushed_at = time.monotonic()
            try:
                os.fsync(self._descriptor)
            except OSError as error:
                self._fail(error)

    def write_record_count(self) -> None:
        os.lseek(self._descriptor, N_RECORDS_AT, os.SEEK_SET)
        try:
            write_all(self._descriptor, encode_record_count(self.n_records))
            os.fsync(self._descriptor)
        except OSError as error:
            raise storage_problem(self.path, error) from error

    def close(self) -> None:
        os.close(self._descriptor)

    def _fail(self, error: OSError) -> NoReturn:
        self.failure = storage_problem(self.path, error)
        size = os.lseek(self._descriptor, 0, os.SEEK_END)
        self.n_records = max(0, size - self._header_bytes) // self._record_bytes
        whole = self._header_bytes + self.n_records * self._record_bytes
        with contextlib.suppress(OSError):  # readers expect an incomplete last record
            os.ftruncate(self._descriptor, whole)
        raise self.failure from error


class BdfWriter:
    """Appends samples, events and markers to a new recording.

    `write` and `add_event` collect; call `sync` after each round of blocks and events to write
    every complete record. Without it, at most half a second of samples stays unwritten.

    Parameters
    ----------
    streams
        At least one, with different names.
    started
        Time of the first sample, with its offset from UTC.
    session_id, source, note
        Written as metadata.
    settings
        Detection settings as JSON; written as metadata.

    Raises
    ------
    StorageProblem
        If the file exists or cannot be written. The file then stays valid up to its last complete
        record, and every later call raises the same error.
    """

    def __init__(
        self,
        path: Path,
        streams: Sequence[Stream],
        *,
        started: datetime,
        session_id: str,
        source: str,
        note: str = "",
        settings: str = "",
    ) -> None:
        if not streams or len({stream.name for stream in streams}) < len(streams):
            raise ValueError(f"need streams with different names, got {[s.name for s in streams]}")
        if started.tzinfo is None:
            raise ValueError(f"need a start with its offset from UTC, got {started}")
        self.path = path
        first = texts.describe(streams, started)
        room = len(timekeeping_tal(0)) + len(encode_annotation(first))
        self._layout = RecordLayout.choose(
            streams, max(room, texts.longest_annotation_bytes(streams))
        )
        self._pending = {stream.name: PendingSamples(stream) for stream in streams}
        self._annotations = PendingAnnotations()
        self._annotations.add_urgent(first)
        metadata = {"session": session_id, "source": source, "note": note, "settings": settings}
        for key, text in metadata.items():
            self._annotations.add(*texts.describe_metadata(key, text))
        self._saved: list[Event] = []
        self._saved_markers: list[Marker] = []
        self._saved_settled: dict[str, int] = {}
        self._next_clock_s = 0.0
        self._closed = False
        header = encode_header(self._layout, started)
        self._file = _RecordFile(path, header, self._layout.record_bytes)

    def __enter__(self) -> "BdfWriter":
        return self

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None:
        try:
            self.close()
        except StorageProblem:
            if kind is None:
                raise

    @property
    def n_samples(self) -> dict[str, int]:
        """Return how many samples of each stream are in the file, missing ones included."""
        written = self._layout.n_samples(self._file.n_records)
        return {name: min(n, self._pending[name].end_sample) for name, n in written.items()}

    @property
    def clipped(self) -> dict[str, int]:
        """Return how many samples of each stream exceeded 24 bits."""
        return {name: pending.clipped for name, pending in self._pending.items()}

    def write(self, block: SampleBlock) -> None:
        """Add a block; a jump of `first_sample` becomes missing samples."""
        self._check()
        pending = self._pending[block.stream.name]
        counts, clipped = to_counts(block.samples, block.stream.resolution)
        pending.clipped += clipped
        for first, end in pending.add(block.first_sample, counts):
            self._annotations.add(texts.describe_gap(block.stream, first, end))
        self._fill_late_streams(_LONGEST_LAG_S)
        self._write_complete_records(leave=int(_UNWRITTEN_S / float(self._layout.duration)))

    def add_event(self, event: Event) -> None:
        """Add an event; `sync` returns it when it is in the file."""
        rate = self._pending[event.stream].stream.sampling_rate
        self._annotations.add_urgent(texts.describe_event(event, rate), event)

    def add_settled(self, stream: str, until: int) -> None:
        """State that all events of a stream that end at this sample or before are settled.

        Add the settled events before. `take_saved_settled` returns it when it is in the file.
        """
        annotation = texts.describe_settled(self._pending[stream].stream, until)
        self._annotations.add_urgent(annotation, SettledUntil(stream, until))

    def add_detectable_peak(self, stream: str, minute: int, peak: float) -> None:
        """Add the smallest twitch that would have been found in a minute, peak to peak."""
        stream_of_peak = self._pending[stream].stream
        self._annotations.add(texts.describe_detectable_peak(stream_of_peak, minute, peak))

    def add_marker(self, marker: Marker) -> None:
        """Add a marker; `take_saved_markers` returns it when it is in the file."""
        self._annotations.add_urgent(texts.describe_marker(marker), marker)

    def add_metadata(self, key: str, text: str) -> None:
        """Add metadata that became known during the recording."""
        now_s = self._file.n_records * float(self._layout.duration)
        self._annotations.add(*texts.describe_metadata(key, text, now_s))

    def sync(self) -> list[Event]:
        """Write every complete record, and flush to the disk about once a second.

        Returns
        -------
        the events that were written since the last call
        """
        self._check()
        silent_since = time.monotonic() - _SILENT_S
        self._fill_late_streams(_LAG_S, silent_since=silent_since)
        self._write_complete_records()
        return self._take_saved()

    def take_saved_markers(self) -> list[Marker]:
        """Return the markers that were written since the last call."""
        saved, self._saved_markers = self._saved_markers, []
        return saved

    def take_saved_settled(self) -> dict[str, int]:
        """Return up to where all is settled, of the streams for which this was written anew."""
        saved, self._saved_settled = self._saved_settled, {}
        return saved

    def close(self) -> list[Event]:
        """Write the remaining samples, the exact length and the record count.

        Returns
        -------
        the events that were written since the last `sync`
        """
        if self._closed:
            return []
        self._closed = True
        try:
            if self._file.failure is None:
                self._finish()
            self._file.write_record_count()
        finally:
            self._file.close()
        return self._take_saved()

    def _finish(self) -> None:
        for pending in self._pending.values():
            for first, end in pending.close_gap():
                self._annotations.add(texts.describe_gap(pending.stream, first, end))
        self._annotate_clipping(self._file.n_records * float(self._layout.duration))
        ends = {name: pending.end_sample for name, pending in self._pending.items()}
        self._annotations.add(*texts.describe_metadata("end", json.dumps([*ends.values()])))
        needed = max(slots.records_for(ends[slots.stream.name]) for slots in self._layout.slots)
        # Pad with missing samples to complete records, and to as many as the annotations need.
        while self._annotations or self._file.n_records < needed:
            self._write_records(min(_RECORDS_AT_ONCE, max(1, needed - self._file.n_records)))

    def _write_complete_records(self, *, leave: int = 0) -> None:
        complete = min(
            slots.whole_records(self._pending[slots.stream.name].end_sample)
            for slots in self._layout.slots
        )
        while (waiting := complete - leave - self._file.n_records) > 0:
            self._write_records(min(waiting, _RECORDS_AT_ONCE))
        self._file.flush()

    def _write_records(self, n_records: int) -> None:
        begin = self._file.n_records
        ends = self._layout.n_samples(begin + n_records)
        counts = {name: self._pending[name].take(end) for name, end in ends.items()}
        records = self._layout.encode(counts, begin, n_records)
        saved: list[Item] = []
        for number, record in enumerate(records, begin):
            packed, items = self._pack_annotations(number)
            record[self._layout.annotation_start :][: len(packed)] = bytearray(packed)
            saved += items
        self._file.append(records.tobytes(), n_records)
        self._saved += [item for item in saved if isinstance(item, Event)]
        self._saved_markers += [item for item in saved if isinstance(item, Marker)]
        self._saved_settled |= {s.stream: s.sample for s in saved if isinstance(s, SettledUntil)}

    def _pack_annotations(self, record: int) -> tuple[bytes, list[Item]]:
        onset_us = int(record * self._layout.duration * 1_000_000)
        if onset_us / 1e6 >= self._next_clock_s:
            self._next_clock_s += _CLOCK_S
            self._annotations.add(texts.describe_clock(datetime.now(UTC), onset_us / 1e6))
            self._annotate_clipping(record * float(self._layout.duration))
        start = timekeeping_tal(onset_us)
        packed, items = self._annotations.pack(self._layout.annotation_bytes - len(start))
        return start + packed, items

    def _annotate_clipping(self, now_s: float) -> None:
        for pending in self._pending.values():
            if clipped := pending.take_new_clipping():
                self._annotations.add(texts.describe_clipping(pending.stream, clipped, now_s))

    def _fill_late_streams(self, lag_s: float, *, silent_since: float | None = None) -> None:
        newest_s = max(pending.end_s for pending in self._pending.values())
        for pending in self._pending.values():
            silent = silent_since is None or pending.last_added < silent_since
            if silent and newest_s - pending.end_s > lag_s:
                pending.miss_until_s(newest_s - _SILENT_S)

    def _take_saved(self) -> list[Event]:
        saved, self._saved = self._saved, []
        return saved

    def _check(self) -> None:
        if self._file.failure is not None:
            raise self._file.failure
        if self._closed:
            raise ValueError(f"{self.path} is closed")
