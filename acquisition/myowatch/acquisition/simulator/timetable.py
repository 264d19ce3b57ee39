"""What happens when: drawn ahead of time from the seed, in seconds, for as long as anybody asks.

Long happenings (movements, cramps, a loose electrode) come one after another and never overlap.
Short ones keep clear of the long ones that would hide them, and artefacts of the twitches, so
that a true event is one that can be seen. Only heart beats come when they come.
"""

from collections import deque
from collections.abc import Iterator
from heapq import merge

import numpy as np

from myowatch.acquisition.simulator.chance import chance, log_uniform
from myowatch.acquisition.simulator.happening import Happening
from myowatch.acquisition.simulator.heart import beats
from myowatch.acquisition.simulator.scene import Brief, Happens, Long, Scene, Twitching

APART_S = 0.3
"""From one twitch to the next at least: closer ones are doublets, which a twitch has itself."""
CLEAR_S = 0.6
"""Between a short happening and a long one: as long as the ring of a twitch on the skin."""
CLUSTER_S = 2.0
FIRST_S = 3.0
"""Nothing happens before this: a sensor has just been put on."""
LOCAL = frozenset({Happens.TWITCH, Happens.CRAMP, Happens.TONIC})
"""Of one muscle: what its neighbours' electrodes see of it is crosstalk."""
HEART = frozenset({Happens.BEAT, Happens.ECTOPIC})
ONE_ELECTRODE = LOCAL | {
    Happens.LOOSE,
    Happens.FLAT,
    Happens.SATURATION,
    Happens.CABLE,
    Happens.POP,
}


class Timetable:
    """Happenings of one wearer, in the order of their onsets."""

    def __init__(self, scene: Scene, seed: int, muscles: int) -> None:
        self._long_to_come = _long_happenings(scene, chance(seed, "long"), muscles)
        self._short_to_come = merge(
            *_short_happenings(scene, seed, muscles), key=lambda h: (h.onset_s, h.draw)
        )
        self._long: deque[Happening] = deque()
        self._short: deque[Happening] = deque()
        self._reach = 1 if scene.electrodes.crosstalk[1] > 0 else 0
        self._given_s = 0.0

    def until(self, second: float) -> list[Happening]:
        """Happenings that begin before `second` and have not been given yet."""
        _look_ahead(self._long_to_come, self._long, second + 2 * CLEAR_S)
        _look_ahead(self._short_to_come, self._short, second + 2 * CLEAR_S)
        found = [h for h in self._long if self._given_s <= h.onset_s < second]
        short = [h for h in self._short if self._given_s <= h.onset_s < second]
        found += [h for h in short if h.kind in HEART or not self._is_hidden(h)]
        for happenings in (self._long, self._short):
            while happenings and happenings[0].end_s + 2 * CLEAR_S < second:
                happenings.popleft()
        self._given_s = second
        return sorted(found, key=lambda h: (h.onset_s, h.draw))

    def _is_hidden(self, short: Happening) -> bool:
        if any(_hides(long, short, CLEAR_S, self._reach) for long in self._long):
            return True
        twitches = (h for h in self._short if h.kind is Happens.TWITCH)
        return short.kind is not Happens.TWITCH and any(
            _hides(twitch, short, APART_S, 0) for twitch in twitches
        )


def _look_ahead(to_come: Iterator[Happening], known: deque[Happening], second: float) -> None:
    while not known or known[-1].onset_s < second:
        following = next(to_come, None)
        if following is None:
            return
        known.append(following)


def _hides(over: Happening, short: Happening, clear_s: float, reach: int) -> bool:
    if not over.onset_s - clear_s < short.onset_s < over.end_s + clear_s:
        return False
    if over.channel is None or short.channel is None:
        return True
    return abs(over.channel - short.channel) <= (reach if over.kind in LOCAL else 0)


def _draw(rng: np.random.Generator) -> int:
    return int(rng.integers(2**62))


def _short_happenings(scene: Scene, seed: int, muscles: int) -> Iterator[Iterator[Happening]]:
    for muscle in range(muscles):
        if scene.twitching:
            yield _twitches(scene.twitching, chance(seed, "twitches", muscle), muscle)
    for brief in scene.brief:
        for channel in range(muscles) if brief.kind in ONE_ELECTRODE else (None,):
            place = -1 if channel is None else channel
            yield _recurring(brief, chance(seed, brief.kind, place + 1), channel)
    if scene.electrodes.heart_uv[1] > 0:
        yield _heart(scene.electrodes.ectopic, chance(seed, "heart"))


def _twitches(twitching: Twitching, rng: np.random.Generator, muscle: int) -> Iterator[Happening]:
    mean_s = 60.0 / log_uniform(rng, twitching.per_minute)
    # Clusters take their share of the intervals; the others lengthen so that the rate holds.
    share, within_s = twitching.clustered, max(min(CLUSTER_S, mean_s), APART_S)
    isolated_s = (mean_s - share * (APART_S + within_s) / 2) / (1 - share)
    at = FIRST_S + rng.exponential(mean_s)
    while True:
        yield Happening(Happens.TWITCH, at, 0.0, muscle, _draw(rng))
        if rng.random() < share:
            at += rng.uniform(APART_S, within_s)
        else:
            at += APART_S + rng.exponential(max(isolated_s - APART_S, 0.05))


def _recurring(brief: Brief, rng: np.random.Generator, channel: int | None) -> Iterator[Happening]:
    at = FIRST_S
    while True:
        at += APART_S + rng.exponential(60.0 / brief.per_minute)
        yield Happening(brief.kind, at, 0.0, channel, _draw(rng))


def _heart(ectopic: float, rng: np.random.Generator) -> Iterator[Happening]:
    for onset_s, is_ectopic in beats(ectopic, rng):
        kind = Happens.ECTOPIC if is_ectopic else Happens.BEAT
        yield Happening(kind, onset_s, 0.0, None, _draw(rng))


def _long_happenings(scene: Scene, rng: np.random.Generator, muscles: int) -> Iterator[Happening]:
    weights = np.array([long.weight for long in scene.long])
    at = FIRST_S
    while scene.long:
        at += rng.uniform(*scene.rest_s)
        chosen = scene.long[int(rng.choice(len(weights), p=weights / weights.sum()))]
        for happening in _one_long(chosen, at, rng, muscles):
            yield happening
            at = happening.end_s


def _one_long(long: Long, at: float, rng: np.random.Generator, muscles: int) -> Iterator[Happening]:
    # Every electrode has its own trouble; limbs move with all their muscles.
    local = long.kind in ONE_ELECTRODE
    if long.kind is Happens.PERIODIC:
        # A series as sleep medicine scores it: at least four, 5 to 90 s apart, mostly 20 to 40.
        interval_s = rng.uniform(15.0, 40.0)
        for number in range(int(rng.integers(4, 9))):
            onset_s = at + number * interval_s + rng.uniform(-1.0, 1.0)
            lasting_s = log_uniform(rng, long.lasting_s)
            yield Happening(long.kind, onset_s, lasting_s, None, _draw(rng))
    else:
        channel = int(rng.integers(muscles)) if local else None
        yield Happening(long.kind, at, log_uniform(rng, long.lasting_s), channel, _draw(rng))
