"""What the wearer said at a moment of a recording."""

from dataclasses import dataclass

MAX_TEXT_BYTES = 120
"""Longest text in UTF-8, so that a marker fits the annotation channel of one data record."""


@dataclass(frozen=True, slots=True)
class Marker:
    """A press of a button, or a note.

    Parameters
    ----------
    time_s
        Seconds from the recording's first sample.
    text
        `cramp`, `felt`, `note: ...`; at most 120 bytes of UTF-8, without control characters.

    Raises
    ------
    ValueError
        If the text is empty, too long or holds a control character.
    """

    time_s: float
    text: str

    def __post_init__(self) -> None:
        # Rounded once, here, so that a marker written as text comes back equal.
        object.__setattr__(self, "time_s", round(float(self.time_s), 6))
        size = len(self.text.encode("utf-8", "replace"))
        if not 0 < size <= MAX_TEXT_BYTES or not self.text.isprintable():
            raise ValueError(
                f"need 1 to {MAX_TEXT_BYTES} bytes of printable text, got {size}: {self.text!r}"
            )
