"""When each event happens: drawn in advance from the seed, in seconds.

Every part of the simulation draws from a generator named by the seed and by what the part is
("noise", channel 2, second 17). So a wearer with four channels has the same first channel as one
with a single channel, and the way the samples are read changes nothing.
"""

import zlib
from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass
from heapq import merge

import numpy as np

from myowatch.acquisition.simulator.ranges import USUAL_HEART, HeartBeats, Range
from myowatch.acquisition.simulator.scene import Brief, EventKind, Long, Scene, Twitching
from myowatch.signal.model.samples import Samples


def random_draws(seed: int, *place: int | str) -> np.random.Generator:
    """Return the random generator of one place.

    Examples
    --------
    >>> random_draws(1, "noise", 0).integers(100) == random_draws(1, "noise", 0).integers(100)
    np.True_
    """
    key = [seed, *(zlib.crc32(p.encode()) if isinstance(p, str) else p for p in place)]
    return np.random.default_rng(key)


def log_uniform(rng: np.random.Generator, between: Range) -> float:
    """Draw a value with equal probability per octave; 0 if the range begins at 0."""
    low, high = between
    return float(low * (high / low) ** rng.random()) if low else 0.0


def log_normal(rng: np.random.Generator, between: Range) -> float:
    """Draw from a log-normal distribution with `between` as its two-sigma range."""
    low, high = between
    z = np.clip(rng.standard_normal(), -2.0, 2.0)
    return float(np.sqrt(low * high) * (high / low) ** (z / 4))


@dataclass(frozen=True, slots=True)
class ScheduledEvent:
    """One event.

    Parameters
    ----------
    channel
        The muscle, or its EMG channel; None for all of them.
    draw
        Seed of the random parts of its shape.
    """

    kind: EventKind
    onset_s: float
    lasting_s: float
    channel: int | None
    draw: int

    @property
    def end_s(self) -> float:
        """Time of its end."""
        return self.onset_s + self.lasting_s


LASTING_S = 0.6
R_AT_S = 0.1
EARLY = 0.62
"""An ectopic beat comes after this share of an interval; a full pause follows."""
MOST_EARLY = -0.45
"""By how much chance may shorten an interval: the ventricles are refractory before that."""


def beats(
    ectopic: float, rng: np.random.Generator, heart: HeartBeats = USUAL_HEART
) -> Iterator[tuple[float, bool]]:
    """Yield heart beats without end: onset in seconds, and whether the beat is ectopic.

    The rate varies with breathing, slower waves and chance; Task Force 1996 (Eur Heart J 17:354)
    finds variability around 0.1 Hz and at the breathing rate.
    """
    mean_s, breath_hz = rng.uniform(*heart.interval_s), rng.uniform(0.2, 0.3)
    at, early = 0.3, False
    while True:
        yield at, early
        breath, slow = np.sin(2 * np.pi * breath_hz * at), np.sin(2 * np.pi * 0.1 * at)
        random = max(heart.irregular * rng.standard_normal(), MOST_EARLY)
        interval_s = mean_s * (1 + 0.05 * breath + 0.03 * slow + random)
        pause = 2.0 - EARLY if early else 1.0
        early = not early and rng.random() < ectopic
        at += float(interval_s * (EARLY if early else pause))


class Heart:
    """The heart as one electrode sees it; the same beat looks different at each electrode."""

    def __init__(
        self, height_uv: Range, seed: int, channel: int, heart: HeartBeats = USUAL_HEART
    ) -> None:
        rng = random_draws(seed, "heart", channel)
        self._height_uv = log_uniform(rng, height_uv) if height_uv[0] > 0 else 0.0
        self._sign = float(rng.choice([-1.0, 1.0]))
        narrow = rng.uniform(*heart.width)
        self._centre_s = np.array([-0.018 * narrow, 0.0, 0.019 * narrow, 0.25])
        self._width_s = np.array([0.007 * narrow, 0.008 * narrow, 0.009 * narrow, 0.045])
        self._height = np.array(
            [-heart.q_wave, 1.0, -rng.uniform(*heart.s_wave), rng.uniform(*heart.t_wave)]
        )
        # The T wave of a broad beat is no broader.
        self._broad = np.array([heart.ectopic_width] * 3 + [1.0])
        self._breathing, self._breath_s = heart.breathing, rng.uniform(3.0, 6.0)

    @property
    def is_seen(self) -> bool:
        """Whether the electrode sees anything of it."""
        return self._height_uv > 0

    def gain(self, onset_s: float) -> float:
        """Return the relative height of a beat, which breathing changes."""
        return 1.0 + self._breathing * float(np.sin(2 * np.pi * onset_s / self._breath_s))

    def potential(self, time_s: Samples, gain: float, *, ectopic: bool) -> Samples:
        """Return one beat in uV, shaped like `time_s`, which counts from its onset.

        The QRS complex of an ectopic beat is broad and inverted, and its T wave has the
        opposite sign.
        """
        broad, turned = (self._broad, -1.2) if ectopic else (1.0, 1.0)
        away = time_s[:, np.newaxis] - R_AT_S - self._centre_s * broad
        shape = np.exp(-0.5 * (away / (self._width_s * broad)) ** 2) @ self._height
        return np.asarray(self._sign * turned * gain * self._height_uv * shape)


APART_S = 0.3
"""Shortest time between a twitch and a brief artefact."""
CLEAR_S = 0.6
"""Between a short event and a long one: as long as a twitch shakes the skin."""
CLUSTER_S = 2.0
FIRST_S = 3.0
"""First events: the sensor has just been put on."""
LOCAL = frozenset({EventKind.TWITCH, EventKind.CRAMP, EventKind.TONIC})
"""Events of one muscle; at the electrodes of its neighbours they are crosstalk."""
HEART = frozenset({EventKind.BEAT, EventKind.ECTOPIC})
ONE_ELECTRODE = LOCAL | {
    EventKind.LOOSE,
    EventKind.FLAT,
    EventKind.SATURATION,
    EventKind.CABLE,
    EventKind.POP,
}


class Timetable:
    """Events of one wearer, in the order of their onsets."""

    def __init__(self, scene: Scene, seed: int, muscles: int) -> None:
        self._long_to_come = _long_events(scene, random_draws(seed, "long"), muscles)
        self._short_to_come = merge(
            *_short_events(scene, seed, muscles), key=lambda h: (h.onset_s, h.draw)
        )
        self._long: deque[ScheduledEvent] = deque()
        self._short: deque[ScheduledEvent] = deque()
        self._reach = 1 if scene.electrodes.crosstalk[1] > 0 else 0
        self._given_s = 0.0

    def until(self, second: float) -> list[ScheduledEvent]:
        """Return the events before `second` that were not returned yet."""
        _look_ahead(self._long_to_come, self._long, second + 2 * CLEAR_S)
        _look_ahead(self._short_to_come, self._short, second + 2 * CLEAR_S)
        found = [h for h in self._long if self._given_s <= h.onset_s < second]
        short = [h for h in self._short if self._given_s <= h.onset_s < second]
        found += [h for h in short if h.kind in HEART or not self._is_hidden(h)]
        for events in (self._long, self._short):
            while events and events[0].end_s + 2 * CLEAR_S < second:
                events.popleft()
        self._given_s = second
        return sorted(found, key=lambda h: (h.onset_s, h.draw))

    def _is_hidden(self, short: ScheduledEvent) -> bool:
        if any(_hides(long, short, CLEAR_S, self._reach) for long in self._long):
            return True
        twitches = (h for h in self._short if h.kind is EventKind.TWITCH)
        return short.kind is not EventKind.TWITCH and any(
            _hides(twitch, short, APART_S, 0) for twitch in twitches
        )


def _look_ahead(
    to_come: Iterator[ScheduledEvent], known: deque[ScheduledEvent], second: float
) -> None:
    while not known or known[-1].onset_s < second:
        following = next(to_come, None)
        if following is None:
            return
        known.append(following)


def _hides(over: ScheduledEvent, short: ScheduledEvent, clear_s: float, reach: int) -> bool:
    if not over.onset_s - clear_s < short.onset_s < over.end_s + clear_s:
        return False
    if over.channel is None or short.channel is None:
        return True
    return abs(over.channel - short.channel) <= (reach if over.kind in LOCAL else 0)


def _draw(rng: np.random.Generator) -> int:
    return int(rng.integers(2**62))


def _short_events(scene: Scene, seed: int, muscles: int) -> Iterator[Iterator[ScheduledEvent]]:
    for muscle in range(muscles):
        if scene.twitching:
            yield _twitches(scene.twitching, random_draws(seed, "twitches", muscle), muscle)
    for brief in scene.brief:
        for channel in range(muscles) if brief.kind in ONE_ELECTRODE else (None,):
            place = -1 if channel is None else channel
            yield _recurring(brief, random_draws(seed, brief.kind, place + 1), channel)
    if scene.electrodes.heart_uv[1] > 0 or scene.rest.pulse_mg[1] > 0:
        yield _heart(scene, random_draws(seed, "heart"))


def _twitches(
    twitching: Twitching, rng: np.random.Generator, muscle: int
) -> Iterator[ScheduledEvent]:
    mean_s = 60.0 / log_uniform(rng, twitching.per_minute)
    # Clusters shorten their share of the intervals; the others are longer, to keep the rate.
    apart_s = twitching.apart_s
    share, within_s = twitching.clustered, max(min(CLUSTER_S, mean_s), apart_s)
    isolated_s = (mean_s - share * (apart_s + within_s) / 2) / (1 - share)
    at = FIRST_S + rng.exponential(mean_s)
    while True:
        yield ScheduledEvent(EventKind.TWITCH, at, 0.0, muscle, _draw(rng))
        if rng.random() < share:
            at += rng.uniform(apart_s, within_s)
        else:
            at += apart_s + rng.exponential(max(isolated_s - apart_s, 0.05))


def _recurring(
    brief: Brief, rng: np.random.Generator, channel: int | None
) -> Iterator[ScheduledEvent]:
    at = FIRST_S
    while True:
        at += APART_S + rng.exponential(60.0 / brief.per_minute)
        yield ScheduledEvent(brief.kind, at, 0.0, channel, _draw(rng))


def _heart(scene: Scene, rng: np.random.Generator) -> Iterator[ScheduledEvent]:
    for onset_s, is_ectopic in beats(scene.electrodes.ectopic, rng, scene.heart):
        kind = EventKind.ECTOPIC if is_ectopic else EventKind.BEAT
        yield ScheduledEvent(kind, onset_s, 0.0, None, _draw(rng))


def _long_events(scene: Scene, rng: np.random.Generator, muscles: int) -> Iterator[ScheduledEvent]:
    weights = np.array([long.weight for long in scene.long])
    at = FIRST_S
    while scene.long:
        at += rng.uniform(*scene.rest_s)
        chosen = scene.long[int(rng.choice(len(weights), p=weights / weights.sum()))]
        for scheduled in _one_long(chosen, at, rng, muscles):
            yield scheduled
            at = scheduled.end_s


def _one_long(
    long: Long, at: float, rng: np.random.Generator, muscles: int
) -> Iterator[ScheduledEvent]:
    # Faults happen at one electrode; a limb moves with all its muscles.
    local = long.kind in ONE_ELECTRODE
    if long.kind is EventKind.PERIODIC:
        # A series as sleep medicine scores it: at least four, 5 to 90 s apart, mostly 20 to 40.
        interval_s = rng.uniform(15.0, 40.0)
        for number in range(int(rng.integers(4, 9))):
            onset_s = at + number * interval_s + rng.uniform(-1.0, 1.0)
            lasting_s = log_uniform(rng, long.lasting_s)
            yield ScheduledEvent(long.kind, onset_s, lasting_s, None, _draw(rng))
    else:
        channel = int(rng.integers(muscles)) if local else None
        yield ScheduledEvent(long.kind, at, log_uniform(rng, long.lasting_s), channel, _draw(rng))
