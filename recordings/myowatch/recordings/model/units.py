"""Units of recorded columns, and sampling rates that detection takes."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType

from myowatch.recordings.storage.problem import UnreadableRecording
from myowatch.signal.model.samples import Modality, Stream, Unit


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

COLUMN_UNITS = {
    "V": ColumnUnit(*_MICROVOLT, 1e6, 0.625),
    "mV": ColumnUnit(*_MICROVOLT, 1e3, 0.025),
    "uV": ColumnUnit(*_MICROVOLT, 1.0, 0.025),
    "g": ColumnUnit(*_G, 1.0, 2e-6),
    "mg": ColumnUnit(*_G, 1e-3, 2e-6),
    "m/s2": ColumnUnit(*_G, 1 / STANDARD_GRAVITY, 2e-6),
    "adc": ColumnUnit(Modality.EMG, Unit.ADC, 1.0, 1 / 16),
}
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


# The skin moves at 5 to 30 Hz, which 50 Hz hold most of; a potential is over within 10 ms. What is
# smooth already shows at 20 Hz what lasts.
SLOWEST_HZ: Mapping[Modality, float] = MappingProxyType(
    {Modality.EMG: 100.0, Modality.ACCELEROMETER: 50.0, Modality.ENVELOPE: 20.0}
)
FASTEST_HZ = 10_000.0
_NAMES = {
    Modality.EMG: "EMG",
    Modality.ACCELEROMETER: "an accelerometer",
    Modality.ENVELOPE: "an envelope",
}


def is_usable_rate(rate: float, modality: Modality) -> bool:
    """Whether what it is to show can be told from noise at this rate, and the machine keeps up."""
    return SLOWEST_HZ[modality] <= rate <= FASTEST_HZ


def left_out_note(name: str, rate: float, modality: Modality) -> str:
    """Say that something in a file is not used, and why."""
    return f"{name}: {rate:g} Hz is left out, {_need(modality)}"


def unusable_rate(path: Path, rate: float, modality: Modality) -> UnreadableRecording:
    """Say why nothing in a file can be used."""
    return UnreadableRecording(
        f"{path} was sampled at {rate:g} Hz",
        f"{_need(modality)}: record it again, or resample it",
    )


ENVELOPE_NOTE = "an envelope: cramps and movements only"


def envelope_notes(streams: Iterable[Stream]) -> list[str]:
    """Return one note for each stream that is an envelope and shows no twitches."""
    return [f"{s.name}: {ENVELOPE_NOTE}" for s in streams if not s.modality.shows_twitches]


def _need(modality: Modality) -> str:
    return f"detection in {_NAMES[modality]} needs {SLOWEST_HZ[modality]:g} to {FASTEST_HZ:g} Hz"
