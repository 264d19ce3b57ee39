"""Read the counts of the recording of an Arduino, and find them in the simulated signal."""

from pathlib import Path

import numpy as np
from board import Counts
from numpy.lib.stride_tricks import sliding_window_view

from myowatch.recordings.formats.opening import open_recording
from myowatch.signal.model.samples import Samples

GAIN = 1000
UV_A_COUNT = 5e6 / 1024 / GAIN
ZERO = 512


def recorded(home: Path) -> Samples:
    """Return the counts of the only recording of a home, shape (n, channels); NaN in gaps."""
    (path,) = home.glob("sessions/*/*.bdf")
    with open_recording(path) as recording:
        blocks = list(recording.blocks(10.0))
        names = [stream.name for stream in recording.streams]
    counts = np.full((max(block.end_sample for block in blocks), len(names)), np.nan)
    for block in blocks:
        place = slice(block.first_sample, block.end_sample)
        counts[place, names.index(block.stream.name)] = block.samples[:, 0]
    return np.rint(counts / UV_A_COUNT + ZERO)


def place_of(part: Samples, world: Counts) -> int:
    """Return the first sample of a part in the simulated signal."""
    length = min(100, len(part))
    windows = sliding_window_view(world[:, 0], length)
    begins = np.flatnonzero((windows == part[:length, 0]).all(axis=1))
    assert len(begins) == 1
    return int(begins[0])
