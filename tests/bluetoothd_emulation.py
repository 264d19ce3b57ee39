"""Bluetooth LE without a radio, through the real bluetoothd on a real Linux kernel.

The same peripherals as in radio_emulation.py, but BlueZ is real: it runs in a virtual machine
(bluetoothd_guest.py), on a private D-Bus of this one.
"""

import asyncio
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from functools import partial
from multiprocessing.connection import Connection
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from radio_emulation import Emulation, bus, process_of, system_bus

# After radio_emulation, which says how to get bumble where it is missing.
import bluetoothd_radio  # isort: skip
from bluetoothd_guest import guest  # isort: skip
from dbus_fast import BusType, Message, MessageType, Variant  # isort: skip
from dbus_fast.aio import MessageBus  # isort: skip

READY_WITHIN_S = 240.0
"""It takes 15 s on a computer with nothing else to do."""


class BluetoothdEmulation(Emulation):
    """What is in reach of the guest's Bluetooth adapter, and the adapter.

    Attributes
    ----------
    ready_s
        How long it took until the adapter was on.
    """

    def __init__(self, commands: Connection, bus_address: str) -> None:
        super().__init__(commands)
        self._bus_address = bus_address
        began = time.monotonic()
        asyncio.run(asyncio.wait_for(_until_powered(bus_address), READY_WITHIN_S))
        self.ready_s = time.monotonic() - began

    def adapter(self, *, present: bool = True, powered: bool = True) -> None:
        """Turn the adapter on or off; it cannot be plugged out."""
        assert present
        asyncio.run(_power(self._bus_address, powered=powered))


@contextmanager
def start_bluetoothd_emulation() -> Iterator[BluetoothdEmulation]:
    """Have Bluetooth LE, with an adapter that is on and nothing in reach yet."""
    with (
        TemporaryDirectory() as name,
        bus(folder := Path(name)) as address,
        process_of(bluetoothd_radio.run, str(hci := folder / "hci")) as commands,
        guest(folder, bus=folder / "bus", hci=hci),
        system_bus(address),
    ):
        yield BluetoothdEmulation(commands, address)


async def _until_powered(bus_address: str) -> None:
    while not await _asked(bus_address, "Get", "ss", "Powered"):
        await asyncio.sleep(0.2)


async def _power(bus_address: str, *, powered: bool) -> None:
    await _asked(bus_address, "Set", "ssv", "Powered", Variant("b", powered))


async def _asked(bus_address: str, method: str, signature: str, *more: Any) -> bool:
    """Ask about the adapter; gives whether the answer is yes."""
    properties = "org.freedesktop.DBus.Properties"
    body = ["org.bluez.Adapter1", *more]
    call = Message(
        "org.bluez", "/org/bluez/hci0", properties, method, signature=signature, body=body
    )
    ours = await MessageBus(bus_address=bus_address).connect()
    try:
        reply = await ours.call(call)
        assert reply
        is_answer = reply.message_type is MessageType.METHOD_RETURN
        return is_answer and bool(reply.body) and bool(reply.body[0].value)
    finally:
        ours.disconnect()


@asynccontextmanager
async def agreeing() -> AsyncIterator[None]:
    """Have somebody who agrees when bluetoothd asks whether to pair, as a desktop's window does."""
    agent = MessageBus(bus_type=BusType.SYSTEM)
    agent.add_message_handler(
        lambda asked: (
            Message.new_method_return(asked) if asked.interface == "org.bluez.Agent1" else None
        )
    )
    await agent.connect()
    manager = partial(Message, "org.bluez", "/org/bluez", "org.bluez.AgentManager1")
    register = manager("RegisterAgent", signature="os", body=["/agent", "NoInputNoOutput"])
    default = manager("RequestDefaultAgent", signature="o", body=["/agent"])
    for call in (register, default):
        reply = await agent.call(call)
        assert reply
        assert reply.message_type is MessageType.METHOD_RETURN, reply
    try:
        yield
    finally:
        agent.disconnect()
