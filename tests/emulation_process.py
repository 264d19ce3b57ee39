"""The process of radio_emulation.py: an emulated radio, its peripherals and BlueZ."""

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from dbus_fast.aio import MessageBus
from emulated_bluez import BlueZ
from emulated_central import Central
from emulated_peripheral import Firmware
from emulated_radio import Ether
from emulation_commands import Connection, World, failure, serve_commands, until_one_ends


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


def run(bus_address: str, commands: Connection) -> None:
    """Run until told to end; what goes wrong ends it with a traceback."""
    asyncio.run(_run(bus_address, commands))


async def _run(bus_address: str, commands: Connection) -> None:
    loop = asyncio.get_running_loop()
    failed = failure()
    ether = Ether()
    central = Central(ether)
    await central.power_on()
    bus = await MessageBus(bus_address=bus_address).connect()
    bluez = BlueZ(bus, central)
    sending = loop.create_task(bluez.daemon.run())
    await bluez.start()
    serving = loop.create_task(serve_commands(Emulated(ether=ether, bluez=bluez), commands))
    await until_one_ends(failed, sending, serving)
