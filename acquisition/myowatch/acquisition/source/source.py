"""Where samples come from."""

from typing import Protocol

from myowatch.recordings.model.link_quality import LinkQuality
from myowatch.recordings.storage.problem import Problem
from myowatch.signal.model.events import Event
from myowatch.signal.model.samples import SampleBlock, Stream


class SourceLost(Problem):
    """A device that was there has gone; opening the source again may bring it back."""


def given_up(name: str) -> SourceLost:
    """Say that nobody wants to wait for a device any longer."""
    return SourceLost(f"{name} was given up")


class Source(Protocol):
    """A device, a file or a simulated wearer, read block by block.

    Attributes
    ----------
    text
        As typed, `sim:twitchy?seed=1`.
    site
        Where on the body; empty if nobody said.
    """

    text: str
    site: str

    def open(self) -> tuple[Stream, ...]:
        """Connect, and say which streams there are.

        Called again after `SourceLost`: streams are then the same, and `first_sample` goes on
        counting from where it was, with the time away left out as a gap.

        Raises
        ------
        Problem
            If the source is not to be had.
        """

    def read(self) -> list[SampleBlock] | None:
        """Give what has come since the last call; None at the end.

        Waits for at most a tenth of a second; an empty list if nothing came. At speed 1 a block
        has at most a quarter of a second of signal.

        Raises
        ------
        SourceLost
            If the device has gone.
        """

    def give_up(self) -> None:
        """End an `open` that is under way in another thread, with `SourceLost`, if it can be."""

    def close(self) -> None:
        """Let go of the device; harmless when it is closed already."""

    @property
    def progress(self) -> float | None:
        """Share of the source that was read, 0 to 1; None for one without end."""

    @property
    def began_s(self) -> float | None:
        """The host's clock (`timing.host_clock`) at a device's first sample; None for no device."""

    @property
    def link(self) -> LinkQuality | None:
        """How well samples come through from a device; None for what is no device."""

    def truth(self) -> list[Event] | None:
        """Give what truly happened in the samples read so far; None if only detection can say."""
