"""Units that samples come in, and how they become microvolts or g."""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from myowatch.signal.model.samples import Modality, Unit


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
    """Return the unit of this name, None if it is none of ours.

    Case counts, as it does in the SI: `mV` is not `MV`.
    """
    return COLUMN_UNITS.get(_SPELLINGS.get(text, text))
