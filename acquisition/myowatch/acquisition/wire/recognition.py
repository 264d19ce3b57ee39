"""Which format some bytes are in: the one whose whole frames explain them."""

from dataclasses import dataclass

from myowatch.acquisition.wire.facts import Facts
from myowatch.acquisition.wire.formats import FORMATS, Format

SURE = 0.7
"""Share of the bytes: a wire that loses more is not worth starting on."""
FEWEST_FRAMES = 8
SLICE = 128
"""Bytes; so finely it is seen where the first frame was, after what a board says at its start."""


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
    found = [
        _explain(heard, each, facts)
        for each in FORMATS
        for facts in each.variants
        if _whole_frames(heard, each, facts) >= FEWEST_FRAMES
    ]
    likely = [each for each in found if each.share >= SURE]
    return max(likely, key=lambda each: each.share, default=None)


def _whole_frames(heard: bytes, form: Format, facts: Facts) -> int:
    decoder = form.decoder(facts)
    decoder.feed(heard)
    return decoder.reception.frames


def _explain(heard: bytes, form: Format, facts: Facts) -> Recognised:
    decoder = form.decoder(facts)
    before = 0
    for begin in range(0, len(heard), SLICE):
        decoder.feed(heard[begin : begin + SLICE])
        if decoder.reception.frames == 0:
            before = decoder.reception.skipped_bytes
    reception = decoder.reception
    since = reception.frame_bytes + reception.skipped_bytes - before
    return Recognised(form, facts, reception.frame_bytes / since, reception.frames)
