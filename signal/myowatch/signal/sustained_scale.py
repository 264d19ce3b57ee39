"""The time scale of what lasts: bursts of a long window's energy over the noise floor."""

import numpy as np

from myowatch.signal.burst import Burst, BurstDetector
from myowatch.signal.samples import Samples
from myowatch.signal.spans import Scale
from myowatch.signal.sustained import STEPS, SustainedLevel
from myowatch.signal.time_scale import TimeScale

# The slow window sees an edge late by half its length, but may put it back only so far, since
# twitches wait for it: a step and the look back together.
_WAIT_S = 0.064


class SustainedScale:
    """Frames of energy in, bursts that last out.

    Parameters
    ----------
    sampling_rate
        Hz.
    frame
        Samples a frame.
    window_s, evenness
        See `SustainedLevel`.
    high, low
        Energies over the noise floor at which a burst begins and ends.
    tone
        Mean square that a burst reaches at least.

    Attributes
    ----------
    scale
        Where the bursts are.
    step
        Frames a step of the window.
    """

    def __init__(
        self,
        sampling_rate: float,
        frame: int,
        *,
        window_s: float,
        high: float,
        low: float,
        tone: float,
        evenness: float = 0.0,
    ) -> None:
        self._level = SustainedLevel(sampling_rate / frame, window_s, evenness)
        self._least = tone / high
        self.step = self._level.step
        self.scale = TimeScale(
            BurstDetector(high, low),
            Scale.SUSTAINED,
            step=self.step * frame,
            early=round((_WAIT_S - window_s / STEPS) * sampling_rate),
            late=round(window_s * sampling_rate / 2),
            least=frame,
        )

    def reset(self) -> None:
        """Forget the past."""
        self._level.reset()
        self.scale.reset()

    def process(
        self, energy: Samples, magnitude: Samples, floor: Samples
    ) -> tuple[Samples, list[Burst]]:
        """Take the next frames, all of shape (n_frames,).

        Returns
        -------
        for each step completed its energy over the floor; bursts that are over
        """
        slow, largest, under = self._level.process(energy, magnitude, floor)
        slow = slow / np.maximum(under, self._least)
        return slow, self.scale.process(slow, largest, under)

    def flush(self) -> list[Burst]:
        """End whatever is going on."""
        return self.scale.flush()
