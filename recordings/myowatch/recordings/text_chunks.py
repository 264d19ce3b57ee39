"""Whole lines of a large text file, some megabytes at a time."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from myowatch.recordings.problem import UnreadableRecording

CHUNK_BYTES = 1 << 23
_LONGEST_LINE = 1 << 20


@dataclass(frozen=True, slots=True)
class TextChunk:
    """Whole lines; only the last line of a file may lack its end.

    Parameters
    ----------
    first_line
        Number of its first line, from 1.
    end
        Bytes of the file that were read by then.
    """

    text: bytes
    first_line: int
    end: int


def text_chunks(
    file: BinaryIO, start: int, first_line: int, path: Path, size: int = CHUNK_BYTES
) -> Iterator[TextChunk]:
    """Chunks of a file from a byte on.

    Raises
    ------
    UnreadableRecording
        If a line is longer than any line of samples.
    """
    file.seek(start)
    rest = b""
    end = start
    while data := file.read(size):
        end += len(data)
        whole, newline, rest = (rest + data).rpartition(b"\n")
        if newline:
            yield TextChunk(whole + newline, first_line, end)
            first_line += whole.count(b"\n") + 1
        elif len(rest) > _LONGEST_LINE:
            raise UnreadableRecording(
                f"{path}: line {first_line} is longer than {_LONGEST_LINE} bytes",
                "it is no text file with one sample a line",
            )
    if rest.strip():
        yield TextChunk(rest, first_line, end)
