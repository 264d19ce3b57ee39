"""Samples of one stream that wait until their data record is complete."""

import time
from collections import deque

import numpy as np

from myowatch.recordings.bdf.bdf_layout import MISSING, Counts
from myowatch.signal.model.samples import Stream

_SHORTEST_GAP_S = 0.05  # shorter ones are missing samples, but not worth an annotation

Gap = tuple[int, int]
"""First sample missing, and the first that is there again."""


class PendingSamples:
    """A queue of counts, in at any length and out record by record; gaps cost no memory."""

    def __init__(self, stream: Stream) -> None:
        self.stream = stream
        self.clipped = 0
        self.end_sample = 0
        self.heard_at = time.monotonic()
        self._pieces: deque[Counts] = deque()
        self._taken = 0
        self._gap_since: int | None = None
        self._clipping_said = 0

    @property
    def end_s(self) -> float:
        """Time up to which there are samples."""
        return self.end_sample / self.stream.sampling_rate

    def add(self, first_sample: int, counts: Counts) -> list[Gap]:
        """Take in counts; what comes before `end_sample` came too late and is left out.

        Returns
        -------
        the gaps that ended with these counts
        """
        self.heard_at = time.monotonic()
        self._miss(first_sample - self.end_sample)
        return self._put(counts[max(0, self.end_sample - first_sample) :])

    def miss_until_s(self, time_s: float) -> None:
        """Let samples be missing up to a time."""
        self._miss(int(time_s * self.stream.sampling_rate) - self.end_sample)

    def take(self, end_sample: int) -> Counts:
        """Hand out counts up to a sample, missing ones where there are none yet."""
        self._pieces.append(self._nothing(max(0, end_sample - self.end_sample)))
        wanted, parts = end_sample - self._taken, []
        while wanted:
            piece = self._pieces.popleft()
            if len(piece) > wanted:
                self._pieces.appendleft(piece[wanted:])
                piece = piece[:wanted]
            parts.append(piece)
            wanted -= len(piece)
        self._taken = end_sample
        return np.concatenate(parts) if parts else self._nothing(0)

    def close_gap(self) -> list[Gap]:
        """Return the gap that lasts to the end, if there is one."""
        return self._gap_ends(self.end_sample)

    def take_unsaid_clipping(self) -> int:
        """How many samples were clipped since this was last asked."""
        unsaid, self._clipping_said = self.clipped - self._clipping_said, self.clipped
        return unsaid

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
            self._pieces.append(self._nothing(n_samples))
            self.end_sample += n_samples

    def _gap_ends(self, end: int) -> list[Gap]:
        since, self._gap_since = self._gap_since, None
        shortest = _SHORTEST_GAP_S * self.stream.sampling_rate
        return [] if since is None or end - since < shortest else [(since, end)]

    def _nothing(self, n_samples: int) -> Counts:
        # One count seen n times: an hour's gap takes no more memory than a sample.
        return np.broadcast_to(np.int32(MISSING), (n_samples, len(self.stream.channels)))
