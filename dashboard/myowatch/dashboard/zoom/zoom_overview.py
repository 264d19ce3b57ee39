"""A recorded stream as the detector filters it, and its finest bins, cached on disk."""

import hashlib
import json
import os
import threading
from collections import OrderedDict
from collections.abc import Generator
from pathlib import Path

import numpy as np
import numpy.typing as npt
from filelock import FileLock, Timeout

from myowatch.dashboard.live.trace_lanes import DetectorSignal, magnitude
from myowatch.recordings.bdf.bdf_growing import ExcerptReader
from myowatch.recordings.storage.data_folder import cache_folder, private_folder
from myowatch.signal.model.samples import SampleBlock, Stream

BASE = 64
"""Samples of the finest bin that is kept; pieces are a whole number of them."""
PIECE_S = 60.0
LEAD_IN_S = 8.0
"""Forty fits of the mains hum, which knows it after five; the band-pass forgets in 0.3 s."""
_PIECES_KEPT = 16

Values = npt.NDArray[np.float32]


def piece_length(rate: float) -> int:
    """Return the number of samples of a piece."""
    return BASE * max(1, round(PIECE_S * rate / BASE))


def filter_piece(excerpts: ExcerptReader, stream: Stream, number: int) -> Values:
    """Return one piece of a stream, filtered, shape (n,); NaN where samples are missing.

    Shorter, or empty, at the end of the recording.
    """
    length = piece_length(stream.sampling_rate)
    lead_in = BASE * round(LEAD_IN_S * stream.sampling_rate / BASE)
    begin = number * length
    first = max(0, begin - lead_in)
    samples = excerpts.read(stream.name, first, begin + length)
    heard = magnitude(DetectorSignal(stream).of(SampleBlock(stream, first, samples)))
    return heard[begin - first :].astype(np.float32)


class Pieces:
    """Cache of the pieces filtered last."""

    def __init__(self) -> None:
        self._kept: OrderedDict[tuple[Path, str, int, int], Values] = OrderedDict()
        self._lock = threading.Lock()

    def values(self, excerpts: ExcerptReader, stream: Stream, first: int, end: int) -> Values:
        """Return the filtered samples [first, end), fewer at the end of the recording."""
        length = piece_length(stream.sampling_rate)
        numbers = range(first // length, -(-end // length))
        if first >= end:
            return np.empty(0, np.float32)
        found = np.concatenate([self._piece(excerpts, stream, n) for n in numbers])
        return found[first - numbers[0] * length : end - numbers[0] * length]

    def _piece(self, excerpts: ExcerptReader, stream: Stream, number: int) -> Values:
        # A piece that still grows is another one each time it has grown.
        length = piece_length(stream.sampling_rate)
        held = min(excerpts.n_samples(stream.name), (number + 1) * length)
        key = excerpts.path, stream.name, number, held
        with self._lock:
            if key in self._kept:
                self._kept.move_to_end(key)
                return self._kept[key]
        heard = filter_piece(excerpts, stream, number)
        with self._lock:
            self._kept[key] = heard
            while len(self._kept) > _PIECES_KEPT:
                self._kept.popitem(last=False)
        return heard


Bins = npt.NDArray[np.float32]
_VERSION = 1
_HEAD_BYTES = 256
_BIN_BYTES = 8


def fold(values: Bins, size: int) -> Bins:
    """Return lowest and highest of every `size` rows, shape (n, 2) to (ceil(n / size), 2).

    NaN is missing; what is missing altogether stays NaN.
    """
    if size == 1 or not len(values):
        return values
    starts = np.arange(0, len(values), size)
    low = np.fmin.reduceat(values[:, 0], starts)
    high = np.fmax.reduceat(values[:, 1], starts)
    return np.stack([low, high], axis=1)


class Overview:
    """The cached bins of one stream of one recording.

    Parameters
    ----------
    home
        The data folder.
    session_id
        Of the session, in whose folder of the cache they are kept.
    recording
        The file they are made from.
    stream
        Of that file.
    """

    def __init__(self, home: Path, session_id: str, recording: Path, stream: Stream) -> None:
        self._recording, self._stream = recording, stream
        name = f"{recording.name}/{stream.name}"
        digest = hashlib.sha256(name.encode()).hexdigest()[:16]
        self.path = cache_folder(home, session_id) / f"{digest}.bins"

    @property
    def n_bins(self) -> int:
        """Number of cached bins, from the beginning of the stream."""
        try:
            size = self.path.stat().st_size
        except OSError:
            return 0
        return max(0, size - _HEAD_BYTES) // _BIN_BYTES if self._is_fresh() else 0

    def bins(self, first: int, end: int) -> Bins:
        """Return the bins [first, end), shape (n, 2); NaN where not cached yet."""
        found = np.full((end - first, 2), np.nan, np.float32)
        kept = min(end, self.n_bins) - first
        if kept > 0:
            with self.path.open("rb") as file:
                file.seek(_HEAD_BYTES + first * _BIN_BYTES)
                raw = np.frombuffer(file.read(kept * _BIN_BYTES), "<f4")
            found[: len(raw) // 2] = raw[: len(raw) // 2 * 2].reshape(-1, 2)
        return found

    def extend(self, excerpts: ExcerptReader) -> Generator[float, None, None]:
        """Compute what is missing; yield the share done, 0 to 1, after each piece.

        Another process that is at it already is left to it.
        """
        private_folder(self.path.parent)
        lock = FileLock(self.path.with_suffix(".lock"), mode=0o600, timeout=0)
        try:
            with lock:
                yield from self._extend(excerpts)
        except Timeout:
            return

    def _extend(self, excerpts: ExcerptReader) -> Generator[float, None, None]:
        length = piece_length(self._stream.sampling_rate)
        n_pieces = excerpts.n_samples(self._stream.name) // length
        per_piece = length // BASE
        done = self.n_bins // per_piece
        if not done:
            self._write_anew()
        elif done < n_pieces:
            self._cut(done * per_piece)
        with self.path.open("r+b", buffering=0) as file:
            for number in range(done, n_pieces):
                heard = filter_piece(excerpts, self._stream, number)
                file.seek(0, os.SEEK_END)
                file.write(fold(np.stack([heard, heard], axis=1), BASE).astype("<f4").tobytes())
                if number + 1 == n_pieces or number % 16 == 0:
                    self._state_source(file.fileno())
                yield (number + 1) / n_pieces

    def _write_anew(self) -> None:
        flags = os.O_CREAT | os.O_TRUNC | os.O_RDWR | getattr(os, "O_BINARY", 0)
        descriptor = os.open(self.path, flags, 0o600)
        try:
            self._state_source(descriptor)
        finally:
            os.close(descriptor)

    def _cut(self, n_bins: int) -> None:
        """Drop an incomplete piece."""
        with self.path.open("r+b") as file:
            file.truncate(_HEAD_BYTES + n_bins * _BIN_BYTES)

    def _state_source(self, descriptor: int) -> None:
        os.lseek(descriptor, 0, os.SEEK_SET)
        head = json.dumps({"version": _VERSION, **self._source()})
        os.write(descriptor, head.ljust(_HEAD_BYTES).encode())

    def _source(self) -> dict[str, float]:
        found = self._recording.stat()
        return {"size": found.st_size, "mtime": found.st_mtime_ns}

    def _is_fresh(self) -> bool:
        """Return whether the cache belongs to this recording, which may have grown since."""
        try:
            with self.path.open("rb") as file:
                said = json.loads(file.read(_HEAD_BYTES))
            now = self._source()
            same = said["mtime"] == now["mtime"] and said["size"] == now["size"]
            return bool(said["version"] == _VERSION and (same or said["size"] < now["size"]))
        except (OSError, ValueError, KeyError, TypeError):
            return False
