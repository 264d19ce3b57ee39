"""Emulated peripherals: a GATT server, an advertiser, and the firmware behind it."""

import asyncio
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Protocol, runtime_checkable
from uuid import UUID

from bumble import gatt, hci
from bumble.core import AdvertisingData
from bumble.device import Connection
from bumble.pairing import PairingConfig
from emulated_radio import FLAGS, NAMES, Ether, device_at

ADVERTISED_EVERY_MS = 30
SUPERVISION_S = 0.42
"""After how long a silence a link is lost; BlueZ's default (42 x 10 ms)."""

LINK_LOST = hci.HCI_ErrorCode.CONNECTION_TIMEOUT_ERROR

Said = tuple[str, bytes]
"""A characteristic's UUID, and what it notifies."""


@dataclass(frozen=True)
class Characteristic:
    """What a GATT server offers.

    Parameters
    ----------
    can
        As BlueZ names it, e.g. `("notify", "read")`.
    value
        What a read gives.
    """

    uuid: str
    can: tuple[str, ...]
    value: bytes = b""
    wants_pairing: bool = False


@dataclass(frozen=True)
class Service:
    uuid: str
    characteristics: tuple[Characteristic, ...]


ALLOWED = gatt.Characteristic.READABLE | gatt.Characteristic.WRITEABLE
PAIRED = (
    ALLOWED
    | gatt.Characteristic.Permissions.READ_REQUIRES_ENCRYPTION
    | gatt.Characteristic.Permissions.WRITE_REQUIRES_ENCRYPTION
)


class Firmware(Protocol):
    """What runs in a peripheral; one that is restarted is made anew."""

    @property
    def services(self) -> Sequence[Service]: ...

    @property
    def interval(self) -> float:
        """Seconds between two ticks; they go on whether anybody is connected or not."""

    def tick(self, n: int) -> Iterable[Said]:
        """Say what is due at tick `n` after power-on; lost without a subscription."""

    def written(self, uuid: str, data: bytes) -> Iterable[Said]:
        """Answer what a central writes."""

    def disconnected(self) -> None:
        """Forget what holds for one connection."""


@runtime_checkable
class Attentive(Protocol):
    """Firmware that wants to know when somebody listens."""

    def subscribed(self, mtu: int) -> None: ...


class Peripheral:
    """A GATT server that advertises, and the firmware behind it."""

    def __init__(
        self,
        ether: Ether,
        *,
        name: str,
        address: str,
        firmware: Callable[[], Firmware],
        advertised: Sequence[str],
        mtu: int,
    ) -> None:
        self.ether = ether
        self.make = firmware
        self.firmware = firmware()
        self.advertised = advertised
        self.connection: Connection | None = None
        self.subscribed: set[str] = set()
        self.heard: list[Said] = []
        self.device, self.controller = device_at(name, address, ether)
        self.device.gatt_server.max_mtu = mtu
        # As a board without display and keys is: it cannot show who asks.
        self.device.pairing_config_factory = lambda _: PairingConfig(mitm=False)
        self.characteristics: dict[str, gatt.Characteristic[bytes]] = {}
        for service in self.firmware.services:
            offered = [self._offer(each) for each in service.characteristics]
            self.device.add_service(gatt.Service(service.uuid, offered))
            for made in offered:
                self._guard_subscribing(made)
        self.device.on("connection", self._connected)

    def _offer(self, offered: Characteristic) -> gatt.Characteristic[bytes]:
        properties = FLAGS(0)
        for name in offered.can:
            properties |= NAMES[name]
        value = gatt.CharacteristicValue(
            read=lambda _: offered.value,
            write=lambda _, data: self._written(offered.uuid, bytes(data)),
        )
        made: gatt.Characteristic[bytes] = gatt.Characteristic(
            offered.uuid, properties, PAIRED if offered.wants_pairing else ALLOWED, value
        )
        made.on(made.EVENT_SUBSCRIPTION, partial(self._subscribed, offered.uuid))
        self.characteristics[offered.uuid] = made
        return made

    def _guard_subscribing(self, made: gatt.Characteristic[bytes]) -> None:
        follows = self.device.gatt_server.get_attribute(made.handle + 1)
        if follows and follows.type == gatt.GATT_CLIENT_CHARACTERISTIC_CONFIGURATION_DESCRIPTOR:
            follows.permissions = made.permissions

    def _subscribed(self, uuid: str, connection: Connection, *wanted: bool) -> None:
        (self.subscribed.add if any(wanted) else self.subscribed.discard)(uuid)
        if any(wanted) and isinstance(self.firmware, Attentive):
            self.firmware.subscribed(connection.att_mtu)

    async def power_on(self) -> None:
        await self.device.power_on()
        data = AdvertisingData(
            [
                (AdvertisingData.FLAGS, b"\x06"),
                (AdvertisingData.COMPLETE_LOCAL_NAME, self.device.name.encode()),
                *(_listed(uuid) for uuid in self.advertised),
            ]
        )
        await self.device.start_advertising(
            auto_restart=True,
            advertising_interval_min=ADVERTISED_EVERY_MS,
            advertising_interval_max=ADVERTISED_EVERY_MS,
            advertising_data=bytes(data),
        )

    async def run(self) -> None:
        """Let time go on in it, for as long as its firmware is the same."""
        firmware, clock = self.firmware, asyncio.get_running_loop().time
        began, n = clock(), 0
        while firmware is self.firmware:
            await asyncio.sleep(max(0.0, began + n * firmware.interval - clock()))
            if firmware is self.firmware:
                await self._say(firmware.tick(n))
            n += 1

    async def drop(self) -> None:
        """End the connection, as a peripheral may."""
        if self.connection:
            await self.connection.disconnect()

    async def vanish(self) -> None:
        """Go out of reach; who is connected finds out after a while."""
        self.ether.away.add(self.controller)
        await asyncio.sleep(SUPERVISION_S)
        for there in list(self.controller.le_connections.values()):
            other = self.ether.find_le_controller(there.peer_address)
            self.controller.on_le_disconnected(there, LINK_LOST)
            if other and (here := other.le_connections.get(there.self_address)):
                other.on_le_disconnected(here, LINK_LOST)

    async def come_back(self) -> None:
        self.ether.away.discard(self.controller)

    async def restart(self) -> None:
        """Lose power and get it again; who is connected finds out after a while."""
        await self.vanish()
        self.firmware = self.make()
        await self.come_back()

    def _connected(self, connection: Connection) -> None:
        self.connection = connection
        connection.on(connection.EVENT_DISCONNECTION, self._disconnected)

    def _disconnected(self, _reason: int) -> None:
        self.connection = None
        self.subscribed.clear()
        self.firmware.disconnected()

    async def _written(self, uuid: str, data: bytes) -> None:
        self.heard.append((uuid, data))
        answers = list(self.firmware.written(uuid, data))
        if answers:  # after the response to the write itself, as a firmware's next turn is
            asyncio.get_running_loop().create_task(self._say(answers))

    async def _say(self, said: Iterable[Said]) -> None:
        for uuid, data in said:
            if not self.connection or uuid not in self.subscribed:
                continue
            limit = self.connection.att_mtu - 3
            assert len(data) <= limit, f"a notification of {len(data)} > {limit} bytes"
            characteristic = self.characteristics[uuid]
            await self.device.notify_subscriber(self.connection, characteristic, data)


def _listed(uuid: str) -> tuple[int, bytes]:
    """Give a service as advertised: the short form for Bluetooth's own."""
    short = uuid.endswith("-0000-1000-8000-00805f9b34fb")
    data = bytes.fromhex(uuid[4:8])[::-1] if short else UUID(uuid).bytes[::-1]
    if short:
        return AdvertisingData.COMPLETE_LIST_OF_16_BIT_SERVICE_CLASS_UUIDS, data
    return AdvertisingData.COMPLETE_LIST_OF_128_BIT_SERVICE_CLASS_UUIDS, data
