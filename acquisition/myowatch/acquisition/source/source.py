"""The Source protocol, and the texts that name a source."""

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Protocol, TypeVar
from urllib.parse import parse_qsl

from myowatch.recordings.model.link_quality import LinkQuality
from myowatch.recordings.storage.problem import Problem
from myowatch.signal.model.events import Event
from myowatch.signal.model.samples import SampleBlock, Stream

T = TypeVar("T")

EXAMPLES = "serial:/dev/ttyUSB0, sim:twitchy?seed=1, file:night.bdf?speed=20"


class WrongSource(Problem):
    """A source text that cannot be understood."""


@dataclass(frozen=True, slots=True)
class SourceText:
    """A source as typed, split into its parts.

    Parameters
    ----------
    text
        As typed.
    options
        What follows the question mark.
    """

    text: str
    scheme: str
    address: str
    options: Mapping[str, str]

    @classmethod
    def parse(cls, text: str) -> "SourceText":
        """Split a source text.

        A question mark without `key=value` after it is part of the address, as in a file name.

        Examples
        --------
        >>> SourceText.parse("sim:calm?seed=2").options
        {'seed': '2'}
        """
        if any("\ud800" <= c <= "\udfff" for c in text):
            raise WrongSource(
                f"{text!a} has bytes that are not text", "rename the file in plain letters"
            )
        scheme, colon, rest = text.strip().partition(":")
        if not colon or not rest:
            raise WrongSource(f"{text!r} is not a source", f"say for example {EXAMPLES}")
        address, mark, query = rest.rpartition("?")
        if mark and not query:
            return cls(text.strip(), scheme.lower(), address, {})
        if not mark or not all("=" in part for part in query.split("&")):
            return cls(text.strip(), scheme.lower(), rest, {})
        return cls(
            text.strip(), scheme.lower(), address, dict(parse_qsl(query, keep_blank_values=True))
        )

    def only(self, *known: str) -> None:
        """Refuse other options than these.

        Raises
        ------
        WrongSource
            Naming the option and the known ones.
        """
        for key in self.options:
            if key not in known:
                raise WrongSource(
                    f"{self.scheme}: has no option {key!r}", f"it has {', '.join(known)}"
                )

    def option(self, key: str, read: Callable[[str], T], default: T, *, needs: str) -> T:
        """Return an option's value, converted by `read`; `needs` describes a valid value.

        Raises
        ------
        WrongSource
            If `read` raises ValueError.
        """
        if key not in self.options:
            return default
        try:
            return read(self.options[key])
        except ValueError:
            raise WrongSource(
                f"{key}={self.options[key]} in {self.text!r} is wrong", f"{key} has to be {needs}"
            ) from None

    def speed(self) -> float:
        """Return the option `speed`; `max` is infinite."""
        return self.option("speed", _speed, 1.0, needs="a number above 0, or max")


def _speed(text: str) -> float:
    if text == "max":
        return math.inf
    speed = float(text)
    if not (0 < speed < math.inf):
        raise ValueError(f"need a speed above 0, got {speed}")
    return speed


class SourceLost(Problem):
    """A device is gone; opening the source again may bring it back."""


def cancelled_error(name: str) -> SourceLost:
    """Return the error for an `open` that was cancelled."""
    return SourceLost(f"opening {name} was cancelled")


class Source(Protocol):
    """A device, a file or a simulated wearer, read block by block.

    Attributes
    ----------
    text
        As typed, `sim:twitchy?seed=1`.
    site
        Where on the body; empty if unknown.
    """

    text: str
    site: str

    def open(self) -> tuple[Stream, ...]:
        """Connect, and return the streams.

        Call it again after `SourceLost`: the streams are the same then, and `first_sample` goes
        on with a gap for the time away.

        Raises
        ------
        Problem
            If the source is unavailable.
        """

    def read(self) -> list[SampleBlock] | None:
        """Return what has arrived since the last call; None at the end.

        Waits at most 0.1 s; the list is empty if nothing came. At speed 1 a block has at most
        0.25 s of signal.

        Raises
        ------
        SourceLost
            If the device is gone.
        """

    def cancel_open(self) -> None:
        """End an `open` that runs in another thread, with `SourceLost`, if possible."""

    def close(self) -> None:
        """Close the source; harmless when it is closed."""

    @property
    def progress(self) -> float | None:
        """Share of the source that was read, 0 to 1; None if it has no end."""

    @property
    def began_s(self) -> float | None:
        """The host's clock (`timing.host_clock`) at a device's first sample; None for no device."""

    @property
    def link(self) -> LinkQuality | None:
        """Link quality of a device; None for other sources."""

    def truth(self) -> list[Event] | None:
        """Return the true events in the samples read so far; None if they are unknown."""
