"""Frames of firmware_notes/packet_format.md made and read in plain Python, clause by clause.

Slow and simple, and written apart from the decoder and from the C encoder, so that each has
something to be compared with.
"""

import json
import re
import struct
from binascii import crc_hqx
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any

CLAUSES = Path(__file__).parent.parent / "firmware_notes" / "packet_format.md"
INT16, PACKED12, INT24 = range(3)
DATA, INFO = range(2)


@dataclass(frozen=True)
class Info:
    """Clause 6, in the words of the golden frames."""

    gen: int
    format: int
    channels: int
    rate_mhz: int
    mantissa: int
    exponent: int
    kind: int
    sensor: int
    running: int
    offset: int
    device: int

    def wire(self) -> bytes:
        what = self.kind << 4 | self.sensor << 1 | self.running
        two = struct.pack(
            "<BB", 1 << 6 | INFO << 4 | self.gen, self.format << 6 | self.channels - 1
        )
        scale = struct.pack("<IIbB", self.rate_mhz, self.mantissa, self.exponent, what)
        return framed(two + scale + struct.pack("<hH", self.offset, self.device))


@dataclass(frozen=True)
class Data:
    """Clause 4, in the words of the golden frames."""

    gen: int
    format: int
    channels: int
    overrun: int
    index: int
    clock: int
    samples: tuple[int, ...]

    def wire(self) -> bytes:
        flags = self.format << 6 | self.overrun << 5 | self.channels - 1
        header = struct.pack("<BBHI", 1 << 6 | DATA << 4 | self.gen, flags, self.index, self.clock)
        return framed(header + packed(self.format, self.samples))


def packed(format_: int, samples: tuple[int, ...]) -> bytes:
    """Clause 4.3."""
    if format_ == INT16:
        return struct.pack(f"<{len(samples)}h", *samples)
    if format_ == INT24:
        return b"".join(v.to_bytes(3, "little", signed=True) for v in samples)
    together = sum(v << 12 * i for i, v in enumerate(samples))  # 4.4 is little-endian throughout
    return together.to_bytes((3 * len(samples) + 1) // 2, "little")


def unpacked(format_: int, raw: bytes) -> tuple[int, ...]:
    """What `packed` has packed."""
    if format_ == INT16:
        return struct.unpack(f"<{len(raw) // 2}h", raw)
    if format_ == INT24:
        threes = (raw[i : i + 3] for i in range(0, len(raw), 3))
        return tuple(int.from_bytes(three, "little", signed=True) for three in threes)
    together = int.from_bytes(raw, "little")
    return tuple(together >> 12 * i & 0xFFF for i in range(2 * len(raw) // 3))


def framed(raw: bytes) -> bytes:
    """Clauses 2 and 1.2."""
    raw += struct.pack(">H", crc_hqx(raw, 0xFFFF))
    return b"".join(bytes([len(run) + 1]) + run for run in raw.split(b"\0")) + b"\0"


def unframed(body: bytes) -> bytes:
    """The raw bytes, CRC included, of a frame without its closing 00."""
    raw = bytearray()
    while body:
        raw += body[1 : body[0]] + b"\0"
        body = body[body[0] :]
    return bytes(raw[:-1])


def read(wire: bytes) -> list[Info | Data]:
    """All frames of an undamaged stream that ends with a frame's end."""
    assert wire[-1:] in {b"", b"\0"}
    raws = [unframed(body) for body in wire.split(b"\0") if body]
    assert not any(crc_hqx(raw, 0xFFFF) for raw in raws), "a damaged frame"
    return [_said_by(raw[:-2]) for raw in raws]


def _said_by(raw: bytes) -> Info | Data:
    gen, format_, channels = raw[0] & 15, raw[1] >> 6, (raw[1] & 15) + 1
    if raw[0] >> 4 & 3 == INFO:
        rate, mantissa, exponent, what, offset, device = struct.unpack("<IIbBhH", raw[2:])
        scale = (rate, mantissa, exponent, what >> 4, what >> 1 & 7, what & 1)
        return Info(gen, format_, channels, *scale, offset, device)
    index, clock = struct.unpack_from("<HI", raw, 2)
    return Data(gen, format_, channels, raw[1] >> 5 & 1, index, clock, unpacked(format_, raw[8:]))


def golden() -> list[tuple[str, Info | Data, bytes]]:
    """Name, content and bytes of each frame of clause 10."""
    block = re.search(r"```jsonl\n(.*?)```", CLAUSES.read_text(), re.DOTALL)
    assert block is not None
    lines = [json.loads(line) for line in block[1].splitlines()]
    return [(line["name"], _named(line), bytes.fromhex(line["wire"])) for line in lines]


def _named(line: dict[str, Any]) -> Info | Data:
    info = line["frame"] == "info"
    values: dict[str, Any] = {f.name: line[f.name] for f in fields(Info if info else Data)}
    return Info(**values) if info else Data(**values | {"samples": tuple(values["samples"])})
