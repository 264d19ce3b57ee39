"""Classify the active spans of another detector (a peer), and find its best settings.

The peers report spans of activity, not kinds of events. Our rules of duration classify them: close
spans are joined, short spans are twitches, long ones cramps. The gap and the threshold are those
with the best F1 on separate tuning seeds, for twitches and for cramps separately. This favours the
peers: a user cannot tune so well.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from scoring import Score, Spans, Truth, total

from myowatch.signal.model.samples import Modality
from myowatch.signal.model.settings import AccelerometerSettings, DetectionSettings, EmgSettings

GAPS_S = (0.02, 0.06, 0.11, 0.25, 0.6)


@dataclass(frozen=True, slots=True)
class Choice:
    """A threshold, and the largest gap that joins two spans."""

    level: float
    gap_s: float


@dataclass(frozen=True, slots=True)
class Both:
    """The choice for twitches and the choice for cramps."""

    twitches: Choice
    cramps: Choice


def joined(active: Spans, gap_s: float) -> Spans:
    """Return the spans with gaps of at most `gap_s` closed."""
    if not len(active):
        return active
    apart = np.flatnonzero(active[1:, 0] - active[:-1, 1] > gap_s)
    first, last = np.append(0, apart + 1), np.append(apart, len(active) - 1)
    return np.column_stack([active[first, 0], active[last, 1]])


def twitches(active: Spans, gap_s: float, modality: Modality) -> Spans:
    """Return the joined spans that are short enough for a twitch."""
    spans, longest = joined(active, gap_s), _rules(modality).twitch_max_s
    return spans[spans[:, 1] - spans[:, 0] <= longest]


def cramps(active: Spans, gap_s: float, modality: Modality) -> Spans:
    """Return the joined spans that are long enough for a cramp."""
    spans, shortest = joined(active, gap_s), _rules(modality).cramp_min_s
    return spans[spans[:, 1] - spans[:, 0] >= shortest]


def best(runs: Sequence[tuple[Truth, Mapping[float, Spans]]], modality: Modality) -> Both:
    """Return the choices with the best F1 on the tuning seeds."""
    choices = [Choice(level, gap) for level in runs[0][1] for gap in GAPS_S]

    scores = {
        choice: [score(truth, found, Both(choice, choice), modality) for truth, found in runs]
        for choice in choices
    }

    def f1(choice: Choice, kind: int) -> float:
        return float(np.nan_to_num(total(pair[kind] for pair in scores[choice]).f1))

    return Both(max(choices, key=lambda c: f1(c, 0)), max(choices, key=lambda c: f1(c, 1)))


def score(
    truth: Truth, found: Mapping[float, Spans], both: Both, modality: Modality
) -> tuple[Score, Score]:
    """Return the scores of twitches and of cramps."""
    brief = twitches(found[both.twitches.level], both.twitches.gap_s, modality)
    lasting = cramps(found[both.cramps.level], both.cramps.gap_s, modality)
    return truth.score_twitches(brief)[0], truth.score_cramps(lasting)[0]


def _rules(modality: Modality) -> EmgSettings | AccelerometerSettings:
    settings = DetectionSettings()
    return settings.emg if modality is Modality.EMG else settings.accelerometer
