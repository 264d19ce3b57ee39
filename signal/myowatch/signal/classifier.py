"""Twitch, movement or cramp: by duration first."""

from dataclasses import dataclass

from myowatch.signal.events import Kind


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
