"""Queues of samples and annotations that wait for their data record."""

import time
from collections import deque

import numpy as np

from myowatch.recordings.bdf.bdf_annotations import Annotation, SettledUntil, encode_annotation
from myowatch.recordings.bdf.bdf_layout import MISSING, Counts
from myowatch.recordings.model.recording import Marker
from myowatch.signal.model.events import Event
from myowatch.signal.model.samples import Stream

_SHORTEST_GAP_S = 0.05  # shorter gaps get no annotation

Item = Event | Marker | SettledUntil
"""What is reported as saved when its annotation is in the file."""
Gap = tuple[int, int]
"""First missing sample, and the first sample after the gap."""


class PendingSamples:
    """A queue of counts that come in blocks and leave in records; gaps need no memory."""

    def __init__(self, stream: Stream) -> None:
        self.stream = stream
        self.clipped = 0
        self.end_sample = 0
        self.last_added = time.monotonic()
        self._pieces: deque[Counts] = deque()
        self._taken = 0
        self._gap_since: int | None = None
        self._clipped_before = 0

    @property
    def end_s(self) -> float:
        """Return the time up to which there are samples."""
        return self.end_sample / self.stream.sampling_rate

    def add(self, first_sample: int, counts: Counts) -> list[Gap]:
        """Add counts; those before `end_sample` are too late and are ignored.

        Returns
        -------
        the gaps that ended with these counts
        """
        self.last_added = time.monotonic()
        self._miss(first_sample - self.end_sample)
        return self._put(counts[max(0, self.end_sample - first_sample) :])

    def miss_until_s(self, time_s: float) -> None:
        """Add missing samples up to a time."""
        self._miss(int(time_s * self.stream.sampling_rate) - self.end_sample)

    def take(self, end_sample: int) -> Counts:
        """Return the counts up to a sample, padded with missing ones."""
        self._pieces.append(self._missing(max(0, end_sample - self.end_sample)))
        wanted, parts = end_sample - self._taken, []
        while wanted:
            piece = self._pieces.popleft()
            if len(piece) > wanted:
                self._pieces.appendleft(piece[wanted:])
                piece = piece[:wanted]
            parts.append(piece)
            wanted -= len(piece)
        self._taken = end_sample
        return np.concatenate(parts) if parts else self._missing(0)

    def close_gap(self) -> list[Gap]:
        """Return the gap at the end, if there is one."""
        return self._gap_ends(self.end_sample)

    def take_new_clipping(self) -> int:
        """Return how many samples were clipped since the last call."""
        new, self._clipped_before = self.clipped - self._clipped_before, self.clipped
        return new

    def _put(self, counts: Counts) -> list[Gap]:
        first = self.end_sample
        self._pieces.append(counts)
        self.end_sample += len(counts)
        missing = np.concatenate(([self._gap_since is not None], (counts == MISSING).all(axis=1)))
        gaps = []
        for changed in np.flatnonzero(missing[1:] != missing[:-1]):
            if missing[changed + 1]:
                self._gap_since = first + int(changed)
            else:
                gaps += self._gap_ends(first + int(changed))
        return gaps

    def _miss(self, n_samples: int) -> None:
        if n_samples > 0:
            if self._gap_since is None:
                self._gap_since = self.end_sample
            self._pieces.append(self._missing(n_samples))
            self.end_sample += n_samples

    def _gap_ends(self, end: int) -> list[Gap]:
        since, self._gap_since = self._gap_since, None
        shortest = _SHORTEST_GAP_S * self.stream.sampling_rate
        return [] if since is None or end - since < shortest else [(since, end)]

    def _missing(self, n_samples: int) -> Counts:
        # A view of one count: a gap of an hour takes the memory of one sample.
        return np.broadcast_to(np.int32(MISSING), (n_samples, len(self.stream.channels)))


class PendingAnnotations:
    """A queue of annotations; urgent ones are packed before texts such as a long note."""

    def __init__(self) -> None:
        self._urgent: deque[tuple[bytes, Item | None]] = deque()
        self._texts: deque[tuple[bytes, None]] = deque()

    def __bool__(self) -> bool:
        return bool(self._urgent or self._texts)

    def add(self, *annotations: Annotation) -> None:
        """Add texts."""
        self._texts.extend((encode_annotation(annotation), None) for annotation in annotations)

    def add_urgent(self, annotation: Annotation, item: Item | None = None) -> None:
        """Add an annotation that must not wait."""
        self._urgent.append((encode_annotation(annotation), item))

    def pack(self, room: int) -> tuple[bytes, list[Item]]:
        """Take out annotations of at most `room` bytes, and their items."""
        packed = b""
        items: list[Item] = []
        for queue in (self._urgent, self._texts):
            while queue and len(packed) + len(queue[0][0]) <= room:
                annotation, item = queue.popleft()
                packed += annotation
                items += [item] if item else []
        return packed, items
