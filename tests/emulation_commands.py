"""Peripherals in a process of their own, and the commands of a test to them."""

import asyncio
import multiprocessing.connection
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

from emulated_peripheral import Firmware, Peripheral, Said
from emulated_radio import Ether

Connection = multiprocessing.connection.Connection


class Background:
    """Background work; its exceptions go to the loop's handler."""

    def __init__(self) -> None:
        self._tasks: set[asyncio.Task[None]] = set()

    def soon(self, work: Awaitable[None]) -> None:
        task = asyncio.ensure_future(work)
        self._tasks.add(task)
        task.add_done_callback(self._done)

    def _done(self, task: asyncio.Task[None]) -> None:
        self._tasks.discard(task)
        if not task.cancelled():
            task.result()


@dataclass(kw_only=True)
class World:
    """Peripherals in reach of each other; its methods are what may be ordered."""

    ether: Ether
    peripherals: dict[str, Peripheral] = field(default_factory=dict)
    background: Background = field(default_factory=Background)

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
        del rssi  # who hears it says how strongly
        made = Peripheral(
            self.ether,
            name=name,
            address=address,
            firmware=firmware,
            advertised=advertised,
            mtu=mtu,
        )
        self.peripherals[address] = made
        await made.power_on()
        self.background.soon(made.run())

    async def drop(self, address: str) -> None:
        await self.peripherals[address].drop()

    async def vanish(self, address: str) -> None:
        await self.peripherals[address].vanish()

    async def come_back(self, address: str) -> None:
        await self.peripherals[address].come_back()

    async def restart(self, address: str) -> None:
        restarted = self.peripherals[address]
        await restarted.restart()
        self.background.soon(restarted.run())

    async def heard(self, address: str) -> list[Said]:
        return self.peripherals[address].heard

    async def firmware(self, address: str) -> Firmware:
        return self.peripherals[address].firmware


def failure() -> asyncio.Future[None]:
    """Return the future that fails when background work fails."""
    loop = asyncio.get_running_loop()
    failed: asyncio.Future[None] = loop.create_future()

    def fail(_: asyncio.AbstractEventLoop, context: dict[str, Any]) -> None:
        if not failed.done():
            failed.set_exception(context.get("exception") or RuntimeError(context["message"]))

    loop.set_exception_handler(fail)
    return failed


async def until_one_ends(*works: asyncio.Future[None]) -> None:
    """Wait for the first that ends, and raise what went wrong in it."""
    await asyncio.wait(works, return_when=asyncio.FIRST_COMPLETED)
    for each in works:
        if each.done():
            each.result()


async def serve_commands(world: World, commands: Connection) -> None:
    """Carry out commands, one after the other, until there is none."""
    come = asyncio.Event()
    asyncio.get_running_loop().add_reader(commands.fileno(), come.set)
    commands.send(None)
    while True:
        await come.wait()
        come.clear()
        while commands.poll():
            try:
                name, arguments, named = commands.recv()
            except EOFError:
                return
            commands.send(await getattr(world, name)(*arguments, **named))
