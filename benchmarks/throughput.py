"""What an hour costs: our detector, `myowatch analyze`, published detectors, and a filter pass.

Two floors are measured in the same run: one `scipy.signal.sosfilt` pass of a 4th-order band-pass
over an hour of all axes, and one pass of memory (`numpy.add`). Goals, for one more hour of
`analyze`: at most 10 filter passes for one EMG channel at 1 kHz, 20 for an accelerometer at 200 Hz;
flat memory.

    python benchmarks/throughput.py            # 1, 4 and 16 channels; 1, 8 and 24 hours
    python benchmarks/throughput.py --scene calm --hours 1 8 --channels 1 --no-peers

The signal is ten simulated minutes over and over. Each line is a process of its own, so its memory
is its own. Peers need the extra `bench` and are left out without it.
"""

import argparse
import importlib.util
import multiprocessing
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from functools import partial
from itertools import pairwise
from pathlib import Path

import numpy as np
from scipy import signal

from myowatch.acquisition.simulator import Simulation, Wearer, WornSensors
from myowatch.recordings.bdf.bdf_writer import BdfWriter
from myowatch.signal.detector.detector import Detector
from myowatch.signal.model.samples import SampleBlock, Samples, Stream

HOUR_S, MINUTES, BLOCK_S = 3600, 10, 10
BANDS = {WornSensors.EMG: (20.0, 450.0), WornSensors.ACCELEROMETER: (5.0, 60.0)}
ANALYZE = [sys.executable, "-m", "myowatch", "analyze", "--json"]
DISK_HOURS = 24
"""Channels times hours of the largest recording that is written."""


@dataclass(frozen=True, slots=True)
class Cost:
    """Processor seconds, and the largest resident memory in MiB."""

    seconds: float
    memory: float


@dataclass(frozen=True, slots=True, eq=False)
class Tile:
    """A piece of signal to be repeated without end; `samples` of shape (n_samples, n_axes)."""

    stream: Stream
    samples: Samples

    def blocks(self, hours: float, channels: int, from_hour: float = 0) -> Iterator[SampleBlock]:
        """Blocks of ten seconds of all channels, each channel later in the tile than the last."""
        rate = self.stream.sampling_rate
        step = round(BLOCK_S * rate)
        streams = [replace(self.stream, name=f"{self.stream.name}{n}") for n in range(channels)]
        for first in range(round(from_hour * HOUR_S * rate), round(hours * HOUR_S * rate), step):
            for number, stream in enumerate(streams):
                begin = (first + number * 7 * step) % len(self.samples)
                yield SampleBlock(stream, first, self.samples[begin : begin + step])


def tile(scene: str, wears: WornSensors) -> Tile:
    """Ten minutes of a scene, all there."""
    wearer = Wearer(Simulation(scene, seed=3, wears=wears))
    samples = np.concatenate([wearer.second()[0][0].samples for _ in range(60 * MINUTES)])
    return Tile(wearer.streams[0], samples)


def detector_cost(piece: Tile, hours: Sequence[int], channels: int) -> list[Cost]:
    """Detect once to the last of the hours; what had been spent at each of them."""
    blocks = piece.blocks(BLOCK_S / HOUR_S, channels)
    detector, costs, began = Detector([b.stream for b in blocks]), [], time.process_time()
    for since, until in zip((0, *hours), hours, strict=False):
        for block in piece.blocks(until, channels, since):
            detector.process(block)
        costs.append(Cost(time.process_time() - began, _peak_memory()))
    return costs


def analyze_cost(piece: Tile, hours: int, channels: int) -> list[Cost]:
    """Write a recording, then analyse it as a user does."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "recording.bdf"
        streams = [b.stream for b in piece.blocks(BLOCK_S / HOUR_S, channels)]
        with BdfWriter(
            path, streams, started=datetime.now(UTC), session_id="bench", source="bench"
        ) as writer:
            for block in piece.blocks(hours, channels):
                writer.write(block)
        with subprocess.Popen([*ANALYZE, str(path)], stdout=subprocess.DEVNULL) as child:
            peak = 0.0
            while child.poll() is None:
                peak = max(peak, _peak_memory(child.pid))
                time.sleep(0.02)
        if child.returncode:
            raise RuntimeError(f"analyze ended with {child.returncode}")
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return [Cost(used.ru_utime + used.ru_stime, peak)]


def hour_cost(work: Callable[[Samples], object], samples: Samples, share: float) -> list[Cost]:
    """Cost of an hour from that of a share of it, the best of three if it is short."""
    part, times = samples[: round(len(samples) * share)], list[float]()
    while not times or (len(times) < 3 and sum(times) < 5):
        began = time.process_time()
        work(part)
        times.append(time.process_time() - began)
    return [Cost(min(times) / share, _peak_memory())]


def apart(work: Callable[[], list[Cost]]) -> list[Cost]:
    """Do it in a process of its own."""
    with multiprocessing.get_context("spawn").Pool(1) as pool:
        return pool.apply(work)


def _peak_memory(process: int | str = "self") -> float:
    """Largest resident size in MiB; `getrusage` would tell of the parent's, before the program."""
    lines = Path(f"/proc/{process}/status").read_text().splitlines()
    kilobytes = (line.split()[1] for line in lines if line.startswith("VmHWM"))
    return float(next(kilobytes, 0)) / 1024


def filter_pass(samples: Samples, wears: WornSensors, rate: float) -> object:
    """One pass of a causal band-pass over every axis."""
    sos = signal.butter(4, BANDS[wears], "bandpass", fs=rate, output="sos")
    return signal.sosfilt(sos, samples, axis=0)


def memory_pass(samples: Samples) -> object:
    """Read it once and write it once."""
    return np.add(samples, 1.0, out=samples)


def neurokit(samples: Samples, rate: float) -> object:
    """NeuroKit2 as its manual begins."""
    import neurokit2 as nk

    return nk.emg_process(samples[:, 0], sampling_rate=round(rate))


def biosppy(samples: Samples, rate: float) -> object:
    """BioSPPy as its manual begins."""
    from biosppy.signals import emg

    return emg.emg(samples[:, 0], rate, show=False)


def method(samples: Samples, stream: Stream, library: str, name: str) -> object:
    """Run one method of a peer, and the filters that it needs."""
    import peers
    from peer import filtered

    peer = peers.find(library, name)
    return peer.run(filtered(samples, stream), peer.levels[len(peer.levels) // 2])


class Table:
    """Prints a line for each thing measured, in passes of the filter too."""

    def __init__(
        self, scene: str, wears: WornSensors, hours: Sequence[int], *, peers: bool
    ) -> None:
        self._scene, self._wears, self._hours, self._with_peers = scene, wears, hours, peers
        self._tile = tile(scene, wears)
        self._hour = np.concatenate([b.samples for b in self._tile.blocks(1, 1)])
        self._pass_s = 1.0

    def print(self, channels: Sequence[int]) -> None:
        """Measure and print everything."""
        rate = self._tile.stream.sampling_rate
        print(f"\n{self._wears}, {rate:g} Hz, scene {self._scene}: one hour of one sensor")
        self._floors()
        for n in channels:
            self._detector(n)
        for n in channels:
            self._analyze(n)
        if self._with_peers:
            self._peers()

    def _floors(self) -> None:
        rate = self._tile.stream.sampling_rate
        one_pass = partial(filter_pass, wears=self._wears, rate=rate)
        [cost] = apart(partial(hour_cost, one_pass, self._hour, 1.0))
        self._pass_s = cost.seconds
        self._line("floor: one filter pass", cost)
        self._line(
            "floor: one memory pass", *apart(partial(hour_cost, memory_pass, self._hour, 1.0))
        )

    def _detector(self, channels: int) -> None:
        costs = apart(partial(detector_cost, self._tile, self._hours, channels))
        self._marginal(f"Detector, {channels} at once", channels, self._hours, costs)

    def _analyze(self, channels: int) -> None:
        hours = [h for h in self._hours if h * channels <= DISK_HOURS] or [self._hours[0]]
        costs = [c for h in hours for c in apart(partial(analyze_cost, self._tile, h, channels))]
        self._marginal(f"myowatch analyze, {channels} at once", channels, hours, costs)

    def _marginal(self, name: str, n: int, hours: Sequence[int], costs: Sequence[Cost]) -> None:
        """All of the first, then what each further hour of one channel costs."""
        self._line(f"{name}: {hours[0]} h", Cost(costs[0].seconds / hours[0] / n, costs[0].memory))
        steps = list(zip(hours, costs, strict=True))
        for (h0, c0), (h1, c1) in pairwise(steps):
            each = (c1.seconds - c0.seconds) / (h1 - h0) / n
            self._line(f"{name}: one more hour, of {h0} to {h1}", Cost(each, c1.memory))

    def _peers(self) -> None:
        import peers

        stream = self._tile.stream
        for peer in peers.PEERS:
            run = partial(method, stream=stream, library=peer.library, name=peer.name)
            share = min(1.0, (peer.minutes or 60) / 60)
            self._line(
                f"{peer.library} {peer.name}", *apart(partial(hour_cost, run, self._hour, share))
            )
        if self._wears is WornSensors.EMG:
            for name, whole in (("BioSPPy emg()", biosppy), ("NeuroKit2 emg_process()", neurokit)):
                run = partial(whole, rate=stream.sampling_rate)
                self._line(name, *apart(partial(hour_cost, run, self._hour, 1 / 30)))

    def _line(self, name: str, cost: Cost) -> None:
        passes = cost.seconds / self._pass_s
        print(
            f"{name:44} {cost.seconds:9.3f} s {passes:9.1f} passes {cost.memory:7.0f} MiB",
            flush=True,
        )


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--scene", default="medium", help="of the simulator; `calm` has no events")
    parser.add_argument("--hours", type=int, nargs="+", default=[1, 8, 24])
    parser.add_argument("--channels", type=int, nargs="+", default=[1, 4, 16])
    parser.add_argument("--peers", action=argparse.BooleanOptionalAction, default=True)
    asked = parser.parse_args()
    peers = asked.peers and importlib.util.find_spec("neurokit2") is not None
    Table(asked.scene, WornSensors.EMG, asked.hours, peers=peers).print(asked.channels)
    Table(asked.scene, WornSensors.ACCELEROMETER, asked.hours, peers=peers).print((1,))


if __name__ == "__main__":
    main()
