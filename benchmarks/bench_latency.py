"""How soon a twitch is in the store, counted from when its last sample was due.

The recorder runs at the pace of the clock on 4 EMG channels at 1 kHz; another process asks the
store every few milliseconds, so that a figure is too large by as much. The floor is one event
written, flushed and committed by itself. Goal: 99 of 100 under 400 ms.
"""

import os
import sqlite3
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import numpy as np

from myowatch.recordings.storage.data_folder import database_path

SECONDS = 120
ASK_EVERY_S = 0.005

RECORDER = f"""
import sys, time
from pathlib import Path
from myowatch.acquisition.recorder.recorder import record
from myowatch.acquisition.sources.sim_source import SimSource
from myowatch.acquisition.simulator import Simulation
class Told(SimSource):
    said = False
    def read(self):
        blocks = super().read()
        if blocks and not self.said:
            # The first block is given when its last sample is due.
            self.said = True
            print(time.time() - blocks[0].end_sample / 1000, flush=True)
        return blocks
record([Told(Simulation("twitchy", seed=11, channels=4))], home=Path(sys.argv[1]),
       duration_s={SECONDS})
"""


def latencies(home: Path) -> list[float]:
    """Seconds from the end of each twitch to when another process sees it in the store."""
    command = [sys.executable, "-c", RECORDER, str(home)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as recorder:
        assert recorder.stdout is not None
        began = float(recorder.stdout.readline())
        found, seen = [], 0
        with sqlite3.connect(database_path(home)) as store:
            while recorder.poll() is None:
                query = 'SELECT rowid, "offset", kind FROM events WHERE rowid > ? ORDER BY rowid'
                for row, offset, kind in store.execute(query, (seen,)):
                    seen = row
                    if kind == "twitch":
                        found.append(time.time() - began - offset / 1000)
                time.sleep(ASK_EVERY_S)
    return found


def floor(home: Path) -> list[float]:
    """Seconds to append an event to a file and commit it to a table, nothing else."""
    times = []
    with (home / "floor.bin").open("wb", buffering=0) as file:
        store = sqlite3.connect(home / "floor.db")
        store.execute("PRAGMA journal_mode = WAL")
        store.execute("CREATE TABLE events (onset INTEGER)")
        for number in range(200):
            began = time.perf_counter()
            file.write(os.urandom(120))
            with store:
                store.execute("INSERT INTO events VALUES (?)", (number,))
            times.append(time.perf_counter() - began)
        store.close()
    return times


def say(name: str, seconds: list[float]) -> None:
    half, most, all_but_one = 1e3 * np.percentile(seconds, [50, 90, 99])
    print(
        f"{name:26} median {half:6.1f} ms, 90 % {most:6.1f} ms, 99 % {all_but_one:6.1f} ms"
        f"  ({len(seconds)} events)"
    )


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder)
        say("write and commit alone", floor(home))
        say("end of twitch to store", latencies(home))


if __name__ == "__main__":
    main()
