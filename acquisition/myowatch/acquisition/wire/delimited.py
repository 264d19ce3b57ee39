"""Messages in a stream of bytes, separated by delimiters; memory is bounded."""

from cobs import cobs


class Delimited:
    """Cuts a stream of bytes at delimiters.

    Parameters
    ----------
    delimiter
        One byte.
    longest
        Bytes; a longer piece is dropped up to the next delimiter.

    Attributes
    ----------
    dropped_bytes
        Bytes of the pieces that were too long, with their delimiters.
    dropped_pieces
        Number of pieces that were too long.
    """

    def __init__(self, delimiter: bytes, longest: int) -> None:
        self.dropped_bytes = self.dropped_pieces = 0
        self._delimiter, self._longest = delimiter, longest
        self._rest = b""
        self._dropping = False

    def feed(self, data: bytes) -> list[bytes]:
        """Return the pieces that these bytes complete, without their delimiters."""
        pieces = (self._rest + data).split(self._delimiter)
        self._rest = pieces.pop()
        if self._dropping and pieces:
            self.dropped_bytes += len(pieces.pop(0)) + 1
            self._dropping = False
        if len(self._rest) > self._longest and not self._dropping:
            self._dropping = True
            self.dropped_pieces += 1
        if self._dropping:
            self.dropped_bytes += len(self._rest)
            self._rest = b""
        if pieces and max(map(len, pieces)) > self._longest:
            self._drop(pieces)
            pieces = [piece for piece in pieces if len(piece) <= self._longest]
        return pieces

    def _drop(self, pieces: list[bytes]) -> None:
        long = [len(piece) + 1 for piece in pieces if len(piece) > self._longest]
        self.dropped_bytes += sum(long)
        self.dropped_pieces += len(long)


LONGEST = 520
"""An attribute has at most 512 bytes (Bluetooth Core 5.4, vol. 3, part F, 3.2.9)."""


def pack(message: bytes) -> bytes:
    """Encode a message as one piece of a stream of bytes."""
    encoded: bytes = cobs.encode(message)
    return encoded + b"\0"


class Messages:
    """Finds the messages in a stream of bytes.

    Attributes
    ----------
    bad
        Number of pieces that are not a message.
    """

    def __init__(self) -> None:
        self.bad = 0
        self._bad_bytes = 0
        self._pieces = Delimited(b"\0", LONGEST)

    @property
    def skipped_bytes(self) -> int:
        """Bytes outside messages."""
        return self._bad_bytes + self._pieces.dropped_bytes

    def feed(self, data: bytes) -> list[tuple[bytes, int]]:
        """Return the messages that these bytes complete, with their lengths on the wire."""
        found = []
        for piece in self._pieces.feed(data):
            try:
                found.append((cobs.decode(piece), len(piece) + 1))
            except cobs.DecodeError:
                self.bad += 1
                self._bad_bytes += len(piece) + 1
        return found
