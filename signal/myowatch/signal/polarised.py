"""Energy of what moves in one direction: the skin over a twitch does, noise and tremor do less."""

import numpy as np

from myowatch.signal.filters import SosFilter, design_bandpass, energy_delay
from myowatch.signal.frames import Frames, frame_sums
from myowatch.signal.samples import AXES, Samples
from myowatch.signal.sliding import SlidingSum

DEGREES = 4.0
"""Degrees of freedom of polarised noise, simulated: 3.8 to 4.5 in any band, at any rate."""
# Where nothing moves there is nothing to be divided by.
_TINY = 1e-30
_ELEMENTS = 6
"""Of a covariance matrix of three axes: three on the diagonal, and three beside it."""
# So many samples at once stay in a processor's cache, which makes the sums three times as fast.
_AT_ONCE = 4000


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
        self._frames = Frames(frame, _ELEMENTS)
        self._sum = SlidingSum(window_s * sampling_rate / frame, _ELEMENTS)
        window = self._sum.length * frame
        self._scale = 1.5 / window
        self.delay = energy_delay(sos, sampling_rate)
        self.lateness = self.delay + window - frame
        self.width = (high - low) / (sampling_rate / 2)
        self.reset()

    def reset(self) -> None:
        """Forget the past."""
        self._band.reset()
        self._sum.reset()
        self._frames.reset()

    def process(self, samples: Samples) -> Samples:
        """Take the next samples, shape (n_samples, 3); mean square in frames, (n_frames,)."""
        axes = self._band.process(samples).T
        begins = range(0, len(samples), _AT_ONCE)
        energies = [self._polarised(axes[:, begin : begin + _AT_ONCE]) for begin in begins]
        return np.concatenate(energies) if energies else np.empty(0)

    def _polarised(self, axes: Samples) -> Samples:
        """Energy of the next samples, shape (3, n_samples), as far as it is along one line."""
        products = np.empty((_ELEMENTS, axes.shape[1]))
        np.multiply(axes, axes, out=products[:3])
        np.multiply(axes[0], axes[1:], out=products[3:5])
        np.multiply(axes[1], axes[2], out=products[5])
        covariance = self._sum.process(frame_sums(self._frames.process(products)))
        trace = covariance[0] + covariance[1] + covariance[2]
        squares = covariance * covariance
        on, off = squares[0] + squares[1] + squares[2], squares[3] + squares[4] + squares[5]
        # Rounding may leave a little less than nothing; an axis that stands still has no energy.
        deviating = np.maximum(on + 2 * off - trace * trace * (1 / AXES), 0.0)
        polarised: Samples = self._scale * deviating / np.maximum(trace, _TINY)
        return polarised
