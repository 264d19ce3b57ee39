"""How markers "I felt it" and detected twitches agree.

A press agrees if a twitch was detected shortly before it. The more often a muscle twitches, the
more presses would agree by chance, so each share stands beside what chance alone would give: the
share of scored time that lies shortly after a twitch, for presses made without regard to them.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

import numpy as np
from scipy.special import betaincinv

from myowatch.signal.dsp.spans import Union
from myowatch.signal.model.events import Event, Kind
from myowatch.signal.model.samples import Stream
from myowatch.signal.statistics.counts import tally

REACTION_S: Final = 2.5
"""How long after a twitch a press may come.

People answer something unexpected in about 1.25 s, a surprise in 1.5 s (Green 2000, Transportation
Human Factors 2:195); 2.5 s covers nearly everybody (the perception-reaction time that roads are
designed for, AASHTO).
"""
SAME_PRESS_S: Final = 0.25
"""A second press so soon after one is the same: a finger that bounced, or a double click."""
ENOUGH: Final = 10
"""Fewest presses or twitches for a share: with fewer, the interval spans half of 0 to 1."""


class Verdict(StrEnum):
    """How a share compares with chance."""

    TOO_FEW = "too few"
    BEYOND_CHANCE = "beyond chance"
    LIKE_CHANCE = "like chance"
    BELOW_CHANCE = "below chance"


@dataclass(frozen=True, slots=True)
class Share:
    """A share `of` a total, and the share expected by chance.

    Parameters
    ----------
    count, of
        Those that agree, and all.
    chance
        Share expected if the other kind came without any regard to these.
    """

    count: int
    of: int
    chance: float

    @property
    def interval(self) -> tuple[float, float] | None:
        """Exact 95 % interval of the share (Clopper and Pearson 1934); None with too few."""
        if self.of < ENOUGH:
            return None
        missed = self.of - self.count
        low = betaincinv(self.count, missed + 1, 0.025) if self.count else 0.0
        high = betaincinv(self.count + 1, missed, 0.975) if missed else 1.0
        return float(low), float(high)

    @property
    def verdict(self) -> Verdict:
        """Whether the interval lies above, around or below chance."""
        if self.interval is None:
            return Verdict.TOO_FEW
        low, high = self.interval
        if low > self.chance:
            return Verdict.BEYOND_CHANCE
        return Verdict.BELOW_CHANCE if high < self.chance else Verdict.LIKE_CHANCE


@dataclass(frozen=True, slots=True)
class FeltAgreement:
    """Agreement of felt and detected twitches in one stream.

    Parameters
    ----------
    presses
        Of those made in scored time, how many followed a detected twitch.
    twitches
        Of those detected, how many a press followed.
    unscored
        Presses in time that could not be scored; they say nothing.
    reaction_s
        How long after a twitch a press may come.
    """

    presses: Share
    twitches: Share
    unscored: int
    reaction_s: float


def felt_agreement(
    stream: Stream,
    n_samples: int,
    events: Sequence[Event],
    presses_s: Iterable[float],
    reaction_s: float = REACTION_S,
) -> FeltAgreement:
    """Compare markers "I felt it" with the twitches of one stream.

    For the Sessions page: `felt_agreement(stream, n_samples, events, [m.time_s for m in
    store.markers(session, file) if m.text == "felt"])`.

    Parameters
    ----------
    n_samples
        Length of the stream.
    events
        In any order; those of other streams are passed over.
    presses_s
        Seconds from the recording's first sample, in any order.

    Raises
    ------
    ValueError
        Unless the reaction time is above 0.
    """
    if not reaction_s > 0:
        raise ValueError(f"need a reaction time above 0 s, got {reaction_s}")
    rate = stream.sampling_rate
    lost = tally(stream, events).unscorable
    reach = round(reaction_s * rate) + 1
    mine = (event for event in events if event.stream == stream.name)
    onsets = sorted(event.onset for event in mine if event.kind is Kind.TWITCH)
    made = [press for press in _once(presses_s, rate) if 0 <= press < n_samples]
    presses = [press for press in made if not _inside([press], lost)]
    after = _stretches((onset, onset + reach) for onset in onsets)
    before = _stretches((max(0, press + 1 - reach), press + 1) for press in presses)
    return FeltAgreement(
        Share(_inside(presses, after), len(presses), _chance(after, lost, n_samples)),
        Share(_inside(onsets, before), len(onsets), _chance(before, lost, n_samples)),
        unscored=len(made) - len(presses),
        reaction_s=reaction_s,
    )


def _once(presses_s: Iterable[float], rate: float) -> list[int]:
    """Return the sample indices of the presses, without repeats of one press."""
    kept: list[float] = []
    for press in sorted(presses_s):
        if not kept or press - kept[-1] > SAME_PRESS_S:
            kept.append(press)
    return [round(press * rate) for press in kept]


def _stretches(spans: Iterable[tuple[int, int]]) -> Union:
    stretches = Union()
    for onset, offset in spans:
        stretches.add(onset, offset)
    return stretches


def _inside(moments: Sequence[int], stretches: Union) -> int:
    """Count the moments that lie in one of the spans."""
    edges = np.array([edge for span in stretches for edge in span], dtype=np.int64)
    return int(np.count_nonzero(np.searchsorted(edges, moments, side="right") % 2))


def _chance(near: Union, lost: Union, n_samples: int) -> float:
    """Return the share of the scored samples that lie in the spans."""
    scored = n_samples - lost.covered(n_samples)
    if not scored:
        return 0.0
    either = _stretches([*near, *lost]).covered(n_samples)
    return (either - lost.covered(n_samples)) / scored
