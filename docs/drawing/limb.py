"""One accelerometer on its way through the detector, stage by stage."""

from dataclasses import dataclass
from functools import cache

import numpy as np

from drawing.listening import Noted, Played, insides, play
from myowatch.acquisition.simulator import Simulation, WornSensors
from myowatch.signal.detector.detector import Detector
from myowatch.signal.model.events import Event, Kind, Reason
from myowatch.signal.model.samples import Samples


@dataclass(frozen=True)
class Limb:
    """What the stages gave, in frames; frames and samples are the same at 200 Hz.

    Attributes
    ----------
    over
        Amplitude in each band over that at which a burst begins, (n_frames, n_bands).
    low
        The same of a burst's end.
    motion
        Slow motion over its limit.
    lasting, lasting_high, lasting_s
        Amplitude that a long window holds most of the time over the noise; from where on it lasts;
        and the seconds between two values.
    taps
        Onset, offset and share of energy above the split of each burst that was asked about.
    """

    played: Played
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
        """Give the times of a stretch, and where it stands in the arrays."""
        cut = slice(max(round(begin_s * self.rate), 0), round(end_s * self.rate))
        return np.arange(len(self.raw))[cut] / self.rate, cut

    def around_rest(self, cut: slice) -> Samples:
        """Acceleration of each axis in mg, without what it is in the middle, gravity."""
        part = self.raw[cut] * 1e3
        return part - np.median(part, axis=0)

    def truth(self, kind: Kind, reason: Reason | None = None) -> list[Event]:
        """What truly happened, of one kind."""
        return [e for e in self.played.truth if e.kind is kind and e.reason is reason]

    def reported(self, truth: Event, *, within_s: float = 0.05) -> Event | None:
        """Give the first event that was reported at the time of a true one."""
        near = within_s * self.rate
        ours = (e for e in self.events if e.reason is not Reason.EDGE)
        return next((e for e in ours if abs(e.onset - truth.onset) <= near), None)


@cache
def limb(scene: str, seed: int, seconds: int) -> Limb:
    """Play a scene for an accelerometer and listen to every stage."""
    played = play(Simulation(scene, seed=seed, wears=WornSensors.ACCELEROMETER), seconds)
    stream = played.streams[0]
    raw = played.raw(stream.name)
    assert np.isfinite(raw).all(), (
        "frames are counted from the beginning: choose a scene with no gap"
    )
    detector = Detector([stream])
    front, activity = insides(detector, stream.name)
    assert front.frame == 1, "one energy a sample is what these figures draw"
    frames, floor, slow = Noted(front), Noted(activity.floor), Noted(activity._level)
    taps = Noted(front._taps, "share")
    events = [e for b in played.blocks for e in detector.process(b)] + detector.flush()
    n_bands = len(front._bands)
    over = np.sqrt(frames.gave(0, axis=1) / floor.gave(0, axis=1))[:n_bands].T
    under = np.maximum(slow.gave(2), activity._tone / activity._sustained._detector._high)
    return Limb(
        played,
        stream.sampling_rate,
        sorted(events, key=lambda e: e.onset),
        raw,
        over,
        low=float(np.sqrt(activity._brief._detector._low / activity._brief._detector._high)),
        motion=frames.gave(2),
        lasting=np.sqrt(slow.gave(0) / under),
        lasting_high=float(np.sqrt(activity._sustained._detector._high)),
        lasting_s=activity._level.step / stream.sampling_rate,
        delay_s=front.delay / stream.sampling_rate,
        taps=[(*given, gave) for given, gave in taps],
    )
