"""Twitches and cramps made of the active spans of a peer, and the settings that suit it best.

Nothing published says what a span is, so our own rule of durations is lent to every peer: spans
that are close are one, short ones are twitches, long ones cramps. How close, and the threshold, are
chosen by the F1 on seeds kept for that, for twitches and for cramps apart: kinder than any user
could be.
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
    """A threshold, and the gap up to which spans are one."""

    level: float
    gap_s: float


@dataclass(frozen=True, slots=True)
class Both:
    """One thing for twitches and one for cramps."""

    twitches: Choice
    cramps: Choice


def joined(active: Spans, gap_s: float) -> Spans:
    """Close gaps of at most `gap_s`."""
    if not len(active):
        return active
    apart = np.flatnonzero(active[1:, 0] - active[:-1, 1] > gap_s)
    first, last = np.append(0, apart + 1), np.append(apart, len(active) - 1)
    return np.column_stack([active[first, 0], active[last, 1]])


def twitches(active: Spans, gap_s: float, modality: Modality) -> Spans:
    """Join spans; those no longer than a twitch."""
    spans, longest = joined(active, gap_s), _rules(modality).twitch_max_s
    return spans[spans[:, 1] - spans[:, 0] <= longest]


def cramps(active: Spans, gap_s: float, modality: Modality) -> Spans:
    """Join spans; those no shorter than a cramp."""
    spans, shortest = joined(active, gap_s), _rules(modality).cramp_min_s
    return spans[spans[:, 1] - spans[:, 0] >= shortest]


def best(runs: Sequence[tuple[Truth, Mapping[float, Spans]]], modality: Modality) -> Both:
    """Choose from what each threshold found on the tuning seeds."""
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
    """Score twitches and cramps."""
    brief = twitches(found[both.twitches.level], both.twitches.gap_s, modality)
    lasting = cramps(found[both.cramps.level], both.cramps.gap_s, modality)
    return truth.score_twitches(brief)[0], truth.score_cramps(lasting)[0]


def _rules(modality: Modality) -> EmgSettings | AccelerometerSettings:
    settings = DetectionSettings()
    return settings.emg if modality is Modality.EMG else settings.accelerometer
