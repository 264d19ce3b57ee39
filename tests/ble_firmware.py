"""The notifier of firmware_notes/bluetooth, compiled for this machine; alone and in a board."""

import ctypes
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from emulated_peripheral import Said, Service
from encoder import Sensor, library
from toolchain import FIRMWARE
from wearables import NORDIC, nordic_uart
from wire_senders import Counts

FOLDER = FIRMWARE / "bluetooth"
SOURCES = (FOLDER / "notifier.c", FOLDER / "battery.c", FIRMWARE / "encoder" / "myoframe.c")
FRAMES = 32
STATE_BYTES = 16384  # more than it takes
ATT_HEADER = 3

NOTIFY = ctypes.CFUNCTYPE(
    ctypes.c_bool, ctypes.c_void_p, ctypes.POINTER(ctypes.c_uint8), ctypes.c_uint16
)


class Radio(ctypes.Structure):
    _fields_ = (("notify", NOTIFY), ("context", ctypes.c_void_p))


class Notifier:
    """A notifier and its radio, whose queue has room for so many notifications.

    Attributes
    ----------
    room
        None if there is always some.
    queue
        What the radio has taken.
    """

    def __init__(self, sensor: Sensor) -> None:
        self.c = library(*SOURCES)
        self.c.notifier_frame_samples.restype = ctypes.c_uint8
        self.sensor = sensor
        self.room: int | None = None
        self.queue: list[bytes] = []
        self._state = (ctypes.c_uint64 * (STATE_BYTES // 8))()
        self._radio = Radio(NOTIFY(self._notify), None)
        self.c.notifier_begin(self._state, ctypes.byref(sensor), self._radio)

    def _notify(self, _: Any, data: Any, length: int) -> bool:
        if self.room is not None and len(self.queue) >= self.room:
            return False
        self.queue.append(bytes(data[:length]))
        return True

    def sample(self, values: Iterable[int], clock_us: int) -> None:
        row = (ctypes.c_int32 * self.sensor.channels)(*values)
        self.c.notifier_sample(self._state, row, ctypes.c_uint32(clock_us % 2**32))

    def missed(self, samples: int) -> None:
        self.c.notifier_missed(self._state, ctypes.c_uint16(samples))

    def mtu(self, att_mtu: int) -> None:
        self.c.notifier_mtu(self._state, ctypes.c_uint16(att_mtu))

    def subscribed(self, *, subscribed: bool) -> None:
        self.c.notifier_subscribed(self._state, ctypes.c_bool(subscribed))

    def command(self, data: bytes) -> None:
        self.c.notifier_command(self._state, data, ctypes.c_uint16(len(data)))

    def poll(self, now_us: int) -> None:
        self.c.notifier_poll(self._state, ctypes.c_uint32(now_us % 2**32))

    def taken(self) -> list[bytes]:
        """Give what the radio has taken since this was last asked."""
        taken, self.queue = self.queue, []
        return taken

    def frame_samples(self, payload: int) -> int:
        sensor = ctypes.byref(self.sensor)
        return int(self.c.notifier_frame_samples(sensor, ctypes.c_uint16(payload)))


def emg_sensor(channels: int, *, coding: int = 0, rate: int = 1000) -> Sensor:
    """EMG of 4.8828125 uV a count."""
    return Sensor(0, channels, coding, 1, 0, rate * 1000, 48828125, -13, 0, 0xE328)


@dataclass
class Board:
    """A board with this firmware, whose converter sees `counts` of shape (n_samples, n_channels).

    Parameters
    ----------
    room
        Notifications that its radio takes in a tick.
    """

    counts: Counts
    rate: int = 1000
    room: int = 6
    interval: float = 0.01
    services: tuple[Service, ...] = field(default_factory=nordic_uart)

    def __post_init__(self) -> None:
        self.notifier = Notifier(emg_sensor(self.counts.shape[1], rate=self.rate))
        self.notifier.room = self.room

    def tick(self, n: int) -> Iterable[Said]:
        each = round(self.rate * self.interval)
        rows = np.arange(n * each, (n + 1) * each)
        values = self.counts[rows % len(self.counts)].tolist()
        for row, value in zip(rows.tolist(), values, strict=True):
            self.notifier.sample(value, row * 1_000_000 // self.rate)
        self.notifier.poll(round(n * self.interval * 1e6))
        return [(NORDIC[2], each) for each in self.notifier.taken()]

    def subscribed(self, mtu: int) -> None:
        self.notifier.mtu(mtu)
        self.notifier.subscribed(subscribed=True)

    def written(self, uuid: str, data: bytes) -> Iterable[Said]:
        assert uuid == NORDIC[1]
        self.notifier.command(data)
        return []

    def disconnected(self) -> None:
        self.notifier.subscribed(subscribed=False)
