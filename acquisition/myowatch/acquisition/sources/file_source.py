"""A recorded file as a source: `file:PATH?speed=1`."""

import math
import time
from collections.abc import Iterator
from contextlib import ExitStack, suppress
from dataclasses import replace
from pathlib import Path

from myowatch.acquisition.source.source import SourceText, WrongSource
from myowatch.recordings.formats.opening import open_recording
from myowatch.recordings.model.recording import Recording
from myowatch.signal.model.samples import SampleBlock, Stream

LONGEST_WAIT_S = 0.1
"""Longest wait, so that stop requests are handled in time."""


class Pace:
    """Times a signal that plays at a given speed.

    Times count from the first call, so that a delay (a busy computer, a laptop that slept) is made
    up for, and small errors do not add up.
    """

    def __init__(self, speed: float) -> None:
        self._speed = speed
        self._began: float | None = None

    def wait_for(self, signal_s: float) -> bool:
        """Wait briefly for this second of the signal; return whether it is due."""
        if math.isinf(self._speed):
            return True
        if self._began is None:
            self._began = time.monotonic()
        left_s = self._began + signal_s / self._speed - time.monotonic()
        if left_s > 0:
            time.sleep(min(left_s, LONGEST_WAIT_S))
        return left_s <= LONGEST_WAIT_S


BLOCK_S = 0.05
"""Block length at speed 1; it grows with the speed, up to `LONGEST_BLOCK_S`."""
LONGEST_BLOCK_S = 10.0


class FileSource:
    """Samples of a file, in real time or as fast as possible; its gaps stay gaps.

    Parameters
    ----------
    speed
        1 is real time, infinity is as fast as possible.
    site
        Where on the body; empty to keep the site in the file.
    """

    def __init__(self, path: Path, *, speed: float = 1.0, site: str = "", text: str = "") -> None:
        self.text = text or f"file:{path}"
        self.site = site
        self._path, self._speed = path, speed
        self._pace = Pace(speed)
        self._resources = ExitStack()
        self._recording: Recording | None = None
        self._blocks: Iterator[SampleBlock] = iter(())
        self._next: SampleBlock | None = None

    @classmethod
    def parse(cls, text: SourceText, site: str) -> "FileSource":
        """Return the source that a text names.

        Raises
        ------
        WrongSource
            If an option is wrong or there is no such file.
        """
        text.only("speed", "site")
        path = _existing(text.address)
        return cls(path, speed=text.speed(), site=site, text=text.text)

    def open(self) -> tuple[Stream, ...]:
        """Open the file, and return its streams.

        Raises
        ------
        UnreadableRecording
            If the file is not a recording.
        """
        self._recording = self._resources.enter_context(open_recording(self._path))
        self._blocks = self._recording.blocks(min(BLOCK_S * self._speed, LONGEST_BLOCK_S))
        self._next = next(self._blocks, None)
        return tuple(self._placed(stream) for stream in self._recording.streams)

    def read(self) -> list[SampleBlock] | None:
        """Return the next block of the file when it is due."""
        block = self._next
        if block is None:
            return None
        end_s = block.end_sample / block.stream.sampling_rate
        if not self._pace.wait_for(end_s):
            return []
        self._next = next(self._blocks, None)
        return [SampleBlock(self._placed(block.stream), block.first_sample, block.samples)]

    def cancel_open(self) -> None:
        """Do nothing: a file opens at once."""

    def close(self) -> None:
        """Close the file."""
        self._resources.close()

    @property
    def progress(self) -> float | None:
        """Share of the file that was read."""
        return self._recording.progress if self._recording else 0.0

    @property
    def began_s(self) -> None:
        """None: a file has its own time."""
        return

    @property
    def link(self) -> None:
        """None: a file has no link."""
        return

    def truth(self) -> None:
        """Return None: the true events of a file are unknown."""
        return

    def _placed(self, stream: Stream) -> Stream:
        return replace(stream, site=self.site) if self.site else stream


def _existing(address: str) -> Path:
    # No shell expands a `~` typed in the dashboard; without such a user it is part of the name.
    with suppress(RuntimeError):
        address = str(Path(address).expanduser())
    path = Path(address)
    try:
        is_file, is_folder = path.is_file(), path.is_dir()
    except OSError as error:  # the name is too long
        raise WrongSource(f"cannot open {path}: {error.strerror}", "check its name") from error
    if is_folder:
        raise WrongSource(f"{path} is a folder", "name a file in it")
    if not is_file:
        raise WrongSource(
            f"there is no file {path}", "check its name, as in file:night.bdf?speed=20"
        )
    return path
