"""Firmware of emulated wearables: each sends what its sensor is given."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt
from ble_senders import movesense_notifications, movesense_parts, npg_notifications
from emulated_peripheral import Characteristic, Said, Service
from wire_senders import Counts, myoframe_info, send_chords, send_labelled, send_myoframe

BATTERY = "00002a19-0000-1000-8000-00805f9b34fb"
NORDIC = tuple(f"6e40000{n}-b5a3-f393-e0a9-e50e24dcca9e" for n in (1, 2, 3))
HM_10 = "0000ffe0-0000-1000-8000-00805f9b34fb", "0000ffe1-0000-1000-8000-00805f9b34fb"
MOVESENSE = tuple(f"3480{n}-7185-4d5d-b431-630e7050e8f0" for n in ("2252", "0001", "0002"))
NPG = (
    "4fafc201-1fb5-459e-8fcc-c5c9c331914b",
    "0000ff01-0000-1000-8000-00805f9b34fb",
    "beb5483e-36e1-4688-b7f5-ea07361b26a8",
)
NPG_BATTERY = "f633d0ec-46b4-43c1-a39f-1ca06d0602e1"
MYOWARE = "19b10000-e8f2-537e-4f6c-d104768a1214", "19b10001-e8f2-537e-4f6c-d104768a1214"

WRITES = ("write", "write-without-response")


def battery(percent: int) -> Service:
    level = Characteristic(BATTERY, ("read", "notify"), bytes([percent]))
    return Service("0000180f-0000-1000-8000-00805f9b34fb", (level,))


def nordic_uart() -> tuple[Service, ...]:
    service, write, notify = NORDIC
    return (
        Service(service, (Characteristic(write, WRITES), Characteristic(notify, ("notify",)))),
        battery(87),
    )


def hm_10() -> tuple[Service, ...]:
    return (Service(HM_10[0], (Characteristic(HM_10[1], (*WRITES, "notify")),)),)


def myoframe(counts: Counts, first: int, rate: float) -> bytes:
    """Frames, with an INFO before them each second."""
    info = myoframe_info(counts.shape[1], rate=round(rate))
    sent = send_myoframe(counts, first=first)
    return (info if first % rate < len(counts) else b"") + b"".join(sent.frames)


def chords(counts: Counts, first: int, _: float) -> bytes:
    return b"".join(send_chords(counts, first=first).frames)


def text(counts: Counts, _: int, __: float) -> bytes:
    return b"".join(send_labelled(counts).frames)


@dataclass
class Uart:
    """A board that sends its samples as bytes, cut as the radio allows, whether heard or not.

    Parameters
    ----------
    counts
        Shape (n_samples, n_channels); after the last, the first again.
    encode
        Given samples, the index of the first and the sampling rate.
    size
        Bytes of a notification, all but the last of a tick.
    """

    counts: Counts
    encode: Callable[[Counts, int, float], bytes]
    notify: str = NORDIC[2]
    services: tuple[Service, ...] = field(default_factory=nordic_uart)
    rate: float = 1000.0
    interval: float = 0.04
    size: int = 244

    def tick(self, n: int) -> Iterable[Said]:
        each = round(self.rate * self.interval)
        rows = np.arange(n * each, (n + 1) * each)
        data = self.encode(self.counts[rows % len(self.counts)], n * each, self.rate)
        return [(self.notify, data[at : at + self.size]) for at in range(0, len(data), self.size)]

    def written(self, uuid: str, data: bytes) -> Iterable[Said]:
        del uuid, data
        return []

    def disconnected(self) -> None:
        pass


@dataclass
class NpgLite:
    """Sends when it was told `START`, ten samples each 20 ms."""

    counts: Counts
    interval: float = 0.02
    is_started: bool = False

    services = (
        Service(
            NPG[0],
            (
                Characteristic(NPG[1], WRITES),
                Characteristic(NPG[2], ("notify",)),
                Characteristic(NPG_BATTERY, ("read",), b"\x40"),
            ),
        ),
    )

    def tick(self, n: int) -> Iterable[Said]:
        if not self.is_started:
            return []
        rows = np.arange(10 * n, 10 * n + 10)
        counts = self.counts[rows % len(self.counts)]
        return [(NPG[2], each) for each in npg_notifications(counts, first=10 * n)]

    def written(self, uuid: str, data: bytes) -> Iterable[Said]:
        assert uuid == NPG[1]
        self.is_started = data == b"START"
        return []

    def disconnected(self) -> None:
        self.is_started = False


@dataclass
class Movesense:
    """Sends its accelerometer at the rate that was subscribed to.

    Parameters
    ----------
    size
        Bytes of a notification; what is longer goes on in a second part.
    """

    metres: npt.NDArray[np.float64]
    size: int = 244
    rate: float = 0.0
    interval: float = 8 / 208

    services = (
        Service(
            MOVESENSE[0],
            (Characteristic(MOVESENSE[1], WRITES), Characteristic(MOVESENSE[2], ("notify",))),
        ),
        battery(55),
    )

    def tick(self, n: int) -> Iterable[Said]:
        if not self.rate:
            return []
        each = round(self.rate * self.interval)
        rows = np.arange(n * each, (n + 1) * each)
        metres = self.metres[rows % len(self.metres)]
        sent = movesense_notifications(metres, rate=self.rate, each=each, first=n * each)
        parts = (part for data in sent for part in movesense_parts(data, self.size))
        return [(MOVESENSE[2], part) for part in parts]

    def written(self, uuid: str, data: bytes) -> Iterable[Said]:
        assert uuid == MOVESENSE[1]
        self.rate = float(data.rpartition(b"/Meas/Acc/")[2]) if data[0] == 1 else 0.0
        return [(MOVESENSE[2], bytes([1, data[1], 200, 0]))]

    def disconnected(self) -> None:
        self.rate = 0.0


@dataclass
class Myoware:
    """Sends a byte each 10 ms."""

    levels: bytes = bytes(range(256))
    interval: float = 0.01

    services = (Service(MYOWARE[0], (Characteristic(MYOWARE[1], ("notify", "read")),)),)

    def tick(self, n: int) -> Iterable[Said]:
        return [(MYOWARE[1], self.levels[n % len(self.levels) :][:1])]

    def written(self, uuid: str, data: bytes) -> Iterable[Said]:
        del uuid, data
        return []

    def disconnected(self) -> None:
        pass


@dataclass
class Locked(Myoware):
    """Gives nothing to whom it was not paired with."""

    services = (
        Service(MYOWARE[0], (Characteristic(MYOWARE[1], ("notify",), wants_pairing=True),)),
    )


@dataclass
class Telly:
    """Something else that is in reach."""

    interval: float = 1.0

    services = (battery(1),)

    def tick(self, n: int) -> Iterable[Said]:
        del n
        return []

    def written(self, uuid: str, data: bytes) -> Iterable[Said]:
        del uuid, data
        return []

    def disconnected(self) -> None:
        pass
