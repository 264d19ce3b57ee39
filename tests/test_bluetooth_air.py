"""The test bed for Bluetooth LE, through bleak as it is."""

import asyncio
import struct
from collections.abc import Iterator
from functools import partial

import pytest
from bleak import BleakClient, BleakScanner
from bluetooth_air import Air, Peripheral, air

from air_firmware import NOTIFY, SERVICE, VERSION, WRITE, Counting  # isort: skip


@pytest.fixture(scope="module")
def around() -> Iterator[Air]:
    with air() as around:
        yield around


@pytest.fixture(scope="module")
def wearable(around: Air) -> Peripheral:
    return around.peripheral("WEAR-01", partial(Counting, pace=200.0), advertised=[SERVICE])


def numbers(received: list[bytes]) -> list[int]:
    return [struct.unpack("<I", each[:4])[0] for each in received if not each.startswith(b"echo")]


async def connected(peripheral: Peripheral) -> BleakClient:
    device = await BleakScanner.find_device_by_address(peripheral.address, timeout=3)
    assert device, f"{peripheral.name} is not heard"
    client = BleakClient(device)
    await client.connect()
    return client


def test_200_notifications_of_244_bytes_a_second_arrive_whole(wearable: Peripheral) -> None:
    async def listen() -> list[bytes]:
        client = await connected(wearable)
        received: list[bytes] = []
        await client.start_notify(NOTIFY, lambda _, data: received.append(bytes(data)))
        await client.write_gatt_char(WRITE, b" what", response=True)
        await asyncio.sleep(2.0)
        assert await client.read_gatt_char(VERSION) == b"1.0"
        await client.disconnect()
        return received

    received = asyncio.run(listen())
    assert b"echo what" in received
    got = numbers(received)
    assert got == list(range(got[0], got[0] + len(got)))
    assert len(got) >= 380
    assert {len(each) for each in received if not each.startswith(b"echo")} == {244}
