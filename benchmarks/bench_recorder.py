"""What recording costs: processor and memory of a whole recorder, beside a loop that only writes.

The recorder takes in, keeps, detects and stores 4 EMG channels at 1 kHz. Goals: under 5 % of one
core at the pace of the clock; resident memory flat over an hour of simulated time.
"""

import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psutil

from myowatch.recordings.store.recorder_status import read_statuses

SETTLE_S, MEASURE_S = 5.0, 30.0
CHANNELS, RATE = 4, 1000
HOUR_S = 3600

RECORDER = """
import sys
from pathlib import Path
from myowatch.acquisition.recorder.recorder import record
from myowatch.acquisition.sources.open_source import open_source
seconds = float(sys.argv[3]) or None
record([open_source(sys.argv[1])], home=Path(sys.argv[2]), duration_s=seconds)
"""
SIMULATOR = """
import sys
from myowatch.acquisition.sources.open_source import open_source
source = open_source(sys.argv[1])
source.open()
while True:
    source.read()
"""
BARE = f"""
import os, sys, time
block = os.urandom({CHANNELS} * 3 * {RATE} // 20)
with open(sys.argv[1], "wb", buffering=0) as file:
    began, n = time.monotonic(), 0
    while True:
        n += 1
        time.sleep(max(began + n / 20 - time.monotonic(), 0))
        file.write(block)
        if n % 20 == 0:
            os.fsync(file.fileno())
"""


@contextmanager
def process(script: str, *arguments: object) -> Iterator[psutil.Process]:
    command = [sys.executable, "-c", script, *map(str, arguments)]
    with subprocess.Popen(command, stdout=subprocess.DEVNULL) as child:
        try:
            yield psutil.Process(child.pid)
        finally:
            child.kill()


def share_of_a_core(child: psutil.Process) -> float:
    time.sleep(SETTLE_S)
    began, before = time.monotonic(), child.cpu_times()
    time.sleep(MEASURE_S)
    after, seconds = child.cpu_times(), time.monotonic() - began
    used = after.user + after.system - before.user - before.system
    return float(used / seconds)


def memory_over_an_hour(home: Path) -> list[tuple[float, float]]:
    """Signal minutes and resident megabytes, about every five minutes of signal."""
    source = f"sim:twitchy?seed=1&channels={CHANNELS}&speed=max"
    seen: list[tuple[float, float]] = []
    with process(RECORDER, source, home, HOUR_S) as child:
        while child.is_running() and child.status() != psutil.STATUS_ZOMBIE:
            time.sleep(0.2)
            minutes = max((s.duration_s / 60 for s in read_statuses(home)), default=0.0)
            if minutes >= (seen[-1][0] + 5 if seen else 1):
                seen.append((minutes, child.memory_info().rss / 2**20))
    return seen


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder)
        with process(BARE, home / "bare") as child:
            floor = share_of_a_core(child)
        with process(SIMULATOR, f"sim:twitchy?channels={CHANNELS}") as child:
            simulator = share_of_a_core(child)
        with process(RECORDER, f"sim:twitchy?channels={CHANNELS}", home, 0) as child:
            ours = share_of_a_core(child)
        print(f"{os.cpu_count()} cores; {CHANNELS} channels at {RATE} Hz, {MEASURE_S:g} s each")
        print(f"loop that only writes those bytes   {floor:6.2%} of a core")
        print(f"simulated wearer alone              {simulator:6.2%} of a core")
        print(f"whole recorder with it              {ours:6.2%} of a core (goal under 5 %)")
        for minutes, megabytes in memory_over_an_hour(home):
            print(f"resident after {minutes:5.1f} min of signal  {megabytes:6.1f} MB")


if __name__ == "__main__":
    main()
