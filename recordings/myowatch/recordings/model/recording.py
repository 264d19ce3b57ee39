"""What every reader gives, whatever the file: streams, blocks, events and markers."""

from abc import ABC, abstractmethod
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from types import TracebackType
from typing import Self

import numpy as np

from myowatch.signal.model.events import Event
from myowatch.signal.model.samples import SampleBlock, Stream

MAX_TEXT_BYTES = 120
"""Longest text in UTF-8, so that a marker fits the annotation channel of one data record."""


@dataclass(frozen=True, slots=True)
class Marker:
    """A press of a button, or a note.

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
        # Rounded once, here, so that a marker written as text comes back equal.
        object.__setattr__(self, "time_s", round(float(self.time_s), 6))
        size = len(self.text.encode("utf-8", "replace"))
        if not 0 < size <= MAX_TEXT_BYTES or not self.text.isprintable():
            raise ValueError(
                f"need 1 to {MAX_TEXT_BYTES} bytes of printable text, got {size}: {self.text!r}"
            )


BLOCK_S = 10.0


class Recording(ABC):
    """An open recorded file; a context manager.

    Attributes
    ----------
    path
        The file.
    format
        What it is, for people.
    streams
        What it holds.
    started
        When the first sample was taken, None if the file does not say.
    metadata
        What else the file says of itself.
    n_samples
        Samples of each stream, missing ones counted; None when only reading it all would tell.
    progress
        How much of the file the last `blocks` has read, 0 to 1.
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

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    @property
    def warnings(self) -> tuple[str, ...]:
        """What a reader should know; some things are known only when all is read."""
        return tuple(self._warnings)

    def blocks(self, seconds: float = BLOCK_S) -> Iterator[SampleBlock]:
        """Give samples from the beginning, of all streams in turn, in flat memory.

        A gap is a jump of `first_sample`; a block holds at most so many seconds and neither
        begins nor ends with missing samples.

        Raises
        ------
        UnreadableRecording
            Where the file turns out to be damaged.
        """
        self.progress = 0.0
        for block in self._read(seconds):
            there = np.flatnonzero(~np.isnan(block.samples).all(axis=1))
            if len(there):
                yield _part(block, int(there[0]), int(there[-1]) + 1)
        self.progress = 1.0

    def events(self) -> list[Event]:
        """Events that were found while it was recorded, in that order."""
        return self._events()

    def markers(self) -> list[Marker]:
        """Return what the wearer pressed, or other software noted."""
        return self._markers()

    def close(self) -> None:
        """Let go of the file."""
        self._close()

    @abstractmethod
    def _read(self, seconds: float) -> Iterator[SampleBlock]: ...

    @abstractmethod
    def _close(self) -> None: ...

    def _events(self) -> list[Event]:
        return []

    def _markers(self) -> list[Marker]:
        return []

    def _warn(self, text: str) -> None:
        if text not in self._warnings:
            self._warnings.append(text)


def _part(block: SampleBlock, first: int, end: int) -> SampleBlock:
    if end - first == len(block):
        return block
    return SampleBlock(block.stream, block.first_sample + first, block.samples[first:end])
