"""How strong the noise is, from the quiet part of each quarter second.

A low quantile does not see twitches. Small changes are followed slowly; a fall is followed at
once; a rise beyond what noise does by itself is taken for muscle and may lift the floor by no
more than a trickle, so that a cramp cannot carry it away.
"""

import numpy as np
from scipy.special import chdtri

from myowatch.signal.samples import Samples

QUARTER_S = 0.25
_QUANTILE = 0.35
_START_QUARTERS = 4
# Energies a quarter: like noise within a factor of 1.8 (2.5 dB); follow 6 % of the way; trickle
# 0.1 dB a second, which a 90 s cramp turns into 9 dB, far less than it rises by itself.
_LIKE_NOISE = 1.8
_FOLLOW = 0.06
_TRICKLE = 10 ** (0.1 * QUARTER_S / 10)


class NoiseFloor:
    """Noise energy under each frame, known from whole quarter seconds before it.

    Parameters
    ----------
    frame_rate
        Frames a second.
    window
        Frames in the window that the energies were taken over.
    degrees
        Degrees of freedom of such an energy when the signal is noise.
    least
        Mean square below which no floor is believed (that of the quantisation).
    """

    def __init__(self, frame_rate: float, window: int, degrees: float, least: float) -> None:
        self._quarter = max(round(QUARTER_S * frame_rate), 1)
        self._stride = max(min(window, self._quarter // 4), 1)
        n_picked = len(range(0, self._quarter, self._stride))
        self._rank = int(_QUANTILE * n_picked)
        # The rank's mean position, (rank + 1) / (n + 1), turned into noise energy.
        position = (self._rank + 1) / (n_picked + 1)
        self._unbias = float(degrees / chdtri(degrees, 1 - position))
        self._least = least
        self.reset()

    @property
    def energy(self) -> float:
        """Mean square of the noise now, infinite as long as it is unknown."""
        return self._floor

    def process(self, energy: Samples) -> Samples:
        """Noise energy for each of the next frames; same shape, infinite while unknown."""
        held = len(self._tail)
        known = np.concatenate([self._tail, energy])
        n_whole = len(known) // self._quarter
        floors = [self._floor]
        if n_whole:
            whole = known[: n_whole * self._quarter].reshape(n_whole, self._quarter)
            ranked = np.sort(whole[:, :: self._stride], axis=1)[:, self._rank] * self._unbias
            for level in ranked.tolist():
                self._follow(level)
                floors.append(self._floor)
        self._tail = known[n_whole * self._quarter :]
        return np.repeat(np.array(floors), self._quarter)[held : held + len(energy)]

    def resume(self) -> None:
        """Begin again after a short gap, with the floor known before it."""
        self._tail = np.empty(0)

    def reset(self) -> None:
        """Forget the past."""
        self._tail = np.empty(0)
        self._start: list[float] = []
        self._floor = np.inf

    def _follow(self, level: float) -> None:
        level = max(level, self._least)
        if len(self._start) < _START_QUARTERS:
            self._start.append(level)
            self._floor = sorted(self._start)[(len(self._start) - 1) // 2]
        elif level > self._floor * _LIKE_NOISE:
            self._floor *= _TRICKLE
        elif level * _LIKE_NOISE < self._floor:
            self._floor = max(level, 0.5 * self._floor)
        else:
            self._floor += _FOLLOW * (level - self._floor)
