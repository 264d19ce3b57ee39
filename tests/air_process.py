"""The process in which the air of bluetooth_air.py is: a radio, its peripherals and a BlueZ."""

import asyncio
import multiprocessing.connection
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

from air_bluez import BlueZ
from air_central import Central
from air_peripheral import Firmware, Peripheral, Said
from air_radio import Ether
from dbus_fast.aio import MessageBus

Connection = multiprocessing.connection.Connection


@dataclass
class World:
    """What orders from the test's process are given to."""

    bluez: BlueZ
    ether: Ether
    peripherals: dict[str, Peripheral] = field(default_factory=dict)

    async def adapter(self, *, present: bool, powered: bool) -> None:
        await self.bluez.adapter(present=present, powered=powered)

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
        made = Peripheral(
            self.ether,
            name=name,
            address=address,
            firmware=firmware,
            advertised=advertised,
            mtu=mtu,
        )
        self.peripherals[address] = made
        self.bluez.rssi[address] = rssi
        await made.power_on()
        self.bluez.daemon.soon(made.run())

    async def drop(self, address: str) -> None:
        await self.peripherals[address].drop()

    async def vanish(self, address: str) -> None:
        await self.peripherals[address].vanish()

    async def come_back(self, address: str) -> None:
        await self.peripherals[address].come_back()

    async def restart(self, address: str) -> None:
        restarted = self.peripherals[address]
        await restarted.restart()
        self.bluez.daemon.soon(restarted.run())

    async def heard(self, address: str) -> list[Said]:
        return self.peripherals[address].heard

    async def firmware(self, address: str) -> Firmware:
        return self.peripherals[address].firmware


def run(bus_address: str, orders: Connection) -> None:
    """Run until told to end; what goes wrong ends it with a traceback."""
    asyncio.run(_run(bus_address, orders))


async def _run(bus_address: str, orders: Connection) -> None:
    loop = asyncio.get_running_loop()
    ended: asyncio.Future[None] = loop.create_future()

    def failed(_: asyncio.AbstractEventLoop, context: dict[str, Any]) -> None:
        if not ended.done():
            ended.set_exception(context.get("exception") or RuntimeError(context["message"]))

    loop.set_exception_handler(failed)
    ether = Ether()
    central = Central(ether)
    await central.power_on()
    bus = await MessageBus(bus_address=bus_address).connect()
    bluez = BlueZ(bus, central)
    sending = loop.create_task(bluez.daemon.run())
    await bluez.start()
    obeying = loop.create_task(_obey(World(bluez, ether), orders))
    await asyncio.wait((ended, sending, obeying), return_when=asyncio.FIRST_COMPLETED)
    for each in (ended, sending, obeying):
        if each.done():
            each.result()


async def _obey(world: World, orders: Connection) -> None:
    """Carry out orders, one after the other, until there is none."""
    come = asyncio.Event()
    asyncio.get_running_loop().add_reader(orders.fileno(), come.set)
    orders.send(None)
    while True:
        await come.wait()
        come.clear()
        while orders.poll():
            try:
                name, arguments, named = orders.recv()
            except EOFError:
                return
            orders.send(await getattr(world, name)(*arguments, **named))
