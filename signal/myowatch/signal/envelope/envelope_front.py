"""A rectified and smoothed EMG (an amplifier's envelope output): from samples to energy.

Smoothing has made everything brief a bump of a few tenths of a second: what lasts can be told,
twitches cannot.
"""

import numpy as np

from myowatch.signal.bursts.cramp_shape import CrampShape
from myowatch.signal.dsp.frames import Frames, frame_maxima, frame_sums
from myowatch.signal.model.events import Reason
from myowatch.signal.model.samples import Samples, Stream

# MyoWare smooths over some 0.1 s; finer steps show nothing more.
_FRAME_S = 0.05
# An envelope is never quieter than its converter's last counts: below, a rise is none.
_LEAST_COUNTS = 4.0
DEGREES = 64.0
"""Of the square of white noise, 20 to 450 Hz, rectified and smoothed over 0.14 s (simulated)."""


class LinearEnvelopeFront:
    """Mean square and largest value, in frames of 50 ms.

    Parameters
    ----------
    stream
        One channel.

    Attributes
    ----------
    least
        Mean square of the weakest level that is believed.
    """

    hop_s = 0.2
    look_ahead = delay = 0
    clean = None

    def __init__(self, stream: Stream) -> None:
        self.frame = max(round(_FRAME_S * stream.sampling_rate), 1)
        self.least = (_LEAST_COUNTS * stream.resolution) ** 2
        self._frames = Frames(self.frame)
        self._course = CrampShape(stream.sampling_rate)

    def reset(self) -> None:
        """Reset to the initial state."""
        self._frames.reset()
        self._course.reset()

    def mains_hz(self, least: float) -> None:
        """None: rectified hum is a higher level, not hum."""
        del least

    def process(self, samples: Samples) -> tuple[Samples, Samples, None]:
        """Return energy and magnitude in frames; motion is None."""
        level = samples[:, 0]
        self._course.process(level)
        frames = self._frames.process(level)
        energy = frame_sums(frames * frames) * (1.0 / self.frame)
        return energy, frame_maxima(np.abs(frames)), None

    def explain(self, onset: int, offset: int, peak: float, floor: float) -> Reason | None:
        """Return None: nothing brief is found in an envelope."""
        del onset, offset, peak, floor
        return None

    def is_loose(self, onset: int, offset: int) -> bool:
        """Return False: in an envelope, a bad contact looks like any other level."""
        del onset, offset
        return False

    def is_cramp(self, onset: int, offset: int, floor: float) -> bool:
        """Return whether an event that is long enough for a cramp swells and fades like one."""
        return self._course.is_cramp(onset, offset, floor)
