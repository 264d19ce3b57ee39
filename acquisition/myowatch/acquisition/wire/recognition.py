"""Which format some bytes are in: the one whose whole frames explain them."""

from dataclasses import dataclass

from myowatch.acquisition.wire.facts import Facts
from myowatch.acquisition.wire.formats import Format


@dataclass(frozen=True, slots=True)
class Recognised:
    """A format, and how much speaks for it.

    Parameters
    ----------
    facts
        What the bytes tell of the device.
    share
        Of the bytes since the first whole frame, those that whole frames explain; 0 to 1.
    frames
        Whole frames found.
    """

    format: Format
    facts: Facts
    share: float
    frames: int


def recognise(heard: bytes) -> Recognised | None:
    """Return the format that explains what was heard; None if none does, or too little was heard.

    Parameters
    ----------
    heard
        All that came since the port was opened, at one baud rate; what a board says at its start
        may be among it. Ask again when more has come.
    """
    del heard
    return None
