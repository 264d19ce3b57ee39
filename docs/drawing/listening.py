"""A simulated scene through the real detector, and what its stages gave on the way."""

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
class Played:
    """A scene that was played to its end: samples, and what truly happened in it."""

    simulation: Simulation
    blocks: list[SampleBlock]
    truth: list[Event]
    seconds: int

    @property
    def streams(self) -> tuple[Stream, ...]:
        """All streams, EMG first."""
        return self.simulation.streams()

    def raw(self, stream: str) -> Samples:
        """Give the samples of a stream, shape (n_samples, n_channels)."""
        return np.concatenate([b.samples for b in self.blocks if b.stream.name == stream])


def happenings(simulation: Simulation, seconds: float) -> list[ScheduledEvent]:
    """What is drawn to happen in a scene; of what truth calls a movement it knows which."""
    scene = SCENES[simulation.scene]
    return Timetable(scene, simulation.seed, simulation.channels).until(seconds)


@cache
def play(simulation: Simulation, seconds: int) -> Played:
    """Live the first seconds of a simulation."""
    wearer = Wearer(simulation)
    blocks: list[SampleBlock] = []
    truth: list[Event] = []
    for _ in range(seconds):
        more, events = wearer.second()
        blocks += more
        truth += events
    n_samples = {b.stream.name: b.end_sample for b in blocks}
    return Played(simulation, blocks, visible_events(truth, n_samples), seconds)


def detect(played: Played, streams: tuple[str, ...] = ()) -> list[Event]:
    """Give the events of the streams named, or of all, heard together."""
    chosen = [s for s in played.streams if s.name in streams or not streams]
    detector = Detector(chosen)
    names = {s.name for s in chosen}
    events = [e for b in played.blocks if b.stream.name in names for e in detector.process(b)]
    return sorted(events + detector.flush(), key=lambda e: e.onset)


def find(
    scene: str, kind: EventKind, least_s: float, most_s: float, seeds: Iterable[int] = range(1, 13)
) -> tuple[int, ScheduledEvent]:
    """Give the first happening of a kind that lasts so long, and the seed it is under.

    Nothing else lasts within ten seconds of it, it is over in the first five minutes, and no
    sample is missing up to then.
    """
    for seed in seeds:
        long = [h for h in happenings(Simulation(scene, seed=seed), 330) if h.lasting_s]
        for h in long:
            near = [o for o in long if o.onset_s < h.end_s + 10 and o.end_s > h.onset_s - 10]
            gap = any(o.kind is EventKind.DROPOUT and o.onset_s < h.end_s for o in long)
            if h.kind is kind and least_s < h.lasting_s < most_s and len(near) == 1 and not gap:
                return seed, h
    raise LookupError(f"no {kind} of {least_s:g} to {most_s:g} s in {scene!r}")


def loudest(
    scene: str, kind: EventKind, least_s: float, most_s: float
) -> tuple[int, ScheduledEvent]:
    """Give the happening that stands out most of the noise, of those that last so long."""
    found = []
    for seed in range(1, 13):
        try:
            _, happening = find(scene, kind, least_s, most_s, [seed])
        except LookupError:
            continue
        played = play(Simulation(scene, seed=seed), round(happening.end_s) + 12)
        at = happening.onset_s * played.streams[0].sampling_rate
        truth = min(played.truth, key=lambda e: (e.reason is not None, abs(e.onset - at)))
        found.append((truth.snr_db, seed, happening))
    return max(found, key=lambda f: f[0])[1:]


class Noted:
    """What one stage was given and gave, call by call, while a detector was at work."""

    def __init__(self, stage: object, method: str = "process") -> None:
        self.calls: list[tuple[tuple[Any, ...], Any]] = []
        work: Callable[..., Any] = getattr(stage, method)

        def noting(*given: Any, **more: Any) -> Any:
            gave = work(*given, **more)
            self.calls.append((given, gave))
            return gave

        setattr(stage, method, noting)

    def gave(self, part: int | None = None, *, axis: int = 0) -> Samples:
        """Everything that the stage gave, or one part of it; `axis` is that of time."""
        gave = [g if part is None else g[part] for _, g in self.calls]
        return np.concatenate(gave, axis=axis)

    def __iter__(self) -> Iterator[tuple[tuple[Any, ...], Any]]:
        """What it was given, and what it gave."""
        return iter(self.calls)


def insides(detector: Detector, stream: str) -> tuple[Any, Any]:
    """Give the front end and the tracker of activity that a detector has for one stream.

    What is listened to is private to the detector: where it is moved, figures fail aloud.
    """
    inside: Any = detector._detectors[stream]
    return inside._front, inside._activity
