"""The output of each stage of the detector for one EMG channel."""

from dataclasses import dataclass
from functools import cache

import numpy as np

from drawing.recorded_stages import PlayedScene, RecordedCalls, detector_stages, play
from myowatch.acquisition.simulator import Simulation
from myowatch.signal.bursts.cramp_shape import CrampShape
from myowatch.signal.detector.detector import Detector
from myowatch.signal.dsp.spans import Scale, Span
from myowatch.signal.model.events import Event, Kind, Reason
from myowatch.signal.model.samples import Samples


@dataclass(frozen=True)
class EmgStages:
    """The output of the stages for one channel: one value per sample, NaN from the first gap on.

    The delay of the filters is subtracted from signals and energies. Each beat is the frame at
    which it begins, with the final learnt shape fitted to it.
    """

    played: PlayedScene
    rate: float
    events: list[Event]
    raw: Samples
    band: Samples
    clean: Samples
    energy: Samples
    floor: Samples
    high: Samples
    low: Samples
    spans: list[Span]
    candidates: list[int]
    beats: list[tuple[int, Samples]]
    delay: int
    beat_frame: int
    steps: list[tuple[int, int, float, bool]]
    course: CrampShape

    def __post_init__(self) -> None:
        assert len(self.raw) == len(self.clean) == len(self.energy)

    def at(self, begin_s: float, end_s: float) -> tuple[Samples, slice]:
        """Return the times of a stretch, and its slice of the arrays."""
        cut = slice(max(round(begin_s * self.rate), 0), round(end_s * self.rate))
        return np.arange(len(self.raw))[cut] / self.rate, cut

    def seconds(self, event: Event | Span) -> tuple[float, float]:
        """Return onset and offset in seconds."""
        return event.onset / self.rate, event.offset / self.rate

    def truth(self, kind: Kind, reason: Reason | None = None) -> list[Event]:
        """Return the true events of one kind."""
        return [e for e in self.played.truth if e.kind is kind and e.reason is reason]

    def reported(self, truth: Event, *, within_s: float = 0.05) -> Event | None:
        """Return the first event that was reported at the time of a true one."""
        near = within_s * self.rate
        ours = (e for e in self.events if e.reason is not Reason.EDGE)
        return next((e for e in ours if abs(e.onset - truth.onset) <= near), None)

    def frames(self, first: int, n_frames: int = 1) -> Samples:
        """Return the times of the frames of a beat's shape."""
        at = (np.arange(first, first + n_frames) + 0.5) * self.beat_frame - self.delay
        return np.asarray(at / self.rate)

    def rms(self, *, window_s: float = 0.25) -> Samples:
        """Return the root mean square of the filtered signal around each sample."""
        window = np.ones(round(window_s * self.rate))
        return np.sqrt(np.convolve(self.clean**2, window / len(window), "same"))


@cache
def record_emg(scene: str, seed: int, seconds: int) -> EmgStages:
    """Return the output of every stage for one EMG channel of a scene."""
    played = play(Simulation(scene, seed=seed), seconds)
    stream = played.streams[0]
    detector = Detector([stream])
    front, activity = detector_stages(detector, stream.name)
    band, mains = RecordedCalls(front._band), RecordedCalls(front._mains)
    floor, grouper = RecordedCalls(activity.floor), RecordedCalls(activity._grouper)
    steps = RecordedCalls(front._steps, "is_step")
    tracker = front.heart._tracker
    candidates, beats = RecordedCalls(tracker, "take"), RecordedCalls(tracker, "_advance")
    found = [e for b in played.blocks for e in detector.process(b)] + detector.flush()
    events = [e for e in found if not e.provisional]
    raw = played.raw(stream.name)[:, 0]
    known = np.flatnonzero(np.isnan(np.append(raw, np.nan)))[0]

    def placed(values: Samples, frame: int = 1) -> Samples:
        where = np.full(len(raw), np.nan)
        values = np.repeat(values, frame)[:known]
        where[: len(values)] = values
        return np.concatenate([where[front.delay :], np.full(front.delay, np.nan)])

    frame = front.envelope.frame
    under, raised = floor.gave(0), floor.gave(1)
    return EmgStages(
        played,
        stream.sampling_rate,
        sorted(events, key=lambda e: e.onset),
        raw,
        band=placed(band.gave()[:, 0]),
        clean=placed(mains.gave()),
        energy=placed(np.concatenate([given[0] for given, _ in floor]), frame),
        floor=placed(under, frame),
        high=placed(under * raised * activity._brief._detector._high, frame),
        low=placed(under * raised * activity._brief._detector._low, frame),
        spans=[s for given, _ in grouper for s in given[0]],
        candidates=[given[0].frame for given, _ in candidates],
        beats=[
            (c.frame + fit.lag - tracker._n_lags // 2, fit.gain * tracker._shape._course)
            for (c, fit), _ in beats
        ],
        delay=front.delay,
        beat_frame=front.heart._frame,
        steps=[(*given[:3], gave) for given, gave in steps],
        course=front._course,
    )


def brief_spans(spans: list[Span]) -> list[Span]:
    """Return the spans of the short window."""
    return [s for s in spans if s.scale is Scale.BRIEF]
