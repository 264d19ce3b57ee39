"""The C encoder of firmware_notes/encoder, compiled for this machine and called from here."""

import ctypes
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from myoframe_reference import Data, Info
from toolchain import FIRMWARE, STRICT, compiler, run

WIRE_MAX = 256
SHARED = ("-fPIC", "-shared", "-I", FIRMWARE / "encoder")
# Whatever C leaves undefined, such as a shift too far, ends the test.
DEFINED = ("-fsanitize=undefined", "-fno-sanitize-recover=all")


class Sensor(ctypes.Structure):
    _fields_ = (
        ("generation", ctypes.c_uint8),
        ("channels", ctypes.c_uint8),
        ("format", ctypes.c_uint),
        ("kind", ctypes.c_uint),
        ("sensor", ctypes.c_uint8),
        ("rate_mhz", ctypes.c_uint32),
        ("mantissa", ctypes.c_uint32),
        ("exponent", ctypes.c_int8),
        ("offset", ctypes.c_int16),
        ("device", ctypes.c_uint16),
    )


@cache
def library(*sources: Path) -> Any:
    """C files as a library of this machine's, each allowed to use the encoder."""
    with TemporaryDirectory(prefix="myoframe") as folder:
        built = Path(folder) / "library.so"
        run(*compiler("gcc"), *STRICT, *SHARED, *DEFINED, "-o", built, *sources)
        return ctypes.CDLL(str(built))


def encode(frame: Info | Data, capacity: int = WIRE_MAX) -> bytes:
    """A frame's bytes by the C encoder; none if it says that it did not fit."""
    c = library(FIRMWARE / "encoder" / "myoframe.c")
    # What lies behind the buffer's promised end would be noticed.
    buffer = (ctypes.c_uint8 * (WIRE_MAX + 8))(*[0xEE] * (WIRE_MAX + 8))
    length = (
        _data(c, buffer, frame, capacity) if isinstance(frame, Data) else _info(c, buffer, frame)
    )
    assert length <= capacity
    assert all(byte == 0xEE for byte in buffer[capacity:])
    return bytes(buffer[:length])


def _info(c: Any, buffer: Any, said: Info) -> int:
    sensor = Sensor(
        *(said.gen, said.channels, said.format, said.kind, said.sensor, said.rate_mhz),
        *(said.mantissa, said.exponent, said.offset, said.device),
    )
    return int(c.myoframe_info(buffer, ctypes.byref(sensor), ctypes.c_bool(said.running)))


def _data(c: Any, buffer: Any, said: Data, capacity: int) -> int:
    sensor = Sensor(generation=said.gen, channels=said.channels, format=said.format)
    frame = (ctypes.c_uint8 * 128)()  # room for the encoder's own state
    c.myoframe_begin(
        frame,
        buffer,
        ctypes.c_uint16(capacity),
        ctypes.byref(sensor),
        ctypes.c_bool(said.overrun),
        ctypes.c_uint16(said.index),
        ctypes.c_uint32(said.clock),
    )
    for value in said.samples:
        c.myoframe_value(frame, ctypes.c_int32(value))
    return int(c.myoframe_end(frame)) & 0xFFFF
