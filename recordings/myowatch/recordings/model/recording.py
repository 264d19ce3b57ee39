"""The `Recording` that every reader returns, and the sampling rates that detection needs."""

from abc import ABC, abstractmethod
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from types import MappingProxyType
from typing import Self

import numpy as np

from myowatch.recordings.storage.problem import UnreadableRecording
from myowatch.signal.model.events import Event
from myowatch.signal.model.samples import Modality, SampleBlock, Stream

MAX_TEXT_BYTES = 120
"""Longest text in UTF-8, so that a marker fits the annotation channel of one data record."""


@dataclass(frozen=True, slots=True)
class Marker:
    """A key pressed by the wearer, or a note.

    Parameters
    ----------
    time_s
        Seconds from the recording's first sample.
    text
        `cramp`, `felt`, `note: ...`; at most 120 bytes of UTF-8, without control characters.

    Raises
    ------
    ValueError
        If the text is empty, too long or holds a control character.
    """

    time_s: float
    text: str

    def __post_init__(self) -> None:
        # Rounded here, so that a marker that was written as text is read back equal.
        object.__setattr__(self, "time_s", round(float(self.time_s), 6))
        size = len(self.text.encode("utf-8", "replace"))
        if not 0 < size <= MAX_TEXT_BYTES or not self.text.isprintable():
            raise ValueError(
                f"need 1 to {MAX_TEXT_BYTES} bytes of printable text, got {size}: {self.text!r}"
            )


BLOCK_S = 10.0

# The skin moves at 5 to 30 Hz, and 50 Hz shows most of it. A potential of the EMG lasts 10 ms.
# An envelope is smooth, and 20 Hz shows its long events.
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
    """Return whether detection works at this sampling rate, hertz."""
    return SLOWEST_HZ[modality] <= rate <= FASTEST_HZ


def left_out_note(name: str, rate: float, modality: Modality) -> str:
    """Return the warning that a signal is left out because of its sampling rate."""
    return f"{name}: {rate:g} Hz is left out, {_need(modality)}"


def unusable_rate(path: Path, rate: float, modality: Modality) -> UnreadableRecording:
    """Return the error of a file whose signals all have an unusable sampling rate."""
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


class Recording(ABC):
    """An open recorded file; a context manager.

    Attributes
    ----------
    path
        The file.
    format
        Name of the file format, for users.
    streams
        The streams of the file.
    started
        Time of the first sample; None if unknown.
    metadata
        Other information in the file.
    n_samples
        Length of each stream, missing samples included; None if only reading all samples tells.
    progress
        Part of the file that the last `blocks` has read, 0 to 1.
    """

    path: Path
    format: str
    streams: tuple[Stream, ...]
    started: datetime | None = None
    metadata: Mapping[str, str]
    n_samples: Mapping[str, int] | None = None
    progress: float = 0.0

    def __init__(self, path: Path) -> None:
        self.path = path
        self.metadata = {}
        self._warnings: list[str] = []

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    @property
    def warnings(self) -> tuple[str, ...]:
        """Return warnings for users; some appear only when all samples have been read."""
        return tuple(self._warnings)

    def blocks(self, seconds: float = BLOCK_S) -> Iterator[SampleBlock]:
        """Yield the samples of all streams in turn; memory does not grow with the file.

        A gap is a jump of `first_sample`. A block holds at most `seconds` and neither starts nor
        ends with missing samples.

        Raises
        ------
        UnreadableRecording
            At damage in the file.
        """
        self.progress = 0.0
        for block in self._read(seconds):
            there = np.flatnonzero(~np.isnan(block.samples).all(axis=1))
            if len(there):
                yield _part(block, int(there[0]), int(there[-1]) + 1)
        self.progress = 1.0

    def events(self) -> list[Event]:
        """Return the events that were found during the recording, in that order.

        They are the settled ones. If the recording is growing or was cut off, the provisional ones
        that its detector had not settled yet are among them.
        """
        return self._events()

    def detectable_peaks(self) -> dict[str, dict[int, float]]:
        """Return the smallest twitch that would have been found, by stream and minute.

        As the detector stated it during the recording; empty if it did not.
        """
        return self._detectable_peaks()

    def markers(self) -> list[Marker]:
        """Return what the wearer pressed, or other software wrote."""
        return self._markers()

    def close(self) -> None:
        """Close the file."""
        self._close()

    @abstractmethod
    def _read(self, seconds: float) -> Iterator[SampleBlock]: ...

    @abstractmethod
    def _close(self) -> None: ...

    def _events(self) -> list[Event]:
        return []

    def _markers(self) -> list[Marker]:
        return []

    def _detectable_peaks(self) -> dict[str, dict[int, float]]:
        return {}

    def _warn(self, text: str) -> None:
        if text not in self._warnings:
            self._warnings.append(text)


def _part(block: SampleBlock, first: int, end: int) -> SampleBlock:
    if end - first == len(block):
        return block
    return SampleBlock(block.stream, block.first_sample + first, block.samples[first:end])
