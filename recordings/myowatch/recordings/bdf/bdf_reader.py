"""Read our BDF+C recordings: finished, growing, or left by a killed recorder."""

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
    """Converts times of a clock into times of a signal, by interpolation between known pairs.

    It follows a device whose clock is fast or slow, and a file that is replayed faster. During a
    pause of the signal, the result lies in the gap.

    Parameters
    ----------
    kept_s
        How long pairs are kept; the newest two always are.
    """

    def __init__(self, kept_s: float = KEPT_S) -> None:
        self._kept_s = kept_s
        self._points: deque[tuple[float, float]] = deque()

    def add(self, clock_s: float, signal_s: float) -> None:
        """Add a pair: at `clock_s`, the signal had the length `signal_s`."""
        if self._points and (clock_s <= self._points[-1][0] or signal_s <= self._points[-1][1]):
            return
        self._points.append((clock_s, signal_s))
        while clock_s - self._points[0][0] > self._kept_s and self._points[1][0] < clock_s:
            self._points.popleft()

    def covers(self, clock_s: float) -> bool:
        """Return whether a later pair is known, so that the result is final."""
        return bool(self._points) and clock_s <= self._points[-1][0]

    def signal_at(self, clock_s: float) -> float | None:
        """Return the seconds from the start of the signal at a time of the clock.

        Before the first and after the last pair, signal and clock run equally fast. None without
        any pair.
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
    """Return at most `n_records` complete data records, shape (n, record_bytes)."""
    file.seek(header.n_bytes + first * header.record_bytes)
    raw = file.read(n_records * header.record_bytes)
    whole = len(raw) // header.record_bytes
    records = np.frombuffer(raw, np.uint8, whole * header.record_bytes)
    return records.reshape(whole, header.record_bytes)


def record_annotations(records: RawRecords, where: slice) -> Iterator[Annotation]:
    """Yield the annotations of data records; records without any are skipped quickly."""
    channel = records[:, where]
    if channel.shape[1] == 0:
        return
    after_timekeeping = (channel == 0).argmax(axis=1) + 1
    after_timekeeping[after_timekeeping >= channel.shape[1]] = 0
    has_text = channel[np.arange(len(channel)), after_timekeeping] != 0
    for record in channel[has_text]:
        yield from decode_annotations(record.tobytes())


def scan_annotations(file: BinaryIO, header: EdfHeader, where: slice) -> Iterator[Annotation]:
    """Yield the annotations of a whole file, in constant memory."""
    first, at_once = 0, max(1, _SCAN_BYTES // header.record_bytes)
    while len(records := read_records(file, header, first, at_once)):
        yield from record_annotations(records, where)
        first += len(records)


def read_layout(file: BinaryIO, header: EdfHeader) -> tuple[RecordLayout, datetime] | None:
    """Return the layout and start of one of our files; None for another file."""
    if header.sample_bytes != COUNT_BYTES or not header.signals[-1].is_annotations:
        return None
    records = read_records(file, header, 0, 1)
    for annotation in record_annotations(records, header.signal_slices()[-1]):
        if (described := texts.parse_description(annotation)) is not None:
            layout = _layout(described[0], header)
            return None if layout is None else (layout, described[1])
    return None


def _layout(streams: Sequence[Stream], header: EdfHeader) -> RecordLayout | None:
    """Return the layout of the described streams; None if the header contradicts it."""
    duration = Decimal(str(header.record_s))
    layout = RecordLayout.of(streams, duration, header.signals[-1].n_samples * COUNT_BYTES)
    expected = [slots.n for slots in layout.slots for _ in slots.stream.channels]
    stated = [signal.n_samples for signal in header.signals[:-1]]
    return layout if streams and expected == stated else None


def decode_blocks(layout: RecordLayout, records: RawRecords, first: int) -> Iterator[SampleBlock]:
    """Yield one block for each stream of consecutive data records.

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
    """One of our recordings; use `open_recording`."""

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
        """Return the recording of an open file; None if it is not one of ours.

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
        """Return how many samples of each stream exceeded 24 bits, as its recorder stated."""
        clipped: dict[str, int] = {}
        for annotation in self._annotations:
            if (found := texts.parse_clipping(annotation)) is not None:
                clipped[found[0]] = clipped.get(found[0], 0) + found[1]
        return clipped

    @property
    def clock(self) -> ClockMap:
        """Return the host's clock, seconds since 1970, as it was written while recording."""
        clock = ClockMap(math.inf)
        clock.add(self.started.timestamp(), 0.0)
        for annotation in self._annotations:
            if (found := texts.parse_clock(annotation)) is not None:
                clock.add(found.timestamp(), annotation.onset_s)
        return clock

    @property
    def is_closed(self) -> bool:
        """Return whether its recorder closed it."""
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
        return texts.find_events(self._annotations)

    def _detectable_peaks(self) -> dict[str, dict[int, float]]:
        peaks: dict[str, dict[int, float]] = {}
        for annotation in self._annotations:
            if (found := texts.parse_detectable_peak(annotation)) is not None:
                stream, minute, peak = found
                peaks.setdefault(stream, {})[minute] = peak
        return peaks

    def _markers(self) -> list[Marker]:
        return [m for a in self._annotations if (m := texts.parse_marker(a)) is not None]

    def _close(self) -> None:
        self._file.close()

    def _read_metadata(self) -> dict[str, str]:
        metadata: dict[str, str] = {}
        for annotation in self._annotations:
            if (found := texts.parse_metadata(annotation)) is not None:
                metadata[found[0]] = metadata.get(found[0], "") + found[1]
        return metadata

    def _read_n_samples(self) -> dict[str, int]:
        held = self._layout.n_samples(self._n_records)
        try:
            ends = json.loads(self.metadata.get("end", "null"))
            stated = dict(zip(held, map(int, ends), strict=True))
        except (ValueError, TypeError):
            return held
        return {name: min(n, stated[name]) for name, n in held.items()}
