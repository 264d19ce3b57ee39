"""What a live page says about a stream now."""

from dataclasses import dataclass
from enum import StrEnum

from myowatch.signal.events import Kind


class Quality(StrEnum):
    """State of a stream in one word."""

    STARTING = "starting"
    GOOD = "good"
    NOISY = "noisy"
    FLAT = "flat"
    SATURATED = "saturated"
    LOOSE = "loose"
    GAP = "gap"
    UNSCORED = "unscored"


@dataclass(frozen=True, slots=True)
class Condition:
    """Live state of a stream.

    Parameters
    ----------
    noise_floor
        RMS of the filtered signal at rest, in the stream's unit; 0 while unknown.
    threshold
        Amplitude of the filtered signal at which a burst begins, in the stream's unit; 0 while
        unknown.
    mains_hz
        Mains frequency found, None unless the hum is as strong as the noise floor.
    active
        Something that lasts already: a movement, or a cramp.
    unscorable_since
        Sample at which the present unscorable stretch began.
    """

    quality: Quality
    noise_floor: float
    threshold: float
    mains_hz: float | None
    active: Kind | None
    unscorable_since: int | None
