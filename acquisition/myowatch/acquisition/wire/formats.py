"""The formats that are understood: how a board is asked for its name, started, stopped and read."""

from collections.abc import Callable
from dataclasses import dataclass

from myowatch.acquisition.wire.decoding import Decoder
from myowatch.acquisition.wire.facts import Facts

Commands = tuple[bytes, ...]
"""To be sent in this order, with a tenth of a second after each."""


def _nothing(_: Facts) -> Commands:
    return ()


def _no_answer(_: bytes) -> Facts | None:
    return None


@dataclass(frozen=True, slots=True)
class Format:
    """One way of sending samples, as pure values and functions: no port is touched here.

    Parameters
    ----------
    name
        As typed in `format=`.
    title
        As told to a person.
    baud_rates
        That such boards usually have, the likeliest first.
    decoder
        Makes the decoder for a device of which these facts are known.

        Raises ValueError, in words for a person, if a fact does not go with the format.
    ask
        Makes a board say who it is; empty if there is no such command.
    answered
        What the board said, given all bytes heard after asking; None if that is not its answer.
    start, stop
        What a device of which these facts are known has to be sent.
    """

    name: str
    title: str
    baud_rates: tuple[int, ...]
    decoder: Callable[[Facts], Decoder]
    ask: bytes = b""
    answered: Callable[[bytes], Facts | None] = _no_answer
    start: Callable[[Facts], Commands] = _nothing
    stop: Commands = ()


FORMATS: tuple[Format, ...] = ()
"""In the order in which boards are asked."""


def format_named(name: str) -> Format | None:
    """Return the format of this name; None if there is none."""
    return next((each for each in FORMATS if each.name == name), None)
