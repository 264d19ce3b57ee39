"""Sampling rates that detection takes."""

from collections.abc import Iterable, Mapping
from pathlib import Path
from types import MappingProxyType

from myowatch.recordings.storage.problem import UnreadableRecording
from myowatch.signal.model.samples import Modality, Stream

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
