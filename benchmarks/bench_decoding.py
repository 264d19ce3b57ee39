"""How many samples a core decodes in a second, for every wire format, in reads of 4 KiB.

Goals: 25 million samples a second for `myoframe` (4 channels, 10 samples a frame), 1 million values
for lines of text. Beside each, in the same run and over the same bytes: the floor, which only takes
the bytes as numbers (`np.frombuffer`, and a multiplication); and a decoder as it is usually
written, frame by frame in Python, with the package `cobs` as it comes and without NumPy.

    python benchmarks/bench_decoding.py
"""

import struct
import sys
import time
from binascii import crc_hqx
from collections.abc import Callable
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


def myoframe_by_frame() -> Callable[[bytes], int]:
    rest = b""

    def decode(data: bytes) -> int:
        nonlocal rest
        frames = (rest + data).split(b"\0")
        rest = frames.pop()
        values = 0
        for frame in frames:
            raw = cobs.decode(frame)
            if len(raw) < 10 or crc_hqx(raw, 0xFFFF) or raw[0] & 0xF0 != 0x40:
                continue
            n = (len(raw) - 10) // 2
            values += len([count * 4.88 for count in struct.unpack_from(f"<{n}h", raw, 8)])
        return values

    return decode


def fixed_by_frame(begin: bytes, length: int, form: str) -> Callable[[], Callable[[bytes], int]]:
    def new() -> Callable[[bytes], int]:
        rest = b""

        def decode(data: bytes) -> int:
            nonlocal rest
            rest += data
            values = 0
            while len(rest) >= length:
                if not rest.startswith(begin):
                    rest = rest[1:]
                    continue
                values += len([count * 4.88 for count in struct.unpack_from(form, rest)])
                rest = rest[length:]
            return values

        return decode

    return new


def lines_by_line() -> Callable[[bytes], int]:
    rest = b""

    def decode(data: bytes) -> int:
        nonlocal rest
        lines = (rest + data).split(b"\n")
        rest = lines.pop()
        values = 0
        for line in lines:
            try:
                parts = line.decode().replace(",", " ").split()
                values += len([float(part.rpartition(":")[2]) for part in parts])
            except ValueError:
                continue
        return values

    return decode


PEERS: dict[str, Callable[[], Callable[[bytes], int]]] = {
    "myoframe": myoframe_by_frame,
    "chords": fixed_by_frame(b"\xc7\x7c", 16, ">3x6H"),
    "chords 16 bits": fixed_by_frame(b"\xc7\x7c", 16, ">3x6H"),
    "text": lines_by_line,
    "text labelled": lines_by_line,
    "text clocked": lines_by_line,
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
