"""Simulated scenes and their true events."""

import json
from collections.abc import Hashable
from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np
from array_cache import ArrayCache, Arrays, source_of

from myowatch.acquisition import simulator
from myowatch.acquisition.simulator import Simulation, Wearer, WornSensors, scene_of
from myowatch.acquisition.simulator.accelerometer_sensor import AccelerometerSensor
from myowatch.acquisition.simulator.emg_sensor import EmgSensor
from myowatch.acquisition.simulator.scene import EventKind
from myowatch.acquisition.simulator.timetable import Timetable
from myowatch.signal.model.events import Event, Kind, Reason
from myowatch.signal.model.samples import Modality, Samples, Stream

SIMULATOR = source_of(Path(simulator.__file__).parent)
"""Digest of the code of the simulator, because scenes change with it."""
GRADES, WILD = ("clean", "medium", "hard"), simulator.WILD
"""Grades that differ in what surrounds the twitches, and one that differs in everything."""


@dataclass(frozen=True, slots=True)
class Scene:
    """The parameters of a scene; the same parameters give the same samples.

    Parameters
    ----------
    grade
        One of `GRADES`, `WILD`, or another scene of the simulator.
    seed
        Of 901 and above for test, of 801 to 899 for tuning.
    rate
        None for the rate of the scene; `WILD` draws it from the seed.
    """

    grade: str
    modality: Modality
    seed: int
    minutes: int
    rate: float | None = None

    @property
    def simulation(self) -> Simulation:
        """The simulation of this scene."""
        return Simulation(
            self.grade, seed=self.seed, rate=self.rate, wears=WornSensors(self.modality.value)
        )

    @property
    def stream(self) -> Stream:
        """Its only stream."""
        return self.simulation.streams()[0]


@dataclass(frozen=True, slots=True, eq=False)
class Recorded:
    """The samples of a scene, and its true events.

    Parameters
    ----------
    scene
        What it was made from; the same value gives the same samples.
    samples
        Shape (n_samples, n_channels), NaN where one is missing.
    without
        The same samples without the twitches.
    """

    scene: Hashable
    stream: Stream
    samples: Samples
    without: Samples
    truth: tuple[Event, ...]

    @property
    def hours(self) -> float:
        """Duration in hours."""
        return len(self.samples) / self.stream.sampling_rate / 3600

    def first(self, minutes: float) -> "Recorded":
        """Return the first minutes."""
        end = min(round(minutes * 60 * self.stream.sampling_rate), len(self.samples))
        truth = tuple(e for e in self.truth if e.offset <= end)
        return Recorded(self.scene, self.stream, self.samples[:end], self.without[:end], truth)


def recorded(scene: Scene, cache: ArrayCache) -> Recorded:
    """Return a scene from the cache, or simulate it."""
    kept = cache.get(f"{scene} {SIMULATOR}", lambda: _simulate(scene))
    stream, truth = scene.stream, [_event(e) for e in json.loads(str(kept["truth"]))]
    samples, without = (_samples(kept[name], stream) for name in ("samples", "without"))
    return Recorded(scene, stream, samples, without, tuple(truth))


def _simulate(scene: Scene) -> Arrays:
    """Simulate a scene twice, the second time without its twitches."""
    wearer, stream = Wearer(scene.simulation), scene.stream
    seconds = [wearer.second() for _ in range(scene.minutes * 60)]
    samples = np.concatenate([blocks[0].samples for blocks, _ in seconds])
    truth = sorted((e for _, events in seconds for e in events), key=lambda e: e.onset)
    return {
        "samples": _counts(samples, stream),
        "without": _counts(_without_twitches(scene), stream),
        "truth": np.array(json.dumps([asdict(e) for e in truth if e.offset <= len(samples)])),
    }


def _without_twitches(scene: Scene) -> Samples:
    values, stream = scene_of(scene.grade, scene.seed), scene.stream
    asked = scene.simulation
    sensor = (
        EmgSensor(stream, values, scene.seed, 0, asked.hum_hz)
        if scene.modality is Modality.EMG
        else AccelerometerSensor(stream, values, scene.seed)
    )
    timetable, parts = Timetable(values, scene.seed, asked.channels), []
    for second in range(scene.minutes * 60):
        for scheduled in timetable.until(second + 1):
            if scheduled.kind is not EventKind.TWITCH:
                sensor.begin(scheduled)
        first, end = (round((second + s) * stream.sampling_rate) for s in (0, 1))
        parts.append(sensor.read(first, end))
    return np.concatenate(parts)


_MISSING = np.iinfo(np.int32).min


def _counts(samples: Samples, stream: Stream) -> np.ndarray:
    """Return the samples as counts, which compress to a quarter of the size."""
    counts = np.rint(np.nan_to_num(samples) / stream.resolution).astype(np.int32)
    counts[np.isnan(samples)] = _MISSING
    return counts


def _samples(counts: np.ndarray, stream: Stream) -> Samples:
    samples = counts * stream.resolution
    samples[counts == _MISSING] = np.nan
    return samples


def _event(values: dict[str, object]) -> Event:
    reason = values["reason"] and Reason(str(values["reason"]))
    return Event(**values | {"kind": Kind(str(values["kind"])), "reason": reason})  # type: ignore[arg-type]
