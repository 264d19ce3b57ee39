"""Twitch, movement or cramp: by duration, with an honest confidence.

One channel cannot tell a cramp from a contraction that is held on purpose, so neither is ever
reported with more than `_ONE_CHANNEL`.
"""

from dataclasses import dataclass

from myowatch.signal.events import Kind

_ONE_CHANNEL = 0.8
_WEAKEST = 0.5


@dataclass(frozen=True, slots=True)
class Durations:
    """Where one kind ends and the next begins, samples.

    Parameters
    ----------
    lasting
        Share of a cramp's time during which the long window must see it.
    """

    twitch_max: int
    cramp_min: int
    lasting: float = 0.0


def classify(duration: int, durations: Durations) -> Kind:
    """Kind of an event that lasts so many samples."""
    if duration <= durations.twitch_max:
        return Kind.TWITCH
    return Kind.CRAMP if duration >= durations.cramp_min else Kind.MOVEMENT


def confidence(duration: int, over_threshold: float, durations: Durations) -> float:
    """How sure the kind is, 0.5 to 1.

    Parameters
    ----------
    duration
        Samples.
    over_threshold
        Peak over the amplitude at which a burst begins. Noise alone rarely comes to 1.3.
    """
    kind = classify(duration, durations)
    strong = _ramp(over_threshold, 1.0, 2.0)
    if kind is Kind.TWITCH:
        brief = 1.0 - 0.5 * _ramp(duration / durations.twitch_max, 0.7, 1.0)
        return _WEAKEST + (1 - _WEAKEST) * strong * brief
    long = _ramp(duration / durations.cramp_min, 0.5, 2.0)
    sure = long if kind is Kind.CRAMP else 1.0 - long
    return _WEAKEST + (_ONE_CHANNEL - _WEAKEST) * sure * strong


def _ramp(value: float, low: float, high: float) -> float:
    return min(max((value - low) / (high - low), 0.0), 1.0)
