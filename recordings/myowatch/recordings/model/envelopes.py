"""What is said of a stream that is an envelope: it tells less, and its wearer should know."""

from collections.abc import Iterable

from myowatch.signal.model.samples import Stream

LASTING_ONLY = "an envelope: cramps and movements only"


def about_envelopes(streams: Iterable[Stream]) -> list[str]:
    """Say it of each stream that is one."""
    return [f"{s.name}: {LASTING_ONLY}" for s in streams if not s.modality.shows_twitches]
