"""Events of one stream, across its gaps.

A gap flushes what is pending and resets every filter; nothing is bridged. The noise floor is kept
over a short one.
"""

import math
from collections.abc import Iterator

import numpy as np

from myowatch.signal.detector.segment import Segment
from myowatch.signal.detector.stages import stages, stuck_signals
from myowatch.signal.model.events import PEAK_TO_PEAK, Condition, Event, Kind, Quality, Reason
from myowatch.signal.model.samples import Modality, SampleBlock, Samples, Stream
from myowatch.signal.model.settings import DetectionSettings
from myowatch.signal.verdict.classification import Durations, classify
from myowatch.signal.verdict.settling import Settling
from myowatch.signal.verdict.several_sensors import StreamWitness

# The live page judges the electrode's contact by so much.
_LOOSE_S = 2.0
_LOWEST_RATE = {Modality.EMG: 100.0, Modality.ACCELEROMETER: 50.0, Modality.ENVELOPE: 20.0}
_HIGHEST_RATE = 10_000.0


_SCORED = frozenset({Quality.GOOD, Quality.LOOSE})


def is_rate_usable(stream: Stream) -> bool:
    """Return whether the stream's sampling rate is high enough, and not too high, for detection."""
    return _LOWEST_RATE[stream.modality] <= stream.sampling_rate <= _HIGHEST_RATE


class StreamDetector:
    """Detects twitches, cramps and movements in one stream.

    Parameters
    ----------
    stream
        EMG from 100 Hz, an accelerometer from 50 Hz or an envelope from 20 Hz on, up to 10 kHz.
    settings
        See there.

    Raises
    ------
    ValueError
        If the sampling rate is out of range.
    """

    def __init__(self, stream: Stream, settings: DetectionSettings) -> None:
        rate = stream.sampling_rate
        if not is_rate_usable(stream):
            lowest = _LOWEST_RATE[stream.modality]
            raise ValueError(
                f"need a sampling rate of {lowest:g} to {_HIGHEST_RATE:g} Hz, "
                f"got {rate:g} Hz in stream {stream.name!r}"
            )
        self._stream = stream
        self._witness: StreamWitness | None = None
        self._settings = settings
        self._front, self._activity = stages(stream, settings)
        self._crest = 1 if stream.modality is Modality.ENVELOPE else 2
        own = getattr(settings, stream.modality)
        self._durations = Durations(
            twitch_max=round(own.twitch_max_s * rate),
            cramp_min=round(own.cramp_min_s * rate),
            lasting=0.5 if stream.modality is Modality.ACCELEROMETER else 0.0,
        )
        self._stuck = stuck_signals(stream, own.flat_s)
        self._settling = Settling(round(settings.settle_s * rate), round(self._front.hop_s * rate))
        self.reset()

    def start_witness(self) -> StreamWitness:
        """Start to keep what other streams may ask for."""
        self._witness = StreamWitness(self._stream, self._front.frame)
        return self._witness

    def reset(self) -> None:
        """Reset to the initial state."""
        self._segment: Segment | None = None
        self._began: int = 0
        self._next: int = 0
        self._seen: int = 0
        self._activity.reset()
        self._settling.reset()
        self._detectable: dict[int, float] = {}
        self._restart()

    @property
    def settled_until(self) -> int:
        """Sample up to which all is settled: every event that ends there or before is final."""
        return self._settling.settled_until

    @property
    def detectable_peaks(self) -> dict[int, float]:
        """Smallest twitch that would have been found, by minute, at the minute's end.

        Peak to peak, in the stream's unit; minutes in which it is unknown are left out.
        """
        return dict(self._detectable)

    def process(self, block: SampleBlock) -> list[Event]:
        """Return the events that are announced, and those that are settled, by this block.

        Each of the two kinds is by onset.

        Raises
        ------
        ValueError
            If the block begins before the end of the one before.
        """
        if not len(block):
            return []
        if block.first_sample < self._seen:
            raise ValueError(
                f"need blocks in order: stream {self._stream.name!r} is at sample {self._seen}, "
                f"got a block from {block.first_sample}"
            )
        events: list[Event] = []
        for start, samples in _unbroken(block):
            if self._segment is None or start != self._next:
                events += self._end_segment()
                events += self._begin_segment(start)
                self._next = start
            for piece in _minutes(samples, start, self._stream.sampling_rate):
                events += self._take(piece)
        self._seen = block.end_sample
        if self._next < self._seen:
            events += self._end_segment()
            if self._witness is not None:
                self._witness.set_known(self._seen)
        return events

    def flush(self) -> list[Event]:
        """Return everything pending at the end of the data.

        The next block begins anew after a gap.
        """
        events = self._end_segment()
        if self._next < self._seen:
            events += self._settling.flush([self._gap(self._next, self._seen)], self._seen)
            self._next = self._seen
        return events

    def condition(self) -> Condition:
        """Return the live state."""
        floor = self._activity.noise_energy
        known = bool(np.isfinite(floor))
        rms = floor**0.5 if known else 0.0
        quality, since = self._quality()
        # A sine of this amplitude has the RMS at which a burst begins; a level is its own.
        threshold = rms * (self._crest * self._activity.threshold) ** 0.5
        shows = self._stream.modality.shows_twitches and quality in _SCORED
        return Condition(
            quality=quality,
            noise_floor=rms,
            threshold=threshold,
            mains_hz=self._front.mains_hz(rms),
            active=self._active(),
            unscorable_since=since,
            detectable_peak=PEAK_TO_PEAK * threshold if shows else 0.0,
        )

    def _take(self, samples: Samples) -> list[Event]:
        """Process samples of one minute."""
        assert self._segment is not None
        minute = self._minute(self._next)
        self._next += len(samples)
        # At the end of a minute nothing waits, so that its value does not depend on the blocks.
        is_over = self._minute(self._next) > minute
        found = self._segment.process(samples)
        if is_over:
            found += self._segment.catch_up()
            self._note_detectable_peak()
        return self._settling.process(found, self._segment.end, self._segment.known)

    def _minute(self, sample: int) -> int:
        return int(sample / (60 * self._stream.sampling_rate))

    def _note_detectable_peak(self) -> None:
        """Note the smallest twitch that would be found now, for the minute so far."""
        peak = self.condition().detectable_peak
        if peak:
            # Rounded, so that it comes back equal when it is written as text into a recording.
            self._detectable[self._minute(self._next - 1)] = float(f"{peak:.4g}")

    def _quality(self) -> tuple[Quality, int | None]:
        if self._segment is None:
            starting = self._seen == 0
            return (Quality.STARTING, 0) if starting else (Quality.GAP, self._next)
        start = self._segment.start
        if self._segment.starting:
            return Quality.STARTING, start
        candidates = [
            (Quality.FLAT, [s.flat_since for s in self._stuck]),
            (Quality.SATURATED, [s.railed_since for s in self._stuck]),
            (Quality.NOISY, [self._activity.noisy_since]),
        ]
        now = self._activity.n_samples
        recent = now - round(_LOOSE_S * self._stream.sampling_rate)
        active = self._activity.active_since
        if active is not None and self._front.is_loose(max(active, recent), now):
            candidates.append((Quality.LOOSE, [active]))
        for quality, sinces in candidates:
            known = [start + s for s in sinces if s is not None]
            if known:
                return quality, min(known)
        return Quality.GOOD, None

    def _active(self) -> Kind | None:
        since = self._activity.active_since
        if self._segment is None or since is None:
            return None
        kind = classify(self._activity.n_samples - since, self._durations)
        return None if kind is Kind.TWITCH else kind

    def _begin_segment(self, start: int) -> list[Event]:
        gap = start - self._next
        rate = self._stream.sampling_rate
        edge_s = self._settings.start_up_s
        if start == gap or gap > self._settings.keep_floor_s * rate:
            self._activity.reset()
        else:
            self._activity.resume(start - self._began)
            edge_s = self._settings.after_gap_s
        self._began = start
        self._restart()
        self._segment = Segment(
            self._stream,
            self._durations,
            front=self._front,
            activity=self._activity,
            stuck=self._stuck,
            start=start,
            edge=round(edge_s * rate),
            witness=self._witness,
        )
        return self._settling.process([self._gap(self._next, start)], start, start) if gap else []

    def _end_segment(self) -> list[Event]:
        """End the segment. Nothing is bridged, so what is pending is settled with what is known."""
        events: list[Event] = []
        if self._segment is not None:
            events = self._segment.catch_up()
            self._note_detectable_peak()
            events += self._segment.flush()
        self._segment = None
        events = self._settling.flush(events, self._next)
        if self._witness is not None:
            self._witness.set_known(self._next)
        return events

    def _restart(self) -> None:
        self._front.reset()
        for stuck in self._stuck:
            stuck.reset()

    def _gap(self, onset: int, offset: int) -> Event:
        return Event(self._stream.name, Kind.ARTEFACT, onset, offset, reason=Reason.GAP)


def _minutes(samples: Samples, first: int, rate: float) -> Iterator[Samples]:
    """Yield the samples in pieces; each lies within one minute of the stream."""
    end = first + len(samples)
    while first < end:
        minute = int(first / (60 * rate))
        until = min(math.ceil((minute + 1) * 60 * rate), end)
        yield samples[len(samples) - (end - first) : len(samples) - (end - until)]
        first = until


def _unbroken(block: SampleBlock) -> list[tuple[int, Samples]]:
    """Yield the parts of the block without a missing sample, each with its first sample."""
    samples = block.samples
    finite = np.isfinite(samples)
    if finite.all():
        return [(block.first_sample, samples)]
    present = finite.all(axis=1)
    edges = np.flatnonzero(np.diff(np.concatenate([[False], present, [False]]).astype(np.int8)))
    pairs = zip(edges[::2].tolist(), edges[1::2].tolist(), strict=True)
    return [(block.first_sample + a, samples[a:b]) for a, b in pairs]
