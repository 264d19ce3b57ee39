"""Check whether a recording is complete, and what it lacks: `myowatch check`."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import numpy as np

from myowatch.recordings.bdf.bdf_reader import BdfRecording
from myowatch.recordings.formats.opening import open_recording
from myowatch.recordings.storage.problem import UnreadableRecording
from myowatch.signal.model.samples import SampleBlock, Stream


@dataclass(frozen=True, slots=True)
class StreamCheck:
    """Samples and gaps of one stream.

    Parameters
    ----------
    n_samples
        From the first to the last sample, missing ones included.
    gaps
        Number of gaps.
    missing
        Missing samples in all gaps.
    longest_gap_s
        Duration of the longest gap.
    clipped
        Samples that exceed the range of the file.
    """

    stream: Stream
    n_samples: int
    gaps: int
    missing: int
    longest_gap_s: float
    clipped: int

    @property
    def duration_s(self) -> float:
        """Return the length of the stream."""
        return self.n_samples / self.stream.sampling_rate


@dataclass(frozen=True, slots=True)
class CheckReport:
    """The result of a check.

    Parameters
    ----------
    is_closed
        False while it is written, and if its recorder was killed; None if the format does not
        tell.
    torn_bytes
        Size of an incomplete last data record.
    problem
        The damage at which reading stopped; empty if there is none.
    """

    path: Path
    format: str
    started: datetime | None
    streams: Sequence[StreamCheck]
    events: int
    markers: int
    is_closed: bool | None
    torn_bytes: int
    warnings: Sequence[str]
    problem: str = ""

    @property
    def is_whole(self) -> bool:
        """Return whether nothing is damaged or missing."""
        sound = self.is_closed is not False and not self.torn_bytes and not self.problem
        return sound and all(check.missing == check.clipped == 0 for check in self.streams)


class _GapCounter:
    """Counts missing samples, block by block."""

    def __init__(self, stream: Stream) -> None:
        self.stream = stream
        self.end = self.gaps = self.missing = self.longest = 0
        self._open = 0

    def add(self, block: SampleBlock) -> None:
        self._miss(block.first_sample - self.end)
        missing = np.isnan(block.samples).all(axis=1)
        edges = np.flatnonzero(np.diff(missing.astype(np.int8), prepend=0, append=0))
        position = 0
        for start, end in edges.reshape(-1, 2).tolist():
            if start > position:
                self._close()
            self._miss(end - start)
            position = end
        if position < len(block):
            self._close()
        self.end = block.end_sample

    def finish(self, n_samples: int | None, clipped: int) -> StreamCheck:
        if n_samples is not None:
            self._miss(n_samples - self.end)
            self.end = max(self.end, n_samples)
        self._close()
        longest_s = self.longest / self.stream.sampling_rate
        return StreamCheck(self.stream, self.end, self.gaps, self.missing, longest_s, clipped)

    def _miss(self, n_samples: int) -> None:
        self._open += max(0, n_samples)

    def _close(self) -> None:
        if self._open:
            self.gaps += 1
            self.missing += self._open
            self.longest = max(self.longest, self._open)
            self._open = 0


def check(path: Path) -> CheckReport:
    """Read a file to its end and return what it contains and lacks.

    Raises
    ------
    UnreadableRecording
        If it cannot be opened.
    """
    with open_recording(path) as recording:
        counters = {stream.name: _GapCounter(stream) for stream in recording.streams}
        problem = ""
        try:
            for block in recording.blocks():
                counters[block.stream.name].add(block)
        except UnreadableRecording as damage:
            problem = str(damage)
        lengths = recording.n_samples or {}
        ours = recording if isinstance(recording, BdfRecording) else None
        clipped = ours.clipped if ours else {}
        return CheckReport(
            path=path,
            format=recording.format,
            started=recording.started,
            streams=[
                counter.finish(lengths.get(name), clipped.get(name, 0))
                for name, counter in counters.items()
            ],
            events=len(recording.events()),
            markers=len(recording.markers()),
            is_closed=ours.is_closed if ours else None,
            torn_bytes=ours.torn_bytes if ours else 0,
            warnings=recording.warnings,
            problem=problem,
        )
