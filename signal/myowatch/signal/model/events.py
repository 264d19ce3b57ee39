"""What detection reports: events, and the live state of a stream."""

from dataclasses import dataclass
from enum import StrEnum


class Kind(StrEnum):
    """Kind of an event; an `ARTEFACT` is a rejected event, and has a reason."""

    TWITCH = "twitch"
    CRAMP = "cramp"
    MOVEMENT = "movement"
    ARTEFACT = "artefact"


class Reason(StrEnum):
    """Why an event was rejected, or why time cannot be scored."""

    ECG = "ecg"
    ELECTRODE_POP = "electrode_pop"
    TAP = "tap"
    CROSSTALK = "crosstalk"
    MOVEMENT = "movement"
    SATURATION = "saturation"
    FLAT = "flat"
    NOISE = "noise"
    GAP = "gap"
    EDGE = "edge"
    SAMPLING_RATE = "sampling_rate"


UNSCORABLE = frozenset(
    {
        Reason.SATURATION,
        Reason.FLAT,
        Reason.NOISE,
        Reason.GAP,
        Reason.EDGE,
        Reason.SAMPLING_RATE,
    }
)
"""Reasons that take time away from what rates are divided by; the others are rejected bursts."""


@dataclass(frozen=True, slots=True)
class DetectedEvent:
    """An event as `detect` returns it, with times in seconds.

    Parameters
    ----------
    kind
        Twitch, cramp or movement; artefact for a rejected event.
    onset_s, offset_s
        Seconds from the first sample.
    peak
        Largest magnitude of the filtered signal, in microvolts, g or counts.
    snr_db
        Peak over the noise floor, decibel.
    confidence
        Probability that the event is what its kind says, 0 to 1.
    stream
        `EMG`, `EMG2`, `ACC` ...
    reason
        Why an event was rejected; None for the others.
    """

    kind: Kind
    onset_s: float
    offset_s: float
    peak: float
    snr_db: float
    confidence: float
    stream: str
    reason: Reason | None = None


@dataclass(frozen=True, slots=True)
class Event:
    """Something that happened in one stream.

    Parameters
    ----------
    stream
        Name of the stream.
    onset, offset
        Sample indices of the stream, `offset` one past the last sample.
    peak
        Largest magnitude of the filtered signal, in the stream's unit.
    snr_db
        Peak over noise floor, decibel.
    confidence
        0 to 1.
    reason
        Only for `Kind.ARTEFACT`.
    count
        How many potentials were merged (a doublet is one twitch with a count of 2).
    """

    stream: str
    kind: Kind
    onset: int
    offset: int
    peak: float = 0.0
    snr_db: float = 0.0
    confidence: float = 1.0
    reason: Reason | None = None
    count: int = 1

    def __post_init__(self) -> None:
        if not 0 <= self.onset < self.offset:
            raise ValueError(f"need 0 <= onset < offset, got {self.onset}, {self.offset}")
        if (self.reason is not None) != (self.kind is Kind.ARTEFACT):
            raise ValueError(f"an artefact has a reason, nothing else does: {self}")
        # Rounded once, here, so that an event written as text into a recording comes back equal.
        object.__setattr__(self, "peak", float(f"{self.peak:.5g}"))
        object.__setattr__(self, "snr_db", round(float(self.snr_db), 1))
        object.__setattr__(self, "confidence", round(float(self.confidence), 2))


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
