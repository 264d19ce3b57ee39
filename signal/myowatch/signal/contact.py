"""Tells a loose electrode from a muscle: it hums, or it hums a little and its noise is white.

A muscle's power on the skin lies below 150 Hz, that of a bad contact at the mains' harmonics and,
as amplifier noise, up to the end of the band. Judged over a whole event, block by block.
"""

import numpy as np

from myowatch.signal.samples import Samples

_KEPT_S = 1200.0
# Contractions and cramps, real and simulated, have 8 to 17 % of their power at harmonics of 50 or
# 60 Hz. Most have at most 0.65 of the slope of white noise, but short polyphasic potentials reach
# or pass it: whiteness counts only beside more hum than muscle has.
_HUM = 0.24
_SOME_HUM = 0.175
_WHITE = 0.69
_LEAST_BLOCKS = 4
# Under a kilohertz the band ends where muscle does, and muscle looks white.
_WHITE_FROM_HZ = 1000.0


class Contact:
    """Remembers hum and colour of the filtered signal, in fifths of a second.

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
        self._n_kept = round(_KEPT_S * sampling_rate / block_length)
        low, high = (2 * np.pi * f / sampling_rate for f in band)
        # The mean of |1 - exp(-iw)|^2 over the band.
        white = 2 - 2 * (np.sin(high) - np.sin(low)) / (high - low)
        self._white = _WHITE * float(white) if sampling_rate >= _WHITE_FROM_HZ else np.inf
        self.reset()

    def reset(self) -> None:
        """Forget the past."""
        self._tail: Samples = np.empty((0, 2))
        self._blocks: Samples = np.empty((0, 2))
        self._n_blocks: int = 0

    def process(self, samples: Samples, clean: Samples, hum: Samples) -> None:
        """Take the next filtered samples, with hum and without, and the hum of each block."""
        known = np.concatenate([self._tail, np.stack([samples, clean], axis=1)])
        n_whole = len(known) // self._length
        whole = known[: n_whole * self._length].reshape(n_whole, self._length, 2)
        self._tail = known[n_whole * self._length :]
        if not n_whole:
            return
        raw, rest = np.ascontiguousarray(whole[:, :, 0]), np.ascontiguousarray(whole[:, :, 1])
        step = rest[:, 1:] - rest[:, :-1]
        scale = 1.0 / self._length
        if not len(hum):  # Every harmonic lies above the band.
            hum = np.zeros(n_whole)
        total = np.maximum((raw**2).sum(axis=1) * scale, 1e-12)
        slope = (step**2).sum(axis=1) / np.maximum((rest**2).sum(axis=1), 1e-12)
        self._n_blocks += n_whole
        self._blocks = np.concatenate([self._blocks, np.stack([hum / total, slope], axis=1)])
        self._blocks = self._blocks[-(self._n_kept + n_whole) :]

    def is_bad(self, onset: int, offset: int) -> bool:
        """Whether there is much hum between two samples, or some and the rest as white as noise."""
        first = self._n_blocks - len(self._blocks)
        begin = max(onset // self._length - first, 0)
        part = self._blocks[begin : offset // self._length - first]
        if len(part) < _LEAST_BLOCKS:
            return False
        hum, slope = np.median(part, axis=0)
        return bool(hum > _HUM or (hum > _SOME_HUM and slope > self._white))
