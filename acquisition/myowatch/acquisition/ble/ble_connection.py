"""One connection to a wearable; its notifications become bytes for another thread."""

import asyncio
import threading
from collections import deque
from contextlib import suppress

from bleak import BleakClient
from bleak.backends.characteristic import BleakGATTCharacteristic

from myowatch.acquisition.ble.advertisements import Advertisement, Profile, offered
from myowatch.acquisition.ble.ble_problems import unsubscribed
from myowatch.acquisition.ble.radio import FAILURES, radio
from myowatch.acquisition.source.source import SourceLost, cancelled_error
from myowatch.acquisition.wire.delimited import pack
from myowatch.recordings.storage.problem import Problem

MOST_BYTES = 4 << 20
"""A minute and a half of the fastest radio (200 notifications of 244 bytes per second). A reader
that is busy for longer loses data, which is counted."""


class NotificationQueue:
    """Bounded queue of notifications, in the order of their arrival.

    Attributes
    ----------
    dropped_bytes
        Bytes that came while the queue was full.
    """

    def __init__(self, most_bytes: int) -> None:
        self.dropped_bytes = 0
        self._most, self._held = most_bytes, 0
        self._messages: deque[bytes] = deque()
        self._lock = threading.Lock()

    def put(self, message: bytes) -> None:
        """Add a notification without waiting."""
        with self._lock:
            if self._held + len(message) > self._most:
                self.dropped_bytes += len(message)
                return
            self._messages.append(message)
            self._held += len(message)

    def take(self) -> list[bytes]:
        """Return all notifications since the last call."""
        with self._lock:
            messages, self._messages, self._held = self._messages, deque(), 0
        return list(messages)


CONNECT_S = 10.0
"""Connecting takes one second, or a few with pairing; bleak's 30 s would delay other devices."""
SUBSCRIBE_S = 8.0
"""Some systems pair during a subscription."""
WRITE_S = 2.0
DISCONNECT_S = 5.0
"""BlueZ needs two seconds."""
FULL_PERCENT = 100


class BleLink:
    """An open connection to a wearable; a `Line`.

    Parameters
    ----------
    advertisement
        From a new scan: an advertisement from before a dropout is stale.
    most_bytes
        Most bytes that may wait to be read.

    Attributes
    ----------
    profile
        Its kind, by its services.
    battery_percent
        None if unknown.
    cancelled
        Another thread sets it to end reading.

    Raises
    ------
    Problem
        If it does not connect, needs pairing, or is unknown.
    """

    def __init__(self, advertisement: Advertisement, most_bytes: int = MOST_BYTES) -> None:
        self.name = advertisement.title
        self.battery_percent: int | None = None
        self.cancelled = threading.Event()
        self._queue = NotificationQueue(most_bytes)
        self._is_disconnected = self._is_closed = False
        self._client = BleakClient(advertisement.device, self._on_disconnect, timeout=CONNECT_S)
        try:
            self.profile = radio().run(self._connect(), 2 * CONNECT_S)
        except Problem as problem:
            self.close()
            raise Problem(f"{self.name}: {problem}") from problem
        except BaseException:
            self.close()
            raise

    @property
    def dropped_bytes(self) -> int:
        """Bytes that were dropped because the queue was full."""
        return self._queue.dropped_bytes

    def read(self, poll_s: float) -> bytes:
        """Wait briefly and return what has arrived; separate messages are encoded by `pack`.

        Raises
        ------
        SourceLost
            If the connection is lost, or reading was cancelled.
        """
        if self.cancelled.wait(poll_s):
            raise cancelled_error(self.name)
        is_gone = self._is_disconnected
        messages = self._queue.take()
        if is_gone and not messages:
            raise self._lost()
        return b"".join(map(pack, messages) if self.profile.messages else messages)

    def write(self, data: bytes) -> None:
        """Send a command; nothing if the wearable takes none.

        Raises
        ------
        SourceLost
            If the connection is lost.
        """
        if self._is_disconnected:
            raise self._lost()
        if self.profile.write:
            try:
                radio().run(self._client.write_gatt_char(self.profile.write, data), WRITE_S)
            except Problem as problem:
                raise SourceLost(f"{self.name} takes no commands: {problem}") from problem

    def close(self) -> None:
        """Disconnect; harmless when it is disconnected."""
        if not self._is_closed:
            self._is_closed = True
            with suppress(Problem):
                radio().run(self._client.disconnect(), DISCONNECT_S)

    async def _connect(self) -> Profile:
        async with radio().scanner.pause():
            await self._client.connect()
        services = [service.uuid for service in self._client.services]
        profile = offered(services)
        if profile is None:
            raise Problem(
                "it has no known service",
                "docs/reference/devices.md lists the known wearables",
            )
        if profile.notify:
            await self._subscribe(profile.notify)
        await self._ask_battery(profile.battery)
        return profile

    async def _subscribe(self, uuid: str) -> None:
        subscribing = self._client.start_notify(uuid, self._on_notification)
        try:
            await asyncio.wait_for(subscribing, SUBSCRIBE_S)
        except TimeoutError as error:
            raise unsubscribed() from error

    async def _ask_battery(self, uuid: str) -> None:
        characteristic = self._client.services.get_characteristic(uuid)
        if characteristic is None:
            return
        # Recording goes on without the battery level.
        with suppress(*FAILURES):
            if "read" in characteristic.properties:
                self._on_battery(characteristic, await self._client.read_gatt_char(uuid))
            if "notify" in characteristic.properties:
                await self._client.start_notify(uuid, self._on_battery)

    def _on_notification(self, _: BleakGATTCharacteristic, data: bytearray) -> None:
        self._queue.put(bytes(data))

    def _on_battery(self, _: BleakGATTCharacteristic, data: bytearray) -> None:
        if len(data) == 1 and data[0] <= FULL_PERCENT:
            self.battery_percent = data[0]

    def _on_disconnect(self, _: BleakClient) -> None:
        self._is_disconnected = True

    def _lost(self) -> SourceLost:
        return SourceLost(
            f"{self.name} is out of reach or switched off",
            "bring it back: recording goes on by itself",
        )
