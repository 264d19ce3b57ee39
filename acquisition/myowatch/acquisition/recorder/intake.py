"""Writes samples to the file, runs the detector, and records events and markers."""

import time
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from myowatch.acquisition.recorder.destination import Destination
from myowatch.acquisition.timing.clock_comparison import now_s
from myowatch.recordings.bdf.bdf_reader import ClockMap
from myowatch.recordings.bdf.bdf_writer import BdfWriter
from myowatch.recordings.model.link_quality import LinkQuality
from myowatch.recordings.model.recording import Marker
from myowatch.recordings.storage.problem import StorageProblem
from myowatch.recordings.wearer.marker_presses import RECORDED_AFTER_S, Press, Presses
from myowatch.signal.detector.detector import Detector
from myowatch.signal.model.events import Condition, Event
from myowatch.signal.model.samples import SampleBlock, Stream
from myowatch.signal.statistics.counts import Summary, Tally


@dataclass(frozen=True, slots=True)
class ReadMarker:
    """A marker, by the clock that places samples."""

    press: Press
    at_s: float


class MarkerReader:
    """Reads the markers of one session from the journal.

    Attributes
    ----------
    pressed
        All markers as of the last `poll`; other threads may read it at any time.
    """

    def __init__(self, home: Path, session_id: str) -> None:
        self._presses, self._session_id = Presses(home), session_id
        self.pressed: tuple[ReadMarker, ...] = ()

    def poll(self) -> None:
        """Read new entries of the journal; cheap when there are none."""
        try:
            if not self._presses.poll():
                return
        except StorageProblem:  # the journal keeps it for the next call
            return
        known = {pressed.press.id: pressed for pressed in self.pressed}
        # The wall clock may be set at any time, so only the age of a press is used.
        since = time.time() - now_s()
        presses = self._presses.for_session(self._session_id)
        self.pressed = tuple(known.get(p.id, ReadMarker(p, p.at - since)) for p in presses)


class MarkerPlacement:
    """Places markers in one recording."""

    def __init__(self) -> None:
        self._clock = ClockMap()
        self._taken: set[str] = set()

    def extend_to(self, signal_s: float) -> None:
        """Note the length of the signal so far."""
        self._clock.add(now_s(), signal_s)

    def due(self, pressed: Sequence[ReadMarker]) -> list[Marker]:
        """Return the markers that can no longer be undone and whose place is settled."""
        now = now_s()
        return self._take(
            each
            for each in pressed
            if now - each.at_s >= RECORDED_AFTER_S and self._clock.covers(each.at_s)
        )

    def remaining(self, pressed: Sequence[ReadMarker]) -> list[Marker]:
        """Return the remaining markers at the end of the recording."""
        return self._take(pressed)

    def _take(self, pressed: Iterable[ReadMarker]) -> list[Marker]:
        markers = []
        for each in pressed:
            at = self._clock.signal_at(each.at_s)
            if each.press.id not in self._taken and at is not None:
                self._taken.add(each.press.id)
                # A press before the first sample has no place in the recording.
                markers += [Marker(at, each.press.text)] if at >= 0 else []
        return markers


BLOCK_S = 0.2
"""How long samples wait for the detector: a twitch is in the store 0.4 s after its end."""


class BlockJoiner:
    """Joins blocks of one stream until they are long enough to process efficiently."""

    def __init__(self, stream: Stream) -> None:
        self._wanted = BLOCK_S * stream.sampling_rate
        self._blocks: list[SampleBlock] = []

    def add(self, block: SampleBlock) -> list[SampleBlock]:
        """Add a block; return what is long enough, or is followed by a gap."""
        ready = []
        if self._blocks and self._blocks[-1].end_sample != block.first_sample:
            ready = self.remaining()
        self._blocks.append(block)
        if block.end_sample - self._blocks[0].first_sample >= self._wanted:
            ready += self.remaining()
        return ready

    def remaining(self) -> list[SampleBlock]:
        """Return the blocks that still wait, joined."""
        blocks, self._blocks = self._blocks, []
        if len(blocks) <= 1:
            return blocks
        samples = np.concatenate([block.samples for block in blocks])
        return [SampleBlock(blocks[0].stream, blocks[0].first_sample, samples)]


@dataclass(frozen=True, slots=True)
class Snapshot:
    """State of a track at one moment; made by its thread, read by any other.

    Parameters
    ----------
    streams
        Empty until the source is open; in the same order as `conditions`, `counts`, `n_samples`.
    progress
        Share of the source that was read; None if it has no end.
    link
        Link quality; None without a device.
    """

    streams: tuple[Stream, ...] = ()
    conditions: tuple[Condition, ...] = ()
    counts: tuple[Summary, ...] = ()
    n_samples: tuple[int, ...] = ()
    progress: float | None = None
    link: LinkQuality | None = None

    @property
    def duration_s(self) -> float:
        """Seconds of signal so far."""
        lasting = zip(self.n_samples, self.streams, strict=True)
        return max((n / stream.sampling_rate for n, stream in lasting), default=0.0)

    def conditions_as_json(self) -> list[dict[str, Any]]:
        """Return the conditions as in a recorder's status."""
        both = zip(self.streams, self.conditions, strict=False)
        return [_condition_as_json(stream, condition) for stream, condition in both]


def _condition_as_json(stream: Stream, condition: Condition) -> dict[str, Any]:
    since = condition.unscorable_since
    return {
        "name": stream.name,
        "modality": stream.modality,
        "unit": stream.unit,
        "sampling_rate": stream.sampling_rate,
        "quality": condition.quality,
        "noise_floor": condition.noise_floor,
        "threshold": condition.threshold,
        "mains_hz": condition.mains_hz,
        "detectable_peak": condition.detectable_peak,
        "active": condition.active,
        "unscorable_since_s": None if since is None else since / stream.sampling_rate,
    }


class Intake:
    """Processes the blocks of one source.

    Samples go to the file before anything else. An event goes to the file first and then to the
    store: the store never holds what the file does not.

    Parameters
    ----------
    markers
        Pressed during the session.
    duration_s
        Later samples are left out; exact to the sample. None for no end.
    """

    def __init__(
        self,
        streams: Sequence[Stream],
        writer: BdfWriter,
        detector: Detector,
        destination: Destination,
        markers: MarkerReader,
        *,
        duration_s: float | None,
    ) -> None:
        self._streams = tuple(streams)
        self._writer, self._detector, self._destination = writer, detector, destination
        self._markers, self._placement = markers, MarkerPlacement()
        self._joiners = {stream.name: BlockJoiner(stream) for stream in streams}
        self._tallies = {stream.name: Tally(stream) for stream in streams}
        self._peaks: dict[str, dict[int, float]] = {stream.name: {} for stream in streams}
        self._n_samples = {stream.name: 0 for stream in streams}
        self._last = {
            stream.name: None if duration_s is None else round(duration_s * stream.sampling_rate)
            for stream in streams
        }

    @property
    def is_over(self) -> bool:
        """Whether every stream has reached the duration."""
        lasting = ((self._last[name], n) for name, n in self._n_samples.items())
        return all(last is not None and n >= last for last, n in lasting)

    def process(self, blocks: Sequence[SampleBlock]) -> None:
        """Process what has arrived, which may be nothing.

        Raises
        ------
        StorageProblem
            If the file or the store cannot be written.
        """
        ready: list[SampleBlock] = []
        for block in blocks:
            wanted = self._within_duration(block)
            if len(wanted):
                self._n_samples[block.stream.name] = wanted.end_sample
                ready += self._joiners[block.stream.name].add(wanted)
        if blocks:
            self._placement.extend_to(max(n / s.sampling_rate for n, s in self._lengths()))
        self._mark(self._placement.due(self._markers.pressed))
        if ready or not blocks:
            self._write(ready)
            self._index(self._writer.sync())

    def finish(self, link: LinkQuality | None) -> None:
        """End file and detection, and record the link quality."""
        for joiner in self._joiners.values():
            self._write(joiner.remaining())
        self._annotate(self._detector.flush())
        self._markers.poll()
        self._mark(self._placement.remaining(self._markers.pressed))
        if link is not None:
            self._writer.add_metadata("link", link.in_one_line())
        self._index(self._writer.close())

    def save_samples(self) -> None:
        """Write the samples that have arrived to the file, without detection."""
        for joiner in self._joiners.values():
            for block in joiner.remaining():
                self._writer.write(block)

    def snapshot(self, progress: float | None, link: LinkQuality | None) -> Snapshot:
        """Return the state of every stream now."""
        conditions = tuple(self._detector.condition(stream.name) for stream in self._streams)
        n_samples = tuple(self._n_samples.values())
        counts = tuple(
            self._tallies[stream.name].summary(n, unscorable_since=condition.unscorable_since)
            for stream, n, condition in zip(self._streams, n_samples, conditions, strict=True)
        )
        return Snapshot(self._streams, conditions, counts, n_samples, progress, link)

    def _index(self, events: Sequence[Event]) -> None:
        self._destination.index(
            events,
            self._writer.n_samples,
            self._writer.take_saved_markers(),
            self._writer.take_saved_settled(),
        )

    def _mark(self, markers: Iterable[Marker]) -> None:
        for marker in markers:
            self._writer.add_marker(marker)

    def _lengths(self) -> Iterable[tuple[int, Stream]]:
        return zip(self._n_samples.values(), self._streams, strict=True)

    def _write(self, blocks: Sequence[SampleBlock]) -> None:
        for block in blocks:
            self._writer.write(block)
        for block in blocks:
            self._annotate(self._detector.process(block))

    def _annotate(self, events: Iterable[Event]) -> None:
        for event in events:
            self._writer.add_event(event)
            self._tallies[event.stream].add(event)
        for name, counted in self._tallies.items():
            until = self._detector.settled_until(name)
            if counted.replaced_by(until):
                counted.settle(until)
                self._writer.add_settled(name, until)
            self._note_detectable_peaks(name)

    def _note_detectable_peaks(self, name: str) -> None:
        """Record the smallest twitch that would have been found, of the minutes that are over."""
        peaks = self._detector.detectable_peaks(name)
        new = {
            minute: peaks[minute]
            for minute in peaks
            if peaks[minute] != self._peaks[name].get(minute)
        }
        self._peaks[name] = peaks
        self._tallies[name].set_detectable_peaks(new)
        for minute, peak in new.items():
            self._writer.add_detectable_peak(name, minute, peak)
            self._destination.index_detectable_peak(name, minute, peak)

    def _within_duration(self, block: SampleBlock) -> SampleBlock:
        last = self._last[block.stream.name]
        if last is None or block.end_sample <= last:
            return block
        kept = block.samples[: max(last - block.first_sample, 0)]
        return SampleBlock(block.stream, min(block.first_sample, last), kept)
