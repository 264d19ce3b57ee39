"""The result of our own detector for a scene: scores, confusions and confidence."""

from collections import Counter
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from scenes import Recorded
from scoring import Score, Spans, Truth, overlap, spans

from myowatch.signal.detector.detector import Detector
from myowatch.signal.model.events import UNSCORABLE, Event, Kind, Reason
from myowatch.signal.model.samples import SampleBlock

BLOCK_S = 10.0
BINS = (0.0, 0.5, 0.6, 0.7, 0.8, 0.9, 0.95, 1.01)
AFTER_S = 1.0
"""A false event this soon after a true event is attributed to that event."""

Fates = Counter[tuple[str, str]]
"""Number of true events (first) that were reported as something (second)."""


@dataclass(frozen=True, slots=True, eq=False)
class Outcome:
    """The values of one scene for the tables."""

    twitches: Score
    cramps: Score
    movements_found: int
    movements: int
    fates: Fates
    causes: Fates
    confidence: list[tuple[float, bool]]


def detect(record: Recorded) -> list[Event]:
    """Return the events that the detector finds in a scene."""
    detector, step = Detector([record.stream]), round(BLOCK_S * record.stream.sampling_rate)
    events: list[Event] = []
    for first in range(0, len(record.samples), step):
        block = record.samples[first : first + step]
        events += detector.process(SampleBlock(record.stream, first, block))
    return [event for event in events + detector.flush() if not event.provisional]


def outcome(record: Recorded, truth: Truth) -> Outcome:
    """Return the outcome of the detection in a scene."""
    rate, events = record.stream.sampling_rate, detect(record)
    by_kind = {kind: [e for e in events if e.kind is kind] for kind in Kind}
    brief, lasting = spans(by_kind[Kind.TWITCH], rate), spans(by_kind[Kind.CRAMP], rate)
    twitches, twitch_pairs = truth.score_twitches(brief)
    cramps, cramp_pairs = truth.score_cramps(lasting)
    right = {Kind.TWITCH: {f for _, f in twitch_pairs}, Kind.CRAMP: {f for _, f in cramp_pairs}}
    moves = spans((e for e in record.truth if e.kind is Kind.MOVEMENT), rate)
    found = spans(by_kind[Kind.MOVEMENT], rate)
    return Outcome(
        twitches,
        cramps,
        sum(bool((overlap(m, found) > 0).any()) for m in moves),
        len(moves),
        _fates(record.truth, events, rate),
        _causes(record.truth, by_kind, right, rate),
        [(e.confidence, f in right[k]) for k in right for f, e in enumerate(by_kind[k])],
    )


def name(event: Event) -> str:
    """Return the name of an event in the tables."""
    return str(event.reason or event.kind).replace("_", " ")


def _fates(truth: tuple[Event, ...], events: list[Event], rate: float) -> Fates:
    """Count the report with the largest overlap of each true event."""
    found, fates = spans(events, rate), Counter[tuple[str, str]]()
    for event, one in zip(truth, spans(truth, rate), strict=True):
        shared = overlap(one, found) if len(found) else np.zeros(0)
        best = int(shared.argmax()) if len(shared) else -1
        reported = _column(events[best]) if best >= 0 and shared[best] > 0 else "nothing"
        fates[name(event), reported] += 1
    return fates


def _column(event: Event) -> str:
    if event.reason is None:
        return str(event.kind)
    return "not scorable" if event.reason in UNSCORABLE else "rejected"


def _causes(
    truth: tuple[Event, ...],
    by_kind: dict[Kind, list[Event]],
    right: dict[Kind, set[int]],
    rate: float,
) -> Fates:
    """Count the causes of false twitches and cramps."""
    there, causes = spans(truth, rate), Counter[tuple[str, str]]()
    there[:, 1] += AFTER_S
    for kind, good in right.items():
        for index, one in enumerate(spans(by_kind[kind], rate)):
            if index not in good:
                causes[_cause(one, truth, there), str(kind)] += 1
    return causes


def _cause(one: Spans, truth: tuple[Event, ...], there: Spans) -> str:
    """Return the longest true event at this time; heart beats, which are everywhere, count last."""
    meets = [e for e, shared in zip(truth, overlap(one, there), strict=True) if shared > 0]
    meets = [e for e in meets if e.reason is not Reason.ECG] or [
        e
        for e, shared in zip(truth, overlap(one, there - [0.0, AFTER_S]), strict=True)
        if shared > 0
    ]
    longest = max(meets, key=lambda e: e.offset - e.onset, default=None)
    return name(longest) if longest else "nothing"


def reliability(confidence: list[tuple[float, bool]]) -> list[tuple[float, float, int, float]]:
    """Return, for each bin of confidence: its ends, number of events and share of true ones."""
    stated, true = (np.array([c[i] for c in confidence], dtype=float) for i in (0, 1))
    rows = []
    for low, high in pairwise(BINS):
        inside = (stated >= low) & (stated < high)
        share = float(true[inside].mean()) if inside.any() else float("nan")
        rows.append((low, min(high, 1.0), int(inside.sum()), share))
    return rows
