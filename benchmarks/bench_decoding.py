"""Samples per second that one core decodes, for every wire format, in reads of 4 KiB.

Goals: 25 million samples per second for `myoframe` (4 channels, 10 samples per frame), 1 million
values for lines of text. For comparison, on the same bytes: the lower bound, `np.frombuffer` and a
multiplication; and a usual decoder, frame by frame in Python with the package `cobs`.

    python benchmarks/bench_decoding.py
"""

import struct
import sys
import time
from binascii import crc_hqx
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import numpy as np
from cobs import cobs

# The boards of the tests are the boards of this.
sys.path.append(str(Path(__file__).parent.parent / "tests"))
from wire_senders import SENDERS, Sender, some_counts

READ = 4096
SAMPLES = 8_000
ROUNDS = 40
GOALS = {"myoframe": 25.0, "text": 1.0}
"""Million values a second."""


@dataclass(frozen=True)
class Cost:
    """Values decoded, and the processor time of the quickest round in seconds."""

    values: int
    seconds: float

    @property
    def millions(self) -> float:
        """Million values a second."""
        return self.values / self.seconds / 1e6


def measure(reads: list[bytes], new: Callable[[], Callable[[bytes], int]]) -> Cost:
    """Decode all reads over and over; `new` makes what gives the values in a read."""
    best, values = float("inf"), 0
    for _ in range(ROUNDS):
        decode = new()
        began = time.process_time()
        values = sum(map(decode, reads))
        best = min(best, time.process_time() - began)
    return Cost(values, best)


def ours(sender: Sender) -> Callable[[bytes], int]:
    decoder = sender.decoder()
    return lambda data: sum(run.samples.size for run in decoder.feed(data))


def floor() -> Callable[[bytes], int]:
    def decode(data: bytes) -> int:
        return (np.frombuffer(data, "<i2", len(data) // 2) * 4.88).size

    return decode


def by_frame(
    cut: Callable[[bytes], tuple[list[bytes], bytes]], read: Callable[[bytes], int]
) -> Callable[[], Callable[[bytes], int]]:
    """Make a decoder that cuts what came into frames and a rest, and reads one after the other."""

    def new() -> Callable[[bytes], int]:
        rest = b""

        def decode(data: bytes) -> int:
            nonlocal rest
            frames, rest = cut(rest + data)
            return sum(map(read, frames))

        return decode

    return new


def cut_at(separator: bytes, data: bytes) -> tuple[list[bytes], bytes]:
    *frames, rest = data.split(separator)
    return frames, rest


def cut_chords(data: bytes) -> tuple[list[bytes], bytes]:
    frames = []
    while len(data) >= CHORDS.size:
        if data.startswith(b"\xc7\x7c"):
            frames.append(data[: CHORDS.size])
            data = data[CHORDS.size :]
        else:
            data = data[1:]
    return frames, data


def scaled(counts: Iterable[float]) -> int:
    return len([count * 4.88 for count in counts])


def read_myoframe(frame: bytes) -> int:
    raw = cobs.decode(frame)
    if len(raw) < 10 or crc_hqx(raw, 0xFFFF) or raw[0] & 0xF0 != 0x40:
        return 0
    return scaled(struct.unpack_from(f"<{(len(raw) - 10) // 2}h", raw, 8))


def read_line(line: bytes) -> int:
    try:
        return len([float(p.rpartition(":")[2]) for p in line.decode().replace(",", " ").split()])
    except ValueError:
        return 0


CHORDS = struct.Struct(">3x6Hx")
_CHORDS = by_frame(cut_chords, lambda frame: scaled(CHORDS.unpack(frame)))
_LINES = by_frame(partial(cut_at, b"\n"), read_line)
PEERS = {
    "myoframe": by_frame(partial(cut_at, b"\0"), read_myoframe),
    "chords": _CHORDS,
    "chords 16 bits": _CHORDS,
    "text": _LINES,
    "text labelled": _LINES,
    "text clocked": _LINES,
}


def main() -> None:
    print(f"million values a second and core, in reads of {READ} bytes; {SAMPLES} samples")
    print(f"{'':22}{'ours':>8}{'by frame':>10}{'floor':>8}{'goal':>8}")
    for sender in SENDERS:
        sent = sender.send(some_counts(SAMPLES, sender.channels))
        data = sent.lead + b"".join(sent.frames)
        reads = [data[at : at + READ] for at in range(0, len(data), READ)]
        cost = measure(reads, partial(ours, sender))
        peer = measure(reads, PEERS[sender.name]) if sender.name in PEERS else None
        by_frame = f"{peer.millions:10.1f}" if peer else f"{'':10}"
        goal = GOALS.get(sender.format)
        print(
            f"{sender.name:22}{cost.millions:8.1f}{by_frame}{measure(reads, floor).millions:8.0f}"
            + (f"{goal:8.0f} {'met' if cost.millions >= goal else 'MISSED'}" if goal else "")
        )


if __name__ == "__main__":
    main()
