"""Reading what people type where a source is asked for: `SCHEME:ADDRESS?key=value&key=value`."""

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TypeVar
from urllib.parse import parse_qsl

from myowatch.recordings.storage.problem import Problem

T = TypeVar("T")

EXAMPLES = "serial:/dev/ttyUSB0, sim:twitchy?seed=1, file:night.bdf?speed=20"


class WrongSource(Problem):
    """A source text that means nothing."""


@dataclass(frozen=True, slots=True)
class SourceText:
    """A source as typed, taken apart.

    Parameters
    ----------
    text
        As typed.
    options
        What stood behind the question mark.
    """

    text: str
    scheme: str
    address: str
    options: Mapping[str, str]

    @classmethod
    def parse(cls, text: str) -> "SourceText":
        """Take a source text apart.

        A question mark that no `key=value` follows belongs to the address: files are named so.

        Examples
        --------
        >>> SourceText.parse("sim:calm?seed=2").options
        {'seed': '2'}
        """
        if any("\ud800" <= c <= "\udfff" for c in text):
            raise WrongSource(
                f"{text!a} has bytes that are no text", "rename the file in plain letters"
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
        """Refuse options other than these.

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
        """Give an option's value as `read` makes it; `needs` says in words what it has to be.

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
        """Give the option `speed`; `max` is infinite."""
        return self.option("speed", _speed, 1.0, needs="a number above 0, or max")


def _speed(text: str) -> float:
    if text == "max":
        return math.inf
    speed = float(text)
    if not (0 < speed < math.inf):
        raise ValueError(f"need a speed above 0, got {speed}")
    return speed
