"""All wire formats, and the recognition of a format from bytes."""

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
"""Sent in this order, with 0.1 s after each."""


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
        For users.
    baud_rates
        Usual rates of such boards, the most likely first.
    decoder
        Makes the decoder for a device with these facts; raises ValueError with a message for users
        if a fact does not fit the format.
    ask
        Command that makes a board identify itself; empty if there is none.
    answered
        The facts in all bytes received after asking; None if they are not its answer.
    start, stop
        Commands for a device with these facts.
    variants
        All possible values of facts that decoding needs, such as the number of channels.
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
"""In the order in which boards are asked: commands that are harmless to others first."""


def format_named(name: str) -> Format | None:
    """Return the format with this name; None if there is none."""
    return next((each for each in FORMATS if each.name == name), None)


SURE = 0.7
"""Least share of the bytes in whole frames: below this, the connection is too bad to record."""
FEWEST_FRAMES = 8
SLICE = 128
"""Bytes; the precision with which the first frame is located after a start message."""


@dataclass(frozen=True, slots=True)
class Recognised:
    """A format, and the evidence for it.

    Parameters
    ----------
    facts
        What the bytes show about the device.
    share
        Share of the bytes since the first whole frame that are in whole frames, 0 to 1.
    frames
        Whole frames found.
    """

    format: Format
    facts: DeviceFacts
    share: float
    frames: int


def recognise(received: bytes) -> Recognised | None:
    """Return the format that explains the bytes; None if none does, or they are too few.

    Parameters
    ----------
    received
        All bytes since the port was opened, at one baud rate; they may contain a start message.
        Call again when more bytes have arrived.
    """
    found = [
        _explain(received, each, facts)
        for each in FORMATS
        for facts in each.variants
        if _whole_frames(received, each, facts) >= FEWEST_FRAMES
    ]
    likely = [each for each in found if each.share >= SURE]
    return max(likely, key=lambda each: each.share, default=None)


def _whole_frames(received: bytes, form: Format, facts: DeviceFacts) -> int:
    decoder = form.decoder(facts)
    decoder.feed(received)
    return decoder.reception.frames


def _explain(received: bytes, form: Format, facts: DeviceFacts) -> Recognised:
    decoder = form.decoder(facts)
    before = 0
    for begin in range(0, len(received), SLICE):
        decoder.feed(received[begin : begin + SLICE])
        if decoder.reception.frames == 0:
            before = decoder.reception.skipped_bytes
    reception = decoder.reception
    since = reception.frame_bytes + reception.skipped_bytes - before
    return Recognised(form, facts, reception.frame_bytes / since, reception.frames)
