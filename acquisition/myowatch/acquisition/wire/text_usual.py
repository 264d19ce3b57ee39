"""Many lines at once, as long as all are printed as the sketch usually prints them.

Taking lines apart one by one costs a hundred times what their numbers do. What a sketch prints
between its numbers is always the same; when it is, only numbers are left to be read.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from myowatch.acquisition.wire.text_fields import NUMBER
from myowatch.signal.samples import Samples

_NUMERALS = b"0123456789.+-eE"
_FIRST_MARK = 0x80  # none of these is in a line of ASCII
_MARKS_AS_SPACE = bytes(range(_FIRST_MARK)) + b" " * (256 - _FIRST_MARK)
_value = re.compile(rf"(?<![^\s,;:=\[{{]){NUMBER}(?=[\s,;\]}}]|$)".encode())


@dataclass(frozen=True, slots=True)
class UsualLines:
    """How a sketch's lines look around their numbers.

    Parameters
    ----------
    begin, end
        Of a line.
    marks
        What stands between two numbers, in a line or of two lines, and the byte it becomes; the
        longest first, for one may be part of another.
    skeleton
        The marks of one line, that to the next line included.
    """

    begin: bytes
    end: bytes
    marks: tuple[tuple[bytes, bytes], ...]
    skeleton: bytes

    @classmethod
    def of(cls, line: bytes, numbers: Sequence[str]) -> "UsualLines | None":
        """Learn from a line and the numbers in it; None if there is something else like them."""
        if [found.decode() for found in _value.findall(line)] != list(numbers):
            return None
        begin, *between, end = _value.split(line)
        between.append(end + b"\n" + begin)
        mark_of = {text: bytes([_FIRST_MARK + n]) for n, text in enumerate(dict.fromkeys(between))}
        marks = tuple(sorted(mark_of.items(), key=lambda mark: -len(mark[0])))
        return cls(begin, end, marks, b"".join(mark_of[text] for text in between))

    def values(self, text: bytes, lines: int) -> Samples | None:
        """Give the numbers of so many lines, shape (lines, width); None if one looks otherwise."""
        framed = text.startswith(self.begin) and text.endswith(self.end)
        if not framed or not text.isascii() or len(text) < len(self.begin) + len(self.end):
            return None
        text = text[len(self.begin) : len(text) - len(self.end)]
        for between, mark in self.marks:
            text = text.replace(between, mark)
        width = len(self.skeleton)
        if text.translate(None, _NUMERALS) != (self.skeleton * lines)[:-1]:
            return None
        # So many marks stand between so many numbers: if none is missing, each has its place.
        numbers = text.translate(_MARKS_AS_SPACE).split()
        if len(numbers) != width * lines:
            return None
        try:
            return np.fromiter(map(float, numbers), np.float64, len(numbers)).reshape(-1, width)
        except ValueError:
            return None
