"""Tells the rubbing of a cable that swings from a twitch: the baseline was swinging already.

A cable or a limb that moves shifts the electrode against the skin, slowly and by much, and what
rubs meanwhile makes brief bursts within the band of muscle. A twitch of a muscle at rest comes out
of a quiet baseline, or one that wanders no more than it did all the minute.
"""

import numpy as np

from myowatch.signal.frames import Frames
from myowatch.signal.heart_waves import Heart, silence
from myowatch.signal.recent import Recent
from myowatch.signal.samples import Samples

# Five periods of 50 Hz and six of 60, so that means hold no hum; a cable swings at 0.5 to 3 Hz.
_STEP_S = 0.1
# Steps before the burst: the motion that rubs is under way by then.
_LATELY = 3
_BEFORE_S, _LEAST_BEFORE = 60.0, 100
# Three quarters of the steps of the last minute were smaller: heart beats are in fewer of them.
_USUAL = 0.75
# One true twitch in five hundred comes while the baseline goes further than this.
_SWINGS = 2.2
# Of the burst's peak: a potential of 12 ms leaves an eighth of it in a mean over a step.
_LEAST = 0.12


class Swing:
    """Remembers how the raw baseline goes, in tenths of a second.

    Parameters
    ----------
    sampling_rate
        Hz.
    """

    def __init__(self, sampling_rate: float) -> None:
        self._length = max(round(_STEP_S * sampling_rate), 1)
        self._before = round(_BEFORE_S * sampling_rate)
        self._kept = 2 * self._before
        self._steps = Frames(self._length)
        self._baseline = Recent(self._length)
        self.reset()

    def reset(self) -> None:
        """Forget the past."""
        self._steps.reset()
        self._n_samples = 0
        self._baseline.reset()

    def process(self, samples: Samples) -> None:
        """Take the next raw samples, shape (n_samples, 1)."""
        steps = self._steps.process(samples[:, 0])
        self._baseline.append(self._n_samples, steps.sum(axis=1) * (1.0 / self._length))
        self._n_samples += steps.size
        self._baseline.forget(self._n_samples - self._kept)

    def swings(self, onset: int, offset: int, peak: float, heart: Heart = silence) -> bool:
        """Whether the baseline was swinging when something brief, of this peak, began."""
        begin = onset - onset % self._length - _LATELY * self._length
        baseline = self._baseline.between(begin, offset - self._length)
        at = begin + self._length * np.arange(len(baseline))
        baseline = baseline - heart(at, np.full(self._length, 1 / self._length))
        lately = np.abs(np.diff(baseline))
        if len(lately) < 2:  # noqa: PLR2004
            return False
        # The second largest: one alone is a step, or the burst itself.
        by = float(np.sort(lately)[-2])
        return by > _LEAST * peak and by > _SWINGS * self._usual(begin)

    def swings_throughout(self, onset: int, offset: int) -> bool:
        """Whether the baseline swings for much of what lasts."""
        steps = np.abs(np.diff(self._baseline.between(onset, offset)))
        return len(steps) > 0 and float(np.median(steps)) > _SWINGS * self._usual(onset)

    def _usual(self, before: int) -> float:
        """How far the baseline usually goes in a step; infinite while nobody knows."""
        past = np.abs(np.diff(self._baseline.between(before - self._before, before + 1)))
        return float(np.quantile(past, _USUAL)) if len(past) >= _LEAST_BEFORE else np.inf
