"""What is known of a device, what a person wants of it, and the line to it."""

from dataclasses import dataclass, field
from typing import Protocol

from myowatch.acquisition.wire.decoding import Decoder, Facts
from myowatch.acquisition.wire.formats import FORMATS, Format
from myowatch.recordings.storage.problem import Problem


class Line(Protocol):
    """An open way to a device.

    Attributes
    ----------
    name
        As told to a person.
    """

    name: str

    def read(self, poll_s: float) -> bytes:
        """Wait a little and give all that has come.

        Raises
        ------
        SourceLost
            If the way has gone.
        """

    def write(self, data: bytes) -> None:
        """Send bytes.

        Raises
        ------
        SourceLost
            If the way has gone.
        """

    def close(self) -> None:
        """Let go of the device; harmless when it has gone or is let go of already."""


FIRST_BAUD = 115200
"""What most sketches and boards use; tried before all others."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a person said of a device; None where it is to be found out.

    Parameters
    ----------
    facts
        Typed ones hold against what the device says.
    """

    format: Format | None = None
    baud: int | None = None
    facts: Facts = field(default_factory=Facts)

    @property
    def formats(self) -> tuple[Format, ...]:
        """Those that come into question."""
        return FORMATS if self.format is None else (self.format,)

    @property
    def bauds(self) -> tuple[int, ...]:
        """Those to be tried, the likeliest first."""
        if self.baud is not None:
            return (self.baud,)
        longest = max((len(each.baud_rates) for each in self.formats), default=0)
        usual = [
            each.baud_rates[place]
            for place in range(longest)
            for each in self.formats
            if place < len(each.baud_rates)
        ]
        first = [FIRST_BAUD] if self.format is None or not usual else []
        return tuple(dict.fromkeys([*first, *usual]))


@dataclass(frozen=True, slots=True)
class Device:
    """What a device is: how it speaks, what is known of it, at which speed if that matters."""

    format: Format
    facts: Facts
    baud: int | None = None

    @property
    def seems(self) -> str:
        """What it is, for people."""
        board = self.facts.board
        return f"{board}, {self.format.title}" if board else self.format.title

    def decoder(self) -> Decoder:
        """Make a decoder for it.

        Raises
        ------
        Problem
            If what was typed does not go with the format.
        """
        try:
            return self.format.decoder(self.facts)
        except ValueError as error:
            raise Problem(
                f"{self.format.title} does not go with what was asked for: {error}",
                "leave the option out, or choose another format=",
            ) from error
