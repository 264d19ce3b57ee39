"""Streams, blocks of samples, and units.

Time is a sample index, counted from the stream's first sample. Seconds and dates are made at the
edges. A sample that never arrived is NaN inside a block, or a jump of `first_sample` between two
blocks: both mean the same and every consumer treats them alike.

Units that samples come in, and how they become microvolts or g.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType

import numpy as np
import numpy.typing as npt

Samples = npt.NDArray[np.float64]


class Modality(StrEnum):
    """What a sensor measures; an envelope is an EMG that was rectified and smoothed."""

    EMG = "emg"
    ACCELEROMETER = "accelerometer"
    ENVELOPE = "envelope"

    @property
    def shows_twitches(self) -> bool:
        """Whether twitches can be told in it; an envelope shows only longer events."""
        return self is not Modality.ENVELOPE


class Unit(StrEnum):
    """Unit of a stream's samples; readers convert every other unit into one of these."""

    MICROVOLT = "uV"
    G = "g"
    ADC = "adc"


AXES = 3


@dataclass(frozen=True, slots=True)
class Stream:
    """One signal of one sensor: a channel of EMG or envelope, or three axes of an accelerometer.

    Parameters
    ----------
    name
        Unique within a recording; events refer to their stream by it.
    sampling_rate
        Hz.
    channels
        Three (x, y, z) for an accelerometer, else one name.
    resolution
        Physical units per count. Every sample is a whole number of counts times this, so a
        recording that keeps counts keeps the samples exactly.
    site
        Where on the body, e.g. `left-thigh`; empty if unknown.

    Raises
    ------
    ValueError
        If the rate or resolution is not positive, or the channels do not fit the modality.
    """

    name: str
    modality: Modality
    unit: Unit
    sampling_rate: float
    channels: tuple[str, ...]
    resolution: float
    site: str = ""

    def __post_init__(self) -> None:
        if not (np.isfinite(self.sampling_rate) and self.sampling_rate > 0):
            raise ValueError(f"need a sampling rate above 0 Hz, got {self.sampling_rate}")
        if not (np.isfinite(self.resolution) and self.resolution > 0):
            raise ValueError(f"need a resolution above 0 {self.unit}, got {self.resolution}")
        needed = AXES if self.modality is Modality.ACCELEROMETER else 1
        if len(self.channels) != needed:
            raise ValueError(f"need {needed} channels for {self.modality}, got {self.channels}")


@dataclass(frozen=True, slots=True, eq=False)
class SampleBlock:
    """Consecutive samples of one stream.

    Parameters
    ----------
    first_sample
        Index of the block's first sample, counted from the start of the stream.
    samples
        Shape (n_samples, n_channels), in the stream's unit; NaN where a sample is missing.
    """

    stream: Stream
    first_sample: int
    samples: Samples

    def __post_init__(self) -> None:
        if self.samples.ndim != 2 or self.samples.shape[1] != len(self.stream.channels):  # noqa: PLR2004
            raise ValueError(
                f"need samples of shape (n, {len(self.stream.channels)}), got {self.samples.shape}"
            )

    def __len__(self) -> int:
        return len(self.samples)

    @property
    def end_sample(self) -> int:
        """Index one past the block's last sample."""
        return self.first_sample + len(self.samples)


def quantise(values: Samples, resolution: float) -> Samples:
    """Return values moved to the nearest whole count; NaN stays NaN.

    Readers of files that hold decimals call this, so that a recording made from them, which
    keeps counts, gives back the very same samples.
    """
    return np.rint(values / resolution) * resolution


def squared_length(vectors: Samples) -> Samples:
    """Return the sum of squares of three axes, shape (n_samples, 3) to (n_samples,)."""
    x, y, z = vectors.T
    square: Samples = x * x + y * y + z * z
    return square


@dataclass(frozen=True, slots=True)
class ColumnUnit:
    """A unit that a column may have.

    Parameters
    ----------
    factor
        Turns a value of the column into the internal unit.
    resolution
        Of the internal unit.
    """

    modality: Modality
    unit: Unit
    factor: float
    resolution: float


_MICROVOLT = (Modality.EMG, Unit.MICROVOLT)
_G = (Modality.ACCELEROMETER, Unit.G)
STANDARD_GRAVITY = 9.80665  # m/s2, exact by definition

COLUMN_UNITS: Mapping[str, ColumnUnit] = MappingProxyType(
    {
        "V": ColumnUnit(*_MICROVOLT, 1e6, 0.625),
        "mV": ColumnUnit(*_MICROVOLT, 1e3, 0.025),
        "uV": ColumnUnit(*_MICROVOLT, 1.0, 0.025),
        "g": ColumnUnit(*_G, 1.0, 2e-6),
        "mg": ColumnUnit(*_G, 1e-3, 2e-6),
        "m/s2": ColumnUnit(*_G, 1 / STANDARD_GRAVITY, 2e-6),
        "adc": ColumnUnit(Modality.EMG, Unit.ADC, 1.0, 1 / 16),
    }
)
"""By the name that the plain CSV format gives them."""

_SPELLINGS = {
    "\N{MICRO SIGN}V": "uV",
    "\N{GREEK SMALL LETTER MU}V": "uV",
    "m/s^2": "m/s2",
    "m/s\N{SUPERSCRIPT TWO}": "m/s2",
}


def column_unit(text: str) -> ColumnUnit | None:
    """Return the unit with this name; None if it is unknown.

    Case counts, as it does in the SI: `mV` is not `MV`.
    """
    return COLUMN_UNITS.get(_SPELLINGS.get(text, text))
