"""How strongly a limb trembles at rest, in several bands.

A low quantile of the last seconds does not see twitches. It is followed down at once, and up
within some decibels; a rise beyond that is taken for muscle until it has lasted longer than a
cramp does.

Tremor and pulse are neither white nor the same in all directions, and spread wider than their
band lets one think. How wide is learnt from two quantiles, which twitches do not reach often, and
expressed as degrees of freedom.
"""

from collections.abc import Sequence
from itertools import accumulate

import numpy as np
from scipy.special import chdtri

from myowatch.signal.bursts.bursts import energy_threshold
from myowatch.signal.dsp.frames import Frames, trailing_windows
from myowatch.signal.model.samples import Samples

STEP_S = 1.0
"""The floor under a second is known from whole seconds before it."""
# Eight seconds hold two breaths and some pulses; picks are an eighth of a second apart, so that the
# windows of the energies hardly overlap.
_STEPS = 8
_PICKS = 8
# Twitches that fill half of the time leave the weakest fifth to the noise; those that fill less
# than a fifth leave the upper one to it too.
_LOW, _HIGH = 0.2, 0.8
# What has lasted for longer than a cramp (90 s) is background, however strong. What is weaker than
# a count is no measure of noise, but a sensor that rests on one.
_LASTING = 120
# Twitches in a row widen the spread that is seen: it is followed down in seconds, up in minutes.
_NARROWER, _WIDER, _WIDER_MAX = 1 / 8, 1 / 60, 1.2
# As few as pulse and tremor had in two real arms, below 14 Hz.
_LEAST_DEGREES = 2.5


class RestFloor:
    """Energy of each band that a burst must exceed.

    Parameters
    ----------
    frame_rate
        Frames a second.
    degrees
        Degrees of freedom of each band's energy if it were white noise.
    follow
        Rise of each band's energy that is followed at once, as a factor.
    least
        Energy of each band below which no floor is believed (that of the quantisation).
    deviate
        How far above the noise a burst must rise, see `energy_threshold`.
    """

    def __init__(
        self,
        frame_rate: float,
        degrees: Sequence[float],
        *,
        follow: Sequence[float],
        least: Sequence[float],
        deviate: float,
    ) -> None:
        self._steps = Frames(round(STEP_S * frame_rate), len(degrees))
        self._stride = max(self._steps.length // _PICKS, 1)
        self._n_picked = len(range(0, self._steps.length, self._stride))
        n = self._n_picked * _STEPS
        self._ranks = [int(share * n) for share in (_LOW, _HIGH)]
        self._least = np.array(least)[:, np.newaxis]
        self._rise = np.array(follow)[:, np.newaxis]
        places = [1 - (rank + 1) / (n + 1) for rank in self._ranks]
        self._unbias = np.array([[d / chdtri(d, places[0])] for d in degrees])
        self._grids = [_spread_grid(d, places, deviate) for d in degrees]
        self.reset()

    def reset(self) -> None:
        """Reset to the initial state."""
        n_bands = len(self._grids)
        self._steps.reset()
        self._past: Samples | None = None
        self._floor = np.full((n_bands, 1), np.inf)
        self._levels = np.full((n_bands, _LASTING - 1), np.inf)
        self._spread = [float(spreads[len(spreads) // 2]) for spreads, _ in self._grids]
        self._over = np.ones((n_bands, 1))

    def resume(self) -> None:
        """Resume after a short gap, with the floor known before it."""
        self._steps.reset()

    @property
    def bands(self) -> Samples:
        """Noise energy of each band now, infinite while it is unknown."""
        return self._floor[:, 0]

    def process(self, energy: Samples) -> tuple[Samples, Samples]:
        """Process the next energies, shape (n_bands, n_frames).

        Returns
        -------
        energy that a burst must exceed, of the same shape, and the noise energy of the last band,
        shape (n_frames,); both infinite while unknown
        """
        under = slice(self._steps.n_left, self._steps.n_left + energy.shape[1])
        steps = self._steps.process(energy)
        floor, over = self._floor, self._over
        if steps.shape[1]:
            learnt = self._learn(steps[:, :, :: self._stride])
            floor = np.concatenate([floor, learnt[0]], axis=1)
            over = np.concatenate([over, learnt[1]], axis=1)
            self._floor, self._over = floor[:, -1:], over[:, -1:]
        each = np.repeat(np.concatenate([floor * over, floor[-1:]]), self._steps.length, axis=1)
        return each[:-1, under], each[-1, under]

    def _learn(self, picked: Samples) -> tuple[Samples, Samples]:
        """Return floor and threshold after some steps, from (n_bands, n_steps, n_picked)."""
        picked = picked.swapaxes(1, 2)
        if self._past is None:
            # The windows fill in the first half of the first second.
            half = picked[:, self._n_picked // 2 :, :1]
            first = np.concatenate([half, half], axis=1)[:, : self._n_picked]
            picked = np.concatenate([first, picked[:, :, 1:]], axis=2)
            self._past = np.repeat(first, _STEPS - 1, axis=2)
        windows, self._past = trailing_windows(self._past, picked)
        n_bands, _, n_steps = picked.shape
        rows = windows.transpose(1, 3, 0, 2).reshape(n_bands, n_steps, -1)
        low, high = np.moveaxis(np.sort(rows, axis=2)[:, :, self._ranks], 2, 0)
        spread = np.maximum(high, self._least) / np.maximum(low, self._least)
        return self._follow(low * self._unbias), self._spread_over(spread)

    def _follow(self, level: Samples) -> Samples:
        """Return the floor at these levels, shape (n_bands, n_steps)."""
        measured = np.where(level > self._least, level, np.inf)
        known = np.concatenate([self._levels, measured], axis=1)
        self._levels = known[:, level.shape[1] :]
        lowest = np.lib.stride_tricks.sliding_window_view(known, _LASTING, axis=1).min(axis=2)
        floor: Samples = np.maximum(np.minimum(level, lowest * self._rise), self._least)
        return floor

    def _spread_over(self, spread: Samples) -> Samples:
        """Return the thresholds over the floor as spreads are learnt, (n_bands, n_steps)."""
        over = np.empty_like(spread)
        for band, (spreads, thresholds) in enumerate(self._grids):
            learnt = list(accumulate(spread[band].tolist(), _learnt, initial=self._spread[band]))
            self._spread[band] = learnt[-1]
            over[band] = np.interp(learnt[1:], spreads, thresholds)
        return over


def _learnt(spread: float, now: float) -> float:
    if now < spread:
        return spread + _NARROWER * (now - spread)
    return spread + _WIDER * (min(now, _WIDER_MAX * spread) - spread)


def _spread_grid(
    degrees: float, places: Sequence[float], deviate: float
) -> tuple[Samples, Samples]:
    """Return spreads of noise, from that of `degrees` up, and the threshold for each."""
    grid = np.geomspace(min(_LEAST_DEGREES, degrees), degrees, 40)[::-1]
    spreads = np.asarray(chdtri(grid, places[1]) / chdtri(grid, places[0]), dtype=np.float64)
    return spreads, np.array([energy_threshold(deviate, float(d)) for d in grid])
