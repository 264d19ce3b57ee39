"""Who is in reach."""

from collections.abc import Callable

from bleak import BleakAdapter
from bleak.backends.device import BLEDevice
from bleak.backends.scanner import AdvertisementData

from myowatch.acquisition.ble.advertisements import PROFILES, Seen, advertised
from myowatch.acquisition.ble.ble_problems import not_in_reach
from myowatch.acquisition.ble.radio import radio

FIRST_SCAN_S, LATER_SCAN_S = 6.0, 3.0
"""Wearables advertise once in one to ten intervals of 0.1 to 1 s; one that was there before is
tried again soon."""
WAIT_S = 20.0
"""While others connect."""
UNKNOWN_DBM = -127
"""What Bluetooth says where it knows no strength (Core 5.4, vol. 4, part E, 7.7.65.2)."""


def look_around(seconds: float) -> list[Seen]:
    """Give all that advertise themselves, the strongest first.

    Raises
    ------
    Problem
        If there is no Bluetooth, or it is off.
    """
    found = radio().run(_scan(seconds, lambda _: False), seconds + WAIT_S)
    return sorted(found, key=lambda each: -each.rssi_dbm)


def find(wanted: str, within_s: float) -> Seen:
    """Find the one of this name or address.

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
        raise not_in_reach(wanted, found)
    return mine


async def _scan(seconds: float, enough: Callable[[Seen], bool]) -> list[Seen]:
    found: dict[str, Seen] = {}

    def hear(device: BLEDevice, said: AdvertisementData) -> bool:
        name = said.local_name or device.name or ""
        profile = advertised(name, said.service_uuids)
        found[device.address] = Seen(device.address, name, said.rssi, profile, device)
        return enough(found[device.address])

    await radio().ears.listen(hear, seconds)
    return list(found.values())


async def _connected(wanted: str) -> Seen | None:
    """Find it among those of a known kind that this machine is connected to already."""
    adapter = await BleakAdapter.get()
    for device in await adapter.get_connected_devices([each.service for each in PROFILES]):
        seen = Seen(device.address, device.name or "", UNKNOWN_DBM, None, device)
        if seen.is_called(wanted):
            return seen
    return None
