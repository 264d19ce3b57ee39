"""Messages kept whole in a stream of bytes: COBS and then `00`, as the frames of `myoframe` are.

What a radio delivers in messages has no mark of its own where one ends. Sent through a stream of
bytes in this form, it keeps the laws that all decoders keep.
"""

from cobs import cobs

from myowatch.acquisition.wire.delimited import Delimited

LONGEST = 520
"""An attribute has at most 512 bytes (Bluetooth Core 5.4, vol. 3, part F, 3.2.9)."""


def pack(message: bytes) -> bytes:
    """Make a message one piece of a stream of bytes."""
    encoded: bytes = cobs.encode(message)
    return encoded + b"\0"


class Messages:
    """Finds the messages in a stream of bytes, however it is cut.

    Attributes
    ----------
    bad
        Pieces that were no message.
    """

    def __init__(self) -> None:
        self.bad = 0
        self._bad_bytes = 0
        self._pieces = Delimited(b"\0", LONGEST)

    @property
    def skipped_bytes(self) -> int:
        """That were in no message."""
        return self._bad_bytes + self._pieces.dropped_bytes

    def feed(self, data: bytes) -> list[tuple[bytes, int]]:
        """Give the messages that these bytes complete, with the bytes that each took."""
        found = []
        for piece in self._pieces.feed(data):
            try:
                found.append((cobs.decode(piece), len(piece) + 1))
            except cobs.DecodeError:
                self.bad += 1
                self._bad_bytes += len(piece) + 1
        return found
