"""One growing recording as the live trace draws it: the detector's signal, folded into bins."""

import time
from collections import deque
from collections.abc import Sequence
from math import ceil
from pathlib import Path

import numpy as np
import numpy.typing as npt

from myowatch.recordings.bdf.bdf_growing import RecordingTail
from myowatch.recordings.bdf.bdf_reader import ClockMap
from myowatch.recordings.model.recording import Marker
from myowatch.recordings.storage.problem import Problem
from myowatch.recordings.store.event_windows import EventGroup
from myowatch.signal.dsp.filters import SosFilter, design_bandpass
from myowatch.signal.dsp.mains import MainsCanceller
from myowatch.signal.model.events import Event, current_events
from myowatch.signal.model.samples import Modality, SampleBlock, Samples, Stream, squared_length
from myowatch.signal.model.settings import DetectionSettings


class MinMaxBins:
    """The newest bins of one signal, in memory of fixed size.

    Parameters
    ----------
    bin_size
        Samples a bin.
    n_bins
        How many bins are kept.
    """

    def __init__(self, bin_size: int, n_bins: int) -> None:
        if bin_size < 1 or n_bins < 1:
            raise ValueError(f"need bin_size and n_bins of 1 or more, got {bin_size}, {n_bins}")
        self.bin_size = bin_size
        self.n_bins = n_bins
        self.end_sample = 0
        self._newest = -1
        self._low = np.full(n_bins, np.nan, np.float32)
        self._high = np.full(n_bins, np.nan, np.float32)

    def add(self, first_sample: int, values: Samples) -> None:
        """Add samples, shape (n,); NaN and skipped indices are missing samples."""
        self.end_sample = max(self.end_sample, first_sample + len(values))
        newest = max(self._newest, (first_sample + len(values) - 1) // self.bin_size)
        self._clear(self._newest + 1, newest + 1)
        self._newest = newest
        first_kept = max((newest - self.n_bins + 1) * self.bin_size, first_sample)
        values = values[first_kept - first_sample :]
        if not len(values):
            return
        bins = np.arange(
            first_kept // self.bin_size, (first_kept + len(values) - 1) // self.bin_size + 1
        )
        starts = np.maximum(bins * self.bin_size - first_kept, 0)
        slots = bins % self.n_bins
        self._low[slots] = np.fmin(self._low[slots], np.fmin.reduceat(values, starts))
        self._high[slots] = np.fmax(self._high[slots], np.fmax.reduceat(values, starts))

    def window(self) -> tuple[int, npt.NDArray[np.float32]]:
        """Return the kept bins, oldest first.

        Returns
        -------
        first_bin
            Absolute index of the first one; below zero where nothing has been yet.
        low_high
            Shape (2, n_bins), NaN where no sample is.
        """
        first = self._newest + 1 - self.n_bins
        slots = np.arange(first, first + self.n_bins) % self.n_bins
        return first, np.stack([self._low[slots], self._high[slots]])

    def _clear(self, first_bin: int, end_bin: int) -> None:
        slots = np.arange(max(first_bin, end_bin - self.n_bins), end_bin) % self.n_bins
        self._low[slots] = np.nan
        self._high[slots] = np.nan


BINS_A_WINDOW = 1000

SETTINGS = DetectionSettings()


class Lane:
    """Bins of every window, from the samples of one stream.

    An accelerometer is drawn as the magnitude of its three axes, gravity taken out.

    Parameters
    ----------
    stream
        What is drawn.
    windows
        The lengths of time a viewer may ask for, seconds.
    """

    def __init__(self, stream: Stream, windows: Sequence[int]) -> None:
        self.stream = stream
        self._bins = {
            seconds: MinMaxBins(ceil(stream.sampling_rate * seconds / BINS_A_WINDOW), BINS_A_WINDOW)
            for seconds in windows
        }
        self._heard = DetectorSignal(stream)
        self.end_sample = 0

    def add(self, block: SampleBlock) -> None:
        """Add the next block."""
        values = magnitude(self._heard.of(block))
        for bins in self._bins.values():
            bins.add(block.first_sample, values)
        self.end_sample = max(self.end_sample, block.end_sample)

    @property
    def end_s(self) -> float:
        """Seconds from the start of the session to the newest sample."""
        return self.end_sample / self.stream.sampling_rate

    def window(self, seconds: int) -> tuple[int, float, npt.NDArray[np.float32]]:
        """Return the newest bins: index of the first, seconds a bin, (2, n) of low and high."""
        bins = self._bins[seconds]
        first, low_high = bins.window()
        return first, bins.bin_size / self.stream.sampling_rate, low_high


def magnitude(heard: Samples) -> Samples:
    """Return what is drawn of filtered samples, shape (n, n_channels) to (n,)."""
    return heard[:, 0] if heard.shape[1] == 1 else np.sqrt(squared_length(heard))


class DetectorSignal:
    """The detector's first stages, so that its threshold can be drawn on the trace.

    Below its band lie gravity and an electrode's offset, which would dwarf what is to be seen. An
    envelope is drawn as it is.
    """

    def __init__(self, stream: Stream) -> None:
        self._next_sample = 0
        self._band: SosFilter | None = None
        self._mains: MainsCanceller | None = None
        if stream.modality is Modality.ENVELOPE:
            return
        rate = stream.sampling_rate
        emg = stream.modality is Modality.EMG
        band = SETTINGS.emg if emg else SETTINGS.accelerometer
        high = min(band.high, 0.45 * rate)
        low = min(band.low, 0.5 * high)
        self._band = SosFilter(design_bandpass(low, high, order=2, sampling_rate=rate))
        if emg:
            self._mains = MainsCanceller(rate, SETTINGS.mains_hz, highest=high)

    def of(self, block: SampleBlock) -> Samples:
        """Return the block's filtered samples, NaN where missing; restart after a gap."""
        present = np.isfinite(block.samples).all(axis=1)
        heard = np.full(block.samples.shape, np.nan)
        edges = np.flatnonzero(np.diff(present, prepend=False, append=False))
        for start, end in edges.reshape(-1, 2):
            if block.first_sample + start != self._next_sample:
                self._reset()
            heard[start:end] = self._process(block.samples[start:end])
            self._next_sample = block.first_sample + int(end)
        return heard

    def _process(self, samples: Samples) -> Samples:
        if self._band is None:
            return samples
        samples = self._band.process(samples)
        return samples if self._mains is None else self._mains.process(samples[:, 0])[:, None]

    def _reset(self) -> None:
        for stage in (self._band, self._mains):
            if stage is not None:
                stage.reset()


def look(event: Event | EventGroup) -> str:
    """Return how an event is drawn: `provisional` is hollow, `unsure` is named so."""
    unsure = event.is_unsure if isinstance(event, Event) else event.unsure
    words = ("provisional" if event.provisional else "", "unsure" if unsure else "")
    return " ".join(word for word in words if word)


WINDOWS = (5, 10, 30, 60)


class Follower:
    """Follows one recording.

    Parameters
    ----------
    path
        A recording that is being made, or was.

    Attributes
    ----------
    lanes
        By the stream's name.
    events, markers
        Of the newest minute: settled events, and provisional ones that are not settled yet.
    problem
        Why it cannot be read; empty if it can.
    clock
        The computer's clock, seconds since 1970, against the seconds of the recording.

    Raises
    ------
    Problem
        If it cannot be opened, as a recorder says its file's name a moment before it makes it.
    """

    def __init__(self, path: Path) -> None:
        self._tail = RecordingTail(path, from_seconds_before_end=float(max(WINDOWS)))
        self.lanes: dict[str, Lane] = {}
        self.events: deque[Event] = deque()
        self.markers: deque[Marker] = deque()
        self.problem = ""
        self.clock = ClockMap()

    @property
    def began(self) -> float | None:
        """Time of the first sample, seconds since 1970; None until it is known."""
        return self._tail.started.timestamp() if self._tail.started else None

    @property
    def end_s(self) -> float:
        """Seconds that were read."""
        return max((lane.end_s for lane in self.lanes.values()), default=0.0)

    def poll(self) -> bool:
        """Read what is new; return False if nothing is."""
        if self.problem:
            return False
        try:
            blocks, events, markers, settled_until = self._tail.poll()
        except Problem as problem:
            self.problem = str(problem)
            self.close()
            return True
        for stream in self._tail.streams:
            if stream.name not in self.lanes:
                self.lanes[stream.name] = Lane(stream, WINDOWS)
        for block in blocks:
            self.lanes[block.stream.name].add(block)
        if blocks:
            self.clock.add(time.time(), self.end_s)
        self.events.extend(events)
        if settled_until:
            self.events = deque(current_events(self.events, settled_until))
        self.markers.extend(markers)
        self._forget(self.end_s - max(WINDOWS))
        return bool(blocks or events or settled_until)

    def seconds(self, event: Event) -> tuple[float, float]:
        """Return onset and offset of an event in seconds of the recording."""
        rate = self.lanes[event.stream].stream.sampling_rate
        return event.onset / rate, event.offset / rate

    def close(self) -> None:
        """Close the recording, and drop what was read of it."""
        self._tail.close()
        self.lanes.clear()
        self.events.clear()
        self.markers.clear()

    def _forget(self, oldest: float) -> None:
        while self.events and self.seconds(self.events[0])[1] < oldest:
            self.events.popleft()
        while self.markers and self.markers[0].time_s < oldest:
            self.markers.popleft()
