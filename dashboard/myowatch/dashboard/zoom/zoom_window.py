"""One window of a recorded stream, as the browser draws it: bins, events and threshold."""

import json
import struct
from collections.abc import Sequence
from dataclasses import dataclass, replace
from statistics import median
from typing import Any

import numpy as np

from myowatch.dashboard.live.trace_lanes import SETTINGS, look
from myowatch.dashboard.zoom.zoom_overview import BASE, Bins, Overview, Pieces, fold, piece_length
from myowatch.recordings.bdf.bdf_growing import ExcerptReader
from myowatch.recordings.store.event_windows import EventGroup
from myowatch.recordings.wearer.labels import Labels
from myowatch.signal.bursts.bursts import energy_threshold
from myowatch.signal.emg.emg_front import EmgFront
from myowatch.signal.model.events import UNSCORABLE, Kind
from myowatch.signal.model.samples import Modality, Stream

MOST_BINS = 4096
_HEARD_NOW = 3
"""Pieces that are heard while somebody waits, at most; more come from the overview."""


@dataclass(frozen=True, slots=True)
class Window:
    """A part of a stream in bins.

    Parameters
    ----------
    bin_size
        Samples a bin, a power of two: bins are aligned to the stream's first sample.
    first_bin, end_bin
        Its bins.
    """

    bin_size: int
    first_bin: int
    end_bin: int

    @classmethod
    def of(cls, first: float, end: float, width: int) -> "Window":
        """Return the finest bins such that samples [first, end) need at most `width` + 2."""
        width = min(max(width, 1), MOST_BINS)
        size = 1
        while (end - first) / size > width:
            size *= 2
        return cls(size, max(0, int(first // size)), max(1, int(-(-end // size))))


@dataclass(frozen=True, slots=True)
class Night:
    """One recorded stream, with its cache.

    Parameters
    ----------
    excerpts
        Of the recording.
    kept
        Its overview, as far as it is made.
    pieces
        Those heard last.
    """

    excerpts: ExcerptReader
    stream: Stream
    kept: Overview
    pieces: Pieces

    def bins(self, window: Window) -> Bins:
        """Return the bins of a window, shape (n, 2); NaN where missing or not yet known."""
        size = window.bin_size
        if size < BASE:
            heard = self._heard(window.first_bin * size, window.end_bin * size)
            padded = np.full((window.end_bin - window.first_bin, 2), np.nan, np.float32)
            folded = fold(heard, size)
            padded[: len(folded)] = folded
            return padded
        factor = size // BASE
        first, end = window.first_bin * factor, window.end_bin * factor
        found = self.kept.bins(first, end)
        self._compute_rest(found, first)
        return fold(found, factor)

    def _compute_rest(self, found: Bins, first: int) -> None:
        """Compute what the overview lacks, if it is little."""
        begin = max(first, self.kept.n_bins)
        n_samples = self.excerpts.n_samples(self.stream.name)
        end = min(first + len(found), -(-n_samples // BASE))
        per_piece = piece_length(self.stream.sampling_rate) // BASE
        if begin >= end or end // per_piece - begin // per_piece >= _HEARD_NOW:
            return
        heard = fold(self._heard(begin * BASE, end * BASE), BASE)
        found[begin - first :][: len(heard)] = heard

    def _heard(self, first: int, end: int) -> Bins:
        values = self.pieces.values(self.excerpts, self.stream, first, end)
        return np.stack([values, values], axis=1)


def threshold_of(stream: Stream, groups: Sequence[EventGroup]) -> float | None:
    """Return the threshold at the median event in sight; None if it cannot be told.

    The recording does not hold the threshold, but each event its distance from the noise.
    """
    floors = [group.noise_floor for group in groups if group.noise_floor is not None]
    if stream.modality is not Modality.EMG or not floors:
        return None
    over = energy_threshold(SETTINGS.emg.deviate, EmgFront(stream, SETTINGS).degrees)
    # A sine of this amplitude has the RMS at which a burst begins.
    return float(median(floors) * (2 * over) ** 0.5)


def frame(
    stream: Stream,
    window: Window,
    bins: Bins,
    groups: Sequence[EventGroup],
    labels: Labels,
    *,
    n_samples: int,
    progress: float,
) -> bytes:
    """Return a window as bytes: a length, a JSON head, then lows and highs."""
    rate = stream.sampling_rate
    head = {
        "end": n_samples / rate,
        "progress": progress,
        "streams": [
            {
                "name": stream.name,
                "unit": stream.unit.value,
                "modality": stream.modality.value,
                "first_bin": window.first_bin,
                "bin_s": window.bin_size / rate,
                "n_bins": len(bins),
                "threshold": threshold_of(stream, groups),
            }
        ],
        "events": [_event(group, labels, rate) for group in groups],
    }
    text = json.dumps(head, separators=(",", ":"), allow_nan=False).encode()
    text += b" " * (-len(text) % 4)
    lows_then_highs = np.ascontiguousarray(bins.T, "<f4").tobytes()
    return b"".join((struct.pack("<I", len(text)), text, lows_then_highs))


def _event(group: EventGroup, labels: Labels, rate: float) -> list[Any]:
    """Return an event as a row of values for the browser."""
    kind, reason = group.kind.value, group.reason.value if group.reason else None
    label = labels.get((group.onset, group.offset, group.kind)) if group.count == 1 else None
    if label is not None and label.kind is not None and label.corrects:
        kind, reason = (Kind.ARTEFACT.value, "label") if label.is_no_event else (label.kind, None)
        group = replace(group, unsure=False)
    if group.reason in UNSCORABLE:
        kind = Kind.ARTEFACT.value
    onset, offset = round(group.onset / rate, 5), round(group.offset / rate, 5)
    drawn = look(group)
    detected = group.onset, group.kind.value, group.count
    return [0, kind, onset, offset, group.peak, reason, drawn, *detected]
