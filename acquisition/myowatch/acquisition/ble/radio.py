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

OnAdvertisement = Callable[[BLEDevice, AdvertisementData], bool]
"""Receives each advertisement; returns whether it has what it needs."""

LOOK_S = 0.1


class SharedScanner:
    """One scan for all who need one; it pauses while a connection is made.

    An adapter scans, or connects to one device at a time; connections take precedence.
    """

    def __init__(self) -> None:
        self._one_at_a_time = asyncio.Lock()
        self._callbacks: dict[OnAdvertisement, asyncio.Event] = {}
        self._scan: asyncio.Task[None] | None = None
        self._wake = asyncio.Event()
        self._latest: dict[str, tuple[BLEDevice, AdvertisementData]] = {}
        self._n_connecting = 0
        self._scanned_s, self._since_s = 0.0, 0.0

    @asynccontextmanager
    async def pause(self) -> AsyncIterator[None]:
        """Pause the scan while this context makes a connection."""
        self._n_connecting += 1
        self._wake.set()
        try:
            async with self._one_at_a_time:
                yield
        finally:
            self._n_connecting -= 1

    async def scan_until(self, on_advertisement: OnAdvertisement, seconds: float) -> None:
        """Scan until a condition holds, or for `seconds`.

        Raises
        ------
        BleakError
            Or an error of a library below bleak, if the adapter does not scan.
        """
        enough = self._callbacks[on_advertisement] = asyncio.Event()
        if self._scan is None or self._scan.done():
            self._latest.clear()
            self._scan = asyncio.create_task(self._run_scan())
        # BlueZ reports a peripheral again only when something about it has changed.
        for heard in self._latest.values():
            self._pass_on(on_advertisement, *heard)
        scan, until_s = self._scan, self._scanned_for_s() + seconds
        waiting = asyncio.create_task(enough.wait())
        try:
            while not enough.is_set() and self._scanned_for_s() < until_s:
                await asyncio.wait({scan, waiting}, timeout=LOOK_S, return_when="FIRST_COMPLETED")
                if scan.done():
                    return scan.result()
        finally:
            waiting.cancel()
            del self._callbacks[on_advertisement]
            self._wake.set()

    async def _run_scan(self) -> None:
        while self._callbacks:
            async with self._one_at_a_time:
                self._wake.clear()
                self._latest.clear()
                async with BleakScanner(self._on_advertisement):
                    self._since_s = time.monotonic()
                    while self._callbacks and not self._n_connecting:
                        await self._wake.wait()
                        self._wake.clear()
                self._scanned_s, self._since_s = self._scanned_for_s(), 0.0
            await asyncio.sleep(0)

    def _scanned_for_s(self) -> float:
        return self._scanned_s + (time.monotonic() - self._since_s if self._since_s else 0.0)

    def _on_advertisement(self, device: BLEDevice, said: AdvertisementData) -> None:
        self._latest[device.address] = device, said
        for on_advertisement in list(self._callbacks):
            self._pass_on(on_advertisement, device, said)

    def _pass_on(
        self, on_advertisement: OnAdvertisement, device: BLEDevice, said: AdvertisementData
    ) -> None:
        if on_advertisement(device, said):
            self._callbacks[on_advertisement].set()


T = TypeVar("T")

FAILURES: tuple[type[Exception], ...] = (BleakError, OSError, EOFError, TimeoutError)
"""Errors of bleak and the libraries below it when the radio fails."""
if sys.platform == "linux":
    from dbus_fast.errors import AuthError, DBusError

    FAILURES = (*FAILURES, AuthError, DBusError)


class Radio:
    """Runs coroutines for other threads.

    Attributes
    ----------
    scanner
        Used for every scan and connection.
    """

    def __init__(self) -> None:
        self._loop = asyncio.new_event_loop()
        self.scanner = SharedScanner()
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
    # The cache alone would give several threads at once a radio each.
    with _asking:
        return _the_radio()


@functools.cache
def _the_radio() -> Radio:
    return Radio()


_asking = threading.Lock()


FIRST_SCAN_S, LATER_SCAN_S = 6.0, 3.0
"""Wearables advertise once in one to ten intervals of 0.1 to 1 s; a lost one is tried soon."""
WAIT_S = 20.0
"""Extra time while other wearables connect."""
UNKNOWN_DBM = -127
"""Bluetooth's value for an unknown signal strength (Core 5.4, vol. 4, part E, 7.7.65.2)."""


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
        If it is not in reach; names those that are. If there is no Bluetooth, or it is off.
    """
    found = radio().run(_scan(within_s, lambda seen: seen.is_called(wanted)), within_s + WAIT_S)
    mine = next((each for each in found if each.is_called(wanted)), None)
    # A wearable that a killed program left connected no longer advertises.
    mine = mine or radio().run(_connected(wanted), WAIT_S)
    if mine is None:
        raise out_of_reach(wanted, found)
    return mine


async def _scan(seconds: float, enough: Callable[[Advertisement], bool]) -> list[Advertisement]:
    found: dict[str, Advertisement] = {}

    def on_advertisement(device: BLEDevice, said: AdvertisementData) -> bool:
        name = said.local_name or device.name or ""
        profile = advertised(name, said.service_uuids)
        found[device.address] = Advertisement(device.address, name, said.rssi, profile, device)
        return enough(found[device.address])

    await radio().scanner.scan_until(on_advertisement, seconds)
    return list(found.values())


async def _connected(wanted: str) -> Advertisement | None:
    """Return the wearable if this computer is already connected to it."""
    adapter = await BleakAdapter.get()
    for device in await adapter.get_connected_devices([each.service for each in PROFILES]):
        seen = Advertisement(device.address, device.name or "", UNKNOWN_DBM, None, device)
        if seen.is_called(wanted):
            return seen
    return None
