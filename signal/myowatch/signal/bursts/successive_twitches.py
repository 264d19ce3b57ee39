"""Twitches in quick succession ring into each other in the filters: taken apart again."""

from dataclasses import replace

import numpy as np

from myowatch.signal.bursts.bursts import Burst
from myowatch.signal.dsp.history import Recent
from myowatch.signal.model.samples import Samples

# A burst is taken apart if it is longer than one twitch and no longer than several, and noise was
# met again soon.
_SHORTEST_S, _LONGEST_S = 0.25, 2.0
# And if the limb stayed under this share of the limit of motion: a knock begins many a movement.
_STILL = 0.25


class Succession:
    """Remembers the last seconds, and looks at them when a burst has ended.

    Parameters
    ----------
    frame_rate
        Frames a second.
    high, low, share
        Of the `BurstDetector` that found the burst.
    """

    def __init__(self, frame_rate: float, high: float, low: float, share: float) -> None:
        self._shortest = round(_SHORTEST_S * frame_rate)
        self._longest = round(_LONGEST_S * frame_rate)
        self._high, self._low, self._share = high, low, share
        self._level, self._motion = Recent(), Recent()
        self.reset()

    def reset(self) -> None:
        """Forget the past."""
        self._level.reset()
        self._motion.reset()
        self._n_frames = 0

    def process(self, level: Samples, motion: Samples) -> None:
        """Take the next frames, each of shape (n_frames,)."""
        for recent, values in ((self._level, level), (self._motion, motion)):
            recent.append(self._n_frames, values)
            # A burst that ends in these frames began at most twice the longest before them.
            recent.forget(self._n_frames - 2 * self._longest)
        self._n_frames += len(level)

    def apart(self, burst: Burst) -> list[Burst]:
        """Give the parts of a burst that stand out from it, or the burst if it is of one piece."""
        length = burst.end - burst.start
        if not self._shortest <= length <= self._longest:
            return [burst]
        level = self._level.between(burst.start, burst.end + self._longest)
        after = np.flatnonzero(level[length:] <= self._low)
        if not len(after):
            return [burst]
        moved = self._motion.between(burst.start, burst.end + int(after[0]))
        if moved.max() > _STILL:
            return [burst]
        over = level[:length] > self._share * burst.top
        edges = np.flatnonzero(np.diff(over, prepend=False, append=False)).reshape(-1, 2).tolist()
        edges[0][0] = 0
        tops = [float(level[a:b].max()) for a, b in edges]
        return [
            replace(burst, start=burst.start + a, end=burst.start + b, top=top)
            for (a, b), top in zip(edges, tops, strict=True)
            if top > self._high
        ]
