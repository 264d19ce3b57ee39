"""Wearables through the real bluetoothd and a real kernel: not in the suite, `make test-bluetoothd`
runs it. All is real but the radio."""

import asyncio
from collections.abc import Callable, Iterator
from functools import partial
from itertools import pairwise

import numpy as np
import psutil
import pytest
from bluetoothd_emulation import agreeing, start_bluetoothd_emulation
from radio_emulation import Emulation, Peripheral
from test_ble_source import collect, left_out, open_again, read, values

# After radio_emulation, which says how to get bumble where it is missing.
from ble_firmware import Board  # isort: skip
from emulated_firmware import SERVICE, Counting, nordic_uart  # isort: skip
from emulated_listener import Connected, connected, is_gapless  # isort: skip
from bleak import BleakClient, BleakScanner  # isort: skip
from myowatch.acquisition.source.source import SourceLost  # isort: skip
from myowatch.acquisition.sources.ble_source import BleSource  # isort: skip
from myowatch.recordings.storage.problem import Problem  # isort: skip
from myowatch.signal.model.samples import SampleBlock  # isort: skip

PATIENCE_S = 60.0
"""An emulated computer on a busy one."""


@pytest.fixture(scope="module")
def emulation() -> Iterator[Emulation]:
    with start_bluetoothd_emulation() as emulation:
        say(f"bluetoothd and its adapter were ready after {emulation.ready_s:.1f} s")
        yield emulation


@pytest.fixture(scope="module")
def wearable(emulation: Emulation) -> Peripheral:
    return emulation.peripheral("WEAR-01", Counting, advertised=[SERVICE])


def say(text: str) -> None:
    print(f"\n  {text}", end=" ", flush=True)  # noqa: T201


def told(listening: Connected) -> str:
    numbers = listening.numbers
    twice = len(numbers) - len(set(numbers))
    lost = numbers[-1] - numbers[0] + 1 - len(set(numbers))
    p50, p99, most = np.percentile(listening.delays_s, (50, 99, 100)) * 1000
    return (
        f"{len(numbers)} notifications, {lost} lost, {twice} doubled; under way for "
        f"{p50:.1f} ms (p50), {p99:.1f} ms (p99), {most:.1f} ms (most)"
    )


def test_a_scan_tells_name_and_services(wearable: Peripheral) -> None:
    async def scan() -> tuple[str | None, list[str]]:
        device = await BleakScanner.find_device_by_address(wearable.address, timeout=PATIENCE_S)
        assert device, "not heard"
        found = await BleakScanner.discover(timeout=2.0, return_adv=True)
        _, said = found[wearable.address]
        return said.local_name, said.service_uuids

    assert asyncio.run(scan()) == ("WEAR-01", [SERVICE])


@pytest.mark.parametrize(("size", "mtu"), [(244, 247), (20, 23)])
def test_200_notifications_a_second_arrive_whole(emulation: Emulation, size: int, mtu: int) -> None:
    sending = emulation.peripheral(f"SIZE{size}", partial(Counting, size=size), mtu=mtu)

    async def listen() -> Connected:
        async with connected(sending) as listening:
            await listening.until(4000, PATIENCE_S)
            return listening

    listening = asyncio.run(listen())
    sending.vanish()
    say(f"200/s of {size} bytes: {told(listening)}")
    assert is_gapless(listening.numbers)
    assert {len(each) for each in listening.received} == {size}


def test_after_a_dropped_link_no_notification_comes_twice(wearable: Peripheral) -> None:
    async def listen() -> list[Connected]:
        heard = []
        for _ in range(5):
            async with connected(wearable) as listening:
                await listening.until(100, PATIENCE_S)
                wearable.drop()
                await asyncio.wait_for(listening.lost.wait(), PATIENCE_S)
                heard.append(listening)
        return heard

    connections = asyncio.run(listen())
    for listening in connections:
        assert is_gapless(listening.numbers)
    away = [b.numbers[0] - a.numbers[-1] for a, b in pairwise(connections)]
    say(f"five drops, back after {', '.join(f'{n / 200:.1f}' for n in away)} s, none heard twice")


RISING = np.repeat(np.arange(1 << 14)[:, None], 12, axis=1)
"""Twelve channels whose values are their own index, of our firmware's C: 25 kB/s at 1 kHz."""


def until_lost(source: BleSource) -> list[SampleBlock]:
    blocks: list[SampleBlock] = []
    with pytest.raises(SourceLost):
        collect(source, blocks)
    return blocks


def drop(board: Peripheral, _: Emulation) -> None:
    board.drop()


def out_of_reach_and_back(board: Peripheral, _: Emulation) -> None:
    board.vanish()
    board.come_back()


def adapter_off_and_on(_: Peripheral, emulation: Emulation) -> None:
    emulation.adapter(powered=False)
    emulation.adapter()


@pytest.mark.parametrize("what", [drop, out_of_reach_and_back, adapter_off_and_on])
def test_a_recording_goes_on_by_itself_and_its_gap_is_what_was_sent_meanwhile(
    emulation: Emulation, what: Callable[[Peripheral, Emulation], None]
) -> None:
    board = emulation.peripheral("BOARD", partial(Board, RISING))
    source = BleSource(board.address)
    open_again(source, PATIENCE_S)
    process = psutil.Process()
    before = process.cpu_times()
    blocks = read(source, 5.0)
    after = process.cpu_times()
    what(board, emulation)
    blocks += until_lost(source)
    took_s = open_again(source, PATIENCE_S)
    blocks += read(source, 5.0)
    link = source.link
    source.close()
    board.vanish()
    first = [block for block in blocks if block.stream is blocks[0].stream]
    gaps, wrong = left_out(first)
    share = (after.user + after.system - before.user - before.system) / 5.0
    say(
        f"{what.__name__}: {len(values(first))} samples of 12 channels, back after {took_s:.1f} s,"
        f" gaps {gaps}, wrong by {wrong}; {share:.0%} of a core"
    )
    assert link is not None
    assert (len(gaps), link.lost_samples) == (1, 0)
    assert link.bad_frames <= 1, "the frame that was under way"
    assert abs(wrong) < 1000


async def pair(address: str) -> None:
    """As the system's own means do: once, by LE Secure Connections."""
    device = await BleakScanner.find_device_by_address(address, timeout=PATIENCE_S)
    assert device, "not heard"
    async with agreeing(), BleakClient(device) as client:
        await client.pair()


def test_a_board_that_speaks_to_the_paired_alone_is_recorded_once_it_is_paired(
    emulation: Emulation,
) -> None:
    locked = nordic_uart(wants_pairing=True)
    board = emulation.peripheral("LOCKED", partial(Board, RISING, services=locked))
    source = BleSource(board.address)
    with pytest.raises(Problem, match="if it needs pairing, pair it once") as refused:
        source.open()
    source.close()
    asyncio.run(asyncio.wait_for(pair(board.address), PATIENCE_S))
    open_again(source, PATIENCE_S)
    blocks = read(source, 2.0)
    board.drop()
    blocks += until_lost(source)
    open_again(source, PATIENCE_S)
    blocks += read(source, 2.0)
    source.close()
    board.vanish()
    first = [block for block in blocks if block.stream is blocks[0].stream]
    gaps, wrong = left_out(first)
    say(f"before it was paired: {refused.value}; then, encrypted, gaps {gaps}, wrong by {wrong}")
    assert len(gaps) == 1
    assert abs(wrong) < 1000
