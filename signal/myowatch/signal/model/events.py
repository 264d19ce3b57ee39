"""What detection reports: events, and the live state of a stream."""

from collections.abc import Iterable, Mapping
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
    cramp_probability
        Probability that a cramp or movement is a cramp, 0 to 1; None if unknown.
    """

    kind: Kind
    onset_s: float
    offset_s: float
    peak: float
    snr_db: float
    confidence: float
    stream: str
    reason: Reason | None = None
    cramp_probability: float | None = None


PEAK_TO_PEAK = 2.0
"""Peak to peak over largest magnitude, of a symmetric twitch. It is less for one that is not."""


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
    cramp_probability
        Probability that a cramp or movement is a cramp, 0 to 1; None if unknown, and for the
        other kinds.
    provisional
        Whether it was announced at once and may still change. A settled event is final. Settled
        events are a list of their own: they replace the provisional ones, see `current_events`.
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
    cramp_probability: float | None = None
    provisional: bool = False

    def __post_init__(self) -> None:
        if not 0 <= self.onset < self.offset:
            raise ValueError(f"need 0 <= onset < offset, got {self.onset}, {self.offset}")
        if (self.reason is not None) != (self.kind is Kind.ARTEFACT):
            raise ValueError(f"an artefact has a reason, nothing else does: {self}")
        if self.cramp_probability is not None:
            _check_cramp_probability(self.kind, self.cramp_probability)
            object.__setattr__(self, "cramp_probability", round(float(self.cramp_probability), 2))
        # Rounded once, here, so that an event written as text into a recording comes back equal.
        object.__setattr__(self, "peak", float(f"{self.peak:.5g}"))
        object.__setattr__(self, "snr_db", round(float(self.snr_db), 1))
        object.__setattr__(self, "confidence", round(float(self.confidence), 2))

    @property
    def peak_to_peak(self) -> float:
        """Estimated peak-to-peak amplitude, in the stream's unit: see `PEAK_TO_PEAK`."""
        return PEAK_TO_PEAK * self.peak

    @property
    def is_unsure(self) -> bool:
        """Whether only the wearer can tell if it was a cramp or a contraction: see `UNSURE`."""
        return self.cramp_probability is not None and is_unsure(self.cramp_probability)


_LONG = frozenset({Kind.CRAMP, Kind.MOVEMENT})
UNSURE = (0.2, 0.8)
"""Between these probabilities of cramp, the wearer is asked."""


def is_unsure(cramp_probability: float) -> bool:
    """Return whether a probability of cramp is too near even to say which it was."""
    low, high = UNSURE
    return low <= cramp_probability <= high


def _check_cramp_probability(kind: Kind, probability: float) -> None:
    if kind not in _LONG or not 0 <= probability <= 1:
        raise ValueError(
            f"need a probability of 0 to 1 for a cramp or movement, got {probability} for a {kind}"
        )


def current_events(events: Iterable[Event], settled_until: Mapping[str, int]) -> list[Event]:
    """Return the settled events, and the provisional ones that are not settled yet.

    Parameters
    ----------
    settled_until
        By stream, the sample up to which everything is settled: every provisional event with its
        offset there or before has been replaced or withdrawn.

    Examples
    --------
    >>> early = Event("EMG", Kind.TWITCH, 100, 120, provisional=True)
    >>> late = Event("EMG", Kind.TWITCH, 900, 920, provisional=True)
    >>> final = Event("EMG", Kind.TWITCH, 98, 120)
    >>> current_events([early, late, final], {"EMG": 500}) == [late, final]
    True
    """
    return [e for e in events if not e.provisional or e.offset > settled_until.get(e.stream, 0)]


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
    detectable_peak
        Smallest twitch that would be found now, peak to peak, in the stream's unit: twice the
        threshold, since a symmetric twitch of that height just reaches it. 0 while unknown or
        unscorable, and where twitches cannot be told.
    """

    quality: Quality
    noise_floor: float
    threshold: float
    mains_hz: float | None
    active: Kind | None
    unscorable_since: int | None
    detectable_peak: float = 0.0
