"""What is known of the device behind a port, and what a person wants of it."""

from dataclasses import dataclass, field

from myowatch.acquisition.wire.decoding import Decoder
from myowatch.acquisition.wire.facts import Facts
from myowatch.acquisition.wire.formats import FORMATS, Format
from myowatch.recordings.problem import Problem

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
