"""Streams of one recording heard together: what the others say about an event of one of them.

A twitch or a cramp is held back until the other streams are known a little beyond its end; where
all come from one device that takes no time. It is judged by their samples, never by their events,
so that neither cutting nor the order of the blocks matters.
"""

from collections import deque
from collections.abc import Sequence
from dataclasses import replace

from myowatch.signal.crosstalk import MOST_LAG_S, is_crosstalk
from myowatch.signal.events import Event, Kind, Reason
from myowatch.signal.samples import Modality
from myowatch.signal.witness import Witness

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


class Together:
    """Judges the events of several streams.

    Parameters
    ----------
    witnesses
        Of all streams.
    """

    def __init__(self, witnesses: Sequence[Witness]) -> None:
        self._witnesses = {w.stream.name: w for w in witnesses}
        self.reset()

    def reset(self) -> None:
        """Forget what is held, and everything the witnesses know."""
        self._held: dict[str, deque[Event]] = {name: deque() for name in self._witnesses}
        for witness in self._witnesses.values():
            witness.reset()

    def process(self, stream: str, events: list[Event]) -> list[Event]:
        """Take events of one stream, by onset; give what is final of all streams."""
        self._held[stream].extend(events)
        free = self._release(ended=False)
        first_s = min(w.known_s for w in self._witnesses.values()) - _KEPT_S
        for witness in self._witnesses.values():
            witness.forget(first_s)
        return free

    def flush(self) -> list[Event]:
        """End of the data: whatever is held."""
        return self._release(ended=True)

    def _release(self, *, ended: bool) -> list[Event]:
        free: list[Event] = []
        for held in self._held.values():
            while held and (ended or self._is_known(held[0])):
                free.append(self._judged(held.popleft()))
        return free

    def _is_known(self, event: Event) -> bool:
        if event.kind not in _JUDGED:
            return True
        own = self._witnesses[event.stream]
        until_s = event.offset / own.stream.sampling_rate + _AFTER_S
        behind_s = own.known_s - _PATIENCE_S
        others = (w for w in self._witnesses.values() if w is not own)
        return all(w.known_s >= until_s or w.known_s < behind_s for w in others)

    def _judged(self, event: Event) -> Event:
        if event.kind not in _JUDGED:
            return event
        own = self._witnesses[event.stream]
        if own.stream.modality is Modality.ACCELEROMETER:
            return self._felt(event, own)
        return self._heard(event, own)

    def _heard(self, event: Event, own: Witness) -> Event:
        """Judge what an electrode heard by other electrodes, and by how the limb moved."""
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

    def _felt(self, event: Event, own: Witness) -> Event:
        """Judge what an accelerometer felt by what the muscles did."""
        heard_by = self._others(own, Modality.EMG) + self._others(own, Modality.ENVELOPE)
        span = _span(event, own, 0.0)
        if (
            event.kind is Kind.CRAMP
            and heard_by
            and max(w.active(*span) for w in heard_by) < _ACTIVE
        ):
            return replace(event, kind=Kind.MOVEMENT)
        return _confirmed(event, own, heard_by)

    def _others(self, own: Witness, modality: Modality) -> list[Witness]:
        others = (w for w in self._witnesses.values() if w is not own)
        return [w for w in others if w.stream.modality is modality]

    def _is_crosstalk(self, event: Event, own: Witness) -> bool:
        """Whether another channel shows the same twitch, only larger."""
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


def _span(event: Event, own: Witness, before_s: float) -> tuple[float, float]:
    """Begin and end of the last of an event, with a little around it, seconds."""
    rate = own.stream.sampling_rate
    begin_s, end_s = event.onset / rate, event.offset / rate
    return max(begin_s, end_s - _LOOKED_AT_S) - before_s, end_s + _AFTER_S


def _confirmed(event: Event, own: Witness, others: list[Witness]) -> Event:
    """Make the event surer if a sensor of the other kind was active at the same time."""
    span = _span(event, own, _BEFORE_S)
    if not any(w.active(*span) >= _SAW for w in others):
        return event
    return replace(event, confidence=1.0 - _DOUBT_LEFT * (1.0 - event.confidence))
