"""What the detector listens to in a recorded stream, at any place, always the same there.

A filter has a memory, so a value would depend on where reading began. Here it does not: a stream
is cut at fixed sample indices into pieces of about a minute, and each piece is heard alone, after
a lead-in in which the filters settle and the mains hum is found. However a sample is asked for, it
has the same bits, and an hour in the middle of the night costs no more than one at its beginning.
"""

import threading
from collections import OrderedDict
from pathlib import Path

import numpy as np
import numpy.typing as npt

from myowatch.dashboard.lane import Heard, magnitude
from myowatch.recordings.excerpt import Excerpts
from myowatch.signal.samples import SampleBlock, Stream

BASE = 64
"""Samples of the finest bin that is kept; pieces are a whole number of them."""
PIECE_S = 60.0
LEAD_IN_S = 8.0
"""Forty fits of the mains hum, which knows it after five; the band-pass forgets in 0.3 s."""
_PIECES_KEPT = 16

Values = npt.NDArray[np.float32]


def piece_length(rate: float) -> int:
    """Count the samples of a piece."""
    return BASE * max(1, round(PIECE_S * rate / BASE))


def hear(excerpts: Excerpts, stream: Stream, number: int) -> Values:
    """Hear one piece of a stream, shape (n,), NaN where samples are missing.

    Shorter, or empty, at the end of the recording.
    """
    length = piece_length(stream.sampling_rate)
    lead_in = BASE * round(LEAD_IN_S * stream.sampling_rate / BASE)
    begin = number * length
    first = max(0, begin - lead_in)
    samples = excerpts.read(stream.name, first, begin + length)
    heard = magnitude(Heard(stream).of(SampleBlock(stream, first, samples)))
    return heard[begin - first :].astype(np.float32)


class Pieces:
    """The pieces heard last, for all who ask: panning hears each but once."""

    def __init__(self) -> None:
        self._kept: OrderedDict[tuple[Path, str, int, int], Values] = OrderedDict()
        self._lock = threading.Lock()

    def values(self, excerpts: Excerpts, stream: Stream, first: int, end: int) -> Values:
        """Heard samples [first, end), fewer where the recording ends before."""
        length = piece_length(stream.sampling_rate)
        numbers = range(first // length, -(-end // length))
        if first >= end:
            return np.empty(0, np.float32)
        found = np.concatenate([self._piece(excerpts, stream, n) for n in numbers])
        return found[first - numbers[0] * length : end - numbers[0] * length]

    def _piece(self, excerpts: Excerpts, stream: Stream, number: int) -> Values:
        # A piece that still grows is another one each time it has grown.
        length = piece_length(stream.sampling_rate)
        held = min(excerpts.n_samples(stream.name), (number + 1) * length)
        key = excerpts.path, stream.name, number, held
        with self._lock:
            if key in self._kept:
                self._kept.move_to_end(key)
                return self._kept[key]
        heard = hear(excerpts, stream, number)
        with self._lock:
            self._kept[key] = heard
            while len(self._kept) > _PIECES_KEPT:
                self._kept.popitem(last=False)
        return heard
