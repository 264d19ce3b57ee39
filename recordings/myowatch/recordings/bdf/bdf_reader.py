"""Our own BDF+C recordings, finished, growing or left by a recorder that was killed."""

import json
import math
import os
from bisect import bisect_left
from collections import deque
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from decimal import Decimal
from pathlib import Path
from typing import BinaryIO

import numpy as np

from myowatch.recordings.bdf import bdf_annotations as texts
from myowatch.recordings.bdf.bdf_annotations import Annotation, decode_annotations
from myowatch.recordings.bdf.bdf_layout import COUNT_BYTES, RawRecords, RecordLayout
from myowatch.recordings.bdf.edf_header import EdfHeader, read_header
from myowatch.recordings.model.recording import Marker, Recording
from myowatch.recordings.storage.problem import UnreadableRecording
from myowatch.signal.model.events import Event
from myowatch.signal.model.samples import SampleBlock, Stream

KEPT_S = 120.0


class ClockMap:
    """Tells what a signal had come to at some moment, between the moments that were noted.

    It goes by when samples came, so it follows a device whose clock runs fast or slow, and a file
    that is played twenty times as fast. Where nothing came for a while and then all that was
    missed, the signal is taken to have gone on evenly: a moment during a pause lies in its gap.

    Parameters
    ----------
    kept_s
        How far back moments are remembered; the newest two always are.
    """

    def __init__(self, kept_s: float = KEPT_S) -> None:
        self._kept_s = kept_s
        self._points: deque[tuple[float, float]] = deque()

    def add(self, clock_s: float, signal_s: float) -> None:
        """Remember that by now the signal has come to be so long."""
        if self._points and (clock_s <= self._points[-1][0] or signal_s <= self._points[-1][1]):
            return
        self._points.append((clock_s, signal_s))
        while clock_s - self._points[0][0] > self._kept_s and self._points[1][0] < clock_s:
            self._points.popleft()

    def covers(self, clock_s: float) -> bool:
        """Whether samples came since that moment, so that its place is settled."""
        return bool(self._points) and clock_s <= self._points[-1][0]

    def signal_at(self, clock_s: float) -> float | None:
        """Seconds from the start of the signal at a moment of the clock.

        Before the first and after the last moment that was noted, signal and clock are taken to
        go equally fast. None before anything was noted.
        """
        if not self._points:
            return None
        points = [*self._points]
        after = bisect_left(points, (clock_s,))
        if after in {0, len(points)}:
            clock, signal = points[min(after, len(points) - 1)]
            return signal + clock_s - clock
        (early, begin), (late, end) = points[after - 1 : after + 1]
        return begin + (end - begin) * (clock_s - early) / (late - early)


_SCAN_BYTES = 1 << 22


def read_records(file: BinaryIO, header: EdfHeader, first: int, n_records: int) -> RawRecords:
    """Up to so many complete data records, shape (n, record_bytes)."""
    file.seek(header.n_bytes + first * header.record_bytes)
    raw = file.read(n_records * header.record_bytes)
    whole = len(raw) // header.record_bytes
    records = np.frombuffer(raw, np.uint8, whole * header.record_bytes)
    return records.reshape(whole, header.record_bytes)


def record_annotations(records: RawRecords, where: slice) -> Iterator[Annotation]:
    """Annotations of data records; most records have none and are passed over quickly."""
    channel = records[:, where]
    if channel.shape[1] == 0:
        return
    after_timekeeping = (channel == 0).argmax(axis=1) + 1
    after_timekeeping[after_timekeeping >= channel.shape[1]] = 0
    spoken = channel[np.arange(len(channel)), after_timekeeping] != 0
    for record in channel[spoken]:
        yield from decode_annotations(record.tobytes())


def scan_annotations(file: BinaryIO, header: EdfHeader, where: slice) -> Iterator[Annotation]:
    """Annotations of the whole file, in flat memory."""
    first, at_once = 0, max(1, _SCAN_BYTES // header.record_bytes)
    while len(records := read_records(file, header, first, at_once)):
        yield from record_annotations(records, where)
        first += len(records)


def read_layout(file: BinaryIO, header: EdfHeader) -> tuple[RecordLayout, datetime] | None:
    """Layout and start of one of our files; None if its first record does not describe them."""
    if header.sample_bytes != COUNT_BYTES or not header.signals[-1].is_annotations:
        return None
    records = read_records(file, header, 0, 1)
    for annotation in record_annotations(records, header.signal_slices()[-1]):
        if (described := texts.parse_description(annotation)) is not None:
            layout = _layout(described[0], header)
            return None if layout is None else (layout, described[1])
    return None


def _layout(streams: Sequence[Stream], header: EdfHeader) -> RecordLayout | None:
    """Layout of described streams, None if the header tells another."""
    duration = Decimal(str(header.record_s))
    layout = RecordLayout.of(streams, duration, header.signals[-1].n_samples * COUNT_BYTES)
    expected = [slots.n for slots in layout.slots for _ in slots.stream.channels]
    stated = [signal.n_samples for signal in header.signals[:-1]]
    return layout if streams and expected == stated else None


def decode_blocks(layout: RecordLayout, records: RawRecords, first: int) -> Iterator[SampleBlock]:
    """Give one block a stream of consecutive data records.

    Parameters
    ----------
    first
        Number of the first of the records.
    """
    begins = layout.n_samples(first)
    samples = layout.decode(records, first)
    for stream in layout.streams:
        yield SampleBlock(stream, begins[stream.name], samples[stream.name])


class BdfRecording(Recording):
    """One of our own recordings; use `open_recording`."""

    format = "Myowatch BDF+C"
    started: datetime
    n_samples: Mapping[str, int]

    def __init__(
        self,
        path: Path,
        file: BinaryIO,
        header: EdfHeader,
        layout: RecordLayout,
        started: datetime,
    ) -> None:
        super().__init__(path)
        self._file, self._header, self._layout = file, header, layout
        self.streams, self.started = layout.streams, started
        size = os.fstat(file.fileno()).st_size
        self._n_records = header.whole_records(size)
        self._annotations = [*scan_annotations(file, header, header.signal_slices()[-1])]
        self.metadata = self._read_metadata()
        self.n_samples = self._read_n_samples()
        if header.n_records < 0:
            self._warn("not closed: still being written, or its recorder was stopped by force")
        elif header.n_records > self._n_records:
            self._warn(f"cut short: {self._n_records} of {header.n_records} data records are left")
        self.torn_bytes = (size - header.n_bytes) % header.record_bytes
        if self.torn_bytes and header.n_records >= 0:
            self._warn("the last data record is torn and left out")

    @classmethod
    def open(cls, path: Path, file: BinaryIO) -> "BdfRecording | None":
        """Take an open file, None if it is not one of ours.

        Raises
        ------
        UnreadableRecording
            If its header is damaged.
        """
        header = read_header(file, path)
        found = read_layout(file, header)
        if found is None:
            return None
        return cls(path, file, header, *found)

    @property
    def clipped(self) -> dict[str, int]:
        """Samples of each stream that 24 bits could not hold, as its recorder stated them."""
        clipped: dict[str, int] = {}
        for annotation in self._annotations:
            if (said := texts.parse_clipping(annotation)) is not None:
                clipped[said[0]] = clipped.get(said[0], 0) + said[1]
        return clipped

    @property
    def clock(self) -> ClockMap:
        """The host's clock, seconds since 1970, as it was noted while recording."""
        clock = ClockMap(math.inf)
        clock.add(self.started.timestamp(), 0.0)
        for annotation in self._annotations:
            if (said := texts.parse_clock(annotation)) is not None:
                clock.add(said.timestamp(), annotation.onset_s)
        return clock

    @property
    def is_closed(self) -> bool:
        """Whether its recorder came to the end of it."""
        return self._header.n_records >= 0

    def _read(self, seconds: float) -> Iterator[SampleBlock]:
        at_once = max(1, int(seconds / float(self._layout.duration)))
        for first in range(0, self._n_records, at_once):
            n_records = min(at_once, self._n_records - first)
            records = read_records(self._file, self._header, first, n_records)
            if len(records) < n_records:
                raise UnreadableRecording(f"{self.path} became shorter while it was read")
            self.progress = first / self._n_records
            yield from decode_blocks(self._layout, records, first)

    def _events(self) -> list[Event]:
        return [e for a in self._annotations if (e := texts.parse_event(a)) is not None]

    def _markers(self) -> list[Marker]:
        return [m for a in self._annotations if (m := texts.parse_marker(a)) is not None]

    def _close(self) -> None:
        self._file.close()

    def _read_metadata(self) -> dict[str, str]:
        metadata: dict[str, str] = {}
        for annotation in self._annotations:
            if (said := texts.parse_metadata(annotation)) is not None:
                metadata[said[0]] = metadata.get(said[0], "") + said[1]
        return metadata

    def _read_n_samples(self) -> dict[str, int]:
        held = self._layout.n_samples(self._n_records)
        try:
            ends = json.loads(self.metadata.get("end", "null"))
            stated = dict(zip(held, map(int, ends), strict=True))
        except (ValueError, TypeError):
            return held
        return {name: min(n, stated[name]) for name, n in held.items()}
