"""Events of one unbroken stretch of samples.

What cannot be scored is found beside what is active. A group of activity waits until everything
unscorable around it is known; every event waits until nothing still pending can have begun before
it. Both make the events, and their order, a matter of the samples alone, not of how they were cut.
"""

import math

import numpy as np

from myowatch.signal.detector.stages import Front, Tracker
from myowatch.signal.dsp.spans import Group
from myowatch.signal.model.events import Event, Kind, Reason
from myowatch.signal.model.samples import Samples, Stream
from myowatch.signal.verdict.classification import Durations, classify, confidence
from myowatch.signal.verdict.several_sensors import StreamWitness
from myowatch.signal.verdict.unscorable import Stretch, StuckSignal

# A burst this near to a flat line, a rail or noise is its edge.
_MARGIN_S = 0.05
# A limb that moves for this share of the time makes it a movement, however long. A cramp may pull
# the foot down, but then holds it.
_MOVED = 0.25


class Segment:
    """Judges groups of activity, and returns events in order; indices count from the start.

    Parameters
    ----------
    stream
        For the names and the rate.
    durations
        Where one kind ends and the next begins.
    front, activity, stuck
        The stages; they keep what they learnt between segments.
    start
        Sample index of the segment's first sample.
    edge
        Samples blanked at the beginning.
    witness
        Receives the signal state that other streams may ask for.

    Attributes
    ----------
    known
        Every event that is still to come begins at this sample of the stream or later.
    """

    def __init__(
        self,
        stream: Stream,
        durations: Durations,
        *,
        front: Front,
        activity: Tracker,
        stuck: list[StuckSignal],
        start: int,
        edge: int,
        witness: StreamWitness | None = None,
    ) -> None:
        self._stream = stream
        self._durations = durations
        self._front = front
        self._activity = activity
        self._stuck = stuck
        self.start = start
        self._edge = edge
        self._witness = witness
        self._margin = round(_MARGIN_S * stream.sampling_rate)
        self._ahead = max(self._margin, front.look_ahead)
        self._hop = round(front.hop_s * stream.sampling_rate)
        self._n_samples = 0
        self._waiting: list[Samples] = []
        self._n_waiting = 0
        self._held: list[Group] = []
        self._stretches: list[Stretch] = []
        self._ready: list[Event] = []
        self.known = start

    @property
    def end(self) -> int:
        """One past the last sample that has been processed."""
        return self.start + self._n_samples

    @property
    def starting(self) -> bool:
        """Whether the blanked start is not over."""
        return self._n_samples < self._edge

    def process(self, samples: Samples) -> list[Event]:
        """Return the events that are known after the next samples, (n_samples, n_channels)."""
        self._waiting.append(samples.copy())
        self._n_waiting += len(samples)
        return self._advance() if self._n_waiting >= self._hop else []

    def catch_up(self) -> list[Event]:
        """Process the samples that still wait to be worth the overhead."""
        return self._advance() if self._n_waiting else []

    def _advance(self) -> list[Event]:
        """Process the waiting samples."""
        samples = np.concatenate(self._waiting)
        self._waiting, self._n_waiting = [], 0
        was_starting = self.starting
        self._n_samples += len(samples)
        if was_starting and not self.starting:
            self._unscorable(Stretch(0, self._edge, Reason.EDGE))
        for stuck, column in zip(self._stuck, _columns(samples), strict=True):
            for stretch in stuck.process(column):
                self._unscorable(stretch)
        frame = self._activity.n_samples
        energy, magnitude, motion = self._front.process(samples)
        groups, noise = self._activity.process(energy, magnitude, motion)
        if self._witness is not None:
            self._tell(self._witness, frame, motion)
        for span in noise:
            self._unscorable(Stretch(span.onset, span.offset, Reason.NOISE))
        known = min([s.earliest for s in self._stuck] + [self._activity.noisy_earliest])
        self._held += groups
        sure = [g for g in self._held if g.offset + self._ahead < known]
        self._held = [g for g in self._held if g.offset + self._ahead >= known]
        self._judge(sure)
        pending = [known, self._activity.earliest, *(g.onset for g in self._held)]
        before = 0 if self.starting else min(pending)
        self._stretches = [s for s in self._stretches if s.offset + self._margin >= before]
        return self._release(before)

    def flush(self) -> list[Event]:
        """Return everything pending at the end of the segment."""
        events = self.catch_up()
        if self.starting and self._n_samples:
            self._unscorable(Stretch(0, self._n_samples, Reason.EDGE))
        for stuck in self._stuck:
            for stretch in stuck.flush():
                self._unscorable(stretch)
        groups, noise = self._activity.flush()
        for span in noise:
            self._unscorable(Stretch(span.onset, span.offset, Reason.NOISE))
        self._judge(self._held + groups)
        self._held = []
        return events + self._release(self._n_samples)

    def _tell(self, witness: StreamWitness, frame: int, motion: Samples | None) -> None:
        """Return the witness what was just seen; frames begin at this sample."""
        now = self.start + self._n_samples
        if self._front.clean is not None:
            clean = self._front.clean
            witness.add_samples(now - len(clean) - self._front.delay, clean)
        over = self._activity.level * (1.0 / self._activity.threshold)
        witness.add_frames(self.start + frame, over, motion)
        witness.set_known(self.start + self._activity.n_samples - self._front.delay)

    def _unscorable(self, stretch: Stretch) -> None:
        self._stretches.append(stretch)
        self._ready.append(
            self._event(Kind.ARTEFACT, stretch.onset, stretch.offset, reason=stretch.reason)
        )

    def _judge(self, groups: list[Group]) -> None:
        self._ready += [event for group in groups if (event := self._judged(group)) is not None]

    def _judged(self, group: Group) -> Event | None:
        """Return a group as an event; None inside unscorable time."""
        onset, offset = max(group.onset, self._edge), min(group.offset, self._n_samples)
        if offset <= onset:
            return None
        kind = classify(offset - group.onset, self._durations)
        if group.moved >= _MOVED or (kind is Kind.TWITCH and not group.count):
            kind = Kind.MOVEMENT
        if kind is Kind.CRAMP and not self._is_cramp(group):
            kind = Kind.MOVEMENT
        if kind is Kind.TWITCH:
            if group.onset < self._edge or self._beside_unscorable(group):
                return None
            reason = group.reason or self._explain(group)
        else:
            if 2 * self._unscored(onset, offset) > offset - onset:
                return None
            reason = Reason.NOISE if self._front.is_loose(group.onset, group.offset) else None
        kind = kind if reason is None else Kind.ARTEFACT
        return self._event(kind, onset, offset, group=group, reason=reason)

    def _is_cramp(self, group: Group) -> bool:
        if group.lasting < self._durations.lasting:
            return False
        return self._front.is_cramp(group.onset, group.offset, group.floor)

    def _explain(self, group: Group) -> Reason | None:
        return self._front.explain(group.onset, group.offset, group.peak, group.floor)

    def _event(
        self,
        kind: Kind,
        onset: int,
        offset: int,
        *,
        group: Group | None = None,
        reason: Reason | None = None,
    ) -> Event:
        onset, offset = self.start + onset, self.start + offset
        if group is None:
            return Event(self._stream.name, kind, onset, offset, reason=reason)
        snr_db = 20 * math.log10(max(group.peak / group.floor**0.5, 1e-3))
        count, sure = max(group.count, 1), 1.0
        if reason is None:
            lasting_s = (offset - onset) / self._stream.sampling_rate
            sure = confidence(self._stream.modality, kind, snr_db, lasting_s)
        return Event(
            self._stream.name, kind, onset, offset, group.peak, snr_db, sure, reason, count
        )

    def _beside_unscorable(self, group: Group) -> bool:
        onset, offset = group.onset - self._margin, group.offset + self._margin
        return any(s.onset < offset and onset < s.offset for s in self._stretches)

    def _unscored(self, onset: int, offset: int) -> int:
        """Count the samples in this range that cannot be scored.

        Rails do not count: a strong contraction reaches them and is one all the same.
        """
        return sum(
            max(min(s.offset, offset) - max(s.onset, onset), 0)
            for s in self._stretches
            if s.reason is not Reason.SATURATION
        )

    def _release(self, before: int) -> list[Event]:
        """Return the events that begin before this sample, which no later event can precede."""
        before += self.start
        self.known = before
        free = sorted((e for e in self._ready if e.onset < before), key=_order)
        self._ready = [e for e in self._ready if e.onset >= before]
        return free


def _columns(samples: Samples) -> list[Samples]:
    """Return each axis and, for several axes, their sum: constant only if all of them are."""
    axes = np.ascontiguousarray(samples.T)
    if len(axes) == 1:
        return list(axes)
    total = axes[0].copy()
    for axis in axes[1:]:
        total += axis
    return [*axes, total]


def _order(event: Event) -> tuple[int, int, str, str]:
    return event.onset, event.offset, event.kind, event.reason or ""
