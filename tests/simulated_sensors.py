"""Sensors that feel one scheduled and hardly any noise, for tests of what it looks like."""

from dataclasses import replace

import numpy as np

from myowatch.acquisition.simulator.accelerometer_sensor import AccelerometerSensor
from myowatch.acquisition.simulator.emg_sensor import EmgSensor
from myowatch.acquisition.simulator.scene import SCENES, Electrodes, EventKind, Rest, Scene
from myowatch.acquisition.simulator.timetable import ScheduledEvent, Timetable
from myowatch.acquisition.simulator.wearer import Simulation, WornSensors
from myowatch.signal.model.events import Event
from myowatch.signal.model.samples import Samples

HARD = SCENES["hard"]
SILENT = replace(
    HARD,
    electrodes=replace(
        HARD.electrodes, noise_uv=(0.01, 0.01), mains_uv=(0.001, 0.001), wander_uv=0.0
    ),
    rest=Rest(noise_mg=0.05),
)
BEGINS_S = 1.0


def scheduled(kind: EventKind, draw: int, lasting_s: float = 0.0) -> ScheduledEvent:
    return ScheduledEvent(kind, BEGINS_S, lasting_s, None, draw)


def on_emg(
    what: ScheduledEvent, *, seed: int = 1, rate: float = 1000.0, seconds: int = 0
) -> tuple[Samples, list[Event]]:
    """What an EMG channel gives of one scheduled, shape (n_samples,), and its true events."""
    (stream,) = Simulation("hard", rate=rate).streams()
    sensor = EmgSensor(stream, SILENT, seed, 0, 50.0)
    return _felt(sensor, what, seconds)


def on_skin(
    what: ScheduledEvent, *, seed: int = 1, rate: float = 200.0, seconds: int = 0
) -> tuple[Samples, list[Event]]:
    """What an accelerometer gives of one scheduled along the way it moves most, in g."""
    (stream,) = Simulation("hard", rate=rate, wears=WornSensors.ACCELEROMETER).streams()
    felt, events = _felt(AccelerometerSensor(stream, SILENT, seed), what, seconds)
    moved = felt - felt[0]
    along = np.linalg.svd(moved[~np.isnan(moved).any(axis=1)], full_matrices=False)[2][0]
    return np.asarray(moved @ along), events


def _felt(
    sensor: EmgSensor | AccelerometerSensor, what: ScheduledEvent, seconds: int
) -> tuple[Samples, list[Event]]:
    rate = sensor.stream.sampling_rate
    events = sensor.begin(what)
    blocks = [
        sensor.read(round(s * rate), round((s + 1) * rate))
        for s in range(seconds or int(what.end_s) + 3)
    ]
    return np.squeeze(np.concatenate(blocks)), events


def quiet(electrodes: Electrodes, seconds: int, seed: int = 1) -> Samples:
    """What an EMG channel gives when nothing happens, shape (n_samples,)."""
    (stream,) = Simulation("hard").streams()
    sensor = EmgSensor(stream, replace(HARD, electrodes=electrodes), seed, 0, 50.0)
    return np.concatenate([sensor.read(1000 * s, 1000 * s + 1000)[:, 0] for s in range(seconds)])


def happenings(scene: Scene, seed: int, seconds: int, muscles: int = 1) -> list[ScheduledEvent]:
    """All that happens to a wearer."""
    timetable = Timetable(scene, seed, muscles)
    return [h for second in range(10, seconds + 1, 10) for h in timetable.until(second)]
