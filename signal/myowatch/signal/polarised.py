"""Energy of what moves in one direction: the skin over a twitch does, noise and tremor do less."""

from itertools import combinations_with_replacement

import numpy as np

from myowatch.signal.filters import SosFilter, design_bandpass, energy_delay
from myowatch.signal.samples import AXES, Samples
from myowatch.signal.sliding import SlidingSum

_PAIRS = tuple(combinations_with_replacement(range(AXES), 2))
DEGREES = 4.0
"""Degrees of freedom of polarised noise, simulated: 3.8 to 4.5 in any band, at any rate."""
_TINY = 1e-30


class PolarisedEnergy:
    """Energy of three axes in a band, as far as it is along one line.

    The squares of the covariance matrix without its isotropic part, over its trace: all of the
    energy where it is along one line, none where it is the same in all directions.

    Parameters
    ----------
    sampling_rate, low, high
        Hz; `high` is lowered to 0.45 of the sampling rate.
    window_s
        Length of the window, rounded to a power of two of frames.
    frame
        Samples a frame.

    References
    ----------
    Jurkevics 1988, Bull Seismol Soc Am 78:1725, for the covariance of three components.
    """

    def __init__(
        self, sampling_rate: float, low: float, high: float, *, window_s: float, frame: int
    ) -> None:
        high = min(high, 0.45 * sampling_rate)
        sos = design_bandpass(low, high, order=2, sampling_rate=sampling_rate)
        self._band = SosFilter(sos)
        self._frame = frame
        self._sum = SlidingSum(window_s * sampling_rate / frame, len(_PAIRS))
        window = self._sum.length * frame
        self._scale = 1.0 / window
        self.delay = energy_delay(sos, sampling_rate)
        self.lateness = self.delay + window - frame
        self.width = (high - low) / (sampling_rate / 2)
        self.reset()

    def reset(self) -> None:
        """Forget the past."""
        self._band.reset()
        self._sum.reset()
        self._tail: Samples = np.empty((0, AXES))

    def process(self, samples: Samples) -> Samples:
        """Take the next samples, shape (n_samples, 3); mean square in frames, (n_frames,)."""
        known = np.concatenate([self._tail, self._band.process(samples)])
        n_frames = len(known) // self._frame
        self._tail = known[n_frames * self._frame :]
        axes = np.ascontiguousarray(known[: n_frames * self._frame].T)
        products = np.stack([axes[i] * axes[j] for i, j in _PAIRS])
        frames = products[:, :: self._frame]
        for later in range(1, self._frame):
            frames = frames + products[:, later :: self._frame]
        covariance = self._sum.process(frames) * self._scale
        square, trace = np.zeros(n_frames), np.zeros(n_frames)
        for (i, j), element in zip(_PAIRS, covariance, strict=True):
            square += element * element if i == j else 2 * element * element
            if i == j:
                trace += element
        # Rounding may leave a little less than nothing; an axis that stands still has no energy.
        deviating = np.maximum(square - trace * trace * (1 / AXES), 0.0)
        polarised: Samples = 1.5 * deviating / np.maximum(trace, _TINY)
        return polarised
