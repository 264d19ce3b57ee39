"""Wearables with layouts of their own: what they notify, made in plain Python."""

import struct

import numpy as np
import numpy.typing as npt

Counts = npt.NDArray[np.int64]

NPG_GOLDEN = bytes.fromhex(
    "fa080000000ffffb080100000ffffc080200000ffffd080300000ffffe080400000fff"
    "ff080500000fff00080600000fff01080700000fff02080800000fff03080900000fff"
)
MOVESENSE_GOLDEN = bytes.fromhex("026340e201000000000000000000c3f51c41cdcccc3dcdcc4cbe33331b41")


def npg_notifications(counts: Counts, *, first: int = 0, each: int = 10) -> list[bytes]:
    """Notifications of `each` samples; counts of shape (n_samples, 3 or 6)."""
    samples = [
        bytes([(first + n) % 256]) + struct.pack(f">{len(row)}h", *row)
        for n, row in enumerate(counts.tolist())
    ]
    return [b"".join(samples[at : at + each]) for at in range(0, len(samples), each)]


def movesense_notifications(
    metres: npt.NDArray[np.float64], *, rate: float = 208.0, each: int = 8, first: int = 0
) -> list[bytes]:
    """Notifications of `each` samples; accelerations in m/s2 of shape (n_samples, 3)."""
    return [
        b"\x02\x63"
        + struct.pack("<I", round((first + at) / rate * 1000) % 2**32)
        + metres[at : at + each].astype("<f4").tobytes()
        for at in range(0, len(metres), each)
    ]


def movesense_parts(data: bytes, size: int) -> list[bytes]:
    """Cut a notification that is too long for the radio: what goes on begins with 3."""
    rest = data[size:]
    more = [b"\x03" + data[1:2] + rest[at : at + size - 2] for at in range(0, len(rest), size - 2)]
    return [data[:size], *more]
