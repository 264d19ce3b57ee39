"""Kind and confidence of an event."""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from myowatch.signal.model.events import Kind
from myowatch.signal.model.samples import Modality


@dataclass(frozen=True, slots=True)
class Durations:
    """Limits between the kinds, in samples.

    Parameters
    ----------
    lasting
        Share of a cramp's time during which the long window must see it.
    """

    twitch_max: int
    cramp_min: int
    lasting: float = 0.0


def classify(duration: int, durations: Durations) -> Kind:
    """Return the kind of an event by its duration in samples."""
    if duration <= durations.twitch_max:
        return Kind.TWITCH
    return Kind.CRAMP if duration >= durations.cramp_min else Kind.MOVEMENT


LEAST, MOST = 0.05, 0.99


@dataclass(frozen=True, slots=True)
class ConfidenceModel:
    """Logarithm of the odds that an event of one kind and modality is true.

    Parameters
    ----------
    even
        At 20 dB and the middle duration.
    per_10_db
        More for each 10 dB that it stands further out of the noise.
    per_e_fold
        More for each time that it lasts e times longer than `middle_s`.
    middle_s
        A typical duration, seconds.
    """

    even: float
    per_10_db: float
    per_e_fold: float
    middle_s: float

    def share(self, snr_db: float, lasting_s: float) -> float:
        """Return the share of such events that is true."""
        long = math.log(max(lasting_s, 1e-3) / self.middle_s)
        odds = self.even + self.per_10_db * (snr_db - 20) / 10 + self.per_e_fold * long
        return min(max(1 / (1 + math.exp(-odds)), LEAST), MOST)


ODDS: Mapping[tuple[Modality, Kind], ConfidenceModel] = MappingProxyType(
    {
        (Modality.EMG, Kind.TWITCH): ConfidenceModel(1.7, 1.32, -0.41, 0.03),
        (Modality.EMG, Kind.CRAMP): ConfidenceModel(2.18, 0.34, 0.11, 25.0),
        (Modality.EMG, Kind.MOVEMENT): ConfidenceModel(0.99, 0.66, 0.45, 0.58),
        (Modality.ACCELEROMETER, Kind.TWITCH): ConfidenceModel(6.35, 2.71, -1.01, 0.14),
        (Modality.ACCELEROMETER, Kind.CRAMP): ConfidenceModel(3.73, 0.02, -0.47, 26.0),
        (Modality.ACCELEROMETER, Kind.MOVEMENT): ConfidenceModel(2.43, 0.13, -0.59, 2.1),
        (Modality.ENVELOPE, Kind.CRAMP): ConfidenceModel(2.18, 0.34, 0.11, 25.0),
        (Modality.ENVELOPE, Kind.MOVEMENT): ConfidenceModel(0.99, 0.66, 0.45, 0.58),
    }
)


def confidence(modality: Modality, kind: Kind, snr_db: float, lasting_s: float) -> float:
    """Return the confidence of an event, 0.05 to 0.99."""
    return ODDS[modality, kind].share(snr_db, lasting_s)
