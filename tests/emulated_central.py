"""The host's side of the emulation: what bluetoothd does through the kernel, done by bumble."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from uuid import UUID

import bumble.core
from bumble import hci
from bumble.core import AdvertisingData
from bumble.device import Advertisement, Peer
from bumble.gatt_client import CharacteristicProxy
from emulated_radio import NAMES, Ether, device_at

MTU = 517
"""What a central asks for; BlueZ's."""


@dataclass(frozen=True)
class Found:
    """What an advertisement tells."""

    address: str
    name: str
    services: tuple[str, ...]


@dataclass(frozen=True)
class Offered:
    """A characteristic found on a connected peripheral."""

    handle: int
    uuid: str
    can: tuple[str, ...]
    descriptors: tuple[tuple[int, str], ...]
    proxy: CharacteristicProxy[bytes]


@dataclass(frozen=True)
class OfferedService:
    handle: int
    uuid: str
    characteristics: tuple[Offered, ...]


class Central:
    """The host's side: what bluetoothd does through the kernel."""

    def __init__(self, ether: Ether, address: str = "F0:F1:F2:F3:F4:F5") -> None:
        self.device, _ = device_at("central", address, ether)
        self.peers: dict[str, Peer] = {}
        self.found: Callable[[Found], None] = lambda _: None
        self._waited_for: dict[str, asyncio.Event] = {}
        self._one_at_a_time = asyncio.Lock()

    async def power_on(self) -> None:
        await self.device.power_on()
        self.device.on("advertisement", self._advertised)
        await self.device.start_scanning(filter_duplicates=False)

    def _advertised(self, advertisement: Advertisement) -> None:
        address = advertisement.address.to_string(with_type_qualifier=False)
        if waiting := self._waited_for.get(address):
            waiting.set()
        data = advertisement.data
        lists = [
            *data.get_all(AdvertisingData.COMPLETE_LIST_OF_128_BIT_SERVICE_CLASS_UUIDS),
            *data.get_all(AdvertisingData.COMPLETE_LIST_OF_16_BIT_SERVICE_CLASS_UUIDS),
        ]
        services = tuple({_text(uuid): None for uuids in lists for uuid in uuids})
        name = data.get(AdvertisingData.COMPLETE_LOCAL_NAME) or ""
        self.found(Found(address, str(name), services))

    async def connect(self, address: str, on_lost: Callable[[], None]) -> None:
        """Connect as soon as it is heard, however long that takes; cancel it to give up."""
        heard = self._waited_for.setdefault(address, asyncio.Event())
        heard.clear()
        await heard.wait()
        del self._waited_for[address]
        async with self._one_at_a_time:
            connection = await self.device.connect(hci.Address(address), timeout=2.0)

        def lost(_reason: int) -> None:
            del self.peers[address]
            on_lost()

        connection.on(connection.EVENT_DISCONNECTION, lost)
        self.peers[address] = Peer(connection)

    async def discover(self, address: str) -> tuple[int, list[OfferedService]]:
        """Give the MTU agreed on, and what the peripheral offers."""
        peer = self.peers[address]
        mtu = await peer.request_mtu(MTU)
        await peer.discover_all()  # type: ignore[no-untyped-call]
        services = [
            OfferedService(
                service.handle,
                _text(service.uuid),
                tuple(_offered(each) for each in service.characteristics),
            )
            for service in peer.services
        ]
        return mtu, services

    async def disconnect(self, address: str) -> None:
        if peer := self.peers.get(address):
            await peer.connection.disconnect()

    def read(self, address: str, handle: int) -> Awaitable[bytes]:
        return self.peers[address].read_value(handle)

    def write(self, address: str, handle: int, data: bytes, *, response: bool) -> Awaitable[None]:
        return self.peers[address].write_value(handle, data, with_response=response)

    def subscribe(
        self, address: str, offered: Offered, on_value: Callable[[bytes], None]
    ) -> Awaitable[None]:
        return self.peers[address].subscribe(offered.proxy, on_value)

    def unsubscribe(self, address: str, offered: Offered) -> Awaitable[None]:
        return self.peers[address].unsubscribe(offered.proxy)


def _offered(proxy: CharacteristicProxy[bytes]) -> Offered:
    return Offered(
        proxy.handle,
        _text(proxy.uuid),
        tuple(name for name, flag in NAMES.items() if proxy.properties & flag),
        tuple((each.handle, _text(each.type)) for each in proxy.descriptors),
        proxy,
    )


def _text(uuid: bumble.core.UUID) -> str:
    return str(UUID(bytes=uuid.to_bytes(force_128=True)[::-1]))
