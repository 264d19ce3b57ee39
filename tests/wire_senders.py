"""Boards of every wire format, for tests and benchmarks: what they send, and what that means.

Encoded anew from the layouts, in plain Python, so that decoders are not judged by themselves.
"""

import struct
from binascii import crc_hqx
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from itertools import pairwise

import numpy as np
import numpy.typing as npt
from cobs import cobs

from myowatch.acquisition.wire.decoding import Decoder, DeviceFacts, Reception, Run
from myowatch.acquisition.wire.formats import format_named

Counts = npt.NDArray[np.int64]


@dataclass(frozen=True)
class Sent:
    """What a board sent.

    Parameters
    ----------
    lead
        What comes before the frames, and tells what they are.
    frames
        Each undamaged.
    values
        Of each frame, of shape (n_samples, n_channels), in counts of its first sensor.
    """

    lead: bytes
    frames: list[bytes]
    values: list[Counts]


@dataclass(frozen=True)
class Sender:
    """A board: how it sends samples of shape (n_samples, channels), counts of 10 bits."""

    name: str
    channels: int
    send: Callable[[Counts], Sent]
    facts: DeviceFacts = field(default_factory=DeviceFacts)
    baud_rate: int = 115200

    @property
    def format(self) -> str:
        return self.name.split()[0]

    def decoder(self) -> Decoder:
        form = format_named(self.format)
        assert form is not None
        return form.decoder(self.facts)


def some_counts(frames: int, channels: int, *, seed: int = 0) -> Counts:
    """Counts of 10 bits; the first channel never repeats itself within 1024."""
    counts = np.random.default_rng(seed).integers(0, 1024, (frames, channels))
    counts[:, 0] = np.arange(frames) * 37 % 1024
    return counts


def myoframe(raw: bytes) -> bytes:
    """Make a frame of raw bytes without their CRC (packet_format.md, 1 and 2)."""
    frame: bytes = cobs.encode(raw + struct.pack(">H", crc_hqx(raw, 0xFFFF)))
    return frame + b"\0"


def myoframe_info(
    channels: int, *, generation: int = 1, rate: int = 1000, coding: int = 0
) -> bytes:
    head = bytes([0x50 | generation, coding << 6 | channels - 1])
    return myoframe(head + struct.pack("<IIbBhH", rate * 1000, 48828125, -13, 0x11, 0, 0xE328))


def send_myoframe(counts: Counts, *, each: int = 10, first: int = 0) -> Sent:
    frames, values = [], []
    for begin in range(0, len(counts), each):
        part, at = counts[begin : begin + each], first + begin
        head = struct.pack("<BBHI", 0x41, part.shape[1] - 1, at % 65536, at * 1000 % 2**32)
        frames.append(myoframe(head + part.astype("<i2").tobytes()))
        values.append(part)
    return Sent(b"\0" + myoframe_info(counts.shape[1]), frames, values)


def send_chords(counts: Counts, *, first: int = 0) -> Sent:
    frames = [
        bytes([0xC7, 0x7C, (first + n) % 256]) + row.astype(">u2").tobytes() + b"\x01"
        for n, row in enumerate(counts)
    ]
    return Sent(b"", frames, list(counts[:, None]))


def send_cyton(counts: Counts) -> Sent:
    def frame(n: int, row: Counts) -> bytes:
        eeg = b"".join(int(value).to_bytes(3, "big", signed=True) for value in row)
        aux = struct.pack(">3h", 16 * n % 1000 + 1, -500, 8000) if n % 10 == 0 else bytes(6)
        return bytes([0xA0, n % 256]) + eeg + aux + b"\xc0"

    spread = counts - 512
    return Sent(b"", [frame(n, row) for n, row in enumerate(spread)], list(spread[:, None]))


def bitalino_crc(data: bytes) -> int:
    """The CRC as the official driver makes it, bit by bit, of a frame with 0 where it stands."""
    crc = 0
    for byte in data:
        for bit in range(7, -1, -1):
            crc = crc << 1 ^ byte >> bit & 1
            crc ^= 0x13 if crc & 0x10 else 0
    return crc


def send_bitalino(counts: Counts) -> Sent:
    widths = [10, 10, 10, 10, 6, 6][: counts.shape[1]]
    values = counts % (1 << np.array(widths))
    frames = []
    for n, row in enumerate(values):
        # From the last byte to the first: counter, CRC, digital ports, channels, as one number.
        bits = f"{n % 16:04b}00001010"
        bits += "".join(f"{value:0{width}b}" for value, width in zip(row, widths, strict=True))
        bits += "0" * (-len(bits) % 8)
        data = bytearray(int(bits, 2).to_bytes(len(bits) // 8, "big")[::-1])
        data[-1] |= bitalino_crc(bytes(data))
        frames.append(bytes(data))
    return Sent(b"", frames, list(values[:, None]))


def send_text(counts: Counts) -> Sent:
    lead = send_lines(some_counts(17, counts.shape[1], seed=9))
    return Sent(b"".join(lead), send_lines(counts), list(counts[:, None]))


def send_lines(counts: Counts) -> list[bytes]:
    return [",".join(map(str, row)).encode() + b"\r\n" for row in counts.tolist()]


def send_labelled(counts: Counts) -> Sent:
    def line(row: Sequence[int]) -> bytes:
        return " ".join(f"ch{n}:{value}" for n, value in enumerate(row)).encode() + b"\n"

    lead = [line(row) for row in some_counts(17, counts.shape[1], seed=9).tolist()]
    return Sent(b"".join(lead), [line(row) for row in counts.tolist()], list(counts[:, None]))


def send_clocked(counts: Counts) -> Sent:
    """Lines with the microseconds since the start in the first column."""
    lead = [b"rst:0x1 (POWERON)\n", b"micros,emg\n"]
    lines = [
        f"{(n - 20) * 1000 % 2**32},{row[0]}\n".encode()
        for n, row in enumerate(np.concatenate([some_counts(20, 1, seed=9), counts]).tolist())
    ]
    return Sent(b"".join(lead + lines[:20]), lines[20:], list(counts[:, None]))


def send_json(counts: Counts) -> Sent:
    def line(row: Sequence[int]) -> bytes:
        inside = ", ".join(f'"ch{n}": {value}' for n, value in enumerate(row))
        return b"{" + inside.encode() + b"}\n"

    lead = [line(row) for row in some_counts(17, counts.shape[1], seed=9).tolist()]
    return Sent(b"".join(lead), [line(row) for row in counts.tolist()], list(counts[:, None]))


SENDERS = (
    Sender("myoframe", 4, send_myoframe, baud_rate=500000),
    Sender("chords", 6, send_chords, DeviceFacts(channels=6, bits=10), 230400),
    Sender("chords 16 bits", 6, send_chords, DeviceFacts(channels=6, bits=16), 230400),
    Sender("cyton", 8, send_cyton),
    Sender("bitalino", 6, send_bitalino, DeviceFacts(channels=6)),
    Sender("bitalino one channel", 1, send_bitalino, DeviceFacts(channels=1)),
    Sender("text", 2, send_text),
    Sender("text labelled", 3, send_labelled),
    Sender("text clocked", 1, send_clocked),
    Sender("text json", 2, send_json),
)


def first_sensor(decoder: Decoder, runs: Sequence[Run]) -> list[Run]:
    """The runs of the sensor that `Sent.values` tells of."""
    name = decoder.layouts[0].name if decoder.layouts else ""
    return [run for run in runs if run.layout.name == name]


def counts_of(runs: Sequence[Run]) -> Counts:
    """All samples in counts, which they have to be; the zero that INFO tells is 0."""
    if not runs:
        return np.empty((0, 0), np.int64)
    values = np.concatenate([run.samples for run in runs])
    counts = np.rint(values / runs[0].layout.resolution)
    assert np.array_equal(counts * runs[0].layout.resolution, values, equal_nan=True)
    return np.where(np.isnan(counts), -(10**9), counts).astype(np.int64)


def cut(data: bytes, at: Sequence[int]) -> list[bytes]:
    """Bytes cut at these places."""
    places = sorted({0, len(data), *(place % (len(data) + 1) for place in at)})
    return [data[begin:end] for begin, end in pairwise(places)]


Row = tuple[str, int | None, str]


def told(decoder: Decoder, pieces: list[bytes]) -> tuple[list[Row], Reception]:
    """All samples that a decoder told, with their counts, and how the bytes came through."""
    rows: list[Row] = []
    for piece in pieces:
        for run in decoder.feed(piece):
            period = run.layout.count_period
            for n, row in enumerate(run.samples.tolist()):
                count = None if run.count is None or period is None else (run.count + n) % period
                rows.append((run.layout.name, count, str(row)))
    # Which of two sensors' runs comes first depends on the cuts.
    return sorted(rows, key=lambda row: row[0]), decoder.reception
