"""Samples in: to the file, through the detector; events and markers to the file and the store."""

import time
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from myowatch.acquisition.recorder.destination import Destination
from myowatch.acquisition.recorder.track_status import Snapshot
from myowatch.acquisition.timing.clock_comparison import now_s
from myowatch.recordings.bdf.bdf_reader import ClockMap
from myowatch.recordings.bdf.bdf_writer import BdfWriter
from myowatch.recordings.model.link_quality import LinkQuality
from myowatch.recordings.model.recording import Marker
from myowatch.recordings.storage.problem import StorageProblem
from myowatch.recordings.wearer.marker_presses import RECORDED_AFTER_S, Press, Presses
from myowatch.signal.detector.detector import Detector
from myowatch.signal.model.events import Event
from myowatch.signal.model.samples import SampleBlock, Stream
from myowatch.signal.statistics.counts import Tally


@dataclass(frozen=True, slots=True)
class ReadMarker:
    """A marker, by the clock that places samples."""

    press: Press
    at_s: float


class MarkerReader:
    """Reads the markers of one session from the journal.

    Attributes
    ----------
    heard
        All that was, as of the last `listen`; read by other threads at any time.
    """

    def __init__(self, home: Path, session_id: str) -> None:
        self._presses, self._session_id = Presses(home), session_id
        self.heard: tuple[ReadMarker, ...] = ()

    def listen(self) -> None:
        """Read new entries of the journal; cheap when there are none."""
        try:
            if not self._presses.poll():
                return
        except StorageProblem:  # what cannot be read now is in the journal still
            return
        known = {heard.press.id: heard for heard in self.heard}
        # The clock of the wall may be set at any time; what was pressed just now was so long ago.
        since = time.time() - now_s()
        presses = self._presses.for_session(self._session_id)
        self.heard = tuple(known.get(p.id, ReadMarker(p, p.at - since)) for p in presses)


class MarkerPlacement:
    """Places markers in one recording."""

    def __init__(self) -> None:
        self._clock = ClockMap()
        self._taken: set[str] = set()

    def came(self, signal_s: float) -> None:
        """Note the length of the signal so far."""
        self._clock.add(now_s(), signal_s)

    def due(self, heard: Sequence[ReadMarker]) -> list[Marker]:
        """Return the markers that can no longer be undone and whose place is settled."""
        now = now_s()
        return self._take(
            each
            for each in heard
            if now - each.at_s >= RECORDED_AFTER_S and self._clock.covers(each.at_s)
        )

    def rest(self, heard: Sequence[ReadMarker]) -> list[Marker]:
        """Return the remaining markers at the end of the recording."""
        return self._take(heard)

    def _take(self, heard: Iterable[ReadMarker]) -> list[Marker]:
        markers = []
        for each in heard:
            at = self._clock.signal_at(each.at_s)
            if each.press.id not in self._taken and at is not None:
                self._taken.add(each.press.id)
                # What was pressed while the sensor was still looked for has no place here.
                markers += [Marker(at, each.press.text)] if at >= 0 else []
        return markers


GATHER_S = 0.2
"""As long as detection lets samples wait: a twitch is in the store 0.4 s after its end."""


class BlockJoiner:
    """Joins blocks of one stream until they are long enough to process efficiently."""

    def __init__(self, stream: Stream) -> None:
        self._wanted = GATHER_S * stream.sampling_rate
        self._blocks: list[SampleBlock] = []

    def add(self, block: SampleBlock) -> list[SampleBlock]:
        """Add a block; return what is long enough, or is followed by a gap."""
        ready = []
        if self._blocks and self._blocks[-1].end_sample != block.first_sample:
            ready = self.rest()
        self._blocks.append(block)
        if block.end_sample - self._blocks[0].first_sample >= self._wanted:
            ready += self.rest()
        return ready

    def rest(self) -> list[SampleBlock]:
        """Return the rest."""
        blocks, self._blocks = self._blocks, []
        if len(blocks) <= 1:
            return blocks
        samples = np.concatenate([block.samples for block in blocks])
        return [SampleBlock(blocks[0].stream, blocks[0].first_sample, samples)]


class Intake:
    """Processes the blocks of one source.

    Samples go to the file before anything else. An event goes into the file, and only when it
    is there into the store: the store never knows what the file does not.

    Parameters
    ----------
    listening
        To what is pressed meanwhile.
    duration_s
        What comes after it is left out, exact to the sample; None for no end.
    """

    def __init__(
        self,
        streams: Sequence[Stream],
        writer: BdfWriter,
        detector: Detector,
        destination: Destination,
        listening: MarkerReader,
        *,
        duration_s: float | None,
    ) -> None:
        self._streams = tuple(streams)
        self._writer, self._detector, self._destination = writer, detector, destination
        self._listening, self._marking = listening, MarkerPlacement()
        self._gathering = {stream.name: BlockJoiner(stream) for stream in streams}
        self._tallies = {stream.name: Tally(stream) for stream in streams}
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

    def take(self, blocks: Sequence[SampleBlock]) -> None:
        """Process what has arrived, which may be nothing.

        Raises
        ------
        StorageProblem
            If file or store cannot be written.
        """
        ready: list[SampleBlock] = []
        for block in blocks:
            wanted = self._within_duration(block)
            if len(wanted):
                self._n_samples[block.stream.name] = wanted.end_sample
                ready += self._gathering[block.stream.name].add(wanted)
        if blocks:
            self._marking.came(max(n / s.sampling_rate for n, s in self._lengths()))
        self._mark(self._marking.due(self._listening.heard))
        if ready or not blocks:
            self._record(ready)
            self._keep(self._writer.sync())

    def finish(self, link: LinkQuality | None) -> None:
        """End file and detection, and record the link quality."""
        for gathering in self._gathering.values():
            self._record(gathering.rest())
        self._annotate(self._detector.flush())
        self._listening.listen()
        self._mark(self._marking.rest(self._listening.heard))
        if link is not None:
            self._writer.add_metadata("link", link.in_one_line())
        self._keep(self._writer.close())

    def save_samples(self) -> None:
        """Write the samples that have arrived to the file, without detection."""
        for gathering in self._gathering.values():
            for block in gathering.rest():
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

    def _keep(self, events: Sequence[Event]) -> None:
        self._destination.keep(events, self._writer.n_samples, self._writer.take_saved_markers())

    def _mark(self, markers: Iterable[Marker]) -> None:
        for marker in markers:
            self._writer.add_marker(marker)

    def _lengths(self) -> Iterable[tuple[int, Stream]]:
        return zip(self._n_samples.values(), self._streams, strict=True)

    def _record(self, blocks: Sequence[SampleBlock]) -> None:
        for block in blocks:
            self._writer.write(block)
        for block in blocks:
            self._annotate(self._detector.process(block))

    def _annotate(self, events: Iterable[Event]) -> None:
        for event in events:
            self._writer.add_event(event)
            self._tallies[event.stream].add(event)

    def _within_duration(self, block: SampleBlock) -> SampleBlock:
        last = self._last[block.stream.name]
        if last is None or block.end_sample <= last:
            return block
        kept = block.samples[: max(last - block.first_sample, 0)]
        return SampleBlock(block.stream, min(block.first_sample, last), kept)
