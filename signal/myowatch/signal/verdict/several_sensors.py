"""What the other streams of a recording show about an event of one of them."""

import math
from collections import deque
from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from myowatch.signal.dsp.history import RecentValues
from myowatch.signal.model.events import Event, Kind, Reason
from myowatch.signal.model.samples import Modality, Samples, Stream
from myowatch.signal.verdict.settling import n_leading

# The larger one has at least twice the amplitude; nearly equal ones are a unit between the two.
_ENERGY_RATIO = 4.0
# Share of the energy that is the other channel's. A burst that only just rises out of the noise
# has a third of its energy from the noise.
_EXPLAINED = 0.6
# The field spreads at once, but electrodes see it from different sides.
MOST_LAG_S = 0.002


def is_crosstalk(own: Samples, other: Samples) -> bool:
    """Return whether `other`, at twice the size or more, explains `own`.

    Parameters
    ----------
    own
        Filtered samples of the burst, shape (n_samples,).
    other
        Those of the other channel, with the same number more before and after them, shape
        (n_samples + 2 * most_lag,).
    """
    shifted = np.lib.stride_tricks.sliding_window_view(other, len(own))
    energies = (shifted**2).sum(axis=1)
    energy = float(own @ own)
    if not energy or energies.max() < _ENERGY_RATIO * energy:
        return False
    alike = (shifted @ own) ** 2 / np.maximum(energies * energy, 1e-300)
    best = int(np.argmax(alike))
    return bool(alike[best] >= _EXPLAINED and energies[best] >= _ENERGY_RATIO * energy)


class StreamWitness:
    """Keeps the recent past of one stream; times are seconds, which all streams share.

    Parameters
    ----------
    stream
        Whose past it is.
    frame
        Samples per frame.
    """

    def __init__(self, stream: Stream, frame: int) -> None:
        self.stream = stream
        self._clean = RecentValues()
        self._level = RecentValues(frame)
        self._motion = RecentValues(frame)
        self.reset()

    def reset(self) -> None:
        """Reset to the initial state."""
        for recent in (self._clean, self._level, self._motion):
            recent.reset()
        self._known = 0

    @property
    def known_s(self) -> float:
        """Time up to which all is known or missing, seconds."""
        return self._known / self.stream.sampling_rate

    def add_samples(self, first: int, clean: Samples) -> None:
        """Keep filtered samples, shape (n_samples,); `first` is the index of the first."""
        self._clean.append(first, clean)

    def add_frames(self, first: int, level: Samples, motion: Samples | None) -> None:
        """Keep frames, shape (n_frames,), that begin at this sample.

        `level` is energy over the threshold of a burst, `motion` the limb's slow motion over its
        limit.
        """
        self._level.append(first, level)
        if motion is not None:
            self._motion.append(first, motion)

    def set_known(self, before: int) -> None:
        """Set the sample before which all is known or missing."""
        self._known = before

    def forget(self, before_s: float) -> None:
        """Drop what ends before this time."""
        before = self._sample(before_s)
        for recent in (self._clean, self._level, self._motion):
            recent.forget(before)

    def clean(self, onset: int, offset: int) -> Samples | None:
        """Return the filtered samples [onset, offset); None if one of them is missing."""
        samples = self._clean.between(onset, offset)
        return samples if len(samples) == offset - onset else None

    def active(self, begin_s: float, end_s: float) -> float:
        """Return the share of this time with more than noise."""
        return _share(self._level.between(self._sample(begin_s), self._sample(end_s)))

    def moved(self, begin_s: float, end_s: float) -> float:
        """Return the share of this time in which a limb moved."""
        return _share(self._motion.between(self._sample(begin_s), self._sample(end_s)))

    def _sample(self, second: float) -> int:
        return round(second * self.stream.sampling_rate)


def _share(values: Samples) -> float:
    return float(np.count_nonzero(values >= 1.0)) / len(values) if len(values) else 0.0


# The skin moves some 5 ms after the potential (Barry 1992, Muscle Nerve 15:1035) and rings on; an
# accelerometer's window sees it a little earlier as well.
_BEFORE_S, _AFTER_S = 0.06, 0.15
# A limb that has moved so lately may still drag at a cable.
_MOTION_S = 0.3
# A stream that is so far behind has stopped coming and is not waited for; those of a file come in
# turn, a minute at a time.
_PATIENCE_S = 75.0
# Of a long event the last so much is looked at, and kept for it.
_LOOKED_AT_S, _KEPT_S = 110.0, 120.0
# A limb that moves for this share of a long event makes it a movement. A cramp may pull the foot
# down, but then holds it.
_MOVED = 0.25
# A muscle in cramp is active for more than this share: what shook was something else.
_ACTIVE = 0.05
# Of the doubt about an event, so much is left when a sensor of the other kind saw it too.
_DOUBT_LEFT = 0.3
# It saw it if it was active for this share of the time: a twitch, or longer.
_SAW = 0.01
_JUDGED = frozenset({Kind.TWITCH, Kind.CRAMP})


class SeveralSensors:
    """Judges the events of several streams together.

    Parameters
    ----------
    witnesses
        Of all streams.
    settle_s
        Settled events come so much later, and are judged by the same past.
    """

    def __init__(self, witnesses: Sequence[StreamWitness], *, settle_s: float) -> None:
        self._witnesses = {w.stream.name: w for w in witnesses}
        self._kept_s = _KEPT_S + settle_s
        self.reset()

    def reset(self) -> None:
        """Reset to the initial state, with the witnesses."""
        # Apart, so that a provisional event that waits does not delay a settled one.
        self._provisional: dict[str, deque[Event]] = {name: deque() for name in self._witnesses}
        self._settled: dict[str, deque[Event]] = {name: deque() for name in self._witnesses}
        for witness in self._witnesses.values():
            witness.reset()

    def process(self, stream: str, events: list[Event]) -> list[Event]:
        """Process events of one stream, by onset; return what is final of all streams."""
        self._provisional[stream].extend(e for e in events if e.provisional)
        self._settled[stream].extend(e for e in events if not e.provisional)
        free = self._release(ended=False)
        first_s = min(w.known_s for w in self._witnesses.values()) - self._kept_s
        for witness in self._witnesses.values():
            witness.forget(first_s)
        return free

    def flush(self) -> list[Event]:
        """Return everything held at the end of the data."""
        return self._release(ended=True)

    def settled_until(self, stream: str, sample: int) -> int:
        """Return up to where all is settled here, given the sample up to which it came here so."""
        return min([sample, *(event.offset - 1 for event in self._settled[stream])])

    def _release(self, *, ended: bool) -> list[Event]:
        free: list[Event] = []
        for name, own in self._witnesses.items():
            last = math.inf if ended else self._last_known(own)
            held = self._provisional[name]
            while held and (held[0].kind not in _JUDGED or held[0].offset <= last):
                free.append(self._judged(held.popleft()))
            held = self._settled[name]
            n = n_leading([event.offset for event in held], last) if held else 0
            free += [self._judged(held.popleft()) for _ in range(n)]
        return free

    def _last_known(self, own: StreamWitness) -> float:
        """Return the latest offset of an event whose other streams are known; infinite if any."""
        behind_s = own.known_s - _PATIENCE_S
        known_s = (w.known_s for w in self._witnesses.values() if w is not own)
        waited_for = [known for known in known_s if known >= behind_s]
        if not waited_for:
            return math.inf
        return (min(waited_for) - _AFTER_S) * own.stream.sampling_rate

    def _judged(self, event: Event) -> Event:
        if event.kind not in _JUDGED:
            return event
        own = self._witnesses[event.stream]
        if own.stream.modality is Modality.ACCELEROMETER:
            return self._felt(event, own)
        return self._heard(event, own)

    def _heard(self, event: Event, own: StreamWitness) -> Event:
        """Judge an EMG event by the other electrodes, and by how the limb moved."""
        felt_by = self._others(own, Modality.ACCELEROMETER)
        if event.kind is Kind.TWITCH:
            if self._is_crosstalk(event, own):
                return replace(event, kind=Kind.ARTEFACT, reason=Reason.CROSSTALK)
            span = _span(event, own, _MOTION_S)
            if any(w.moved(*span) > 0 for w in felt_by):
                return replace(event, kind=Kind.ARTEFACT, reason=Reason.MOVEMENT)
        elif any(w.moved(*_span(event, own, 0.0)) >= _MOVED for w in felt_by):
            return replace(event, kind=Kind.MOVEMENT)
        return _confirmed(event, own, felt_by)

    def _felt(self, event: Event, own: StreamWitness) -> Event:
        """Judge an accelerometer event by what the muscles did."""
        heard_by = self._others(own, Modality.EMG) + self._others(own, Modality.ENVELOPE)
        span = _span(event, own, 0.0)
        if (
            event.kind is Kind.CRAMP
            and heard_by
            and max(w.active(*span) for w in heard_by) < _ACTIVE
        ):
            return replace(event, kind=Kind.MOVEMENT)
        return _confirmed(event, own, heard_by)

    def _others(self, own: StreamWitness, modality: Modality) -> list[StreamWitness]:
        others = (w for w in self._witnesses.values() if w is not own)
        return [w for w in others if w.stream.modality is modality]

    def _is_crosstalk(self, event: Event, own: StreamWitness) -> bool:
        """Return whether another channel shows the same twitch, only larger."""
        samples = own.clean(event.onset, event.offset)
        if samples is None:
            return False
        lag = max(round(MOST_LAG_S * own.stream.sampling_rate), 1)
        heard = [
            w.clean(event.onset - lag, event.offset + lag)
            for w in self._others(own, Modality.EMG)
            if w.stream.sampling_rate == own.stream.sampling_rate
        ]
        return any(other is not None and is_crosstalk(samples, other) for other in heard)


def _span(event: Event, own: StreamWitness, before_s: float) -> tuple[float, float]:
    """Return begin and end of the last part of an event, with a margin, seconds."""
    rate = own.stream.sampling_rate
    begin_s, end_s = event.onset / rate, event.offset / rate
    return max(begin_s, end_s - _LOOKED_AT_S) - before_s, end_s + _AFTER_S


def _confirmed(event: Event, own: StreamWitness, others: list[StreamWitness]) -> Event:
    """Return the event with more confidence if a sensor of the other kind was active too."""
    span = _span(event, own, _BEFORE_S)
    if not any(w.active(*span) >= _SAW for w in others):
        return event
    return replace(event, confidence=1.0 - _DOUBT_LEFT * (1.0 - event.confidence))
