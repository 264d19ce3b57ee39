"""Wearables over Bluetooth LE: bleak itself, against peripherals with a real GATT stack."""

import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import psutil
import pytest
from radio_emulation import Emulation, Peripheral, start_emulation
from wearables import (
    HM_10,
    MOVESENSE,
    NORDIC,
    NPG,
    Locked,
    Movesense,
    Myoware,
    NpgLite,
    Telly,
    Uart,
    chords,
    hm_10,
    myoframe,
    text,
)

from myowatch.acquisition.ble.radio import scan
from myowatch.acquisition.recorder.recorder import record
from myowatch.acquisition.recorder.stop_request import Stop
from myowatch.acquisition.source.source import SourceLost
from myowatch.acquisition.sources.ble_source import BleSource
from myowatch.acquisition.sources.open_source import open_source
from myowatch.acquisition.wire.movesense import STANDARD_GRAVITY
from myowatch.cli.tables import seen_as_json
from myowatch.recordings.formats.opening import open_recording
from myowatch.recordings.storage.problem import Problem
from myowatch.recordings.store.recorder_status import RecorderState, read_statuses
from myowatch.recordings.store.store import Store
from myowatch.signal.model.samples import Modality, SampleBlock

RISING = np.arange(1 << 14)[:, None]
"""Values that are their own index: where they go on tells how much was left out."""


@pytest.fixture(scope="module")
def emulation() -> Iterator[Emulation]:
    with start_emulation() as emulation:
        yield emulation


def read(source: BleSource, seconds: float) -> list[SampleBlock]:
    blocks: list[SampleBlock] = []
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        blocks += source.read() or []
    return blocks


def until_lost(source: BleSource) -> list[SampleBlock]:
    blocks: list[SampleBlock] = []
    with pytest.raises(SourceLost, match="out of reach or switched off"):
        collect(source, blocks)
    return blocks


def collect(source: BleSource, blocks: list[SampleBlock]) -> None:
    while True:
        blocks += source.read() or []


def open_again(source: BleSource, within_s: float) -> float:
    """Open a source as a track does, until it is there; say how long that took."""
    began, wait_s = time.monotonic(), 0.25
    while True:
        source.close()
        try:
            source.open()
            return time.monotonic() - began
        except Problem:
            assert time.monotonic() - began < within_s
            time.sleep(wait_s)
            wait_s = min(2 * wait_s, 1.0)


def of(blocks: Sequence[SampleBlock], name: str) -> list[SampleBlock]:
    return [block for block in blocks if block.stream.name == name]


def counts(block: SampleBlock) -> np.ndarray:
    return np.rint(block.samples[:, 0] / block.stream.resolution)


def values(blocks: Sequence[SampleBlock]) -> np.ndarray:
    return np.concatenate([counts(block) for block in blocks])


def left_out(blocks: Sequence[SampleBlock], period: int = len(RISING)) -> tuple[list[int], int]:
    """Give the gaps, in samples, and by how many in all the values say that they are wrong."""
    gaps = [b.first_sample - a.end_sample for a, b in pairwise(blocks)]
    jumps = [int(counts(b)[0] - counts(a)[-1] - 1) % period for a, b in pairwise(blocks)]
    wrong = sum(gap - jump for gap, jump in zip(gaps, jumps, strict=True))
    return [gap for gap in gaps if gap], wrong


def uart(encode: Callable[..., bytes], **more: Any) -> partial[Uart]:
    return partial(Uart, RISING, encode, **more)


@pytest.mark.parametrize(
    ("encode", "mtu", "more"),
    [
        (myoframe, 247, {}),
        (myoframe, 23, {}),
        (chords, 185, {"rate": 500.0, "notify": HM_10[1], "services": hm_10()}),
        (text, 247, {"rate": 250.0}),
    ],
    ids=["myoframe", "myoframe MTU 23", "chords by HM-10", "text"],
)
def test_everything_sent_through_a_uart_is_read(
    emulation: Emulation, encode: Callable[..., bytes], mtu: int, more: dict[str, Any]
) -> None:
    board = emulation.peripheral("UART", uart(encode, size=mtu - 3, **more), mtu=mtu)
    source = BleSource(board.address)
    try:
        (stream,) = source.open()
        blocks = read(source, 0.7)
        link = source.link
    finally:
        source.close()
        board.vanish()
    assert stream.sampling_rate == more.get("rate", 1000.0)
    assert left_out(blocks) == ([], 0)
    assert len(values(blocks)) > 0.5 * stream.sampling_rate
    assert link is not None
    assert (link.lost_samples, link.bad_frames) == (0, 0)
    assert link.battery_percent == (None if "services" in more else 87)


def test_an_npg_lite_is_started_and_stopped(emulation: Emulation) -> None:
    sent = np.random.default_rng(1).integers(-2048, 4096, (5000, 6))
    board = emulation.peripheral("NPG-1-6CH", partial(NpgLite, sent), advertised=NPG[:1])
    source = open_source("ble:NPG-1-6CH")
    streams = source.open()
    blocks = read(source, 0.6)  # type: ignore[arg-type]
    source.close()
    assert [stream.name for stream in streams] == [f"CH{n}" for n in range(1, 7)]
    got = np.column_stack([values(of(blocks, stream.name)) for stream in streams])
    assert is_part(got[:200, 5], sent[:, 5])
    assert is_part(got[:200, 0], sent[:, 0])
    assert board.heard == [(NPG[1], b"START"), (NPG[1], b"STOP")]
    assert source.link is not None
    assert "NPG-1-6CH, NPG Lite of Upside Down Labs by Bluetooth" in source.link.in_one_line()
    assert source.link.battery_percent == 0x40
    board.vanish()


def test_a_movesense_is_subscribed_at_the_rate_that_was_asked_for(emulation: Emulation) -> None:
    metres = np.random.default_rng(2).normal(0, 5, (4000, 3))
    board = emulation.peripheral("Movesense 1", partial(Movesense, metres), advertised=())
    source = open_source(f"ble:{board.address}?rate=104&site=left-calf")
    (stream,) = source.open()
    blocks = read(source, 1.0)  # type: ignore[arg-type]
    source.close()
    assert (stream.name, stream.channels, stream.site) == ("ACC", ("x", "y", "z"), "left-calf")
    assert stream.sampling_rate == 104
    got = np.concatenate([block.samples for block in blocks]) * STANDARD_GRAVITY
    begin = int(np.argmin(np.abs(metres - got[0]).sum(axis=1)))
    assert got[:100] == pytest.approx(np.roll(metres, -begin, axis=0)[:100], abs=1e-4)
    assert board.heard[0] == (MOVESENSE[1], b"\x01\x63/Meas/Acc/104")
    assert source.link is not None
    assert source.link.battery_percent == 55
    board.vanish()


def test_a_myoware_is_recorded(emulation: Emulation) -> None:
    board = emulation.peripheral("MYOWARE1", Myoware)
    source = BleSource("MYOWARE1")
    (stream,) = source.open()
    blocks = read(source, 0.5)
    source.close()
    board.vanish()
    assert 95 < stream.sampling_rate < 105
    assert left_out(blocks, 256) == ([], 0)
    assert stream.modality is Modality.ENVELOPE


def test_a_format_is_refused_where_a_wearable_has_its_own(emulation: Emulation) -> None:
    board = emulation.peripheral("MYOWARE1", Myoware)
    source = open_source("ble:MYOWARE1?format=chords")
    with pytest.raises(Problem, match=r"MYOWARE1 is .* a format of its own; leave format=chords"):
        source.open()
    source.close()
    board.vanish()


def drop(board: Peripheral, _: Emulation) -> None:
    board.drop()


def out_of_reach_and_back(board: Peripheral, _: Emulation) -> None:
    board.vanish()
    threading.Timer(0.6, board.come_back).start()


def adapter_off_and_on(_: Peripheral, emulation: Emulation) -> None:
    emulation.adapter(powered=False)
    threading.Timer(0.6, emulation.adapter).start()


@pytest.mark.parametrize("what", [drop, out_of_reach_and_back, adapter_off_and_on])
def test_reconnects_with_a_gap_of_the_right_length(
    emulation: Emulation, what: Callable[[Peripheral, Emulation], None]
) -> None:
    board = emulation.peripheral("WEAR", uart(myoframe))
    source = BleSource(board.address)
    source.open()
    blocks = read(source, 0.4)
    what(board, emulation)
    blocks += until_lost(source)
    took_s = open_again(source, within_s=8.0)
    blocks += read(source, 0.4)
    link = source.link
    source.close()
    board.vanish()
    assert took_s < 5.0
    gaps, wrong = left_out(blocks)
    assert len(gaps) == 1
    assert abs(wrong) < 100  # samples of a millisecond, on a busy computer
    assert link is not None
    assert (link.reconnects, link.lost_samples) == (1, 0)


def test_a_restarted_device_continues_the_recording(emulation: Emulation) -> None:
    board = emulation.peripheral("WEAR", uart(myoframe))
    source = BleSource(board.address)
    source.open()
    before = read(source, 0.6)
    board.restart()
    before += until_lost(source)
    open_again(source, within_s=5.0)
    after = read(source, 0.4)
    source.close()
    board.vanish()
    assert counts(after[0])[0] < counts(before[-1])[-1]
    assert 0 < after[0].first_sample - before[-1].end_sample < 5000


def test_a_missing_wearable_does_not_delay_the_others(
    emulation: Emulation, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Who looks for a wearable shares the scan, which gives way to those that connect."""
    monkeypatch.setattr("myowatch.acquisition.sources.ble_source.FIRST_SCAN_S", 60.0)
    there = emulation.peripheral("WEAR-5", uart(myoframe))
    sources = [BleSource(name) for name in ("WEAR-6", "WEAR-5")]
    waiting = threading.Thread(target=sources[0].open)
    waiting.start()
    sources[1].open()
    assert waiting.is_alive()
    late = emulation.peripheral("WEAR-6", uart(myoframe))
    waiting.join()
    for source in sources:
        assert read(source, 0.2)
        source.close()
    there.vanish()
    late.vanish()


LEAVES_IT_CONNECTED = """
import os, sys
from myowatch.acquisition.sources.ble_source import BleSource
BleSource(sys.argv[1]).open()
os._exit(9)
"""


def test_a_device_left_connected_by_a_killed_recorder_is_found(
    emulation: Emulation, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It advertises no more, and bluetoothd keeps a connection whose program has gone."""
    monkeypatch.setattr("myowatch.acquisition.sources.ble_source.FIRST_SCAN_S", 0.5)
    board = emulation.peripheral("WEAR-4", uart(myoframe))
    killed = subprocess.run([sys.executable, "-c", LEAVES_IT_CONNECTED, board.name], check=False)
    assert killed.returncode == 9
    source = BleSource(board.name)
    source.open()
    blocks = read(source, 0.3)
    source.close()
    board.vanish()
    assert left_out(blocks) == ([], 0)


def test_drops_leak_nothing(emulation: Emulation) -> None:
    """The short form of a hundred drops, which `benchmarks/bench_bluetooth.py` makes."""
    process = psutil.Process()
    board = emulation.peripheral("WEAR", uart(myoframe))
    source = BleSource(board.address)
    blocks: list[SampleBlock] = []
    used: list[tuple[int, ...]] = []
    for _ in range(6):
        open_again(source, within_s=8.0)
        blocks += read(source, 0.1)
        board.drop()
        blocks += until_lost(source)
        source.close()
        used.append((process.num_fds(), threading.active_count(), *emulation.connections))
    board.vanish()
    assert used[-1] == used[1]  # after the first, all that stays is there
    gaps, _ = left_out(blocks)
    assert all(gap > 0 for gap in gaps)
    assert source.link is not None
    assert source.link.bad_frames == 0
    assert source.link.lost_samples == 0


def test_notifications_beyond_the_queue_are_a_counted_gap(emulation: Emulation) -> None:
    board = emulation.peripheral("WEAR", uart(myoframe))
    source = BleSource(board.address, most_bytes=4000)
    source.open()
    blocks = read(source, 0.3)
    time.sleep(1.5)
    blocks += read(source, 0.4)
    link = source.link
    source.close()
    board.vanish()
    gaps, wrong = left_out(blocks)
    assert wrong == 0
    assert len(gaps) == 1
    assert link is not None
    assert link.lost_samples == gaps[0]
    # Two bytes a sample; of a frame that was cut, some bytes came and were of no use.
    assert link.dropped_bytes + link.skipped_bytes >= 2 * gaps[0]
    assert "bytes dropped by a busy computer" in link.in_one_line()


def test_problems_say_what_to_do(emulation: Emulation, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("myowatch.acquisition.sources.ble_source.FIRST_SCAN_S", 1.0)
    telly = emulation.peripheral("TELLY", Telly)
    locked = emulation.peripheral("LOCKED", Locked)
    other = emulation.peripheral("WEAR-9", uart(myoframe), advertised=NORDIC[:1], rssi=-44)

    def complaint(name: str) -> str:
        source = BleSource(name)
        with pytest.raises(Problem) as problem:
            source.open()
        source.close()
        return str(problem.value)

    assert complaint("ABSENT") == (
        "ABSENT is not in reach; is it switched on? In reach are: WEAR-9 (-44 dBm)"
    )
    assert complaint("TELLY").startswith("TELLY: it has no known service; docs/")
    assert complaint("LOCKED").startswith("LOCKED: it needs to be paired first")
    try:
        emulation.adapter(powered=False)
        off = "Bluetooth is switched off; switch it on: rfkill"
        assert complaint("WEAR-9").startswith(off)
        emulation.adapter(present=False)
        while (said := complaint("WEAR-9")).startswith(off):
            pass  # until bleak has heard that it is gone
        assert said.startswith("there is no Bluetooth adapter; plug one in")
    finally:
        emulation.adapter()
        telly.vanish()
        locked.vanish()
        other.vanish()


def test_wearables_in_reach_are_listed_with_their_sources(emulation: Emulation) -> None:
    boards = [
        emulation.peripheral("WEAR-7", uart(myoframe), advertised=NORDIC[:1], rssi=-48),
        emulation.peripheral("TELLY-7", Telly),
    ]
    listed = {each["port"]: each for each in map(seen_as_json, scan(1.0))}
    for board in boards:
        board.vanish()
    wear, telly = (listed[board.address] for board in boards)
    assert wear["bluetooth"] == {"name": "WEAR-7", "profile": "nordic-uart", "rssi_dbm": -48}
    assert wear["source"] == f"ble:{boards[0].address}"
    assert telly["source"] is None


def test_a_session_of_two_wearables_keeps_both_signals(
    emulation: Emulation, tmp_path: Path
) -> None:
    """Each carries a simulated muscle; one of them drops while it is recorded."""
    muscles = [simulated(seed) for seed in (3, 4)]
    boards = [
        emulation.peripheral(f"LEG-{n}", partial(Uart, muscle, myoframe))
        for n, muscle in enumerate(muscles)
    ]
    sources = [
        BleSource(board.address, site=site)
        for board, site in zip(boards, ("left-thigh", "right-calf"), strict=True)
    ]
    stop = Stop()
    recorder = threading.Thread(target=lambda: record(sources, home=tmp_path, stop=stop))
    recorder.start()
    try:
        time.sleep(5.0)
        boards[1].drop()
        time.sleep(3.0)
    finally:
        stop.request()
        recorder.join()
        for board in boards:
            board.vanish()
    statuses = sorted(read_statuses(tmp_path), key=lambda status: status.site)
    assert [status.state for status in statuses] == [RecorderState.ENDED] * 2
    assert [status.link["reconnects"] for status in statuses] == [0, 1]
    for status, muscle in zip(statuses, muscles, strict=True):
        with open_recording(tmp_path / status.file) as recording:
            blocks = list(recording.blocks(0.1))
        for block in blocks:
            got = counts(block)
            assert is_part(got[~np.isnan(got)][:30], muscle[:, 0])
    with Store(tmp_path) as store:
        (session,) = store.sessions()
        assert set(session.sites) == {"left-thigh", "right-calf"}
        assert sum(event.kind == "twitch" for event in store.events(session.id)) >= 2


def simulated(seed: int) -> np.ndarray:
    """Twelve seconds of a twitching muscle as counts of 4.88 uV, shape (n_samples, 1)."""
    source = open_source(f"sim:twitchy?seed={seed}&speed=max")
    source.open()
    blocks: list[SampleBlock] = []
    while sum(len(block.samples) for block in blocks) < 12_000:
        blocks += source.read() or []
    source.close()
    return np.rint(np.concatenate([b.samples for b in blocks]) / 4.8828125).astype(np.int64)


def is_part(some: np.ndarray, whole: np.ndarray) -> bool:
    windows = np.lib.stride_tricks.sliding_window_view(np.tile(whole, 2), len(some))
    return bool((windows == some).all(axis=1).any())
