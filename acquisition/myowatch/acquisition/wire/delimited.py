"""Bytes cut at a delimiter, with a bound on what is kept while none comes."""


class Delimited:
    """Cuts a stream of bytes into the pieces between delimiters.

    Parameters
    ----------
    delimiter
        One byte.
    longest
        Bytes; a longer piece is dropped as it comes, until after the next delimiter.

    Attributes
    ----------
    dropped_bytes
        In pieces too long, with their delimiters.
    dropped_pieces
        That were too long.
    """

    def __init__(self, delimiter: bytes, longest: int) -> None:
        self.dropped_bytes = self.dropped_pieces = 0
        self._delimiter, self._longest = delimiter, longest
        self._rest = b""
        self._dropping = False

    def feed(self, data: bytes) -> list[bytes]:
        """Give the pieces that these bytes complete, without their delimiters."""
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
