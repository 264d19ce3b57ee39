"""The process in which the air of bluetooth_air.py is: a radio, its peripherals and a BlueZ."""

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from air_bluez import BlueZ
from air_central import Central
from air_orders import Connection, World, failure, obey, until_one_ends
from air_peripheral import Firmware
from air_radio import Ether
from dbus_fast.aio import MessageBus


@dataclass(kw_only=True)
class Emulated(World):
    """Peripherals, and the BlueZ that hears them."""

    bluez: BlueZ

    async def adapter(self, *, present: bool, powered: bool) -> None:
        await self.bluez.adapter(present=present, powered=powered)

    async def connections(self) -> tuple[int, int]:
        """How many are on the bus, and how many subscriptions there are in all."""
        return await self.bluez.daemon.n_clients(), self.bluez.gatt.n_subscriptions

    async def peripheral(
        self,
        name: str,
        address: str,
        *,
        firmware: Callable[[], Firmware],
        advertised: Sequence[str],
        mtu: int,
        rssi: int,
    ) -> None:
        self.bluez.rssi[address] = rssi
        await super().peripheral(
            name, address, firmware=firmware, advertised=advertised, mtu=mtu, rssi=rssi
        )


def run(bus_address: str, orders: Connection) -> None:
    """Run until told to end; what goes wrong ends it with a traceback."""
    asyncio.run(_run(bus_address, orders))


async def _run(bus_address: str, orders: Connection) -> None:
    loop = asyncio.get_running_loop()
    failed = failure()
    ether = Ether()
    central = Central(ether)
    await central.power_on()
    bus = await MessageBus(bus_address=bus_address).connect()
    bluez = BlueZ(bus, central)
    sending = loop.create_task(bluez.daemon.run())
    await bluez.start()
    obeying = loop.create_task(obey(Emulated(ether=ether, bluez=bluez), orders))
    await until_one_ends(failed, sending, obeying)
