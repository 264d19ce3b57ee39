"""Blocks longer or shorter than what stages remember change nothing.

`analyze` reads minutes at a time: at 250 Hz a block lasts four minutes.
"""

from functools import cache

import numpy as np
import pytest
from event_lists import settled

from myowatch.acquisition.simulator import Simulation, Wearer
from myowatch.signal.detector.detector import Detector
from myowatch.signal.model.events import Event, Kind, Reason
from myowatch.signal.model.samples import SampleBlock, Samples, Stream

RATE = 250.0
BLOCK = 60_000
SECONDS = 400
BURST = np.array([1.0, -2.0, 1.5, -0.5])


@cache
def heart_and_bursts(scene: str, seed: int) -> tuple[Stream, Samples]:
    """Heart beats, and brief bursts around the end of the first block of 240 s.

    One burst is not decided yet when that block ends; more than 120 s follow it.
    """
    wearer = Wearer(Simulation(scene, seed=seed, rate=RATE))
    samples = np.concatenate([wearer.second()[0][0].samples for _ in range(SECONDS)])
    random = np.random.default_rng(seed)
    for begin in np.arange(BLOCK - 4000, BLOCK + 2000, 170) + random.integers(0, 60, 36):
        samples[begin : begin + 4, 0] += random.uniform(30, 300) * BURST
    samples[BLOCK - 30 : BLOCK - 26, 0] += 120.0 * BURST
    return wearer.streams[0], samples


def detected(stream: Stream, samples: Samples, step: int) -> list[Event]:
    detector = Detector([stream])
    events: list[Event] = []
    for first in range(0, len(samples), step):
        events += detector.process(SampleBlock(stream, first, samples[first : first + step]))
    return settled(events + detector.flush())


@pytest.mark.parametrize(("scene", "seed"), [("heartbeat", 1), ("hard", 6), ("medium", 6)])
def test_events_are_the_same_in_blocks_of_a_second_and_of_four_minutes(
    scene: str, seed: int
) -> None:
    stream, samples = heart_and_bursts(scene, seed)
    expected = detected(stream, samples, round(RATE))
    assert sum(e.kind is Kind.TWITCH for e in expected) > 10
    assert any(e.reason in {Reason.ECG, Reason.ELECTRODE_POP} for e in expected)
    for step in (BLOCK, 45_000, len(samples)):
        assert detected(stream, samples, step) == expected


def test_a_burst_that_is_held_for_long_is_judged_by_what_was_around_it() -> None:
    """The raw signal was kept for 4 s and bursts are held for 12: short blocks had lost it."""
    wearer = Wearer(Simulation("twitchy", seed=5))
    parts = [wearer.second()[0][0].samples for _ in range(60)]
    rounded: Samples = np.round(np.nan_to_num(np.concatenate(parts)), 1).astype(np.float64)
    samples = np.roll(rounded, 7777, axis=0)
    (stream,) = wearer.streams
    expected = detected(stream, samples, len(samples))
    assert Reason.ELECTRODE_POP in {event.reason for event in expected}
    for step in (50, 100, 200, 500, 1000):
        assert detected(stream, samples, step) == expected
