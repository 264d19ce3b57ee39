"""A three-axis accelerometer: from samples to energy in frames."""

import numpy as np

from myowatch.signal.accelerometer.taps import TapDetector
from myowatch.signal.dsp.filters import SosFilter, design_bandpass, design_lowpass, energy_delay
from myowatch.signal.dsp.frames import Frames, SlidingSum, frame_maxima, frame_sums
from myowatch.signal.model.events import Reason
from myowatch.signal.model.samples import AXES, Samples, Stream, squared_length
from myowatch.signal.model.settings import DetectionSettings

DEGREES = 4.0
"""Degrees of freedom of polarised noise, simulated: 3.8 to 4.5 in any band, at any rate."""
# Where nothing moves there is nothing to be divided by.
_TINY = 1e-30
_ELEMENTS = 6
"""Of a covariance matrix of three axes: three on the diagonal, and three beside it."""
# So many samples at once stay in a processor's cache, which makes the sums three times as fast.
_AT_ONCE = 4000


class PolarisedEnergy:
    """Energy of three axes in a band, of the part that moves along one line.

    The squares of the covariance matrix without its isotropic part, over its trace: all of the
    energy where it is along one line, none where it is the same in all directions.

    Parameters
    ----------
    sampling_rate, low, high
        Hz; `high` is lowered to 0.45 of the sampling rate.
    window_s
        Length of the window, rounded to a power of two of frames.
    frame
        Samples per frame.

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
        """Reset to the initial state."""
        self._band.reset()
        self._sum.reset()
        self._frames.reset()

    def process(self, samples: Samples) -> Samples:
        """Process the next samples, shape (n_samples, 3); mean square in frames, (n_frames,)."""
        axes = self._band.process(samples).T
        begins = range(0, len(samples), _AT_ONCE)
        energies = [self._polarised(axes[:, begin : begin + _AT_ONCE]) for begin in begins]
        return np.concatenate(energies) if energies else np.empty(0)

    def _polarised(self, axes: Samples) -> Samples:
        """Return the energy along one line of the next samples, shape (3, n_samples)."""
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


# Within this time a swing of 0.5, 1, 2 or 3 Hz changes by 0.8, 1.4, 2 or 1.4 times its amplitude.
_CHANGE_S = 0.25
# The square of a swing of 1 Hz has come and gone once.
_MOTION_WINDOW_S = 0.5

# A frame is as short as the rate allows, so that an onset is known to a few milliseconds.
_FRAME_S = 0.005
# Low, high, window and degrees of freedom: skin rings at 5 to 30 Hz. Of these bands one holds most
# of a twitch, while pulse and tremor of a limb at rest, which are strongest below 12 Hz, do not
# hide it in the others. There they come and go: in two real arms noise had 2.5 degrees of freedom.
# A window holds one to two waves at the middle of its band, so that energy does not follow a wave.
_BANDS = ((4.5, 14.0, 0.16, 2.5), (8.0, 28.0, 0.08, DEGREES), (14.0, 50.0, 0.08, DEGREES))


class SlowMotion:
    """Speed at which the slow acceleration changes; most of it is gravity.

    The change within a quarter second, as root mean square over half a second: a limb that swings
    at 0.5 to 3 Hz changes all the time, whatever moment one looks at.

    Parameters
    ----------
    sampling_rate, high
        Hz.
    every
        One value for so many samples.
    """

    def __init__(self, sampling_rate: float, high: float, *, every: int) -> None:
        sos = design_lowpass(high, order=2, sampling_rate=sampling_rate)
        self._slow = SosFilter(sos)
        self._every = every
        self._lag = max(round(_CHANGE_S * sampling_rate / every), 1)
        self._sum = SlidingSum(_MOTION_WINDOW_S * sampling_rate / every)
        self.lateness = energy_delay(sos, sampling_rate) + self._sum.length * every
        self.reset()

    def reset(self) -> None:
        """Reset to the initial state."""
        self._slow.reset()
        self._sum.reset()
        self._phase: int = 0
        self._past: Samples | None = None

    def process(self, samples: Samples) -> Samples:
        """Process the next samples, shape (n_samples, 3); change in g, shape (n_frames,)."""
        if not len(samples):
            return np.empty(0)
        slow = self._slow.process(samples).T
        picked = slow[:, (self._every - 1 - self._phase) % self._every :: self._every]
        self._phase = (self._phase + len(samples)) % self._every
        if self._past is None:
            self._past = np.repeat(samples[:1].T, self._lag, axis=1)
        known = np.concatenate([self._past, picked], axis=1)
        self._past = known[:, picked.shape[1] :]
        change = known[:, self._lag :] - known[:, : -self._lag]
        energy: Samples = self._sum.process(squared_length(change.T)) * (1.0 / self._sum.length)
        rms: Samples = np.sqrt(energy)
        return rms


class AccelerometerFront:
    """Removes gravity and posture, and returns energy in bands of what moves along one line.

    Parameters
    ----------
    stream
        Three axes.
    settings
        For the band of the magnitude and the limit of slow motion.
    """

    clean = None
    look_ahead = 0
    hop_s = 0.1
    """See `EmgFront.hop_s`; half of it, since the windows are longer."""

    def __init__(self, stream: Stream, settings: DetectionSettings) -> None:
        rate, own = stream.sampling_rate, settings.accelerometer
        self.frame = max(round(_FRAME_S * rate), 1)
        high = min(own.high, 0.45 * rate)
        sos = design_bandpass(own.low, high, order=2, sampling_rate=rate)
        self._whole = SosFilter(sos)
        self._frames = Frames(self.frame)
        self._bands = [
            PolarisedEnergy(rate, low, top, window_s=window_s, frame=self.frame)
            for low, top, window_s, _ in _BANDS
        ]
        self._motion = SlowMotion(rate, own.slow_high, every=self.frame)
        self._taps = TapDetector(rate, self.frame)
        self._slow_motion = own.slow_motion
        self.motion_lateness = self._motion.lateness
        # A twitch begins in the band that holds most of it, and is late by little more than in all.
        self.delay = energy_delay(sos, rate)
        self.lateness = self._bands[1].lateness
        whole = max(2 * AXES * (high - own.low) * self.frame / rate, 1.0)
        self.degrees = [*(degrees for *_, degrees in _BANDS), whole]
        self.widths = [*(band.width for band in self._bands), (high - own.low) / (rate / 2)]
        self.reset()

    def reset(self) -> None:
        """Reset to the initial state."""
        self._whole.reset()
        for band in self._bands:
            band.reset()
        self._motion.reset()
        self._taps.reset()
        self._frames.reset()

    def mains_hz(self, least: float) -> float | None:
        """None: an accelerometer has no mains hum."""
        return None

    def process(self, samples: Samples) -> tuple[Samples, Samples, Samples]:
        """Process the next samples, shape (n_samples, 3), and return frames.

        Returns
        -------
        energy of each band and of them all in the end, shape (n_bands, n_frames), in g squared;
        largest magnitude, (n_frames,), in g; slow motion in units of its limit, (n_frames,)
        """
        bands = [band.process(samples) for band in self._bands]
        whole, magnitude = self._in_frames(samples)
        self._taps.process(samples, whole)
        motion = self._motion.process(samples) * (1.0 / self._slow_motion)
        return np.array([*bands, whole]), magnitude, motion

    def explain(self, onset: int, offset: int, peak: float, floor: float) -> Reason | None:
        """Return why a brief burst is not a twitch; indices count from the reset."""
        return Reason.TAP if self._taps.is_tap(onset, offset) else None

    def is_loose(self, onset: int, offset: int) -> bool:
        """Return False: there is no electrode that could be loose."""
        return False

    def is_cramp(self, onset: int, offset: int, floor: float) -> bool:
        """Return True: vibration that lasts is enough."""
        return True

    def _in_frames(self, samples: Samples) -> tuple[Samples, Samples]:
        """Mean square and largest magnitude of the whole band."""
        frames = self._frames.process(squared_length(self._whole.process(samples)))
        return frame_sums(frames) * (1.0 / self.frame), np.sqrt(frame_maxima(frames))
