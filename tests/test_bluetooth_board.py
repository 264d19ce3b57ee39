"""What a muscle does over which our firmware for Bluetooth LE is worn comes out of a session."""

import threading
import time
from functools import partial
from pathlib import Path

import numpy as np
from bluetooth_air import Peripheral, air
from muscles import muscle
from toolchain import compiler

# After bluetooth_air, which says how to get bumble where it is missing.
from ble_firmware import Board  # isort: skip
from myowatch.acquisition.ble_source import BleSource
from myowatch.acquisition.recorder import record
from myowatch.acquisition.simulator import Simulation
from myowatch.recordings.opening import open_recording
from myowatch.recordings.recorder_status import read_statuses
from myowatch.recordings.store import Store
from myowatch.signal.events import Kind

SECONDS = 5.0
DROPPED_AFTER_S = 1.5
LEARNT, LAST, NEAR = 2500, 500, 50
"""When the noise floor is known, when too little follows to judge, how well an onset is met."""

Counts = np.ndarray


def drop_when_recorded(board: Peripheral, home: Path) -> None:
    while not any(
        each.site == board.name and (each.duration_s or 0) >= DROPPED_AFTER_S
        for each in read_statuses(home)
    ):
        time.sleep(0.05)
    board.drop()


def recorded(path: Path) -> Counts:
    """The first channel in counts, NaN in gaps."""
    with open_recording(path) as recording:
        blocks = [b for b in recording.blocks(0.1) if b.stream is recording.streams[0]]
    got = np.full(blocks[-1].end_sample, np.nan)
    for block in blocks:
        counts = block.samples[:, 0] / block.stream.resolution
        got[block.first_sample : block.end_sample] = counts
    return got


def begin_of(got: Counts, sent: Counts) -> int:
    """Where in what was sent this begins, which has to be there."""
    windows = np.lib.stride_tricks.sliding_window_view(sent, len(got))
    (at,) = np.flatnonzero((windows == np.rint(got)).all(axis=1))
    return int(at)


def parts_of(got: Counts) -> list[tuple[int, Counts]]:
    """What is between gaps, and where."""
    heard = np.flatnonzero(~np.isnan(got))
    runs = np.split(heard, np.flatnonzero(np.diff(heard) > 1) + 1)
    return [(int(run[0]), got[run]) for run in runs]


def are_all_near(some: list[int], others: list[int]) -> bool:
    return all(any(abs(one - other) <= NEAR for other in others) for one in some)


def test_what_went_in_comes_out_of_a_session_and_a_drop_costs_only_its_time(
    tmp_path: Path,
) -> None:
    compiler("gcc")
    worn = muscle(Simulation("clean", seed=3))
    counts = worn.counts(4.8828125, bits=12)
    four = np.hstack([counts, counts[::-1], -counts, counts // 2])
    with air() as around:
        small = around.peripheral("SMALL", partial(Board, counts), mtu=23)
        around.peripheral("LARGE", partial(Board, four), mtu=247)
        dropping = threading.Thread(target=drop_when_recorded, args=(small, tmp_path))
        dropping.start()
        sources = [BleSource(name, site=name) for name in ("SMALL", "LARGE")]
        record(sources, home=tmp_path, duration_s=SECONDS)
        dropping.join()
    judged = 0
    for status in read_statuses(tmp_path):
        link = status.link
        dropped = status.site == "SMALL"
        assert (link["lost_samples"], link["reconnects"], link["overruns"]) == (0, dropped, 0)
        got = recorded(tmp_path / status.file)
        parts = parts_of(got)
        assert len(parts) == 1 + dropped
        begins = [begin_of(part, counts[:, 0]) - at for at, part in parts]
        assert abs(begins[-1] - begins[0]) < 500, "samples of a millisecond, on a busy computer"
        with Store(tmp_path) as store:
            events = store.events(status.session_id, status.file)
        found = [e.onset for e in events if e.kind is Kind.TWITCH and e.onset > LEARNT]
        if not dropped:
            true = worn.twitches(begins[0], begins[0] + len(got))
            due = [onset for onset in true if LEARNT < onset < len(got) - LAST]
            assert are_all_near(found, true)
            assert are_all_near(due, found)
            judged += len(due)
    assert judged >= 1
