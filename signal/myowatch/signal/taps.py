"""Tells a tap on what the limb rests on from a twitch: hard things ring higher than skin.

The skin over a twitching muscle moves at 5 to 30 Hz. A knock on a bed or a table reaches the
sensor through bone and frame, and has most of its energy above that.
"""

from collections import deque

import numpy as np
from scipy.signal import sosfilt, sosfilt_zi

from myowatch.signal.filters import design_bandpass
from myowatch.signal.samples import Samples

_LOW_HZ, _SPLIT_HZ, _HIGH_HZ = 5.0, 45.0, 150.0
_LEAST_WIDTH_HZ = 15.0
# Share of the energy above the split. A unit that rings at 30 Hz for a twentieth of a second has
# up to 0.35 there, since it begins abruptly; four knocks in five have more than 0.4.
_TAP_SHARE = 0.4
# Before a burst there is this much of noise to be subtracted, after half as much for the filters.
_NOISE_S = 0.25
_SETTLE_S = 0.125
# A burst waits for a flat line of up to ten seconds beside it before it is judged.
_KEPT_S = 15.0


class TapMemory:
    """Remembers the last seconds of raw acceleration, and looks at it when asked.

    Parameters
    ----------
    sampling_rate
        Hz; under 135 Hz too little is left above the split, and nothing is taken for a tap.
    """

    def __init__(self, sampling_rate: float) -> None:
        high = min(_HIGH_HZ, 0.45 * sampling_rate)
        self._sections: list[tuple[Samples, Samples]] = []
        if high > _SPLIT_HZ + _LEAST_WIDTH_HZ:
            for low in (_LOW_HZ, _SPLIT_HZ):
                sos = design_bandpass(low, high, order=2, sampling_rate=sampling_rate)
                self._sections.append((sos, sosfilt_zi(sos)[:, :, np.newaxis]))
        self._noise = round(_NOISE_S * sampling_rate)
        self._settle = round(_SETTLE_S * sampling_rate)
        self._n_kept = round(_KEPT_S * sampling_rate)
        self.reset()

    def reset(self) -> None:
        """Forget the past."""
        self._blocks: deque[Samples] = deque()
        self._first = 0
        self._n_samples = 0

    def process(self, samples: Samples) -> None:
        """Take the next raw samples, shape (n_samples, 3)."""
        if not len(samples):
            return
        self._blocks.append(samples.copy())
        self._n_samples += len(samples)
        while self._first + len(self._blocks[0]) < self._n_samples - len(samples) - self._n_kept:
            self._first += len(self._blocks.popleft())

    def share(self, onset: int, offset: int) -> float:
        """Share of a burst's energy above the split; 0 where it cannot be told."""
        begin = onset - self._noise - self._settle
        if not self._sections or begin < self._first:
            return 0.0
        part = np.concatenate(list(self._blocks))[begin - self._first : offset - self._first]
        energies = [self._energy(part, sos, steady) for sos, steady in self._sections]
        return energies[1] / energies[0] if energies[0] > 0 else 0.0

    def is_tap(self, onset: int, offset: int) -> bool:
        """Whether most of what happened between two samples since reset is above the split."""
        return self.share(onset, offset) > _TAP_SHARE

    def _energy(self, part: Samples, sos: Samples, steady: Samples) -> float:
        """Energy of the burst in the band, without that of the noise before it."""
        band, _ = sosfilt(sos, part, axis=0, zi=steady * part[0])
        power = (band**2).sum(axis=1)
        edge = self._settle + self._noise
        noise = power[self._settle : edge].mean()
        return max(float((power[edge:] - noise).sum()), 0.0)
