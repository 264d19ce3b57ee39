"""Recordings: what writing, following and reading them costs.

Goals: the tail at 20 Hz under 1 % of a core; 3.6 million CSV rows in a couple of seconds.
"""

import resource
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

import numpy as np

from myowatch.recordings.bdf.bdf_growing import RecordingTail
from myowatch.recordings.bdf.bdf_writer import BdfWriter
from myowatch.recordings.formats.csv_writer import CsvWriter
from myowatch.recordings.formats.opening import open_recording
from myowatch.signal.model.samples import Modality, SampleBlock, Stream, Unit

RATE = 1000
HOUR_S = 3600
STREAMS = [
    Stream(f"EMG {i}", Modality.EMG, Unit.MICROVOLT, float(RATE), (f"EMG {i}",), 0.025)
    for i in range(4)
]
NOISE = np.rint(np.random.default_rng(0).normal(0, 1000, (RATE, 1))) * 0.025


@contextmanager
def timed(what: str, amount: float, unit: str) -> Iterator[None]:
    """Print wall and processor time, and how much of something a second of processor did."""
    began, used = time.perf_counter(), time.process_time()
    yield
    wall, used = time.perf_counter() - began, time.process_time() - used
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(
        f"{what:28} {wall:7.2f} s wall {used:7.2f} s processor"
        f" {amount / wall / 1e6:8.2f} M {unit}/s, {memory:4.0f} MiB at most"
    )


def write_hour(path: Path, tail: bool) -> float:  # noqa: FBT001
    """Write an hour in steps of 0.1 s; seconds of processor that a tail at 20 Hz took."""
    step, spent = RATE // 10, 0.0
    details = {"started": datetime.now(UTC), "session_id": "bench", "source": "bench"}
    with BdfWriter(path, STREAMS, **details) as writer, RecordingTail(path) as follower:  # type: ignore[arg-type]
        for n in range(0, HOUR_S * RATE, step):
            for stream in STREAMS:
                writer.write(SampleBlock(stream, n, NOISE[:step]))
            writer.sync()
            began = time.process_time()
            for _ in range(2 if tail else 0):
                follower.poll()
            spent += time.process_time() - began
    return spent


def main() -> None:
    samples = float(HOUR_S * RATE * len(STREAMS))
    with tempfile.TemporaryDirectory() as folder:
        bdf, csv = Path(folder) / "a.bdf", Path(folder) / "a.csv"
        with timed("write an hour, 4 x 1 kHz", samples, "samples"):
            write_hour(bdf, tail=False)
        print(f"{'':28} {bdf.stat().st_size / 1e6:.1f} MB on disk")
        with timed("read it", samples, "samples"), open_recording(bdf) as recording:
            sum(len(block) for block in recording.blocks())
        spent = write_hour(Path(folder) / "b.bdf", tail=True)
        print(f"{'follow it at 20 Hz':28} {spent / HOUR_S:.3%} of a core")
        with timed("write 3.6 M CSV rows", HOUR_S * RATE, "rows"), CsvWriter(csv, STREAMS[:1]) as w:
            for n in range(0, HOUR_S * RATE, RATE):
                w.write(SampleBlock(STREAMS[0], n, NOISE))
        with timed("read them", HOUR_S * RATE, "rows"), open_recording(csv) as recording:
            sum(len(block) for block in recording.blocks())


if __name__ == "__main__":
    main()
