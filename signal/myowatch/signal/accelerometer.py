"""A three-axis accelerometer up to the point where it is energy over time."""

import numpy as np

from myowatch.signal.envelope import Envelope
from myowatch.signal.events import Reason
from myowatch.signal.filters import SosFilter, design_bandpass, design_lowpass, energy_delay
from myowatch.signal.noise_floor import FloorHabits
from myowatch.signal.samples import AXES, Samples, Stream
from myowatch.signal.settings import DetectionSettings
from myowatch.signal.sliding import SlidingSum
from myowatch.signal.taps import TapMemory

SLOW_WINDOW_S = 0.512
# A twitch rings for longer than a quarter second, so that a single quarter is no lasting tone; a
# cramp's tremor begins faintly, and neither the floor nor a raised threshold may hide its waves.
FLOOR_HABITS = FloorHabits(follow_tone=0.1, outlier=1.5, unrest_max=1.0, typical=None)
_CHANGE_S = 0.25
_MOTION_WINDOW_S = 0.5


# What an arm at rest does is stronger at 5 Hz than at 50, and not the same on every axis: two real
# recordings have half the degrees of freedom of white noise.
_COLOUR = 0.5


class SlowMotion:
    """How fast the slow acceleration, gravity most of it, changes.

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
        """Forget the past."""
        self._slow.reset()
        self._sum.reset()
        self._phase: int = 0
        self._past: Samples | None = None

    def process(self, samples: Samples) -> Samples:
        """Take the next samples, shape (n_samples, 3); change in g, shape (n_frames,)."""
        if not len(samples):
            return np.empty(0)
        slow = self._slow.process(samples)
        picked = slow[(self._every - 1 - self._phase) % self._every :: self._every]
        self._phase = (self._phase + len(samples)) % self._every
        if self._past is None:
            self._past = np.repeat(samples[:1], self._lag, axis=0)
        known = np.concatenate([self._past, picked])
        self._past = known[len(known) - self._lag :]
        change = known[self._lag :] - known[: -self._lag]
        square = change[:, 0] ** 2 + change[:, 1] ** 2 + change[:, 2] ** 2
        energy: Samples = self._sum.process(square) * (1.0 / self._sum.length)
        rms: Samples = np.sqrt(energy)
        return rms


class AccelerometerFront:
    """Gravity and posture out, energy of the vector.

    Parameters
    ----------
    stream
        Three axes.
    settings
        For the band and the window.
    """

    clean = None
    heart = None
    look_ahead = 0

    def __init__(self, stream: Stream, settings: DetectionSettings) -> None:
        rate, own = stream.sampling_rate, settings.accelerometer
        high = min(own.high, 0.45 * rate)
        sos = design_bandpass(own.low, high, order=2, sampling_rate=rate)
        self._band = SosFilter(sos)
        self.envelope = Envelope(rate, own.window_s)
        self._motion = SlowMotion(rate, own.slow_high, every=self.envelope.frame)
        self._taps = TapMemory(rate)
        self._slow_motion = own.slow_motion
        self.motion_lateness = self._motion.lateness
        self.delay = energy_delay(sos, rate)
        window_s = self.envelope.window / self.envelope.frame_rate
        self.degrees = max(_COLOUR * AXES * 2 * (high - own.low) * window_s, 1.0)

    def reset(self) -> None:
        """Forget the past."""
        self._band.reset()
        self.envelope.reset()
        self._motion.reset()
        self._taps.reset()

    def mains_hz(self, least: float) -> float | None:
        """No accelerometer hears the mains."""
        return None

    def process(self, samples: Samples) -> tuple[Samples, Samples, Samples]:
        """Energy and magnitude in frames, see `Envelope`; slow motion in units of its limit."""
        self._taps.process(samples)
        motion = self._motion.process(samples) * (1.0 / self._slow_motion)
        return *self.envelope.process(self._band.process(samples)), motion

    def explain(self, onset: int, offset: int, peak: float) -> Reason | None:
        """Why a brief burst, samples since reset, is no twitch."""
        return Reason.TAP if self._taps.is_tap(onset, offset) else None

    def is_loose(self, onset: int, offset: int) -> bool:
        """No electrode, no bad contact."""
        return False
