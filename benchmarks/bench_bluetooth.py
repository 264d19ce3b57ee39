"""What a wearable costs that notifies 200 times a second, how late its twitches are, and its drops.

Goals: the recorder takes 200 notifications of 244 bytes a second whole in 8 % of a core; 99 of 100
twitches are in the store 500 ms after the notification that ended them; the first sample is there
5 s after a drop; 100 drops leak nothing. The floor is bleak with a callback that does nothing.

The wearable has a real GATT stack and stands behind an emulated BlueZ, in another process
(tests/radio_emulation.py): no radio, nothing real but what runs on this side of D-Bus.

    python benchmarks/bench_bluetooth.py [--seconds 20] [--twitches 200] [--drops 100]
"""

import argparse
import os
import sqlite3
import struct
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterable
from contextlib import suppress
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

import numpy as np
import psutil

# The wearables of the tests are the wearables of this.
sys.path.append(str(Path(__file__).parent.parent / "tests"))
from radio_emulation import Emulation, Peripheral, start_emulation
from wearables import NORDIC, Uart, nordic_uart, text
from wire_senders import Counts, myoframe, myoframe_info

from myowatch.acquisition.recorder.track import FIRST_RETRY_S
from myowatch.acquisition.source.source import SourceLost
from myowatch.acquisition.sources.ble_source import BleSource
from myowatch.acquisition.sources.open_source import open_source
from myowatch.recordings.formats.opening import open_recording
from myowatch.recordings.storage.data_folder import database_path
from myowatch.recordings.storage.problem import Problem
from myowatch.recordings.store.recorder_status import read_statuses, request_stop
from myowatch.signal.model.samples import Samples

TICK_S = 1 / 200
SETTLE_S, LIVED_S = 4.0, 60
LEARNT_S = 15.0
"""Until then twitches may be held back for seconds: whether they are a heart is being found out."""
UV = 4.8828125
"""As the INFO of the tests' encoder says."""

BLEAK = f"""
import asyncio, sys
from bleak import BleakClient, BleakScanner
async def main():
    device = await BleakScanner.find_device_by_address(sys.argv[1])
    async with BleakClient(device) as client:
        await client.start_notify({NORDIC[2]!r}, lambda *_: None)
        print("there", flush=True)
        await asyncio.sleep(float(sys.argv[2]))
asyncio.run(main())
"""
READ = """
import time
print("there", flush=True)
until = time.monotonic() + float(sys.argv[2])
while time.monotonic() < until:
    way.read({})
way.close()
"""
LINK = """
import sys
from myowatch.acquisition.ble.ble_connection import BleLink
from myowatch.acquisition.ble.scanning import find
way = BleLink(find(sys.argv[1], 6.0))
""" + READ.format("0.05")
SOURCE = """
import sys
from myowatch.acquisition.sources.ble_source import BleSource
way = BleSource(sys.argv[1])
way.open()
""" + READ.format("")
RECORDER = """
import sys
from pathlib import Path
from myowatch.acquisition.sources.ble_source import BleSource
from myowatch.acquisition.recorder.recorder import record
class Told(BleSource):
    def open(self):
        print("there", flush=True)
        return super().open()
record([Told(sys.argv[1])], home=Path(sys.argv[3]), duration_s=float(sys.argv[2]) or None)
"""


def frames(counts: Counts, first: int, rate: float) -> bytes:
    """One frame of `myoframe`, with an INFO before it each second."""
    channels = counts.shape[1]
    head = struct.pack(
        "<BBHI", 0x41, channels - 1, first % 65536, round(first / rate * 1e6) % 2**32
    )
    info = myoframe_info(channels, rate=round(rate)) if first % rate < len(counts) else b""
    return info + myoframe(head + counts.astype("<i2").tobytes())


@dataclass
class Clocked(Uart):
    """Remembers when it said what."""

    said_s: list[float] = field(default_factory=list)

    def tick(self, n: int) -> Iterable[tuple[str, bytes]]:
        """Say what is due."""
        self.said_s.append(time.monotonic())
        return super().tick(n)


def muscle(channels: int, rate: float) -> Counts:
    """Give what several muscles of a simulated wearer do; shape (n_samples, n_channels)."""
    source = open_source(f"sim:twitchy?seed=11&channels={channels}&rate={rate:g}&speed=max")
    parts: dict[str, list[Samples]] = {stream.name: [] for stream in source.open()}
    while sum(map(len, parts["EMG1"])) < LIVED_S * rate:
        for block in source.read() or []:
            parts[block.stream.name].append(block.samples[:, 0])
    columns = [np.concatenate(each)[: round(LIVED_S * rate)] for each in parts.values()]
    return np.rint(np.stack(columns, axis=1) / UV).astype(np.int64)


@dataclass(frozen=True)
class Load:
    """What the wearable sends."""

    name: str
    channels: int
    rate: float
    encode: Callable[[Counts, int, float], bytes] = frames

    def firmware(self) -> partial[Clocked]:
        """Make what runs in it."""
        counts = muscle(self.channels, self.rate)
        return partial(
            Clocked, counts, self.encode, NORDIC[2], nordic_uart(), self.rate, TICK_S, 244
        )

    def bytes_a_notification(self) -> int:
        """Give the length of all but each two-hundredth, which says what it is too."""
        counts = muscle(self.channels, self.rate)[: round(self.rate * TICK_S)]
        return len(self.encode(counts, len(counts), self.rate))


LOADS = (
    Load("4 channels at 1 kHz, myoframe", 4, 1000.0),
    Load("4 channels at 1 kHz, text", 4, 1000.0, text),
    Load("8 channels at 2.8 kHz, myoframe", 8, 2800.0),
)


def share_of_a_core(script: str, seconds: float, address: str, home: str) -> float:
    """Processor time over time of the clock, some seconds after it was there."""
    goes_on_s = SETTLE_S + seconds + SETTLE_S
    command = [sys.executable, "-c", script, address, str(goes_on_s), home]
    with subprocess.Popen(command, stdout=subprocess.PIPE) as child:
        assert child.stdout is not None
        child.stdout.readline()
        time.sleep(SETTLE_S)
        process = psutil.Process(child.pid)
        began, before = time.monotonic(), process.cpu_times()
        time.sleep(seconds)
        after, lasted = process.cpu_times(), time.monotonic() - began
    return float(after.user + after.system - before.user - before.system) / lasted


def cost(emulation: Emulation, load: Load, seconds: float) -> None:
    board = emulation.peripheral("WEAR", load.firmware())
    shares: dict[str, float] = {}
    with tempfile.TemporaryDirectory() as home:
        for name, script in (
            ("bleak with a callback that does nothing", BLEAK),
            ("our link: until bytes are taken", LINK),
            ("our source: decoded and placed", SOURCE),
            ("the whole recorder: kept and detected", RECORDER),
        ):
            shares[name] = share_of_a_core(script, seconds, board.address, home)
        (status,) = read_statuses(Path(home))
    board.vanish()
    print(f"\n{load.name}: 200 notifications/s of {load.bytes_a_notification()} bytes")
    for name, share in shares.items():
        print(f"  {name:42} {share:6.1%} of a core")
    print(f"  {status.link['words']}")


def lateness(emulation: Emulation, n_twitches: int) -> None:
    """Time from the notification that ends a twitch to the event in the store."""
    load = LOADS[0]
    board = emulation.peripheral("WEAR", load.firmware())
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder)
        seen: list[tuple[int, float]] = []
        command = [sys.executable, "-c", RECORDER, board.address, "0", folder]
        with subprocess.Popen(command, stdout=subprocess.DEVNULL) as recorder:
            while not database_path(home).exists():
                time.sleep(0.05)
            last = 0
            with sqlite3.connect(database_path(home)) as store:
                while len(seen) < n_twitches:
                    with suppress(sqlite3.OperationalError):  # not made yet, or being written
                        query = 'SELECT rowid, "offset", kind FROM events WHERE rowid > ?'
                        for row, offset, kind in store.execute(query, (last,)).fetchall():
                            last = max(last, row)
                            if kind == "twitch" and offset > LEARNT_S * load.rate:
                                seen.append((offset, time.monotonic()))
                    time.sleep(0.003)
            (status,) = read_statuses(home)
            request_stop(home, status.key)
            recorder.wait()
        with open_recording(home / status.file) as recording:
            first = next(iter(recording.blocks(1.0))).samples[:, 0]
    firmware = board.firmware
    board.vanish()
    assert isinstance(firmware, Clocked)
    begin = _begin(np.rint(first / UV), firmware.counts[:, 0])
    each = round(load.rate * TICK_S)
    length = len(firmware.counts)
    late = []
    for offset, at_s in seen:
        # After the last of its samples the first comes again: the round is the last before.
        ticks = range((begin + offset) % length // each, len(firmware.said_s), length // each)
        late.append(min(at_s - firmware.said_s[n] for n in ticks if firmware.said_s[n] < at_s))
    half, most, all_but_one = 1e3 * np.percentile(late, [50, 90, 99])
    print(
        f"\nnotification that ends a twitch to event in the store: median {half:.0f} ms, "
        f"90 % {most:.0f} ms, 99 % {all_but_one:.0f} ms "
        f"({len(late)} twitches after the first {LEARNT_S:g} s; goal 500 ms)"
    )
    print(f"  {status.link['words']}")


def _begin(some: np.ndarray, whole: np.ndarray) -> int:
    windows = np.lib.stride_tricks.sliding_window_view(np.tile(whole, 2), 100)
    return int(np.abs(windows - some[:100]).sum(axis=1).argmin())


@dataclass(frozen=True)
class Use:
    """What is in use."""

    descriptors: int
    threads: int
    on_the_bus: int
    subscriptions: int
    megabytes: float


def drops(emulation: Emulation, n_drops: int) -> None:
    """Time from a drop to the first sample again, and what is in use then."""
    board = emulation.peripheral("WEAR", LOADS[0].firmware())
    source = BleSource(board.address)
    source.open()
    took_s, used = [], []
    for _ in range(n_drops):
        _until_samples(source)
        took_s.append(dropped(source, board))
        used.append(_use(emulation))
    source.close()
    board.vanish()
    half, all_but_one, longest = np.percentile(took_s, [50, 99, 100])
    print(
        f"\ndrop to first sample: median {half:.2f} s, 99 % {all_but_one:.2f} s, "
        f"longest {longest:.2f} s ({n_drops} drops; goal 5 s)"
    )
    for n in sorted({2, n_drops // 10, n_drops // 2, n_drops - 1} & set(range(n_drops))):
        print(f"  after drop {n + 1:3}: {used[n]}")


def dropped(source: BleSource, board: Peripheral) -> float:
    """Drop it and find it again as a track does; say how long that took."""
    board.drop()
    began = time.monotonic()
    with suppress(SourceLost):
        while True:
            source.read()
    while True:
        time.sleep(FIRST_RETRY_S)
        source.close()
        try:
            source.open()
            _until_samples(source)
            return time.monotonic() - began
        except Problem:
            continue


def _until_samples(source: BleSource) -> None:
    while not source.read():
        pass


def _use(emulation: Emulation) -> Use:
    me = psutil.Process()
    on_the_bus, subscriptions = emulation.connections
    return Use(
        me.num_fds(),
        me.num_threads(),
        on_the_bus,
        subscriptions,
        round(me.memory_info().rss / 2**20, 1),
    )


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--seconds", type=float, default=20.0)
    parser.add_argument("--twitches", type=int, default=200)
    parser.add_argument("--drops", type=int, default=100)
    chosen = parser.parse_args()
    print(f"{os.cpu_count()} cores; {chosen.seconds:g} s each")
    with start_emulation() as emulation:
        if chosen.seconds:
            for load in LOADS:
                cost(emulation, load, chosen.seconds)
        if chosen.twitches:
            lateness(emulation, chosen.twitches)
        if chosen.drops:
            drops(emulation, chosen.drops)


if __name__ == "__main__":
    main()
