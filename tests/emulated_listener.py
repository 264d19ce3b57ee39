"""A client that listens to a peripheral through bleak alone, without our code."""

import asyncio
import time
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager

from bleak import BleakClient, BleakScanner
from bleak.backends.characteristic import BleakGATTCharacteristic
from emulated_firmware import NOTIFY, STAMP
from radio_emulation import Peripheral


class Connected:
    """A client, and what it was notified of."""

    def __init__(self, client: BleakClient) -> None:
        self.client = client
        self.received: list[bytes] = []
        self.arrived_ns: list[int] = []
        self.lost = asyncio.Event()

    def hear(self, _: BleakGATTCharacteristic, data: bytearray) -> None:
        self.arrived_ns.append(time.monotonic_ns())
        self.received.append(bytes(data))

    @property
    def numbers(self) -> list[int]:
        return [STAMP.unpack_from(each)[0] for each in self.received if not is_echo(each)]

    @property
    def delays_s(self) -> list[float]:
        """How long each notification was under way."""
        heard = zip(self.received, self.arrived_ns, strict=True)
        return [(at - STAMP.unpack_from(each)[1]) / 1e9 for each, at in heard if not is_echo(each)]

    async def until(self, count: int, within_s: float = 5.0) -> None:
        async with asyncio.timeout(within_s):
            while len(self.received) < count:
                await asyncio.sleep(0.01)


@asynccontextmanager
async def connected(peripheral: Peripheral) -> AsyncIterator[Connected]:
    """Find, connect and subscribe, as by an application that has been started anew."""
    device = await BleakScanner.find_device_by_address(peripheral.address, timeout=3.0)
    assert device, f"{peripheral.name} is not heard"
    client = BleakClient(device, disconnected_callback=lambda _: listening.lost.set())
    listening = Connected(client)
    await client.connect()
    try:
        await client.start_notify(NOTIFY, listening.hear)
        yield listening
    finally:
        await client.disconnect()


def is_echo(data: bytes) -> bool:
    return data.startswith(b"echo")


def is_gapless(numbers: Sequence[int]) -> bool:
    return list(numbers) == list(range(numbers[0], numbers[0] + len(numbers)))
