"""Firmware for tests of the emulation itself: numbered notifications, and an echo."""

import struct
import time
from collections.abc import Iterable
from dataclasses import dataclass, field

from emulated_peripheral import Characteristic, Said, Service

SERVICE, WRITE, NOTIFY = (f"6e40000{n}-b5a3-f393-e0a9-e50e24dcca9e" for n in (1, 2, 3))
"""Nordic's UART service: bleak's `uuids.py`."""

STAMP = struct.Struct("<IQ")
"""A number, and this computer's time in nanoseconds."""

VERSION = "00002a26-0000-1000-8000-00805f9b34fb"


def nordic_uart(*, wants_pairing: bool = False) -> tuple[Service, ...]:
    write = Characteristic(WRITE, ("write", "write-without-response"), wants_pairing=wants_pairing)
    notify = Characteristic(NOTIFY, ("notify",), wants_pairing=wants_pairing)
    uart = Service(SERVICE, (write, notify))
    version = Characteristic(VERSION, ("read",), b"1.0")
    return (uart, Service("0000180a-0000-1000-8000-00805f9b34fb", (version,)))


@dataclass
class Counting:
    """Notifies a stamp with the tick's number, filled up; echoes what is written.

    Parameters
    ----------
    pace
        Notifications a second.
    size
        Of each, in bytes.
    """

    pace: float = 200.0
    size: int = 244
    services: tuple[Service, ...] = field(default_factory=nordic_uart)

    @property
    def interval(self) -> float:
        return 1 / self.pace

    def tick(self, n: int) -> Iterable[Said]:
        head = STAMP.pack(n, time.monotonic_ns())
        return [(NOTIFY, head.ljust(self.size, b"\xa5"))]

    def written(self, uuid: str, data: bytes) -> Iterable[Said]:
        assert uuid == WRITE
        return [(NOTIFY, b"echo" + data)]

    def disconnected(self) -> None:
        pass


@dataclass
class Dribbling:
    """Says a text over and over, cut at the tick's byte: at every byte in its turn."""

    text: bytes
    services: tuple[Service, ...] = field(default_factory=nordic_uart)
    interval: float = 0.005

    def tick(self, n: int) -> Iterable[Said]:
        at = n % len(self.text)
        return [(NOTIFY, each) for each in (self.text[:at], self.text[at:]) if each]

    def written(self, uuid: str, data: bytes) -> Iterable[Said]:
        raise AssertionError(f"unexpected write of {data!r} to {uuid}")

    def disconnected(self) -> None:
        pass
