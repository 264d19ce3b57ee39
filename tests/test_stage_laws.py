"""Laws that hold for every stage; each class of `signal` with a `process` method is in the list.

The samples are a minute of heart beats, twitches and artefacts, long enough for a stage that holds
bursts back for twelve seconds. Each stage has to give something in it: a law about a constant
would hold for a stage that does nothing. The laws themselves are tested on broken stages.
"""

import importlib
import inspect
import pkgutil
from collections import Counter
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, replace
from functools import cache
from itertools import pairwise
from typing import Any

import numpy as np
import pytest
from event_lists import settled
from hypothesis import given, settings
from hypothesis import strategies as st

import myowatch.signal
from myowatch.signal.accelerometer.accelerometer_front import (
    AccelerometerFront,
    PolarisedEnergy,
    SlowMotion,
)
from myowatch.signal.accelerometer.taps import TapDetector
from myowatch.signal.accelerometer.tremor import RegularFiring, TremorOnset
from myowatch.signal.accelerometer.vibration_tracker import VibrationTracker
from myowatch.signal.bursts.bursts import Burst, BurstDetector, SuccessiveTwitches
from myowatch.signal.bursts.cramp_shape import CrampShape
from myowatch.signal.bursts.grouping import Grouper
from myowatch.signal.bursts.time_scales import SustainedLevel, SustainedScale, TimeScale
from myowatch.signal.detector.detector import Detector
from myowatch.signal.detector.segment import Segment
from myowatch.signal.detector.stream_detector import StreamDetector
from myowatch.signal.dsp.filters import Envelope, SosFilter, design_bandpass
from myowatch.signal.dsp.frames import Frames, SlidingSum
from myowatch.signal.dsp.mains import MainsCanceller, MainsTurn
from myowatch.signal.dsp.spans import Scale, Span
from myowatch.signal.emg.baseline_artefacts import CableSwing, ElectrodePops
from myowatch.signal.emg.electrode_contact import ElectrodeContact
from myowatch.signal.emg.emg_front import EmgFront
from myowatch.signal.emg.emg_tracker import ActivityTracker
from myowatch.signal.envelope.envelope_front import LinearEnvelopeFront
from myowatch.signal.envelope.rise_tracker import RiseTracker
from myowatch.signal.heart.heart_beats import HeartBeats
from myowatch.signal.heart.heart_waves import HeartWaves
from myowatch.signal.model.events import Event, Kind, Reason
from myowatch.signal.model.samples import (
    Modality,
    SampleBlock,
    Samples,
    Stream,
    Unit,
    squared_length,
)
from myowatch.signal.model.settings import DetectionSettings
from myowatch.signal.noise.noise_floor import FrameNoise, NoiseFloor, NoiseLimit
from myowatch.signal.noise.rest_floor import RestFloor
from myowatch.signal.statistics.shape_tracker import ShapeTracker
from myowatch.signal.verdict.settling import Settling
from myowatch.signal.verdict.several_sensors import SeveralSensors
from myowatch.signal.verdict.unscorable import Rails, StuckRun, StuckRuns, StuckSignal, Unscored

RATE = 500.0
EMG = Stream("EMG", Modality.EMG, Unit.MICROVOLT, RATE, ("EMG",), 0.1)
ENVELOPE = Stream("EMG", Modality.ENVELOPE, Unit.ADC, 100.0, ("EMG",), 1.0)
SLOW = Stream("SLOW", Modality.ACCELEROMETER, Unit.G, 2.0, ("x", "y", "z"), 1e-4)
ACC = Stream("ACC", Modality.ACCELEROMETER, Unit.G, RATE, ("x", "y", "z"), 1e-4)
SETTINGS = DetectionSettings()
SECONDS, SEEDS = 60, (1, 2)
N = SECONDS * 500
BEAT_AT, BEAT_EVERY = 300, 400
QRS = np.hanning(40) * np.sin(2 * np.pi * np.arange(40) / 40 + 0.7)
Feed = Callable[[Any, Samples, int], list[Any]]
"""Passes samples, starting at this index, to a stage; returns its output as a list."""


@dataclass(frozen=True)
class Law:
    """How to make a stage, and how to feed it from samples of shape (n_samples, n_channels)."""

    make: Callable[[], Any]
    feed: Feed
    n_channels: int = 1
    ask: Callable[[Any], list[Any]] = lambda stage: []
    """For stages that only remember: what they answer in the end."""
    shows: Callable[["Output"], bool] = lambda output: True
    """What the output has to hold, so that the stage is seen at work."""
    ordered: bool = True
    """False where kinds of output come each in order, but not one kind after the other."""


def positive(samples: Samples) -> Samples:
    """Something to stand for an energy or a magnitude."""
    return samples[:, 0] ** 2


def rows(*arrays: Samples) -> list[Any]:
    """One array with a row for each sample or frame; several arrays stand side by side."""
    return [np.column_stack(arrays)]


def feed_blocks(stream: Stream) -> Feed:
    def feed(stage: Any, samples: Samples, first: int) -> list[Any]:
        return list(stage.process(SampleBlock(stream, first, samples)))

    return feed


def feed_contact(stage: ElectrodeContact, samples: Samples, first: int) -> list[Any]:
    blocks = np.arange(first // 50, (first + len(samples)) // 50)
    loose = (blocks > 0.5 * N // 50) & (blocks < 0.55 * N // 50)
    stage.process(0.5 * samples[:, 0], np.where(loose, 400.0, 20.0))
    return []


def feed_memory(
    stage: ElectrodePops | CableSwing | HeartWaves, samples: Samples, first: int
) -> list[Any]:
    stage.process(samples)
    return []


def feed_taps(stage: TapDetector, samples: Samples, first: int) -> list[Any]:
    stage.process(samples, positive(samples[(3 - first) % 4 :: 4]))
    return []


def bands(samples: Samples) -> Samples:
    """Something to stand for the energies of some bands and of them all."""
    return np.stack([*(samples**2).T, squared_length(samples)])


def vibration() -> VibrationTracker:
    return VibrationTracker(
        RATE,
        frame=1,
        degrees=[4.0, 4.0, 4.0, 3.0],
        least=[1e-9] * 4,
        delay=3,
        lateness=20,
        motion_lateness=100,
        deviate=5.4,
        noise_limit=0.02,
        tone_limit=0.002,
        twitch_max_s=0.35,
        doublet_s=0.11,
        cramp_min_s=5.0,
    )


def feed_vibration(stage: VibrationTracker, samples: Samples, first: int) -> list[Any]:
    motion = 0.3 * np.abs(samples[:, 2]) / 2e-4
    groups, noise = stage.process(bands(samples), np.abs(samples[:, 0]), motion)
    return [*groups, *noise]


def feed_grouper(stage: Grouper, samples: Samples, first: int) -> list[Any]:
    peaks = np.flatnonzero(np.abs(samples[:, 0]) > 100)
    spans = [
        Span(first + int(i), first + int(i) + 9, float(abs(samples[i, 0])), 1.0, Scale.BRIEF)
        for i in peaks
    ]
    return list(stage.process(spans, first + len(samples)))


def feed_heart(stage: HeartBeats, samples: Samples, first: int) -> list[Any]:
    stage.process(samples[:, 0])
    # A burst on each beat and one between beats; each is known when it is over.
    ends = [i for i in range(first, first + len(samples)) if i % 200 == (BEAT_AT + 26) % 200]
    muscle, heart = stage.sift([Span(e - 40, e - 6, 50.0, 1.0, Scale.BRIEF) for e in ends])
    return [("muscle", span) for span in muscle] + [("heart", span) for span in heart]


def feed_prelude(stage: TremorOnset, samples: Samples, first: int) -> list[Any]:
    peaks = np.flatnonzero(np.abs(samples[:, 0]) > 100)
    spans = [
        Span(first + int(i), first + int(i) + 9, 1.0, 1.0, Scale(int(i + first) % 2)) for i in peaks
    ]
    return list(stage.process(spans, first + len(samples)))


def feed_pulses(stage: RegularFiring, samples: Samples, first: int) -> list[Any]:
    n_steps = (first + len(samples)) // 64 - first // 64
    stage.process(positive(samples), np.ones(n_steps))
    return []


def feed_succession(stage: SuccessiveTwitches, samples: Samples, first: int) -> list[Any]:
    stage.process(positive(samples), np.zeros(len(samples)))
    return []


def feed_rails(stage: Rails, samples: Samples, first: int) -> list[Any]:
    values = np.clip(np.round(samples[:, 0] / 9), -3, 3).tolist()
    runs = [StuckRun(first + i, first + i + 3, v, -3.0, 3.0) for i, v in enumerate(values)]
    return list(stage.process(runs))


def feed_shapes(stage: ShapeTracker, samples: Samples, first: int) -> list[Any]:
    peaks = np.flatnonzero(np.abs(samples[:, 0]) > 100)
    stage.add(
        Event("EMG", Kind.TWITCH, first + int(i), first + int(i) + 9, 100.0, 26.0) for i in peaks
    )
    return list(stage.process(SampleBlock(EMG, first, samples)))


def tracker() -> ActivityTracker:
    return ActivityTracker(
        RATE,
        frame=1,
        window=4,
        degrees=3.0,
        least=0.25,
        delay=1,
        deviate=4.8,
        noise_limit=30.0,
        tone_limit=16.0,
        twitch_max_s=0.25,
        doublet_s=0.11,
        slow_window_s=0.256,
    )


def rises() -> RiseTracker:
    return RiseTracker(RATE, frame=1, degrees=64.0, least=16.0, deviate=5.4, twitch_max_s=0.01)


def feed_tracker(stage: ActivityTracker | RiseTracker, samples: Samples, first: int) -> list[Any]:
    groups, noise = stage.process(positive(samples), np.abs(samples[:, 0]))
    return [*groups, *noise]


LAWS: dict[type, Law] = {
    SosFilter: Law(
        lambda: SosFilter(design_bandpass(20, 200, order=2, sampling_rate=RATE)),
        lambda stage, samples, first: rows(stage.process(samples)),
    ),
    MainsCanceller: Law(
        lambda: MainsCanceller(RATE, None, highest=225.0),
        lambda stage, samples, first: rows(stage.process(samples[:, 0])),
    ),
    MainsTurn: Law(
        lambda: MainsTurn([0.0, 0.3]),
        lambda stage, samples, first: rows(
            *stage.process(samples.T.reshape(2, 2, len(samples)))[:, 1:]
        ),
        4,
    ),
    Frames: Law(
        lambda: Frames(7, 3), lambda stage, samples, first: rows(*stage.process(samples.T)), 3
    ),
    SlidingSum: Law(
        lambda: SlidingSum(20.0), lambda stage, samples, first: rows(stage.process(samples[:, 0]))
    ),
    Envelope: Law(
        lambda: Envelope(RATE, 0.06),
        lambda stage, samples, first: rows(*stage.process(samples[:, 0])),
    ),
    FrameNoise: Law(
        lambda: FrameNoise(RATE),
        lambda stage, samples, first: rows(
            *stage.process(np.stack([samples[:, 0], samples[:, 0] / 2]))
        ),
    ),
    NoiseFloor: Law(
        lambda: NoiseFloor(RATE, 4, 3.0, least=0.1, tone=100.0, deviate=4.8),
        lambda stage, samples, first: rows(*stage.process(positive(samples))),
    ),
    SustainedLevel: Law(
        lambda: SustainedLevel(RATE, 0.256),
        lambda stage, samples, first: rows(
            *stage.process(positive(samples), samples[:, 0], samples[:, 0])
        ),
    ),
    SustainedScale: Law(
        lambda: SustainedScale(RATE, 1, window_s=0.256, high=2.6, low=1.7, tone=9.0),
        lambda stage, samples, first: list(
            map(
                stage.scale.span,
                stage.process(positive(samples), samples[:, 0], np.full(len(samples), 900.0))[1],
            )
        ),
    ),
    NoiseLimit: Law(
        lambda: NoiseLimit(30.0, 1),
        lambda stage, samples, first: stage.process(positive(samples), np.abs(samples[:, 0])),
    ),
    BurstDetector: Law(
        lambda: BurstDetector(2500.0, 100.0),
        lambda stage, samples, first: list(
            stage.process(positive(samples), np.abs(samples[:, 0]), samples[:, 0])
        ),
    ),
    TimeScale: Law(
        lambda: TimeScale(BurstDetector(2500.0, 100.0), step=4, early=3, late=20, least=4),
        lambda stage, samples, first: list(
            map(stage.span, stage.process(positive(samples), np.abs(samples[:, 0]), samples[:, 0]))
        ),
    ),
    SlowMotion: Law(
        lambda: SlowMotion(RATE, 3.0, every=4),
        lambda stage, samples, first: rows(stage.process(samples)),
        3,
    ),
    StuckRuns: Law(
        StuckRuns, lambda stage, samples, first: list(stage.process(np.round(samples[:, 0] / 9)))
    ),
    StuckSignal: Law(
        lambda: StuckSignal(RATE, flat_s=0.02, least_range=20.0),
        lambda stage, samples, first: list(stage.process(np.round(samples[:, 0] / 9))),
        ordered=False,
        shows=lambda output: {s.reason for s in output.things} >= {Reason.FLAT, Reason.SATURATION},
    ),
    Rails: Law(lambda: Rails(6, 5.0), feed_rails),
    ElectrodePops: Law(
        lambda: ElectrodePops(RATE),
        feed_memory,
        ask=lambda stage: [stage.is_step(at, at + 9, 9.0) for at in range(N - 1600, N - 100, 20)],
    ),
    TapDetector: Law(
        lambda: TapDetector(RATE, 4),
        feed_taps,
        3,
        ask=lambda stage: [stage.share(at, at + 40) for at in range(N - 4000, N - 50, 25)],
    ),
    HeartBeats: Law(
        lambda: HeartBeats(RATE, late=5, delay=1, threshold=6.0),
        feed_heart,
        ordered=False,
        shows=lambda output: min(Counter(kind for kind, _ in output.things).values()) > 20,
    ),
    ElectrodeContact: Law(
        lambda: ElectrodeContact(50, RATE, (20.0, 225.0)),
        feed_contact,
        ask=lambda stage: (
            [stage.is_bad(at, at + 300) for at in range(12_000, 20_000, 300)]
            + [stage.hums(at, 9.0) for at in range(12_000, 20_000, 300)]
        ),
    ),
    CableSwing: Law(
        lambda: CableSwing(50.0),
        feed_memory,
        ask=lambda stage: (
            [stage.swings(at, at + 40, 0.1) for at in range(N - 2500, N - 50, 25)]
            + [stage.swings_throughout(at, at + 400) for at in range(N - 2500, N - 400, 50)]
        ),
    ),
    HeartWaves: Law(
        lambda: HeartWaves(RATE),
        feed_memory,
        ask=lambda stage: [
            stage.expected(
                np.array([at, at + 30]), np.full(20, 0.05), range(at - 4000, at, 400)
            ).tolist()
            for at in range(N - 1500, N - 100, 50)
        ],
    ),
    CrampShape: Law(
        lambda: CrampShape(RATE),
        lambda stage, samples, first: stage.process(samples[:, 0]) or [],
        ask=lambda stage: [
            ask
            for at in range(0, N - 4000, 500)
            for ask in (
                stage.unsteadiness(at, at + 4000, 25.0),
                stage.loneliness(at, at + 2000, 25.0),
                stage.goes_on(at, at + 200, 20.0, 25.0),
            )
        ],
    ),
    Grouper: Law(
        lambda: Grouper(RATE, twitch_max_s=0.25, doublet_s=0.11, slack_s=0.25), feed_grouper
    ),
    RegularFiring: Law(
        lambda: RegularFiring(RATE, 64, 0.5),
        feed_pulses,
        ask=lambda stage: [stage.is_regular(at, at + 700) for at in range(12_000, 22_000, 200)],
    ),
    SuccessiveTwitches: Law(
        lambda: SuccessiveTwitches(RATE, 50.0, 10.0, 0.05),
        feed_succession,
        ask=lambda stage: [
            stage.apart(Burst(at, at + 140, 400.0, 1.0, 1.0)) for at in range(N - 300, N - 150, 10)
        ],
    ),
    TremorOnset: Law(lambda: TremorOnset(RATE), feed_prelude),
    ActivityTracker: Law(tracker, feed_tracker),
    PolarisedEnergy: Law(
        lambda: PolarisedEnergy(RATE, 8.0, 28.0, window_s=0.08, frame=2),
        lambda stage, samples, first: rows(stage.process(samples)),
        3,
    ),
    RestFloor: Law(
        lambda: RestFloor(RATE, [4.0, 2.5], follow=[2.0, 3.0], least=[1e-9, 1e-9], deviate=5.4),
        lambda stage, samples, first: rows(*np.vstack(stage.process(samples[:, :2].T ** 2))),
        3,
    ),
    VibrationTracker: Law(vibration, feed_vibration, 3),
    EmgFront: Law(
        lambda: EmgFront(EMG, SETTINGS),
        lambda stage, samples, first: rows(*stage.process(samples)[:2]),
    ),
    AccelerometerFront: Law(
        lambda: AccelerometerFront(ACC, SETTINGS),
        lambda stage, samples, first: rows(*np.vstack(stage.process(samples))),
        3,
    ),
    LinearEnvelopeFront: Law(
        lambda: LinearEnvelopeFront(ENVELOPE),
        lambda stage, samples, first: rows(*stage.process(np.abs(samples))[:2]),
    ),
    RiseTracker: Law(rises, feed_tracker),
    ShapeTracker: Law(lambda: ShapeTracker(EMG), feed_shapes),
    StreamDetector: Law(lambda: StreamDetector(EMG, SETTINGS), feed_blocks(EMG)),
    Unscored: Law(lambda: Unscored(SLOW), feed_blocks(SLOW), 3),
    Detector: Law(lambda: Detector([ACC]), feed_blocks(ACC), 3),
}
NO_RESET = {Segment}
"""Made anew for each unbroken stretch; its laws are those of `StreamDetector`."""
OF_SEVERAL = {SeveralSensors}
"""Takes events of several streams; its laws are in test_together.py."""
OF_EVENTS = {Settling}
"""Takes events and no samples; its laws are in test_settling.py."""


@cache
def scene(seed: int, n_channels: int, seconds: int = SECONDS) -> Samples:
    """Heart beats, twitches, a contraction, a tonic train, a pop, a swinging cable, a flat line."""
    rng = np.random.default_rng(seed)
    n, time = seconds * 500, np.arange(seconds * 500) / RATE
    x = rng.normal(0.0, 5.0, (n, n_channels))
    for at in range(BEAT_AT, n - 60, BEAT_EVERY):
        x[at - 20 : at + 20] += 150.0 * QRS[:, np.newaxis]
    for at in [*rng.integers(600, n - 60, 25), n - 2000, n - 1400, n - 700, n - 260, n - 200]:
        length = int(rng.integers(6, 18))
        x[at : at + length] += rng.normal(0.0, 250.0, (length, 1))
    for begin in (0.35, 0.8):
        first = int(begin * n)
        x[first : first + 1500] += rng.normal(0.0, 90.0, (1500, 1))
    for at in range(int(0.5 * n), int(0.5 * n) + 3000, 48):
        x[at : at + 8] += 160.0 * np.hanning(8)[:, np.newaxis] * (-1.0) ** (at % 2)
    x[int(0.62 * n) :] += 700.0 * np.exp(-(time[int(0.62 * n) :] - 0.62 * seconds))[:, np.newaxis]
    x[-1000:-450] += 900.0
    swing = (time > 0.68 * seconds) & (time < 0.74 * seconds)
    x += (400.0 * swing * np.sin(2 * np.pi * 1.5 * time))[:, np.newaxis]
    x += 30 * np.sin(2 * np.pi * 50 * time)[:, np.newaxis]
    x[int(0.76 * n) : int(0.76 * n) + 300] = 45.0
    x *= 1.0 if n_channels == 1 else 2e-4
    x.flags.writeable = False
    return x


@dataclass(frozen=True, eq=False)
class Output:
    """What came out of a stage: arrays joined, and everything else as a list."""

    values: Samples
    things: list[Any]

    def equals(self, other: "Output") -> bool:
        """Whether every digit is the same; missing values are equal."""
        same = np.array_equal(self.values, other.values, equal_nan=True)
        return same and self.things == other.things

    @property
    def says_something(self) -> bool:
        """Whether it is more than one value over and over again."""
        varied = len(self.values) > 1 and bool((self.values != self.values[0]).any())
        return varied or len(set(map(repr, self.things))) > 1


def run(law: Law, stage: Any, samples: Samples, cuts: list[int]) -> Output:
    edges = [0, *sorted(cuts), len(samples)]
    out: list[Any] = []
    for begin, end in pairwise(edges):
        out += law.feed(stage, samples[begin:end], begin)
    if hasattr(stage, "flush"):
        flushed = stage.flush()
        for part in flushed if isinstance(flushed, tuple) else (flushed,):
            out += part if isinstance(part, list) else [part]
    arrays = [each for each in out if isinstance(each, np.ndarray)]
    things = [each for each in out if not isinstance(each, np.ndarray)]
    # Provisional and settled events come in two lists; each has an order of its own.
    things.sort(key=lambda thing: getattr(thing, "provisional", False))
    if not law.ordered:
        things.sort(key=repr)
    return Output(np.concatenate(arrays) if arrays else np.empty(0), things + law.ask(stage))


@cache
def whole(stage: type, seed: int) -> Output:
    """What a new stage gives for all samples at once."""
    law = LAWS[stage]
    return run(law, law.make(), scene(seed, law.n_channels), [])


@pytest.fixture(scope="module", params=LAWS, ids=lambda stage: stage.__name__)
def stage(request: pytest.FixtureRequest) -> type:
    found: type = request.param
    return found


def stages() -> set[type]:
    found = set()
    for module in pkgutil.walk_packages(myowatch.signal.__path__, "myowatch.signal."):
        for _, thing in inspect.getmembers(importlib.import_module(module.name), inspect.isclass):
            if thing.__module__ == module.name and hasattr(thing, "process"):
                found.add(thing)
    return found


def test_every_stage_is_in_the_list() -> None:
    assert len(LAWS) >= 40
    assert stages() == LAWS.keys() | NO_RESET | OF_SEVERAL | OF_EVENTS


def test_every_stage_can_be_reset() -> None:
    assert all(hasattr(stage, "reset") for stage in stages() - NO_RESET)


@pytest.mark.parametrize("seed", SEEDS)
def test_every_stage_gives_something(stage: type, seed: int) -> None:
    assert whole(stage, seed).says_something
    assert LAWS[stage].shows(whole(stage, seed))


def cutting_does_not_matter(law: Law, seed: int, cuts: list[int], expected: Output) -> bool:
    return run(law, law.make(), scene(seed, law.n_channels), cuts).equals(expected)


@settings(max_examples=4, deadline=None)
@given(
    seed=st.sampled_from(SEEDS),
    cuts=st.lists(st.integers(0, SECONDS * 500), min_size=1, max_size=60),
)
def test_any_cutting_gives_the_same_output(stage: type, seed: int, cuts: list[int]) -> None:
    assert cutting_does_not_matter(LAWS[stage], seed, cuts, whole(stage, seed))


def test_small_and_single_samples_give_the_same_output(stage: type) -> None:
    cuts = [*range(0, SECONDS * 500, 37), *range(4000, 4300), *range(15_000, 15_300)]
    assert cutting_does_not_matter(LAWS[stage], SEEDS[0], cuts, whole(stage, SEEDS[0]))


def reset_equals_new(law: Law, expected: Output) -> bool:
    stage = law.make()
    # Stopped in the middle of things, at no round number of samples, and without a flush.
    before = scene(SEEDS[1], law.n_channels)[:25_013]
    law.feed(stage, before[:9000], 4800)
    law.feed(stage, before[9000:], 13_800)
    stage.reset()
    return run(law, stage, scene(SEEDS[0], law.n_channels), []).equals(expected)


def test_reset_equals_new(stage: type) -> None:
    assert reset_equals_new(LAWS[stage], whole(stage, SEEDS[0]))


def test_input_is_not_changed(stage: type) -> None:
    law = LAWS[stage]
    samples = scene(SEEDS[0], law.n_channels)
    before = samples.copy()
    run(law, law.make(), samples, [500, 501])  # read-only: writing into it would raise
    assert np.array_equal(samples, before)


def test_an_empty_block_is_harmless(stage: type) -> None:
    cuts = [0, 0, 9000, 9000, 9000, SECONDS * 500]
    assert cutting_does_not_matter(LAWS[stage], SEEDS[0], cuts, whole(stage, SEEDS[0]))


CUTS = [1234, 7001, 7002, 15_000, 22_222, N - 900, N - 190]


def forgetful(stage: type) -> Callable[[], Any]:
    """Make a stage that returns to its initial state at every block."""

    def make() -> Any:
        made = LAWS[stage].make()
        process = made.process

        def forget_and_process(*values: Any) -> Any:
            made.reset()
            return process(*values)

        made.process = forget_and_process
        return made

    return make


def without_reset(stage: type) -> Callable[[], Any]:
    """Make a stage whose reset does nothing."""

    def make() -> Any:
        made = LAWS[stage].make()
        made.reset = lambda: None
        return made

    return make


def that_writes_into_its_input(stage: type) -> Callable[[], Any]:
    def make() -> Any:
        made = LAWS[stage].make()
        process = made.process

        def process_in_place(first: Any, *others: Any) -> Any:
            samples = first.samples if isinstance(first, SampleBlock) else first
            samples *= 1.0
            return process(first, *others)

        made.process = process_in_place
        return made

    return make


def test_the_cutting_law_notices_a_stage_that_forgets_its_past_at_every_block(stage: type) -> None:
    mutant = replace(LAWS[stage], make=forgetful(stage))
    assert not cutting_does_not_matter(mutant, SEEDS[0], CUTS, whole(stage, SEEDS[0]))


def test_the_reset_law_notices_a_stage_that_keeps_its_state(stage: type) -> None:
    mutant = replace(LAWS[stage], make=without_reset(stage))
    # A stage that goes on counting may also refuse samples that begin again.
    with suppress(ValueError, IndexError):
        assert not reset_equals_new(mutant, whole(stage, SEEDS[0]))


def test_the_input_law_notices_a_stage_that_writes_into_its_input() -> None:
    mutant = replace(LAWS[SosFilter], make=that_writes_into_its_input(SosFilter))
    with pytest.raises(ValueError, match="read-only"):
        run(mutant, mutant.make(), scene(SEEDS[0], 1), [])


@pytest.mark.parametrize("rate", [100.0, 250.0, 1000.0, 4000.0, 10_000.0])
@pytest.mark.parametrize("level", [0.0, -1e5, 187500.0], ids="{:g}".format)
def test_constant_input_gives_no_start_up_ring(rate: float, level: float) -> None:
    sos = design_bandpass(20, min(450, 0.45 * rate), order=2, sampling_rate=rate)
    filtered = SosFilter(sos).process(np.full((round(rate), 1), level))
    assert np.abs(filtered).max() <= 1e-9 * max(abs(level), 1.0)


@pytest.mark.parametrize("rate", [100.0, 250.0, 1000.0, 10_000.0])
@pytest.mark.parametrize("modality", Modality)
def test_a_constant_offset_under_noise_makes_no_event(rate: float, modality: Modality) -> None:
    acc = modality is Modality.ACCELEROMETER
    channels = ("x", "y", "z") if acc else ("EMG",)
    stream = Stream("S", modality, Unit.G if acc else Unit.MICROVOLT, rate, channels, 1e-5)
    rng = np.random.default_rng(5)
    noise = rng.normal(0.0, 1e-3 if acc else 4.0, (round(10 * rate), len(channels)))
    offset = np.array([0.0, 0.6, -0.8]) if acc else 5e4
    detector = Detector([stream])
    events = detector.process(SampleBlock(stream, 0, noise + offset)) + detector.flush()
    assert [event.reason for event in settled(events)] == ["edge"]
