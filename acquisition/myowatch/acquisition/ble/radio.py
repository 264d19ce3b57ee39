"""The thread that uses the radio, the scan that all share, and what is in reach."""

import asyncio
import functools
import sys
import threading
import time
from collections.abc import AsyncIterator, Callable, Coroutine
from contextlib import asynccontextmanager
from typing import Any, TypeVar

from bleak import BleakAdapter, BleakScanner
from bleak.backends.device import BLEDevice
from bleak.backends.scanner import AdvertisementData
from bleak.exc import BleakError

from myowatch.acquisition.ble.advertisements import PROFILES, Advertisement, advertised
from myowatch.acquisition.ble.ble_problems import out_of_reach, radio_problem

Hear = Callable[[BLEDevice, AdvertisementData], bool]
"""Receives each advertisement; returns whether the scan can stop."""

LOOK_S = 0.1


class SharedScanner:
    """One scan for all who need one; it pauses while a connection is made.

    An adapter either scans or connects to one device, so connections interrupt the scan.
    """

    def __init__(self) -> None:
        self._one_at_a_time = asyncio.Lock()
        self._hearers: dict[Hear, asyncio.Event] = {}
        self._scan: asyncio.Task[None] | None = None
        self._stir = asyncio.Event()
        self._heard: dict[str, tuple[BLEDevice, AdvertisementData]] = {}
        self._n_connecting = 0
        self._scanned_s, self._since_s = 0.0, 0.0

    @asynccontextmanager
    async def let_connect(self) -> AsyncIterator[None]:
        """Pause the scan while this context makes a connection."""
        self._n_connecting += 1
        self._stir.set()
        try:
            async with self._one_at_a_time:
                yield
        finally:
            self._n_connecting -= 1

    async def listen(self, hear: Hear, seconds: float) -> None:
        """Scan until a condition holds, or for `seconds`.

        Raises
        ------
        BleakError
            And what bleak stands on, if the adapter does not scan.
        """
        enough = self._hearers[hear] = asyncio.Event()
        if self._scan is None or self._scan.done():
            self._heard.clear()
            self._scan = asyncio.create_task(self._listen())
        # BlueZ tells of a peripheral again only when something about it has changed.
        for heard in self._heard.values():
            self._tell_one(hear, *heard)
        scan, until_s = self._scan, self._listened_s() + seconds
        waiting = asyncio.create_task(enough.wait())
        try:
            while not enough.is_set() and self._listened_s() < until_s:
                await asyncio.wait({scan, waiting}, timeout=LOOK_S, return_when="FIRST_COMPLETED")
                if scan.done():
                    return scan.result()
        finally:
            waiting.cancel()
            del self._hearers[hear]
            self._stir.set()

    async def _listen(self) -> None:
        while self._hearers:
            async with self._one_at_a_time:
                self._stir.clear()
                self._heard.clear()
                async with BleakScanner(self._tell):
                    self._since_s = time.monotonic()
                    while self._hearers and not self._n_connecting:
                        await self._stir.wait()
                        self._stir.clear()
                self._scanned_s, self._since_s = self._listened_s(), 0.0
            await asyncio.sleep(0)

    def _listened_s(self) -> float:
        return self._scanned_s + (time.monotonic() - self._since_s if self._since_s else 0.0)

    def _tell(self, device: BLEDevice, said: AdvertisementData) -> None:
        self._heard[device.address] = device, said
        for hear in list(self._hearers):
            self._tell_one(hear, device, said)

    def _tell_one(self, hear: Hear, device: BLEDevice, said: AdvertisementData) -> None:
        if hear(device, said):
            self._hearers[hear].set()


T = TypeVar("T")

FAILURES: tuple[type[Exception], ...] = (BleakError, OSError, EOFError, TimeoutError)
"""With which bleak and what it stands on tell that something went wrong with the radio."""
if sys.platform == "linux":
    from dbus_fast.errors import AuthError, DBusError

    FAILURES = (*FAILURES, AuthError, DBusError)


class Radio:
    """Runs coroutines for other threads.

    Attributes
    ----------
    ears
        By which all scan and connect.
    """

    def __init__(self) -> None:
        self._loop = asyncio.new_event_loop()
        self.ears = SharedScanner()
        threading.Thread(target=self._loop.run_forever, name="radio", daemon=True).start()

    def run(self, work: Coroutine[Any, Any, T], within_s: float) -> T:
        """Run a coroutine and return its result.

        Raises
        ------
        Problem
            If the radio cannot be used, or the device refuses.
        """
        waiting = asyncio.run_coroutine_threadsafe(asyncio.wait_for(work, within_s), self._loop)
        try:
            return waiting.result()
        except FAILURES as error:
            raise radio_problem(error) from error
        finally:
            waiting.cancel()


def radio() -> Radio:
    """Return the one radio of this process; it stays, because bleak keeps connections by loop."""
    # Of threads that ask for it at once, the cache alone would give each one of its own.
    with _asking:
        return _the_radio()


@functools.cache
def _the_radio() -> Radio:
    return Radio()


_asking = threading.Lock()


FIRST_SCAN_S, LATER_SCAN_S = 6.0, 3.0
"""Wearables advertise once in one to ten intervals of 0.1 to 1 s; one that was there before is
tried again soon."""
WAIT_S = 20.0
"""While others connect."""
UNKNOWN_DBM = -127
"""What Bluetooth says where it knows no strength (Core 5.4, vol. 4, part E, 7.7.65.2)."""


def scan(seconds: float) -> list[Advertisement]:
    """Return all advertisements in reach, the strongest first.

    Raises
    ------
    Problem
        If there is no Bluetooth, or it is off.
    """
    found = radio().run(_scan(seconds, lambda _: False), seconds + WAIT_S)
    return sorted(found, key=lambda each: -each.rssi_dbm)


def find_wearable(wanted: str, within_s: float) -> Advertisement:
    """Return the wearable with this name or address.

    Raises
    ------
    Problem
        If it is not in reach; says who is. If there is no Bluetooth, or it is off.
    """
    found = radio().run(_scan(within_s, lambda seen: seen.is_called(wanted)), within_s + WAIT_S)
    mine = next((each for each in found if each.is_called(wanted)), None)
    # What a program that was killed has left connected advertises no more.
    mine = mine or radio().run(_connected(wanted), WAIT_S)
    if mine is None:
        raise out_of_reach(wanted, found)
    return mine


async def _scan(seconds: float, enough: Callable[[Advertisement], bool]) -> list[Advertisement]:
    found: dict[str, Advertisement] = {}

    def hear(device: BLEDevice, said: AdvertisementData) -> bool:
        name = said.local_name or device.name or ""
        profile = advertised(name, said.service_uuids)
        found[device.address] = Advertisement(device.address, name, said.rssi, profile, device)
        return enough(found[device.address])

    await radio().ears.listen(hear, seconds)
    return list(found.values())


async def _connected(wanted: str) -> Advertisement | None:
    """Return the wearable if this computer is already connected to it."""
    adapter = await BleakAdapter.get()
    for device in await adapter.get_connected_devices([each.service for each in PROFILES]):
        seen = Advertisement(device.address, device.name or "", UNKNOWN_DBM, None, device)
        if seen.is_called(wanted):
            return seen
    return None
