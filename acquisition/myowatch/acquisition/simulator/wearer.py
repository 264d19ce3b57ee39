"""A simulated wearer, one second after another."""

from dataclasses import dataclass, replace
from enum import StrEnum
from itertools import pairwise

from myowatch.acquisition.simulator.accelerometer_sensor import AccelerometerSensor
from myowatch.acquisition.simulator.emg_sensor import EmgSensor
from myowatch.acquisition.simulator.ranges import FrontEnd, Range
from myowatch.acquisition.simulator.timetable import Timetable, log_uniform, random_draws
from myowatch.acquisition.simulator.wild import SCENE_NAMES, scene_of
from myowatch.signal.model.events import Event
from myowatch.signal.model.samples import Modality, SampleBlock, Stream, Unit

RATES_HZ = (50.0, 10_000.0)
MAX_CHANNELS = 16
MAINS_HZ = (50.0, 60.0)
"""The first of them is usual."""


class WornSensors(StrEnum):
    """The sensors the wearer has on."""

    EMG = "emg"
    ACCELEROMETER = "accelerometer"
    BOTH = "both"


@dataclass(frozen=True, slots=True)
class Simulation:
    """What to simulate; equal values give equal samples.

    Parameters
    ----------
    scene
        One of `SCENE_NAMES`.
    rate
        Hz, of the EMG if there is one, else of the accelerometer; None for the scene's rate.
    channels
        EMG channels, each over a muscle of its own; the accelerometer is over the first.
    mains_hz
        None for what the scene says, else 50.

    Raises
    ------
    ValueError
        If a value is outside of what can be simulated.
    """

    scene: str
    seed: int = 1
    rate: float | None = None
    channels: int = 1
    wears: WornSensors = WornSensors.EMG
    mains_hz: float | None = None
    site: str = ""

    def __post_init__(self) -> None:
        if self.scene not in SCENE_NAMES:
            raise ValueError(f"need a scene of {', '.join(SCENE_NAMES)}, got {self.scene!r}")
        if self.rate is not None and not RATES_HZ[0] <= self.rate <= RATES_HZ[1]:
            raise ValueError(
                f"need a rate of {RATES_HZ[0]:g} to {RATES_HZ[1]:g} Hz, got {self.rate:g}"
            )
        if not 1 <= self.channels <= MAX_CHANNELS:
            raise ValueError(f"need 1 to {MAX_CHANNELS} channels, got {self.channels}")
        if self.mains_hz not in (None, *MAINS_HZ):
            raise ValueError(f"need mains of 50 or 60 Hz, got {self.mains_hz:g}")
        if self.seed < 0:
            raise ValueError(f"need a seed of 0 or more, got {self.seed}")

    @property
    def hum_hz(self) -> float:
        """Frequency of the mains hum."""
        drawn = scene_of(self.scene, self.seed).electrodes.mains_hz
        return self.mains_hz or drawn or MAINS_HZ[0]

    def streams(self) -> tuple[Stream, ...]:
        """Return the streams of the sensors: EMG channels first."""
        streams, scene = list[Stream](), scene_of(self.scene, self.seed)
        if self.wears is not WornSensors.ACCELEROMETER:
            names = ["EMG"] if self.channels == 1 else [f"EMG{n + 1}" for n in range(self.channels)]
            streams += [self._emg(name, scene.emg) for name in names]
        if self.wears is not WornSensors.EMG:
            only = self.wears is WornSensors.ACCELEROMETER
            rate = self.rate if only and self.rate else scene.accelerometer.sampling_rate
            axes, step_g = ("ACC.x", "ACC.y", "ACC.z"), scene.accelerometer.resolution
            streams.append(
                Stream("ACC", Modality.ACCELEROMETER, Unit.G, rate, axes, step_g, self.site)
            )
        return tuple(streams)

    def _emg(self, name: str, front_end: FrontEnd) -> Stream:
        rate, step_uv = self.rate or front_end.sampling_rate, front_end.resolution
        return Stream(name, Modality.EMG, Unit.MICROVOLT, rate, (name,), step_uv, self.site)


class Wearer:
    """The wearer of a simulation, one second a call.

    Attributes
    ----------
    streams
        As `Simulation.streams`.
    """

    def __init__(self, simulation: Simulation) -> None:
        scene = scene_of(simulation.scene, simulation.seed)
        self.streams = simulation.streams()
        self._timetable = Timetable(scene, simulation.seed, simulation.channels)
        self._sensors: list[EmgSensor | AccelerometerSensor] = [
            EmgSensor(stream, scene, simulation.seed, channel, simulation.hum_hz)
            if stream.modality is Modality.EMG
            else AccelerometerSensor(stream, scene, simulation.seed)
            for channel, stream in enumerate(self.streams)
        ]
        self._mix_neighbours(scene.electrodes.crosstalk, simulation.seed)
        self._now_s = 0

    def second(self) -> tuple[list[SampleBlock], list[Event]]:
        """Return the next second: a block a stream, and the true events that begin in it."""
        happenings = self._timetable.until(self._now_s + 1)
        events = [e for s in self._sensors for h in happenings for e in s.begin(h)]
        blocks = [self._block(sensor) for sensor in self._sensors]
        self._now_s += 1
        return blocks, events

    def _mix_neighbours(self, crosstalk: Range, seed: int) -> None:
        electrodes = [s for s in self._sensors if isinstance(s, EmgSensor)]
        for number, (one, other) in enumerate(pairwise(electrodes)):
            share = log_uniform(random_draws(seed, "crosstalk", number), crosstalk)
            if share:
                one.muscle.leaks_into(other.muscle, share)
                other.muscle.leaks_into(one.muscle, share)

    def _block(self, sensor: EmgSensor | AccelerometerSensor) -> SampleBlock:
        first, end = (round((self._now_s + s) * sensor.stream.sampling_rate) for s in (0, 1))
        return SampleBlock(sensor.stream, first, sensor.read(first, end))


def visible_events(events: list[Event], n_samples: dict[str, int]) -> list[Event]:
    """Return events cut to the samples that were read, by onset."""
    known = (e for e in events if e.onset < n_samples.get(e.stream, 0))
    cut = (replace(e, offset=min(e.offset, n_samples[e.stream])) for e in known)
    return sorted(cut, key=lambda e: (e.onset, e.stream))
