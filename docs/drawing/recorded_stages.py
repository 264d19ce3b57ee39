"""Play simulated scenes through the real detector and record the output of its stages."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from typing import Any

import numpy as np

from myowatch.acquisition.simulator import SCENES, Simulation, Wearer, visible_events
from myowatch.acquisition.simulator.scene import EventKind
from myowatch.acquisition.simulator.timetable import ScheduledEvent, Timetable
from myowatch.signal.detector.detector import Detector
from myowatch.signal.model.events import Event
from myowatch.signal.model.samples import SampleBlock, Samples, Stream


@dataclass(frozen=True)
class PlayedScene:
    """The samples and true events of a simulated scene."""

    simulation: Simulation
    blocks: list[SampleBlock]
    truth: list[Event]
    seconds: int

    @property
    def streams(self) -> tuple[Stream, ...]:
        """Return all streams, EMG first."""
        return self.simulation.streams()

    def raw(self, stream: str) -> Samples:
        """Return the samples of a stream, shape (n_samples, n_channels)."""
        return np.concatenate([b.samples for b in self.blocks if b.stream.name == stream])


def scheduled_events(simulation: Simulation, seconds: float) -> list[ScheduledEvent]:
    """Return the scheduled events of a scene, with their exact kinds."""
    scene = SCENES[simulation.scene]
    return Timetable(scene, simulation.seed, simulation.channels).until(seconds)


@cache
def play(simulation: Simulation, seconds: int) -> PlayedScene:
    """Return the first seconds of a simulation."""
    wearer = Wearer(simulation)
    blocks: list[SampleBlock] = []
    truth: list[Event] = []
    for _ in range(seconds):
        more, events = wearer.second()
        blocks += more
        truth += events
    n_samples = {b.stream.name: b.end_sample for b in blocks}
    return PlayedScene(simulation, blocks, visible_events(truth, n_samples), seconds)


def detect(played: PlayedScene, streams: tuple[str, ...] = ()) -> list[Event]:
    """Return the events of the named streams, or of all, detected together."""
    chosen = [s for s in played.streams if s.name in streams or not streams]
    detector = Detector(chosen)
    names = {s.name for s in chosen}
    events = [e for b in played.blocks if b.stream.name in names for e in detector.process(b)]
    found = [e for e in events + detector.flush() if not e.provisional]
    return sorted(found, key=lambda e: e.onset)


def find_first(
    scene: str, kind: EventKind, least_s: float, most_s: float, seeds: Iterable[int] = range(1, 13)
) -> tuple[int, ScheduledEvent]:
    """Return the first scheduled event of a kind and duration, and its seed.

    No other long event is within ten seconds of it, it ends in the first five minutes, and no
    sample is missing until then.
    """
    for seed in seeds:
        long = [h for h in scheduled_events(Simulation(scene, seed=seed), 330) if h.lasting_s]
        for h in long:
            near = [o for o in long if o.onset_s < h.end_s + 10 and o.end_s > h.onset_s - 10]
            gap = any(o.kind is EventKind.DROPOUT and o.onset_s < h.end_s for o in long)
            if h.kind is kind and least_s < h.lasting_s < most_s and len(near) == 1 and not gap:
                return seed, h
    raise LookupError(f"no {kind} of {least_s:g} to {most_s:g} s in {scene!r}")


def find_strongest(
    scene: str, kind: EventKind, least_s: float, most_s: float
) -> tuple[int, ScheduledEvent]:
    """Return the scheduled event of a kind and duration with the best signal-to-noise ratio."""
    found = []
    for seed in range(1, 13):
        try:
            _, scheduled = find_first(scene, kind, least_s, most_s, [seed])
        except LookupError:
            continue
        played = play(Simulation(scene, seed=seed), round(scheduled.end_s) + 12)
        at = scheduled.onset_s * played.streams[0].sampling_rate
        truth = min(played.truth, key=lambda e: (e.reason is not None, abs(e.onset - at)))
        found.append((truth.snr_db, seed, scheduled))
    return max(found, key=lambda f: f[0])[1:]


class RecordedCalls:
    """Record the arguments and the result of each call of one stage."""

    def __init__(self, stage: object, method: str = "process") -> None:
        self.calls: list[tuple[tuple[Any, ...], Any]] = []
        work: Callable[..., Any] = getattr(stage, method)

        def recording(*given: Any, **more: Any) -> Any:
            gave = work(*given, **more)
            self.calls.append((given, gave))
            return gave

        setattr(stage, method, recording)

    def gave(self, part: int | None = None, *, axis: int = 0) -> Samples:
        """Return all results, or one part of each, joined along the time axis `axis`."""
        gave = [g if part is None else g[part] for _, g in self.calls]
        return np.concatenate(gave, axis=axis)

    def __iter__(self) -> Iterator[tuple[tuple[Any, ...], Any]]:
        """Return an iterator over arguments and result of each call."""
        return iter(self.calls)


def detector_stages(detector: Detector, stream: str) -> tuple[Any, Any]:
    """Return the front end and the activity tracker of a detector for one stream.

    They are private to the detector. If they move, the figures fail with an error.
    """
    inside: Any = detector._detectors[stream]
    return inside._front, inside._activity
