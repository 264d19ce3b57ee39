"""The output of each stage of the detector for one accelerometer."""

from dataclasses import dataclass
from functools import cache

import numpy as np

from drawing.recorded_stages import PlayedScene, RecordedCalls, detector_stages, play
from myowatch.acquisition.simulator import Simulation, WornSensors
from myowatch.signal.detector.detector import Detector
from myowatch.signal.model.events import Event, Kind, Reason
from myowatch.signal.model.samples import Samples


@dataclass(frozen=True)
class AccelerometerStages:
    """The output of the stages, in frames; at 200 Hz a frame is a sample.

    Attributes
    ----------
    over
        Amplitude in each band over the one at which a burst begins, (n_frames, n_bands).
    low
        The same for the end of a burst.
    motion
        Slow motion over its limit.
    lasting, lasting_high, lasting_s
        Lasting amplitude in the long window over the noise; its threshold; and the seconds between
        two values.
    taps
        Onset, offset and share of energy above the split of each burst that was tested.
    """

    played: PlayedScene
    rate: float
    events: list[Event]
    raw: Samples
    over: Samples
    low: float
    motion: Samples
    lasting: Samples
    lasting_high: float
    lasting_s: float
    delay_s: float
    taps: list[tuple[int, int, float]]

    def at(self, begin_s: float, end_s: float) -> tuple[Samples, slice]:
        """Return the times of a stretch, and its slice of the arrays."""
        cut = slice(max(round(begin_s * self.rate), 0), round(end_s * self.rate))
        return np.arange(len(self.raw))[cut] / self.rate, cut

    def around_rest(self, cut: slice) -> Samples:
        """Return the acceleration of each axis in mg, without its median, which is gravity."""
        part = self.raw[cut] * 1e3
        return part - np.median(part, axis=0)

    def truth(self, kind: Kind, reason: Reason | None = None) -> list[Event]:
        """Return the true events of one kind."""
        return [e for e in self.played.truth if e.kind is kind and e.reason is reason]

    def reported(self, truth: Event, *, within_s: float = 0.05) -> Event | None:
        """Return the first event that was reported at the time of a true one."""
        near = within_s * self.rate
        ours = (e for e in self.events if e.reason is not Reason.EDGE)
        return next((e for e in ours if abs(e.onset - truth.onset) <= near), None)


@cache
def record_accelerometer(scene: str, seed: int, seconds: int) -> AccelerometerStages:
    """Return the output of every stage for the accelerometer of a scene."""
    played = play(Simulation(scene, seed=seed, wears=WornSensors.ACCELEROMETER), seconds)
    stream = played.streams[0]
    raw = played.raw(stream.name)
    assert np.isfinite(raw).all(), "frames are counted from the start: choose a scene without a gap"
    detector = Detector([stream])
    front, activity = detector_stages(detector, stream.name)
    sustained = activity._sustained
    assert front.frame == 1, "these figures draw one energy per sample"
    frames, floor, slow = (
        RecordedCalls(front),
        RecordedCalls(activity.floor),
        RecordedCalls(sustained._level),
    )
    taps = RecordedCalls(front._taps, "share")
    found = [e for b in played.blocks for e in detector.process(b)] + detector.flush()
    events = [e for e in found if not e.provisional]
    n_bands = len(front._bands)
    over = np.sqrt(frames.gave(0, axis=1) / floor.gave(0, axis=1))[:n_bands].T
    under = np.maximum(slow.gave(2), sustained._least)
    return AccelerometerStages(
        played,
        stream.sampling_rate,
        sorted(events, key=lambda e: e.onset),
        raw,
        over,
        low=float(np.sqrt(activity._brief._detector._low / activity._brief._detector._high)),
        motion=frames.gave(2),
        lasting=np.sqrt(slow.gave(0) / under),
        lasting_high=float(np.sqrt(sustained.scale._detector._high)),
        lasting_s=sustained.step / stream.sampling_rate,
        delay_s=front.delay / stream.sampling_rate,
        taps=[(*given, gave) for given, gave in taps],
    )
