"""The samples of DATA frames (packet_format.md, 4 and 5)."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from itertools import pairwise

import numpy as np
import numpy.typing as npt

from myowatch.acquisition.wire.decoding import Layout, Run
from myowatch.signal.samples import Samples

OVERRUN, LATER, LATER_FORMAT = 0x20, 0x10, 3  # 3.2, 3.3
HEADER, CRC = 8, 2
PACKED = 1


@dataclass(frozen=True, slots=True)
class Data:
    """The runs of some frames; how many had samples, were malformed, and told of a loss."""

    runs: list[Run]
    frames: int = 0
    bad: int = 0
    overruns: int = 0


def is_later(flags: int) -> bool:
    """Say whether a frame's byte 1 is of a later version of the format (3.3)."""
    return flags & LATER != 0 or flags >> 6 == LATER_FORMAT


def read_data(layout: Layout, shape: int, offset: int, raws: Sequence[bytes]) -> Data:
    """Give the samples of frames of one generation and size.

    Parameters
    ----------
    shape
        Byte 1 that they should have, overrun left out.
    offset
        The count that means zero.
    raws
        Undamaged.
    """
    size, channels = len(raws[0]), len(layout.channels)
    values, bad = _n_values(size, shape >> 6), 0
    if not values or values % channels:
        return Data([], 0, sum(not is_later(raw[1]) for raw in raws))
    records = np.frombuffer(b"".join(raws), _record(size))
    right = records["shape"] & (0xFF ^ OVERRUN) == shape
    if not right.all():
        records = records[right]
        bad = sum(not is_later(raw[1]) for raw in raws) - len(records)
    if not len(records):
        return Data([], 0, bad)
    samples = _counts(records["payload"], shape >> 6, values).reshape(-1, channels)
    if offset:
        samples -= offset
    if layout.resolution != 1:
        samples *= layout.resolution
    overruns = int(np.count_nonzero(records["shape"] & OVERRUN))
    return Data(_cut(layout, samples, records), len(records), bad, overruns)


def _n_values(size: int, coding: int) -> int:
    """Count the values in a frame of so many raw bytes (4.3, 4.4); 0 if they are not whole."""
    payload = size - HEADER - CRC
    if payload < 0:
        return 0
    if coding == PACKED:
        return 0 if payload % 3 == 1 else payload * 2 // 3
    width = 3 if coding else 2
    return 0 if payload % width else payload // width


@cache
def _record(size: int) -> np.dtype[np.void]:
    payload = size - HEADER - CRC
    return np.dtype(
        [
            ("head", "u1"),
            ("shape", "u1"),
            ("index", "<u2"),
            ("clock", "<u4"),
            ("payload", "u1", (payload,)),
            ("crc", "u1", (CRC,)),
        ]
    )


def _counts(payload: npt.NDArray[np.uint8], coding: int, values: int) -> Samples:
    """Give counts of shape (n_frames, values) from bytes of shape (n_frames, n_bytes)."""
    if coding == 0:
        return np.ascontiguousarray(payload).view("<i2").astype(np.float64)
    if coding == PACKED:
        return _unpacked(payload)[:, :values].astype(np.float64)
    wide = np.zeros((len(payload), values, 4), np.uint8)
    wide[:, :, 1:] = payload.reshape(len(payload), values, 3)
    return (wide.view("<i4")[:, :, 0] >> 8).astype(np.float64)


def _unpacked(payload: npt.NDArray[np.uint8]) -> npt.NDArray[np.uint16]:
    frames, size = payload.shape
    padded = np.zeros((frames, -(-size // 3) * 3), np.uint16)
    padded[:, :size] = payload
    pairs = padded.reshape(frames, -1, 3)
    low = pairs[:, :, 0] | (pairs[:, :, 1] & 0x0F) << 8
    high = pairs[:, :, 1] >> 4 | pairs[:, :, 2] << 4
    return np.stack([low, high], axis=2).reshape(frames, -1)


def _cut(layout: Layout, samples: Samples, records: npt.NDArray[np.void]) -> list[Run]:
    """Cut the samples of equal frames where by their index some were lost (5.2)."""
    each = len(samples) // len(records)
    index, clock = records["index"], records["clock"]
    jumps = (index[1:] - index[:-1] != each).nonzero()[0]
    return [
        Run(layout, samples[begin * each : end * each], int(index[begin]), int(clock[begin]))
        for begin, end in pairwise([0, *(jumps + 1).tolist(), len(index)])
    ]
