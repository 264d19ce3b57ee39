"""Events of known recordings as lines of text. `python tests/golden_events.py` writes them again.

`data/golden_events.csv` holds every field of every event. It freezes the behaviour of detection:
a change of one event shows up as a changed line. Write the file again only when detection is
meant to change, and read the difference.
"""

import tempfile
from collections.abc import Callable, Collection, Iterator
from pathlib import Path

import numpy as np
from event_lists import settled
from real_recordings import real_recording

from myowatch.acquisition.simulator.scene import SCENES
from myowatch.acquisition.simulator.wearer import Simulation, Wearer, WornSensors
from myowatch.recordings.analysis.analyze import Analysis, analyze
from myowatch.signal.detector.detector import Detector
from myowatch.signal.model.events import Event
from myowatch.signal.model.samples import Samples

GOLDEN = Path(__file__).parent / "data" / "golden_events.csv"
COLUMNS = "stream,kind,reason,onset,offset,peak,snr_db,confidence,count,shape"
SCENE_S = 180
REAL = (
    "emg_1000_hz_16_bits.h5",
    "emg_1000_hz_16_bits_solo.h5",
    "emg_1000_hz_8_16_bits.h5",
    "emg_bursts.h5",
    "emg_fatigue.h5",
    "sync_acc_1.h5",
    "sync_acc_1.txt",
)


def simulations() -> dict[str, Simulation]:
    """Every scene with one EMG channel and an accelerometer, and some at unusual rates."""
    made = {f"sim {scene}": Simulation(scene, seed=7, wears=WornSensors.BOTH) for scene in SCENES}
    for rate in (250.0, 2000.0):
        made[f"sim hard {rate:g} Hz"] = Simulation("hard", seed=8, rate=rate)
    made["sim restless 50 Hz"] = Simulation("restless", 8, 50.0, wears=WornSensors.ACCELEROMETER)
    made["sim twitchy 2 channels"] = Simulation("twitchy", seed=9, channels=2)
    made["sim heartbeat 60 Hz mains"] = Simulation("heartbeat", seed=3, mains_hz=60.0)
    return made


def awkward_csvs() -> dict[str, str]:
    """Plain CSV text with gaps, steps, rails, coarse counts and short pieces."""
    random = np.random.default_rng(42)
    n, rate = 20_000, 1000
    noise = random.normal(0, 4, n)
    for begin in range(1500, n - 500, 1300):
        width = random.uniform(8, 20)
        there = np.arange(60) - 30
        noise[begin : begin + 60] += (
            random.uniform(40, 400) * there / width * np.exp(-0.5 * (there / width * 2) ** 2)
        )

    def text(values: Samples, unit: str, head: str = "", missing: Collection[int] = ()) -> str:
        rows = (
            f"{i / rate:.3f},{'' if i in missing else f'{v:.6g}'}" for i, v in enumerate(values)
        )
        return f"{head}time_s,EMG [{unit}]\n" + "\n".join(rows) + "\n"

    stepped = noise + np.where(np.arange(n) // 4000 % 2, 900.0, 0.0)
    railed = np.clip(noise * 6, -600, 600)
    joined = text(noise, "uV").splitlines(keepends=True)
    return {
        "csv gaps in cells": text(noise, "uV", missing=set(range(6000, 6400)) | {9000, 9001}),
        "csv a time column that skips": "".join(joined[:7000] + joined[9000:]),
        "csv steps": text(stepped, "uV"),
        "csv rails": text(railed, "uV"),
        "csv coarse counts in mV": text(np.round(noise / 24) * 0.024, "mV"),
        "csv volts with mains in the head": text(noise * 1e-6, "V", "# mains_hz: 60\n"),
        "csv half a second": text(noise[:500], "uV"),
        "csv constant": text(np.full(5000, 12.0), "uV"),
    }


def cases() -> dict[str, Callable[[], list[str]]]:
    """Name of each case, and the function that gives its lines."""
    made: dict[str, Callable[[], list[str]]] = {}
    for name, simulation in simulations().items():
        made[name] = lambda simulation=simulation: _simulated(simulation)  # type: ignore[misc]
    for name, csv in awkward_csvs().items():
        made[name] = lambda csv=csv: _analysed(csv)  # type: ignore[misc]
    for name in REAL:
        made[f"real {name}"] = lambda name=name: _lines(analyze(real_recording(name)))  # type: ignore[misc]
    return made


def _simulated(simulation: Simulation) -> list[str]:
    wearer = Wearer(simulation)
    detector = Detector(wearer.streams)
    events: list[Event] = []
    for _ in range(SCENE_S):
        for block in wearer.second()[0]:
            events += detector.process(block)
    return [_line(event) for event in settled(events + detector.flush())]


def _analysed(csv: str) -> list[str]:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "case.csv"
        path.write_text(csv, "utf-8")
        return _lines(analyze(path))


def _lines(analysis: Analysis) -> list[str]:
    shapes = analysis.shapes
    return [_line(e, str(shapes.get(e.stream, {}).get(e.onset, ""))) for e in analysis.events]


def _line(event: Event, shape: str = "") -> str:
    what = f"{event.stream},{event.kind},{event.reason or ''},{event.onset},{event.offset}"
    how = f"{event.peak!r},{event.snr_db!r},{event.confidence!r},{event.count}"
    return f"{what},{how},{shape}"


def by_stream(lines: list[str]) -> list[str]:
    """Return the lines stream after stream; only within a stream the order means something."""
    return sorted(lines, key=lambda line: line.split(",", 1)[0])


def golden() -> dict[str, list[str]]:
    """Lines of each case as they were written."""
    found: dict[str, list[str]] = {}
    for line in GOLDEN.read_text("utf-8").splitlines()[1:]:
        case, rest = line.split(",", 1)
        lines = found.setdefault(case, [])
        if rest:
            lines.append(rest)
    return found


def _all_lines() -> Iterator[str]:
    yield f"case,{COLUMNS}"
    for name, run in cases().items():
        lines = run()
        yield from (f"{name},{line}" for line in lines or [""])


if __name__ == "__main__":
    GOLDEN.write_text("".join(f"{line}\n" for line in _all_lines()), "utf-8")
