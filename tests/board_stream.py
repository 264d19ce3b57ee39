"""What is heard from a board, and whether it is what was at its inputs; by packet_format.md."""

import numpy as np
import serial
from board import Counts
from myoframe_reference import Data, Info

BAUD = 500_000  # of no consequence on a pseudo-terminal
INFO_BYTES = 21  # with the 00 before it (1.5)


def waveform(channels: int, seed: int = 1) -> Counts:
    # Longer than what follows reads, and of no regular length, so that no shift goes unseen.
    counts = np.random.default_rng(seed).integers(0, 1024, (70_001, channels))
    return counts.astype(np.int16)


def hear(line: serial.Serial, least: int, end: bytes = b"\0") -> bytes:
    """At least so many bytes, until the end of a frame, or of this very frame."""
    heard = b""
    while len(heard) < least or not heard.endswith(end):
        more = line.read(max(1, least - len(heard)))
        assert more, f"silence after {heard[-50:].hex(' ')}"
        heard += more
    return heard


def start(line: serial.Serial) -> None:
    """As clause 7.4 says: wait for the first INFO, then start."""
    hear(line, least=3)
    line.write(b"S")


def samples_of(frames: list[Info | Data]) -> list[Data]:
    return [frame for frame in frames if isinstance(frame, Data)]


def infos_of(frames: list[Info | Data]) -> list[Info]:
    return [frame for frame in frames if isinstance(frame, Info)]


def lost_before(frames: list[Data]) -> list[int]:
    """Samples lost before each frame but the first (5.2)."""
    ends = [(f.index + len(f.samples) // f.channels) % 65536 for f in frames]
    return [(after.index - end) % 65536 for end, after in zip(ends, frames[1:], strict=False)]


def as_it_was(frames: list[Data], world: Counts, before: int = 0) -> bool:
    """Whether every value is what was at its channel's input when the index says.

    Parameters
    ----------
    before
        What the index lost by wrapping before the first frame.
    """
    at = before + np.unwrap([f.index for f in frames], period=65536).astype(int)
    rows = [np.reshape(f.samples, (-1, f.channels)) for f in frames]
    return all(
        np.array_equal(row, world[(i + np.arange(len(row))) % len(world)])
        for i, row in zip(at, rows, strict=True)
    )
