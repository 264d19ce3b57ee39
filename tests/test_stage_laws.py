"""Laws that hold for everything that processes a stream; every such class must be in the list."""

import importlib
import inspect
import pkgutil
from collections.abc import Callable
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import myowatch.signal
from myowatch.signal.accelerometer.accelerometer_front import (
    AccelerometerFront,
    PolarisedEnergy,
    SlowMotion,
)
from myowatch.signal.accelerometer.taps import TapMemory
from myowatch.signal.accelerometer.tremor import Prelude, Pulses
from myowatch.signal.accelerometer.vibration_tracker import VibrationTracker
from myowatch.signal.bursts.bursts import Burst, BurstDetector
from myowatch.signal.bursts.cramp_shape import Course
from myowatch.signal.bursts.grouping import Grouper
from myowatch.signal.bursts.successive_twitches import Succession
from myowatch.signal.bursts.time_scales import SustainedLevel, SustainedScale, TimeScale
from myowatch.signal.detector.detector import Detector
from myowatch.signal.detector.segment import Segment
from myowatch.signal.detector.stream_detector import StreamDetector
from myowatch.signal.dsp.filters import Envelope, SosFilter, design_bandpass
from myowatch.signal.dsp.frames import Frames, SlidingSum
from myowatch.signal.dsp.mains import MainsCanceller, MainsTurn
from myowatch.signal.dsp.spans import Scale, Span
from myowatch.signal.emg.baseline_artefacts import StepMemory, Swing
from myowatch.signal.emg.electrode_contact import Contact
from myowatch.signal.emg.emg_front import EmgFront
from myowatch.signal.emg.emg_tracker import ActivityTracker
from myowatch.signal.envelope.envelope_front import LinearEnvelopeFront
from myowatch.signal.envelope.rise_tracker import RiseTracker
from myowatch.signal.heart.heart_beats import HeartBeats
from myowatch.signal.heart.heart_waves import HeartWaves
from myowatch.signal.model.events import Event, Kind
from myowatch.signal.model.samples import (
    Modality,
    SampleBlock,
    Samples,
    Stream,
    Unit,
    squared_length,
)
from myowatch.signal.model.settings import DetectionSettings
from myowatch.signal.noise.noise_floor import FrameNoise, NoiseFloor
from myowatch.signal.noise.noise_limit import NoiseLimit
from myowatch.signal.noise.rest_floor import RestFloor
from myowatch.signal.statistics.shape_tracker import ShapeTracker
from myowatch.signal.verdict.several_sensors import Together
from myowatch.signal.verdict.unscorable import Rails, StuckRun, StuckRuns, StuckSignal, Unscored

RATE = 500.0
EMG = Stream("EMG", Modality.EMG, Unit.MICROVOLT, RATE, ("EMG",), 0.1)
ENVELOPE = Stream("EMG", Modality.ENVELOPE, Unit.ADC, 100.0, ("EMG",), 1.0)
SLOW = Stream("SLOW", Modality.ACCELEROMETER, Unit.G, 2.0, ("x", "y", "z"), 1e-4)
ACC = Stream("ACC", Modality.ACCELEROMETER, Unit.G, RATE, ("x", "y", "z"), 1e-4)
SETTINGS = DetectionSettings()
Feed = Callable[[Any, Samples, int], list[Any]]
"""Gives a stage some samples, of which the first has this index; what came out, as a list."""


@dataclass(frozen=True)
class Law:
    """How to make a stage, and how to feed it from samples of shape (n_samples, n_channels)."""

    make: Callable[[], Any]
    feed: Feed
    n_channels: int = 1
    ask: Callable[[Any], list[Any]] = lambda stage: []
    """For stages that only remember: what they answer in the end."""


def positive(samples: Samples) -> Samples:
    """Something to stand for an energy or a magnitude."""
    return samples[:, 0] ** 2


def rows(*arrays: Samples) -> list[Any]:
    return [tuple(np.atleast_1d(row).tolist()) for row in zip(*arrays, strict=True)]


def feed_blocks(stream: Stream) -> Feed:
    def feed(stage: Any, samples: Samples, first: int) -> list[Any]:
        return list(stage.process(SampleBlock(stream, first, samples)))

    return feed


def feed_contact(stage: Contact, samples: Samples, first: int) -> list[Any]:
    hum = np.full((first + len(samples)) // 50 - first // 50, 1.0)
    stage.process(0.5 * samples[:, 0], 20.0 * hum)
    return []


def feed_memory(stage: StepMemory | Swing | HeartWaves, samples: Samples, first: int) -> list[Any]:
    stage.process(samples)
    return []


def feed_taps(stage: TapMemory, samples: Samples, first: int) -> list[Any]:
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
    # A burst is told of when it is over.
    ends = [i for i in range(first, first + len(samples)) if i % 301 == 300]
    muscle, heart = stage.sift([Span(e - 40, e - 6, 50.0, 1.0, Scale.BRIEF) for e in ends])
    return [("muscle", span) for span in muscle] + [("heart", span) for span in heart]


def feed_prelude(stage: Prelude, samples: Samples, first: int) -> list[Any]:
    peaks = np.flatnonzero(np.abs(samples[:, 0]) > 100)
    spans = [
        Span(first + int(i), first + int(i) + 9, 1.0, 1.0, Scale(int(i + first) % 2)) for i in peaks
    ]
    return list(stage.process(spans, first + len(samples)))


def feed_pulses(stage: Pulses, samples: Samples, first: int) -> list[Any]:
    n_steps = (first + len(samples)) // 64 - first // 64
    stage.process(positive(samples), np.ones(n_steps))
    return []


def feed_succession(stage: Succession, samples: Samples, first: int) -> list[Any]:
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
                stage.process(positive(samples), samples[:, 0], np.full(len(samples), 25.0))[1],
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
    ),
    Rails: Law(lambda: Rails(6, 5.0), feed_rails),
    StepMemory: Law(
        lambda: StepMemory(RATE),
        feed_memory,
        ask=lambda stage: [stage.is_step(at, at + 9, 9.0) for at in range(2500, 3900, 50)],
    ),
    TapMemory: Law(
        lambda: TapMemory(RATE, 4),
        feed_taps,
        3,
        ask=lambda stage: [stage.share(at, at + 40) for at in range(2100, 3900, 50)],
    ),
    HeartBeats: Law(lambda: HeartBeats(RATE, late=5, delay=1, threshold=6.0), feed_heart),
    Contact: Law(
        lambda: Contact(50, RATE, (20.0, 225.0)),
        feed_contact,
        ask=lambda stage: [stage.is_bad(at, at + 300) for at in range(0, 3600, 100)],
    ),
    Swing: Law(
        lambda: Swing(50.0),
        feed_memory,
        ask=lambda stage: [stage.swings(at, at + 40, 0.1) for at in range(2500, 3900, 50)],
    ),
    HeartWaves: Law(
        lambda: HeartWaves(RATE),
        feed_memory,
        ask=lambda stage: [
            stage.expected(
                np.array([at, at + 30]), np.full(20, 0.05), range(at % 300, at, 300)
            ).tolist()
            for at in range(3000, 3900, 50)
        ],
    ),
    Course: Law(
        lambda: Course(RATE),
        lambda stage, samples, first: stage.process(samples[:, 0]) or [],
        ask=lambda stage: [stage.unsteadiness(at, at + 900, 9.0) for at in range(0, 3000, 100)],
    ),
    Grouper: Law(
        lambda: Grouper(RATE, twitch_max_s=0.25, doublet_s=0.11, slack_s=0.25), feed_grouper
    ),
    Pulses: Law(
        lambda: Pulses(RATE, 64, 0.5),
        feed_pulses,
        ask=lambda stage: [stage.is_clockwork(at, at + 700) for at in range(0, 3300, 100)],
    ),
    Succession: Law(
        lambda: Succession(RATE, 50.0, 10.0, 0.05),
        feed_succession,
        ask=lambda stage: [
            stage.apart(Burst(at, at + 140, 400.0, 1.0, 1.0)) for at in range(2500, 3900, 100)
        ],
    ),
    Prelude: Law(lambda: Prelude(RATE), feed_prelude),
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
OF_SEVERAL = {Together}
"""Takes events of several streams; its laws are in test_together.py."""


def scene(seed: int, n_channels: int, n_samples: int = 4000) -> Samples:
    """Noise with twitches, a contraction and a wandering baseline."""
    rng = np.random.default_rng(seed)
    x = rng.normal(0.0, 5.0, (n_samples, n_channels))
    for at in rng.integers(600, n_samples - 40, 6):
        x[at : at + 10] += rng.normal(0.0, 200.0, (10, 1))
    begin = int(rng.integers(700, n_samples // 2))
    x[begin : begin + 400] += rng.normal(0.0, 90.0, (400, 1))
    x += 30 * np.sin(2 * np.pi * 50 * np.arange(n_samples) / RATE)[:, np.newaxis]
    scale = 1.0 if n_channels == 1 else 2e-4
    return x * scale


def run(law: Law, stage: Any, samples: Samples, cuts: list[int]) -> list[Any]:
    edges = [0, *sorted(cuts), len(samples)]
    out: list[Any] = []
    for begin, end in pairwise(edges):
        out += law.feed(stage, samples[begin:end], begin)
    if hasattr(stage, "flush"):
        out.append(stage.flush())
    return out + law.ask(stage)


@pytest.fixture(scope="module", params=LAWS, ids=lambda stage: stage.__name__)
def law(request: pytest.FixtureRequest) -> Law:
    return LAWS[request.param]


def stages() -> set[type]:
    found = set()
    for module in pkgutil.iter_modules(myowatch.signal.__path__, "myowatch.signal."):
        for _, thing in inspect.getmembers(importlib.import_module(module.name), inspect.isclass):
            if thing.__module__ == module.name and hasattr(thing, "process"):
                found.add(thing)
    return found


def test_every_stage_is_in_the_list() -> None:
    assert stages() == LAWS.keys() | NO_RESET | OF_SEVERAL


def test_every_stage_can_be_reset() -> None:
    assert all(hasattr(stage, "reset") for stage in stages() - NO_RESET)


@settings(max_examples=6, deadline=None)
@given(data=st.data(), seed=st.integers(0, 2**16))
def test_any_cutting_gives_the_same_output(law: Law, data: st.DataObject, seed: int) -> None:
    samples = scene(seed, law.n_channels)
    cuts = data.draw(st.lists(st.integers(0, len(samples)), max_size=40))
    assert run(law, law.make(), samples, cuts) == run(law, law.make(), samples, [])


def test_sample_by_sample_gives_the_same_output(law: Law) -> None:
    samples = scene(7, law.n_channels, 1500)
    one_by_one = run(law, law.make(), samples, list(range(1500)))
    assert one_by_one == run(law, law.make(), samples, [])


def test_reset_equals_new(law: Law) -> None:
    stage = law.make()
    run(law, stage, scene(1, law.n_channels), [900])
    stage.reset()
    samples = scene(2, law.n_channels)
    assert run(law, stage, samples, []) == run(law, law.make(), samples, [])


def test_input_is_not_changed(law: Law) -> None:
    samples = scene(3, law.n_channels)
    samples.flags.writeable = False
    before = samples.copy()
    run(law, law.make(), samples, [500, 501])
    assert np.array_equal(samples, before)


def test_an_empty_block_is_harmless(law: Law) -> None:
    samples = scene(4, law.n_channels)
    with_empty = run(law, law.make(), samples, [0, 0, 1000, 1000, 1000, len(samples)])
    assert with_empty == run(law, law.make(), samples, [])


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
    assert [event.reason for event in events] == ["edge"]
