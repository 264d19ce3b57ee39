"""How strong the noise is, and where it is too strong for anything to be seen."""

import math

import numpy as np
from scipy.special import chdtri

from myowatch.signal.bursts.bursts import BurstDetector, energy_threshold, energy_thresholds
from myowatch.signal.bursts.time_scales import TimeScale
from myowatch.signal.dsp.frames import Frames, trailing_windows
from myowatch.signal.dsp.spans import Span
from myowatch.signal.model.samples import Samples

# A stretch has ended when the noise's energy is by so much below the limit.
_ENDS = 0.8


class NoiseLimit:
    """Finds stretches in which the noise floor is too high.

    Parameters
    ----------
    limit
        RMS.
    frame
        Samples per frame.
    """

    def __init__(self, limit: float, frame: int) -> None:
        self._scale = TimeScale(BurstDetector(limit**2, _ENDS * limit**2), step=frame)

    def reset(self) -> None:
        """Reset to the initial state."""
        self._scale.reset()

    @property
    def since(self) -> int | None:
        """Onset of the current stretch; None if there is none."""
        return self._scale.open_since

    @property
    def earliest(self) -> int:
        """Sample before which no later stretch can begin."""
        return self._scale.earliest

    def process(self, floor: Samples, magnitude: Samples) -> list[Span]:
        """Process the next frames, both of shape (n_frames,); an unknown floor is not finite."""
        known = np.where(np.isfinite(floor), floor, 0.0)
        return list(map(self._scale.span, self._scale.process(known, magnitude, floor)))

    def flush(self) -> list[Span]:
        """End what is going on."""
        return list(map(self._scale.span, self._scale.flush()))


QUARTER_S = 0.25
# A twitch of 30 ms fills an eighth of a quarter second with its windows, a contraction's fringe
# some more: what a third stays under is noise. Lower ones are uncertain (0.15: 1.4 points of F1).
_QUANTILE = 0.35
# One second, which is blanked at the beginning anyway.
_START_QUARTERS = 4
# Energies a quarter: like noise within a factor of 1.8 (2.5 dB); follow 6 % of the way; trickle
# 0.03 dB a second, which a 90 s cramp turns into 3 dB, far less than it rises by itself.
_LIKE_NOISE = 1.8
_FOLLOW = 0.06
# Share of the way to a lasting level within the tone that is gone each quarter.
_FOLLOW_TONE = 0.5
# Spread is learnt over about five seconds: that which this share of quarters stays under is the
# noise's, so that twitches and heart beats in more than half of them cannot widen it.
_LEARN_SPREAD = 0.05
_TYPICAL = 0.4
# High enough to see how far noise strays, and still out of reach of one twitch in the quarter.
_SPREAD_QUANTILE = 0.8
# Unrest is the second strongest of the last four quarters, so that one alone does not make it.
_UNREST_QUARTERS = 4
# How far restlessness may raise the threshold, as a factor of energy: twice the amplitude, so that
# strong twitches beside a contraction are still found.
_UNREST_MAX = 4.0
# One unit that fires on is in every quarter second: what the weakest but one of the last eight
# held is background, and a burst must be so many times stronger. Twitches leave quarters empty,
# and where they and heart beats fill nearly all they are not alike, as one unit's discharges are:
# half of those are within 3 dB. Then only the weakest is background.
# Discharges far above the threshold are seen one by one, and make a train.
_TRAIN_QUARTERS, _OUT_OF_TRAIN, _CLEAR_TRAIN = 8, 2.2, 4.0
_ALIKE = 2.0
_TRICKLE = 10 ** (0.03 * QUARTER_S / 10)


class NoiseFloor:
    """Noise energy under each frame, from the quarter seconds before it.

    Parameters
    ----------
    frame_rate
        Frames a second.
    window
        Frames in the window of the energies.
    degrees
        Degrees of freedom of such an energy when the signal is noise.
    least
        Mean square below which no floor is believed (that of the quantisation).
    tone
        Mean square that lasting activity may have and still be background.
    deviate
        How far above the noise a burst must rise, see `energy_threshold`.
    """

    def __init__(
        self,
        frame_rate: float,
        window: int,
        degrees: float,
        *,
        least: float,
        tone: float,
        deviate: float,
    ) -> None:
        quarter = max(round(QUARTER_S * frame_rate), 1)
        self._quarters = Frames(quarter)
        self._stride = max(min(window, quarter // 4), 1)
        n_picked = len(range(0, quarter, self._stride))
        self._rank = int(_QUANTILE * n_picked)
        # The rank's mean position, (rank + 1) / (n + 1), turned into noise energy.
        position = (self._rank + 1) / (n_picked + 1)
        self._unbias = float(degrees / chdtri(degrees, 1 - position))
        self._upper = int(_SPREAD_QUANTILE * n_picked)
        upper = (self._upper + 1) / (n_picked + 1)
        # Degrees of freedom for a grid of spreads: fewer the wider.
        grid = np.linspace(1.0, max(degrees, 1.0), 40)[::-1]
        self._degrees = grid
        self._spreads = chdtri(grid, 1 - upper) / chdtri(grid, 1 - position)
        self._deviate = deviate
        self._threshold = energy_threshold(deviate, degrees)
        self._least = least
        self._tone = tone
        self.reset()

    def reset(self) -> None:
        """Reset to the initial state."""
        self._quarters.reset()
        self._start: list[float] = []
        self._floor: float = math.inf
        self._spread = float(self._spreads[0])
        self._restless: Samples = np.zeros(_UNREST_QUARTERS - 1)
        self._tops: Samples = np.zeros(_TRAIN_QUARTERS - 1)
        self._raised: float = 1.0

    @property
    def energy(self) -> float:
        """Mean square of the noise now, infinite while it is unknown."""
        return self._floor

    def process(self, energy: Samples) -> tuple[Samples, Samples]:
        """Process the next energies, shape (n_frames,).

        Returns
        -------
        noise energy under each of them, infinite while unknown, and how many times more a burst
        has to rise than above white noise at rest; same shape
        """
        held = self._quarters.n_left
        quarters = self._quarters.process(energy)
        learnt = np.array([[self._floor], [self._raised]])
        if len(quarters):
            learnt = np.concatenate([learnt, self._learn(quarters)], axis=1)
            self._floor, self._raised = learnt[:, -1].tolist()
        each = np.repeat(learnt, self._quarters.length, axis=1)
        floor, raised = each[:, held : held + len(energy)]
        return floor, raised

    def resume(self) -> None:
        """Resume after a short gap, with the floor known before it."""
        self._quarters.reset()

    def _learn(self, quarters: Samples) -> Samples:
        """Return floor and threshold factor after each quarter second, (2, n_quarters)."""
        ranked = np.sort(quarters[:, :: self._stride], axis=1)
        level = np.maximum(ranked[:, self._rank] * self._unbias, self._least)
        upper = np.maximum(ranked[:, self._upper] * self._unbias, self._least)
        floor, spread = self._follow(level.tolist(), (upper / level).tolist())
        last, self._restless = trailing_windows(self._restless, upper / spread)
        unrest = np.sort(last, axis=0)[-2] / floor  # 0 while the floor is unknown
        last, self._tops = trailing_windows(self._tops, quarters.max(axis=1))
        ranked = np.sort(last, axis=0)
        alike = ranked[_TRAIN_QUARTERS // 2] < _ALIKE * ranked[1]
        train = np.where(alike, ranked[1], ranked[0]) / self._threshold / floor
        train = np.where(train < _CLEAR_TRAIN, _OUT_OF_TRAIN * train, 0.0)
        degrees = np.interp(spread, self._spreads, self._degrees)
        wider = energy_thresholds(self._deviate, degrees) * (1.0 / self._threshold)
        raised = np.maximum(wider * np.clip(unrest, 1.0, _UNREST_MAX), train)
        return np.array([floor, raised])

    def _follow(self, levels: list[float], spreads: list[float]) -> Samples:
        """Return floor and spread after each quarter second, shape (2, n_quarters)."""
        floor, spread = self._floor, self._spread
        after: list[tuple[float, float]] = []
        for level, now in zip(levels, spreads, strict=True):
            if len(self._start) < _START_QUARTERS:
                floor = self._begun(level)
            else:
                if level <= floor * _LIKE_NOISE:
                    spread *= 1 + _LEARN_SPREAD * (_TYPICAL - (now < spread))
                floor = _followed(floor, level, self._tone)
            after.append((floor, spread))
        self._spread = spread
        return np.array(after).T

    def _begun(self, level: float) -> float:
        """Return the floor after the first quarters: the quietest, as the others still hold hum."""
        self._start.append(level)
        return min(self._start) if len(self._start) == _START_QUARTERS else math.inf


def _followed(floor: float, level: float, tone: float) -> float:
    """Return the floor after a quarter second of this level."""
    if level * _LIKE_NOISE < floor:
        return max(level, 0.5 * floor)
    if level <= floor * _LIKE_NOISE:
        return floor + _FOLLOW * (level - floor)
    if floor < tone:
        return floor + _FOLLOW_TONE * (min(level, tone) - floor)
    return floor * _TRICKLE


_HOP_S, _N_HOPS = 0.5, 9
_RMS = 1 / 0.6745
"""Root mean square of normal noise over its median magnitude."""


class FrameNoise:
    """Median magnitude of every half second, as a root mean square.

    Parameters
    ----------
    frame_rate
        Hz.
    """

    def __init__(self, frame_rate: float) -> None:
        self._hops = Frames(round(_HOP_S * frame_rate), 2)
        self.reset()

    def reset(self) -> None:
        """Reset to the initial state."""
        self._hops.reset()
        self._medians: Samples | None = None
        self._level: Samples = np.full((2, 1), np.inf)

    def process(self, frames: Samples) -> Samples:
        """Return the RMS of the noise under the next frames, plain and smoothed, (2, n_frames)."""
        held = self._hops.n_left
        hops = self._hops.process(frames)
        each = self._level
        if hops.shape[1]:
            medians = _median(np.abs(hops)) * _RMS
            if self._medians is None:
                self._medians = np.repeat(medians[:, :1], _N_HOPS - 1, axis=1)
            last, self._medians = trailing_windows(self._medians, medians)
            # What may stand out is looked for above a noise whose rise is followed slowly, its fall
            # at once; what a shape may leave depends on the noise as it is.
            middle = np.sort(last[:, 1], axis=0)[_N_HOPS // 2]
            medians[1] = np.minimum(middle, medians[1])
            each = np.concatenate([each, medians], axis=1)
            self._level = each[:, -1:]
        return np.repeat(each, self._hops.length, axis=1)[:, held : held + frames.shape[1]]


def _median(rows: Samples) -> Samples:
    """Return the median over the last axis; three times as fast as NumPy's."""
    ranked = np.sort(rows, axis=-1)
    n = rows.shape[-1]
    median: Samples = 0.5 * (ranked[..., (n - 1) // 2] + ranked[..., n // 2])
    return median
