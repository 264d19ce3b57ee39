"""Distinguishes a loose electrode from a muscle: it has more hum than before.

A bad contact picks up many times the mains that a good one does, as a steady hum. A muscle may
have power at the harmonics of the mains as well, but it keeps no phase, and the mains canceller
finds none of it. How white the rest is does not tell: short polyphasic potentials are white too.
"""

import numpy as np

from myowatch.signal.dsp.frames import Frames
from myowatch.signal.dsp.history import RecentValues
from myowatch.signal.model.samples import Samples

_KEPT_S = 1200.0
# Hum of a good contact drifts, and steps by half when a lamp is switched on. It is known from the
# last minute, if that is long enough: the median, since some of it may have been bad already.
_BEFORE_S, _LEAST_BEFORE = 60.0, 25
_RISE = 2.2
# A lamp that was switched on during the five seconds before is not what makes an event.
_LAMP_BLOCKS, _RISE_SINCE = 25, 1.5
# Strong twitches in most of five blocks pass for hum, but not for longer.
_FOR_BLOCKS = 3
# A bad contact at least doubles the amplitude of the noise; three quarters of the blocks of the
# minute before were noisier than the quiet ones, of twitches or of the contact itself.
_NOISIER = 4.0
_QUIET = 0.25
# A hum far below what else there is says nothing of it; nor one that is not well above the noise.
_LEAST_HUM, _LEAST_OVER_NOISE = 0.3, 2.0
# What has not even a twentieth of the slope of white noise has its power below 20 Hz, where cables
# swing; potentials of 40 ms alone come near it.
_SLOW = 0.05
# Under a kilohertz the band ends where muscle does, and the slope says little.
_SLOW_FROM_HZ = 1000.0
_LEAST_BLOCKS = 4


class ElectrodeContact:
    """Keeps hum and spectral slope of the filtered signal, in steps of a fifth of a second.

    Parameters
    ----------
    block_length
        Samples a block, as the mains canceller has them.
    sampling_rate
        Hz.
    band
        Corner frequencies of the filter, Hz.
    """

    def __init__(self, block_length: int, sampling_rate: float, band: tuple[float, float]) -> None:
        self._length = block_length
        self._whole = Frames(block_length)
        self._kept = round(_KEPT_S * sampling_rate)
        self._before = round(_BEFORE_S * sampling_rate)
        low, high = (2 * np.pi * f / sampling_rate for f in band)
        # The mean of |1 - exp(-iw)|^2 over the band.
        white = float(2 - 2 * (np.sin(high) - np.sin(low)) / (high - low))
        self._slow = _SLOW * white if sampling_rate >= _SLOW_FROM_HZ else 0.0
        self._blocks = [RecentValues(block_length) for _ in range(3)]
        self.reset()

    def reset(self) -> None:
        """Reset to the initial state."""
        self._whole.reset()
        self._n_samples = 0
        for blocks in self._blocks:
            blocks.reset()

    def process(self, clean: Samples, hum: Samples) -> None:
        """Process the next filtered samples, and the amplitude of the hum in each block."""
        whole = self._whole.process(clean)
        step = whole[:, 1:] - whole[:, :-1]
        if not len(hum):  # Every harmonic lies above the band.
            hum = np.zeros(len(whole))
        values = hum, (whole * whole).sum(axis=1), (step * step).sum(axis=1)
        for blocks, value in zip(self._blocks, values, strict=True):
            blocks.append(self._n_samples, value)
            blocks.forget(self._n_samples - self._kept)
        self._n_samples += whole.size

    def is_bad(self, onset: int, offset: int) -> bool:
        """Return whether a long event is the noise of a bad contact."""
        hum, energy, _ = (blocks.between(onset, offset) for blocks in self._blocks)
        if len(hum) < _LEAST_BLOCKS:
            return False
        level = float((energy.mean() / self._length) ** 0.5)
        typical = float(np.median(hum))
        risen = self._has_risen(onset, typical, _LEAST_HUM * level)
        return risen and not self._was_lamp(onset, typical)

    def is_slow(self, onset: int, offset: int) -> bool:
        """Return whether a long event has its power where cables swing."""
        _, energy, step = (blocks.between(onset, offset) for blocks in self._blocks)
        if len(energy) < _LEAST_BLOCKS:
            return False
        return bool(step.sum() < self._slow * energy.sum())

    def _was_lamp(self, onset: int, hum: float) -> bool:
        """Return whether there was as much hum before, and no more noise than usual."""
        hums, energy = (
            blocks.between(onset - _LAMP_BLOCKS * self._length, onset)
            for blocks in self._blocks[:2]
        )
        quiet = not self._is_noisier(onset, float(energy.min()))
        return bool(hum < _RISE_SINCE * np.median(hums)) and quiet

    def hums(self, onset: int, floor: float) -> bool:
        """Return whether the contact was bad when something brief began, over noise of this RMS."""
        hum, energy, _ = (
            blocks.between(onset - _FOR_BLOCKS * self._length, onset) for blocks in self._blocks
        )
        if len(hum) < _FOR_BLOCKS:
            return False
        risen = self._has_risen(onset, float(hum.min()), _LEAST_OVER_NOISE * floor)
        return risen and self._is_noisier(onset, float(energy.min()))

    def _is_noisier(self, onset: int, energy: float) -> bool:
        """Whether there is more noise than usual: a lamp that is switched on only hums."""
        before = self._blocks[1].between(onset - self._before, onset)
        return bool(energy > _NOISIER * np.quantile(before, _QUIET))

    def _has_risen(self, onset: int, hum: float, least: float) -> bool:
        (past, *_) = self._blocks
        before = past.between(onset - self._before, onset)
        if len(before) < _LEAST_BEFORE or hum < least:
            return False
        return bool(hum > _RISE * np.median(before))
