"""Stretches in which the noise is so high that nothing could be seen in it."""

import numpy as np

from myowatch.signal.bursts.bursts import BurstDetector
from myowatch.signal.bursts.time_scales import TimeScale
from myowatch.signal.dsp.spans import Span
from myowatch.signal.model.samples import Samples

# A stretch has ended when the noise's energy is by so much below the limit.
_ENDS = 0.8


class NoiseLimit:
    """Frames of the noise floor in, stretches of too much of it out.

    Parameters
    ----------
    limit
        RMS.
    frame
        Samples a frame.
    """

    def __init__(self, limit: float, frame: int) -> None:
        self._scale = TimeScale(BurstDetector(limit**2, _ENDS * limit**2), step=frame)

    def reset(self) -> None:
        """Forget the past."""
        self._scale.reset()

    @property
    def since(self) -> int | None:
        """Onset of the stretch that is going on; None when there is none."""
        return self._scale.open_since

    @property
    def earliest(self) -> int:
        """No stretch still to come begins before this sample."""
        return self._scale.earliest

    def process(self, floor: Samples, magnitude: Samples) -> list[Span]:
        """Take the next frames, both of shape (n_frames,); an unknown floor is not finite."""
        known = np.where(np.isfinite(floor), floor, 0.0)
        return list(map(self._scale.span, self._scale.process(known, magnitude, floor)))

    def flush(self) -> list[Span]:
        """End whatever is going on."""
        return list(map(self._scale.span, self._scale.flush()))
