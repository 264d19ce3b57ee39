"""What detection costs: one more hour of one signal, in passes of a band-pass filter.

The floor is one `scipy.signal.sosfilt` pass of a 4th-order band-pass over the same hour. Goals:
at most 10 passes for one EMG channel at 1 kHz, at most 20 for a 3-axis accelerometer at 200 Hz.
"""

import time
from collections.abc import Callable
from functools import partial

import numpy as np
from scipy import signal

from myowatch.acquisition.simulator import Simulation, Wearer, Wears
from myowatch.signal.detector import Detector
from myowatch.signal.samples import SampleBlock

HOURS = 0.5
RUNS = 3


def best(work: Callable[[], object]) -> float:
    """Shortest of a few runs, seconds: other work on the machine only ever adds."""
    times = []
    for _ in range(RUNS):
        began = time.process_time()
        work()
        times.append(time.process_time() - began)
    return min(times)


def recording(wears: Wears, block_s: float) -> list[SampleBlock]:
    """Make the blocks of one simulated stream."""
    wearer = Wearer(Simulation("twitchy", seed=3, wears=wears))
    stream = wearer.streams[0]
    samples = np.concatenate([wearer.second()[0][0].samples for _ in range(round(HOURS * 3600))])
    step = round(block_s * stream.sampling_rate)
    return [
        SampleBlock(stream, first, samples[first : first + step])
        for first in range(0, len(samples), step)
    ]


def detect(blocks: list[SampleBlock]) -> None:
    detector = Detector([blocks[0].stream])
    for block in blocks:
        detector.process(block)
    detector.flush()


def main() -> None:
    for wears, band in ((Wears.EMG, (20.0, 450.0)), (Wears.ACCELEROMETER, (5.0, 90.0))):
        for block_s in (10.0, 0.1):
            blocks = recording(wears, block_s)
            samples = np.concatenate([block.samples for block in blocks])[:, :1]
            rate = blocks[0].stream.sampling_rate
            sos = signal.butter(4, band, "bandpass", fs=rate, output="sos")
            floor = best(partial(signal.sosfilt, sos, samples, axis=0))
            ours = best(partial(detect, blocks))
            print(
                f"{wears:14} blocks of {block_s:4} s: {ours / HOURS:6.2f} s an hour of signal, "
                f"{ours / floor:5.1f} passes of one band-pass ({floor / HOURS:.2f} s)"
            )


if __name__ == "__main__":
    main()
