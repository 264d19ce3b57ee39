"""The test bed for Bluetooth LE holds what it promises, seen through bleak as it is."""

import asyncio
import time
from collections import Counter
from collections.abc import Iterator
from functools import partial

import pytest
from bleak import BleakClient, BleakScanner
from bleak.exc import BleakBluetoothNotAvailableError, BleakError, BleakGATTProtocolError
from radio_emulation import Emulation, Peripheral, start_emulation

# After radio_emulation, which says how to get bumble where it is missing.
from emulated_listener import Connected, connected, is_gapless  # isort: skip
from emulated_firmware import (  # isort: skip
    SERVICE,
    VERSION,
    WRITE,
    Counting,
    Dribbling,
    nordic_uart,
)


@pytest.fixture(scope="module")
def emulation() -> Iterator[Emulation]:
    with start_emulation() as emulation:
        yield emulation


@pytest.fixture(scope="module")
def wearable(emulation: Emulation) -> Peripheral:
    return emulation.peripheral("WEAR-01", Counting, advertised=[SERVICE], rssi=-71)


def test_a_scan_tells_name_services_and_signal_strength(wearable: Peripheral) -> None:
    async def scan() -> tuple[str | None, list[str], int]:
        found = await BleakScanner.discover(timeout=0.2, return_adv=True)
        _, told = found[wearable.address]
        return told.local_name, told.service_uuids, told.rssi

    assert asyncio.run(scan()) == ("WEAR-01", [SERVICE], -71)


def test_200_notifications_of_244_bytes_a_second_arrive_whole(wearable: Peripheral) -> None:
    async def listen() -> Connected:
        async with connected(wearable) as listening:
            await listening.until(400, within_s=30.0)
            return listening

    listening = asyncio.run(listen())
    assert is_gapless(listening.numbers)
    assert {len(each) for each in listening.received} == {244}


def test_a_write_is_received_and_answered(wearable: Peripheral) -> None:
    async def talk() -> Connected:
        async with connected(wearable) as listening:
            await listening.client.write_gatt_char(WRITE, b" asked", response=True)
            await listening.client.write_gatt_char(WRITE, b" told", response=False)
            assert await listening.client.read_gatt_char(VERSION) == b"1.0"
            await listening.until(20)
            return listening

    assert {b"echo asked", b"echo told"} < set(asyncio.run(talk()).received)
    assert wearable.heard[-2:] == [(WRITE, b" asked"), (WRITE, b" told")]


def test_two_connected_peripherals_both_notify(emulation: Emulation, wearable: Peripheral) -> None:
    other = emulation.peripheral("WEAR-02", partial(Counting, size=16), mtu=23)

    async def listen() -> tuple[Connected, Connected]:
        async with connected(wearable) as one, connected(other) as two:
            await asyncio.gather(one.until(100), two.until(100))
            return one, two

    for listening, size in zip(asyncio.run(listen()), (244, 16), strict=True):
        assert is_gapless(listening.numbers)
        assert {len(each) for each in listening.received} == {size}


@pytest.mark.parametrize("mtu", [23, 247])
def test_the_smaller_mtu_holds(emulation: Emulation, mtu: int) -> None:
    small = emulation.peripheral(f"MTU-{mtu}", partial(Counting, size=mtu - 3), mtu=mtu)

    async def listen() -> tuple[Connected, int]:
        async with connected(small) as listening:
            await listening.until(20)
            written = listening.client.services.get_characteristic(WRITE)
            assert written
            return listening, written.max_write_without_response_size

    listening, most = asyncio.run(listen())
    assert most == mtu - 3
    assert {len(each) for each in listening.received} == {mtu - 3}


def test_a_text_cut_at_every_byte_is_put_together_again(emulation: Emulation) -> None:
    text = b"emg:512 acc:-0.981 micros:4294967295\r\n"
    dribbling = emulation.peripheral("DRIBBLE", partial(Dribbling, text))

    async def listen() -> Connected:
        async with connected(dribbling) as listening:
            await listening.until(4 * len(text))
            return listening

    received = asyncio.run(listen()).received
    assert {len(each) for each in received} == set(range(1, len(text) + 1))
    together = b"".join(received)
    begin = together.index(text)
    whole = together[begin : begin + len(text) * ((len(together) - begin) // len(text))]
    assert whole == text * (len(whole) // len(text))


def test_after_a_dropped_link_no_notification_comes_twice(wearable: Peripheral) -> None:
    async def listen() -> list[Connected]:
        heard = []
        for _ in range(5):
            async with connected(wearable) as listening:
                await listening.until(20)
                wearable.drop()
                await asyncio.wait_for(listening.lost.wait(), 1.0)
                assert not listening.client.is_connected
                heard.append(listening)
        return heard

    for listening in asyncio.run(listen()):
        assert is_gapless(listening.numbers)


def test_without_a_disconnect_after_a_drop_notifications_come_twice(wearable: Peripheral) -> None:
    """As watched with real bluetoothd: what a recorder is to be protected from."""

    async def listen() -> list[int]:
        async with connected(wearable) as forgetful:
            wearable.drop()
            await asyncio.wait_for(forgetful.lost.wait(), 1.0)
            async with connected(wearable) as listening:
                await listening.until(20)
                return listening.numbers

    times = Counter(asyncio.run(listen()))
    # The first may have come before the second client listened, the last is cut off.
    assert set(list(times.values())[1:-1]) == {2}


def test_out_of_reach_the_link_is_lost_until_the_peripheral_returns(
    wearable: Peripheral,
) -> None:
    async def listen() -> tuple[int, int, float]:
        async with connected(wearable) as listening:
            await listening.until(5)
            wearable.vanish()
            await asyncio.wait_for(listening.lost.wait(), 1.0)
        assert wearable.address not in await BleakScanner.discover(timeout=0.2, return_adv=True)
        wearable.come_back()
        began = time.monotonic()
        async with connected(wearable) as again:
            await again.until(5)
            return listening.numbers[-1], again.numbers[0], time.monotonic() - began

    last, first, took_s = asyncio.run(listen())
    assert first - last > 200 * 0.4, "time goes on in it while it is away"
    assert took_s < 1.0


def test_a_restarted_peripheral_starts_from_zero(emulation: Emulation) -> None:
    reset = emulation.peripheral("RESET", Counting)

    async def listen() -> tuple[int, int]:
        async with connected(reset) as listening:
            await listening.until(200)
            reset.restart()
            await asyncio.wait_for(listening.lost.wait(), 1.0)
        async with connected(reset) as again:
            await again.until(5)
            return listening.numbers[-1], again.numbers[0]

    before, after = asyncio.run(listen())
    assert after < 190 < before


@pytest.mark.parametrize("present", [True, False], ids=["off", "absent"])
def test_without_an_adapter_the_link_is_lost_and_bleak_says_why(
    emulation: Emulation, wearable: Peripheral, *, present: bool
) -> None:
    async def listen() -> None:
        async with connected(wearable) as listening:
            await listening.until(5)
            emulation.adapter(powered=False, present=present)
            await asyncio.wait_for(listening.lost.wait(), 1.0)
        await asyncio.sleep(0.1)  # links go first, then the adapter, as with bluetoothd
        with pytest.raises(BleakBluetoothNotAvailableError, match="adapters found"):
            await BleakScanner.discover(timeout=0.1)
        emulation.adapter()
        await asyncio.sleep(0.1)
        async with connected(wearable) as again:
            await again.until(5)
            assert is_gapless(again.numbers)

    asyncio.run(listen())


def test_a_peripheral_out_of_reach_does_not_delay_others(
    emulation: Emulation, wearable: Peripheral
) -> None:
    gone = emulation.peripheral("GONE", Counting)

    async def listen() -> None:
        device = await BleakScanner.find_device_by_address(gone.address, timeout=3.0)
        assert device
        gone.vanish()
        waiting = asyncio.create_task(BleakClient(device, timeout=1.0).connect())
        await asyncio.sleep(0.1)
        async with connected(wearable) as listening:
            await listening.until(5)
        with pytest.raises(TimeoutError):
            await waiting
        gone.come_back()
        async with connected(gone) as again:
            await again.until(5)

    asyncio.run(listen())


def test_a_peripheral_that_needs_pairing_says_so(emulation: Emulation) -> None:
    private = partial(Counting, services=nordic_uart(wants_pairing=True))
    shy = emulation.peripheral("SHY", private)

    async def listen() -> None:
        async with connected(shy):
            pass

    with pytest.raises((BleakError, BleakGATTProtocolError), match="Not paired"):
        asyncio.run(listen())
