"""What is known of a device, what the user asks for, and the line to it."""

import threading
from dataclasses import dataclass, field
from typing import Protocol

from myowatch.acquisition.source.source import SourceText, WrongSource
from myowatch.acquisition.wire.decoding import Decoder, DeviceFacts
from myowatch.acquisition.wire.formats import FORMATS, Format, format_named
from myowatch.recordings.storage.problem import Problem
from myowatch.signal.model.samples import COLUMN_UNITS, ColumnUnit, Modality, column_unit


class Line(Protocol):
    """An open connection to a device.

    Attributes
    ----------
    name
        For users.
    """

    name: str
    cancelled: threading.Event

    def read(self, poll_s: float) -> bytes:
        """Wait briefly and return all bytes that have arrived.

        Raises
        ------
        SourceLost
            If the connection is lost.
        """

    def write(self, data: bytes) -> None:
        """Send bytes.

        Raises
        ------
        SourceLost
            If the connection is lost.
        """

    def close(self) -> None:
        """Close the connection; harmless when it is closed."""


FIRST_BAUD = 115200
"""The rate of most sketches and boards; tried first."""


@dataclass(frozen=True, slots=True)
class DeviceOptions:
    """What the user says about a device; None for what is to be detected.

    Parameters
    ----------
    facts
        Typed facts take precedence over those of the device.
    """

    format: Format | None = None
    baud: int | None = None
    facts: DeviceFacts = field(default_factory=DeviceFacts)

    @property
    def formats(self) -> tuple[Format, ...]:
        """Formats to try."""
        return FORMATS if self.format is None else (self.format,)

    @property
    def bauds(self) -> tuple[int, ...]:
        """Baud rates to try, the most likely first."""
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
    """A device: its format, what is known of it, and its baud rate."""

    format: Format
    facts: DeviceFacts
    baud: int | None = None

    @property
    def seems(self) -> str:
        """Description for users."""
        board = self.facts.board
        return f"{board}, {self.format.title}" if board else self.format.title

    def decoder(self) -> Decoder:
        """Return a new decoder for the device.

        Raises
        ------
        Problem
            If an option does not fit the format.
        """
        try:
            return self.format.decoder(self.facts)
        except ValueError as error:
            raise Problem(
                f"{self.format.title} does not fit the options: {error}",
                "leave the option out, or choose another format=",
            ) from error


OPTIONS = ("format", "rate", "channels", "bits", "modality", "unit", "clock", "site")
ANY = "auto"


def parse_device_options(text: SourceText) -> DeviceOptions:
    """Return the options of a source text.

    Raises
    ------
    WrongSource
        If there is no such option, or it has no such value.
    """
    has_speed = text.scheme == "serial"
    text.only(*(("baud",) if has_speed else ()), *OPTIONS)
    if not text.address:
        raise WrongSource(f"{text.text!r} does not name a device", "see myowatch devices")
    formats = ", ".join((ANY, *(each.name for each in FORMATS)))
    facts = DeviceFacts(
        channels=text.option("channels", _whole, None, needs="a whole number above 0"),
        sampling_rate=text.option("rate", _hertz, None, needs="a number of hertz above 0"),
        bits=text.option("bits", _whole, None, needs="a whole number above 0"),
        modality=text.option("modality", Modality, None, needs=" or ".join(Modality)),
        unit=text.option("unit", _unit, None, needs=f"one of {', '.join(COLUMN_UNITS)}"),
        clock=text.options.get("clock"),
    )
    return DeviceOptions(
        text.option("format", _format, None, needs=f"one of {formats}"),
        text.option("baud", _whole, None, needs="a whole number, such as 115200"),
        facts,
    )


def _format(name: str) -> Format | None:
    found = format_named(name)
    if found is None and name != ANY:
        raise ValueError(f"there is no format {name}")
    return found


def _whole(text: str) -> int | None:
    number = int(text)
    if number <= 0:
        raise ValueError(f"need a number above 0, got {number}")
    return number


def _hertz(text: str) -> float | None:
    rate = float(text)
    if not 0 < rate < float("inf"):
        raise ValueError(f"need a rate above 0, got {rate}")
    return rate


def _unit(name: str) -> ColumnUnit | None:
    if (found := column_unit(name)) is None:
        raise ValueError(f"there is no unit {name}")
    return found
