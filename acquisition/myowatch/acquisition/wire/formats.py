"""All wire formats, and which of them some bytes are in."""

from collections.abc import Callable
from dataclasses import dataclass

from myowatch.acquisition.wire import bitalino, chords, cyton, myoframe, text
from myowatch.acquisition.wire.bitalino import BitalinoDecoder
from myowatch.acquisition.wire.chords import ChordsDecoder
from myowatch.acquisition.wire.cyton import CytonDecoder
from myowatch.acquisition.wire.decoding import Decoder, DeviceFacts
from myowatch.acquisition.wire.myoframe import MyoframeDecoder
from myowatch.acquisition.wire.text import TextDecoder

Commands = tuple[bytes, ...]
"""To be sent in this order, with a tenth of a second after each."""


def _no_commands(_: DeviceFacts) -> Commands:
    return ()


def _no_answer(_: bytes) -> DeviceFacts | None:
    return None


@dataclass(frozen=True, slots=True)
class Format:
    """One wire format, as values and functions without I/O.

    Parameters
    ----------
    name
        As typed in `format=`.
    title
        As told to a person.
    baud_rates
        That such boards usually have, the likeliest first.
    decoder
        Makes the decoder of a device with these facts; raises ValueError, with a message for users,
        if a fact does not fit the format.
    ask
        Makes a board say who it is; empty if there is no such command.
    answered
        What a board said, given all bytes heard after asking; None if that is not its answer.
    start, stop
        Bytes that start and stop a device with these facts.
    variants
        Facts without which its bytes cannot be understood, such as the number of channels: all
        that there may be.
    """

    name: str
    title: str
    baud_rates: tuple[int, ...]
    decoder: Callable[[DeviceFacts], Decoder]
    ask: bytes = b""
    answered: Callable[[bytes], DeviceFacts | None] = _no_answer
    start: Callable[[DeviceFacts], Commands] = _no_commands
    stop: Commands = ()
    variants: tuple[DeviceFacts, ...] = (DeviceFacts(),)


FORMATS = (
    Format(
        "myoframe",
        "Myowatch's own frames",
        myoframe.BAUD_RATES,
        MyoframeDecoder,
        myoframe.ASK,
        myoframe.answer,
        lambda _: (myoframe.START,),
        (myoframe.STOP,),
    ),
    Format(
        "chords",
        "a board of Upside Down Labs (Chords)",
        chords.BAUD_RATES,
        ChordsDecoder,
        chords.ASK,
        chords.answer,
        lambda _: (chords.START,),
        (chords.STOP,),
        tuple(DeviceFacts(channels=n + 1) for n in range(chords.MOST_CHANNELS)),
    ),
    Format(
        "cyton",
        "OpenBCI Cyton",
        cyton.BAUD_RATES,
        CytonDecoder,
        cyton.ASK,
        cyton.answer,
        lambda _: (cyton.START,),
        (cyton.STOP,),
    ),
    Format(
        "bitalino",
        "BITalino",
        bitalino.BAUD_RATES,
        BitalinoDecoder,
        bitalino.ASK,
        bitalino.answer,
        bitalino.start,
        (bitalino.STOP,),
        # Frames of five channels are as long as those of six, with zeros for the sixth.
        tuple(DeviceFacts(channels=n) for n in (1, 2, 3, 4, 6)),
    ),
    Format("text", "lines of text, as for a plotter", text.BAUD_RATES, TextDecoder),
)
"""In the order in which boards are asked: first what is harmless to others."""


def format_named(name: str) -> Format | None:
    """Return the format with this name; None if there is none."""
    return next((each for each in FORMATS if each.name == name), None)


SURE = 0.7
"""Share of the bytes: a wire that loses more is not worth starting on."""
FEWEST_FRAMES = 8
SLICE = 128
"""Bytes; so finely it is seen where the first frame was, after what a board says at its start."""


@dataclass(frozen=True, slots=True)
class Recognised:
    """A format, and the evidence for it.

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
    facts: DeviceFacts
    share: float
    frames: int


def recognise(heard: bytes) -> Recognised | None:
    """Return the format that explains the bytes; None if none does, or they are too few.

    Parameters
    ----------
    heard
        All that came since the port was opened, at one baud rate; what a board says at its start
        may be among it. Ask again when more has come.
    """
    found = [
        _explain(heard, each, facts)
        for each in FORMATS
        for facts in each.variants
        if _whole_frames(heard, each, facts) >= FEWEST_FRAMES
    ]
    likely = [each for each in found if each.share >= SURE]
    return max(likely, key=lambda each: each.share, default=None)


def _whole_frames(heard: bytes, form: Format, facts: DeviceFacts) -> int:
    decoder = form.decoder(facts)
    decoder.feed(heard)
    return decoder.reception.frames


def _explain(heard: bytes, form: Format, facts: DeviceFacts) -> Recognised:
    decoder = form.decoder(facts)
    before = 0
    for begin in range(0, len(heard), SLICE):
        decoder.feed(heard[begin : begin + SLICE])
        if decoder.reception.frames == 0:
            before = decoder.reception.skipped_bytes
    reception = decoder.reception
    since = reception.frame_bytes + reception.skipped_bytes - before
    return Recognised(form, facts, reception.frame_bytes / since, reception.frames)
