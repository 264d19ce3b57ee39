"""Potentials of real motor units, planted into real rest: scenes whose twitches are known.

A scene is one channel of EMG: the rest of one real recording, without its hum, extended, with
these on top.

* Twitches: potentials of one to four motor units. Each has its own size, shape, speed and sign;
  single discharges vary by 5 %. They come at 1 to 80 a minute, at random or in clusters; one in
  ten is a doublet, two discharges 5 to 60 ms apart.
* Tonic runs of one unit, 1 to 15 s at 5 to 15 a second, in two scenes of three.
* Real voluntary contractions of 5 to 50 times the background, in half of the scenes.
* Steady hum of up to 25 uV with harmonics, in half of the scenes.
* Electrode pops, a step that decays, and slow swings of moving cables, in a third each.
* Heart beats if asked for.

The grade is the peak to peak of every discharge over the RMS of the background (the rest alone),
both in 20-450 Hz, or 20 Hz to 0.45 times a lower sampling rate. Where a discharge falls between
two samples moves it by a tenth or so at 250 Hz.

Truth:

* A single discharge or a doublet is one twitch, with a count of 1 or 2. It lasts from the first to
  the last sample at which the potential has a tenth of its largest magnitude. Twitches begin at
  least 0.2 s apart.
* A tonic run or a contraction is a movement. Discharges of a tonic run are not twitches, and no
  twitch is planted within 0.3 s of any movement, pop or swing.
* A pop is an artefact (`ELECTRODE_POP`), a swing too (`MOVEMENT`). Heart beats and hum are no
  events.

A movement that the sampling rate or the background hides from an expert stays in the truth; so
does a twitch under a heart beat. Seeds of tuning and test scenes differ by construction, and so do
their units, rests, contractions and heart beats.
"""

import zlib
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeVar

import numpy as np
from scenes import Recorded

from grounds.heart_beats import R_SIZE, heart_beats
from grounds.motor_units import Shape, Split, shapes
from grounds.rests import contractions, in_band, names, resampled, rest
from myowatch.signal.model.events import Event, Kind, Reason
from myowatch.signal.model.samples import Modality, Samples, Stream, Unit, quantise

T = TypeVar("T")

SIZES = {"high": (20.0, 40.0), "medium": (10.0, 20.0), "low": (6.0, 10.0)}
"""Least and most peak to peak of a discharge over the background RMS, by grade."""
RATES = (250.0, 500.0, 1000.0, 2000.0)
A_MINUTE = (1.0, 80.0)
RESOLUTION_UV = 0.05
STREAM = "EMG"

_VARIES = 0.05
_SPEED = (0.8, 1.25)
_DOUBLET_SHARE, _DOUBLET_S = 0.1, (0.005, 0.06)
_APART_S, _CLEAR_S = 0.2, 0.3
_VISIBLE = 0.1
_SEEN = 3.0
"""A tonic discharge has this least peak to peak over the background in any grade."""


@dataclass(frozen=True, slots=True)
class PlantedScene:
    """The parameters of a scene; the same parameters give the same samples."""

    seed: int
    grade: str
    rate: float
    minutes: float
    heart: bool
    split: Split


def scene(
    seed: int,
    grade: str,
    rate: float,
    minutes: float,
    *,
    heart: bool = False,
    split: Split = "tuning",
) -> Recorded:
    """Return a scene.

    Parameters
    ----------
    seed
        Of everything in it; the same seed gives other scenes in another split.
    grade
        A key of `SIZES`.
    rate
        Hz, from 250 to 2000.

    Raises
    ------
    KeyError
        If there is no such grade.
    """
    asked = PlantedScene(seed, grade, rate, minutes, heart, split)
    return _Planting(asked).recorded()


class _Planting:
    """A scene in the making."""

    def __init__(self, asked: PlantedScene) -> None:
        self._asked, self._rate = asked, asked.rate
        self._random = np.random.default_rng([zlib.crc32(asked.split.encode()), asked.seed])
        self._size = round(asked.minutes * 60 * asked.rate)
        self._range = SIZES[asked.grade]
        name = self._choice(names(asked.split))
        background = rest(name).resampled(asked.rate).extended(self._size, self._random)
        self._background = float(np.sqrt(np.mean(in_band(background, asked.rate) ** 2)))
        self._without = background
        self._twitches = np.zeros(self._size)
        self._truth: list[Event] = []

    def recorded(self) -> Recorded:
        """Plant everything, and return the samples with and without twitches."""
        if self._asked.heart:
            self._heart()
        if self._random.random() < 1 / 2:
            self._hum()
        makers = ((self._tonic, 2 / 3), (self._contraction, 1 / 2))
        for maker, share in (*makers, (self._pop, 1 / 3), (self._swing, 1 / 3)):
            if self._random.random() < share:
                for at in self._random_times(float(self._random.uniform(0.1, 1.0))):
                    maker(at)
        self._plant_twitches()
        samples = quantise(self._without + self._twitches, RESOLUTION_UV)[:, None]
        without = quantise(self._without, RESOLUTION_UV)[:, None]
        stream = Stream(STREAM, Modality.EMG, Unit.MICROVOLT, self._rate, (STREAM,), RESOLUTION_UV)
        truth = tuple(sorted(self._truth, key=lambda e: e.onset))
        return Recorded(self._asked, stream, samples, without, truth)

    def _plant_twitches(self) -> None:
        units = [self._unit() for _ in range(int(self._random.integers(1, 5)))]
        for at in self._twitch_times():
            unit = self._choice(units)
            times = [at]
            if self._random.random() < _DOUBLET_SHARE:
                times.append(at + float(self._random.uniform(*_DOUBLET_S)))
            spans = [unit.discharge(self._twitches, t, self._random) for t in times]
            begin, end = min(s[0] for s in spans), max(s[1] for s in spans)
            self._add(Kind.TWITCH, begin, end, count=len(times))

    def _twitch_times(self) -> list[float]:
        """Return times in seconds, far enough from each other and from every other event."""
        a_minute = self._log_uniform(*A_MINUTE)
        if self._random.random() < 1 / 2:
            times = self._random_times(a_minute)
        else:
            members = self._random.uniform(2, 8)
            times = np.array(
                [
                    start + offset
                    for start in self._random_times(a_minute / members)
                    for offset in np.cumsum(
                        self._random.exponential(0.6, 1 + self._random.poisson(members - 1))
                    )
                ]
            )
        taken = [(e.onset / self._rate, e.offset / self._rate) for e in self._truth]
        kept, last = [], -np.inf
        for at in np.sort(times):
            # 0.1 s is more than any potential lasts, with the second one of a doublet.
            clear = all(at + 0.1 + _CLEAR_S < a or at > b + _CLEAR_S for a, b in taken)
            if at - last >= _APART_S and clear and 0.1 < at < self._asked.minutes * 60 - 0.3:
                kept.append(float(at))
                last = at
        return kept

    def _unit(self, size: float | None = None) -> "_Unit":
        shape = self._choice(shapes(self._asked.split))
        least, most = self._range
        chosen = size or self._log_uniform(least, most)
        speed = self._log_uniform(*_SPEED)
        limits = (0.0, np.inf) if size else (least, most)
        sign = float(self._random.choice([-1.0, 1.0]))
        scale = sign * self._background
        return _Unit(shape, self._rate, scale=scale, size=chosen, limits=limits, speed=speed)

    def _tonic(self, at: float) -> None:
        size = self._log_uniform(max(_SEEN, self._range[0] / 2), self._range[1])
        unit, pace = self._unit(size), float(self._random.uniform(5, 15))
        lasts = self._log_uniform(1.0, 15.0)
        intervals = self._random.normal(1, 0.15, round(lasts * pace)).clip(0.4, 2) / pace
        times = at + np.cumsum(intervals)
        if not self._free(at, times[-1] + 0.1) or len(times) < 2:
            return
        spans = [unit.discharge(self._without, float(t), self._random) for t in times]
        self._add(Kind.MOVEMENT, spans[0][0], spans[-1][1])

    def _contraction(self, at: float) -> None:
        own = self._choice(contractions(self._asked.split))
        samples = resampled(own.samples, own.rate, self._rate)
        if not self._free(at, at + len(samples) / self._rate):
            return
        rms = np.sqrt(np.mean(in_band(samples, self._rate) ** 2))
        times = self._log_uniform(5.0, 50.0) * self._background / rms
        start = round(at * self._rate)
        self._without[start : start + len(samples)] += times * samples
        self._add(Kind.MOVEMENT, start, start + len(samples))

    def _pop(self, at: float) -> None:
        decay = self._log_uniform(0.02, 0.3)
        if not self._free(at, at + 5 * decay):
            return
        start, end = round(at * self._rate), round((at + 5 * decay) * self._rate)
        size = self._log_uniform(20, 500) * self._background * self._random.choice([-1, 1])
        self._without[start:end] += size * np.exp(-np.arange(end - start) / self._rate / decay)
        self._add(Kind.ARTEFACT, start, end, reason=Reason.ELECTRODE_POP)

    def _swing(self, at: float) -> None:
        lasts, hertz = self._random.uniform(1, 5), self._random.uniform(1, 6)
        if not self._free(at, at + lasts):
            return
        start, end = round(at * self._rate), round((at + lasts) * self._rate)
        angle = 2 * np.pi * hertz * np.arange(end - start) / self._rate
        wave = np.sin(angle) + 0.3 * np.sin(2 * angle + 1)
        size = self._log_uniform(20, 300) * self._background
        self._without[start:end] += size * wave * np.sin(np.linspace(0, np.pi, end - start)) ** 2
        self._add(Kind.ARTEFACT, start, end, reason=Reason.MOVEMENT)

    def _heart(self) -> None:
        ecg, _ = heart_beats(self._asked.split, self._rate, self._size, self._random)
        self._without += self._log_uniform(*R_SIZE) * self._background * ecg

    def _hum(self) -> None:
        mains, size = self._choice((50.0, 60.0)), self._log_uniform(0.5, 25.0)
        drift = 0.02 * np.sin(2 * np.pi * self._random.uniform(0.001, 0.01) * self._seconds())
        for order, share in ((1, 1.0), (2, 0.1), (3, 0.3), (5, 0.15)):
            if order * mains < self._rate / 2:
                wave = order * (2 * np.pi * mains * self._seconds() + drift)
                wave += self._random.uniform(0, 2 * np.pi)
                self._without += size * share * self._random.random() ** (order > 1) * np.sin(wave)

    def _add(
        self,
        kind: Kind,
        onset: int,
        offset: int,
        *,
        reason: Reason | None = None,
        count: int = 1,
    ) -> None:
        self._truth.append(Event(STREAM, kind, onset, offset, reason=reason, count=count))

    def _free(self, begin: float, end: float) -> bool:
        taken = ((e.onset / self._rate - 1, e.offset / self._rate + 1) for e in self._truth)
        inside = begin > 1 and end < self._asked.minutes * 60 - 1
        return inside and all(end < a or begin > b for a, b in taken)

    def _seconds(self) -> Samples:
        return np.arange(self._size) / self._rate

    def _random_times(self, a_minute: float) -> Samples:
        number = self._random.poisson(a_minute * self._asked.minutes)
        return np.sort(self._random.uniform(0, self._asked.minutes * 60, number))

    def _log_uniform(self, least: float, most: float) -> float:
        return float(np.exp(self._random.uniform(np.log(least), np.log(most))))

    def _choice(self, values: Sequence[T]) -> T:
        return values[int(self._random.integers(len(values)))]


class _Unit:
    """A motor unit of a scene.

    Parameters
    ----------
    scale
        Background RMS in microvolts, with the sign of the unit.
    size
        Usual peak to peak over the background.
    limits
        Least and most peak to peak of a discharge over the background.
    speed
        How much faster than recorded.
    """

    def __init__(
        self,
        shape: Shape,
        rate: float,
        *,
        scale: float,
        size: float,
        limits: tuple[float, float],
        speed: float,
    ) -> None:
        self._shape, self._rate, self._speed = shape, rate, speed
        self._size, self._limits = size, limits
        around = round(0.2 * rate)
        self._scale = scale / np.ptp(in_band(np.pad(self._wave(0.0), around), rate))

    def discharge(
        self, samples: Samples, at: float, random: np.random.Generator
    ) -> tuple[int, int]:
        """Add one potential that begins at `at` seconds; return where it is visible."""
        start = int(np.ceil(at * self._rate))
        wave = self._wave(start / self._rate - at)
        size = np.clip(self._size * (1 + _VARIES * random.standard_normal()), *self._limits)
        samples[start : start + len(wave)] += size * self._scale * wave
        seen = np.flatnonzero(np.abs(wave) >= _VISIBLE * np.abs(wave).max())
        return start + int(seen[0]), start + int(seen[-1]) + 1

    def _wave(self, late: float) -> Samples:
        """Return the potential at the samples, the first one `late` seconds from its start."""
        count = int(self._shape.seconds / self._speed * self._rate)
        seconds = (late + np.arange(count) / self._rate) * self._speed
        return self._shape.at(seconds, min(0.5 * self._rate / self._speed, 1000.0))
