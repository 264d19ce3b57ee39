"""What our firmware for Bluetooth LE has sampled comes out of a session, sample by sample."""

import threading
import time
from functools import partial
from pathlib import Path

import numpy as np
from muscles import muscle
from radio_emulation import start_emulation
from toolchain import compiler

# After radio_emulation, which says how to get bumble where it is missing.
from ble_firmware import Board  # isort: skip
from myowatch.acquisition.recorder.recorder import record
from myowatch.acquisition.recorder.stop_request import Stop
from myowatch.acquisition.simulator import Simulation
from myowatch.acquisition.sources.ble_source import BleSource
from myowatch.recordings.formats.opening import open_recording
from myowatch.recordings.store.recorder_status import read_statuses

Counts = np.ndarray


def wait_for(home: Path, site: str, seconds: float, reconnects: int) -> None:
    """Until this long was recorded of one, with so many interruptions at least."""
    while not any(
        each.site == site
        and (each.duration_s or 0) >= seconds
        and each.link.get("reconnects", 0) >= reconnects
        for each in read_statuses(home)
    ):
        time.sleep(0.05)


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


def test_a_session_has_every_sample_except_those_of_a_dropped_link(
    tmp_path: Path,
) -> None:
    compiler("gcc")
    worn = muscle(Simulation("clean", seed=3))
    counts = worn.counts(4.8828125, bits=12)
    four = np.hstack([counts, counts[::-1], -counts, counts // 2])
    with start_emulation() as emulation:
        small = emulation.peripheral("SMALL", partial(Board, counts), mtu=23)
        emulation.peripheral("LARGE", partial(Board, four), mtu=247)
        sources = [BleSource(name, site=name) for name in ("SMALL", "LARGE")]
        stop = Stop()
        recorder = threading.Thread(target=lambda: record(sources, home=tmp_path, stop=stop))
        recorder.start()
        try:
            wait_for(tmp_path, "SMALL", 1.5, reconnects=0)
            small.drop()
            wait_for(tmp_path, "SMALL", 3.0, reconnects=1)
            wait_for(tmp_path, "LARGE", 3.0, reconnects=0)
        finally:
            stop.request()
            recorder.join()
    for status in read_statuses(tmp_path):
        link = status.link
        assert (link["lost_samples"], link["overruns"]) == (0, 0)
        got = recorded(tmp_path / status.file)
        parts = parts_of(got)
        assert len(parts) == 1 + link["reconnects"]
        begins = [begin_of(part, counts[:, 0]) - at for at, part in parts]
        assert abs(begins[-1] - begins[0]) < 1000, "samples of a millisecond, on a busy computer"
        assert sum(len(part) for _, part in parts) > 2000
