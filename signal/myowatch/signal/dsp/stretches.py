"""Stretches of a stream that may overlap, and how much they cover together."""

from collections.abc import Iterator


class Stretches:
    """A growing set of stretches of samples, held merged: memory for the gaps between them only.

    Stretches mostly come in the order of time, which costs the least; any order is right.
    """

    def __init__(self) -> None:
        self._merged: list[tuple[int, int]] = []

    def __iter__(self) -> Iterator[tuple[int, int]]:
        """Onset and offset of each, in the order of time, none touching another."""
        return iter(self._merged)

    def add(self, onset: int, offset: int) -> None:
        """Take in one stretch, `offset` being one past its last sample."""
        later = []
        while self._merged and self._merged[-1][1] >= onset:
            before = self._merged.pop()
            if before[0] > offset:
                later.append(before)
            else:
                onset, offset = min(onset, before[0]), max(offset, before[1])
        self._merged.append((onset, offset))
        self._merged.extend(reversed(later))

    def covered(self, n_samples: int) -> int:
        """How many of the first so many samples they cover."""
        return sum(max(0, min(offset, n_samples) - onset) for onset, offset in self._merged)
