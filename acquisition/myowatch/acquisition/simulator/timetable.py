"""What happens when: drawn ahead of time from the seed, in seconds, for as long as anybody asks.

Long happenings (movements, cramps, a loose electrode) come one after another and never overlap.
Short ones keep clear of the long ones that would hide them, so that a true event is one that
can be seen.
"""

from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import chain

import numpy as np

from myowatch.acquisition.simulator.chance import chance, log_uniform
from myowatch.acquisition.simulator.scene import Happens, Long, Scene

APART_S = 0.4
"""From one twitch to the next at least: closer ones are doublets, which a twitch has itself."""
CLEAR_S = 0.6
"""Between a short happening and a long one: as long as the ring of a twitch on the skin."""
FIRST_S = 3.0
"""Nothing happens before this: a sensor has just been put on."""


@dataclass(frozen=True, slots=True)
class Happening:
    """One thing that happens.

    Parameters
    ----------
    channel
        The muscle, or its EMG channel; None for all of them.
    draw
        Seed of whatever is random in its shape.
    """

    kind: Happens
    onset_s: float
    lasting_s: float
    channel: int | None
    draw: int


class Timetable:
    """Happenings of one wearer, in the order of their onsets."""

    def __init__(self, scene: Scene, seed: int, muscles: int) -> None:
        self._long_to_come = _long_happenings(scene, chance(seed, "long"), muscles)
        self._long: deque[Happening] = deque()
        short = [_twitches(scene, chance(seed, "twitches", m), m) for m in range(muscles)]
        short += [
            _recurring(Happens.POP, scene.pops_per_minute, chance(seed, "pops", m), m)
            for m in range(muscles)
        ]
        short.append(_recurring(Happens.TAP, scene.taps_per_minute, chance(seed, "taps"), None))
        self._short = [_Peek(s) for s in short]
        self._given_s = 0.0

    def until(self, second: float) -> list[Happening]:
        """Happenings that begin before `second` and have not been given yet."""
        self._look_ahead(second + 2 * CLEAR_S)
        found = [h for h in self._long if self._given_s <= h.onset_s < second]
        short = chain.from_iterable(s.before(second) for s in self._short)
        found += [h for h in short if not any(_hides(long, h) for long in self._long)]
        while self._long and _end(self._long[0]) + 2 * CLEAR_S < second:
            self._long.popleft()
        self._given_s = second
        return sorted(found, key=lambda h: (h.onset_s, h.draw))

    def _look_ahead(self, second: float) -> None:
        while not self._long or self._long[-1].onset_s < second:
            following = next(self._long_to_come, None)
            if following is None:
                return
            self._long.append(following)


class _Peek:
    """An endless iterator of happenings that can be asked for those before an instant."""

    def __init__(self, happenings: Iterator[Happening]) -> None:
        self._happenings = happenings
        self._next = next(happenings, None)

    def before(self, second: float) -> Iterator[Happening]:
        while self._next is not None and self._next.onset_s < second:
            yield self._next
            self._next = next(self._happenings, None)


def _end(happening: Happening) -> float:
    return happening.onset_s + happening.lasting_s


def _hides(long: Happening, short: Happening) -> bool:
    if long.channel is not None and short.channel is not None and long.channel != short.channel:
        return False
    return long.onset_s - CLEAR_S < short.onset_s < _end(long) + CLEAR_S


def _draw(rng: np.random.Generator) -> int:
    return int(rng.integers(2**62))


def _twitches(scene: Scene, rng: np.random.Generator, muscle: int) -> Iterator[Happening]:
    if scene.twitching is None:
        return
    mean_s = 60.0 / log_uniform(rng, scene.twitching.per_minute)
    # Clusters take their share of the intervals; the others lengthen so that the rate holds.
    isolated_s = (mean_s - scene.twitching.clustered) / (1 - scene.twitching.clustered)
    at = FIRST_S + rng.exponential(mean_s)
    while True:
        yield Happening(Happens.TWITCH, at, 0.0, muscle, _draw(rng))
        if rng.random() < scene.twitching.clustered:
            at += rng.uniform(APART_S, 2.0)
        else:
            at += APART_S + rng.exponential(max(isolated_s - APART_S, 0.05))


def _recurring(
    kind: Happens, per_minute: float, rng: np.random.Generator, channel: int | None
) -> Iterator[Happening]:
    at = FIRST_S
    while per_minute > 0:
        at += APART_S + rng.exponential(60.0 / per_minute)
        yield Happening(kind, at, 0.0, channel, _draw(rng))


def _long_happenings(scene: Scene, rng: np.random.Generator, muscles: int) -> Iterator[Happening]:
    weights = np.array([long.weight for long in scene.long])
    at = FIRST_S
    while scene.long:
        at += rng.uniform(*scene.rest_s)
        chosen = scene.long[int(rng.choice(len(weights), p=weights / weights.sum()))]
        for happening in _one_long(chosen, at, rng, muscles):
            yield happening
            at = _end(happening)


def _one_long(long: Long, at: float, rng: np.random.Generator, muscles: int) -> Iterator[Happening]:
    if long.kind is Happens.MOVEMENT:
        yield Happening(long.kind, at, log_uniform(rng, long.lasting_s), None, _draw(rng))
    elif long.kind is Happens.PERIODIC:
        # A series as sleep medicine scores it: at least four, 5 to 90 s apart, mostly 20 to 40.
        interval_s = rng.uniform(15.0, 40.0)
        for number in range(int(rng.integers(4, 9))):
            onset_s = at + number * interval_s + rng.uniform(-1.0, 1.0)
            lasting_s = log_uniform(rng, long.lasting_s)
            yield Happening(Happens.MOVEMENT, onset_s, lasting_s, None, _draw(rng))
    else:
        channel = int(rng.integers(muscles))
        yield Happening(long.kind, at, log_uniform(rng, long.lasting_s), channel, _draw(rng))
