"""What a stream can tell of its recent past when an event of another stream is judged."""

import numpy as np

from myowatch.signal.recent import Recent
from myowatch.signal.samples import Samples, Stream


class Witness:
    """Remembers one stream until told to forget; times in seconds, that streams share.

    Parameters
    ----------
    stream
        Whose past it is.
    frame
        Samples a frame.
    """

    def __init__(self, stream: Stream, frame: int) -> None:
        self.stream = stream
        self._clean = Recent()
        self._level = Recent(frame)
        self._motion = Recent(frame)
        self.reset()

    def reset(self) -> None:
        """Forget everything."""
        for recent in (self._clean, self._level, self._motion):
            recent.reset()
        self._known = 0

    @property
    def known_s(self) -> float:
        """Everything before this has been told, or is missing."""
        return self._known / self.stream.sampling_rate

    def tell_samples(self, first: int, clean: Samples) -> None:
        """Keep filtered samples, shape (n_samples,), the first of which has this index."""
        self._clean.append(first, clean)

    def tell_frames(self, first: int, level: Samples, motion: Samples | None) -> None:
        """Keep frames, shape (n_frames,), that begin with this sample.

        `level` is energy over the threshold of a burst, `motion` the limb's slow motion over its
        limit.
        """
        self._level.append(first, level)
        if motion is not None:
            self._motion.append(first, motion)

    def tell_known(self, before: int) -> None:
        """Say that everything before this sample has been told, or will never come."""
        self._known = before

    def forget(self, before_s: float) -> None:
        """Let go what ends before this."""
        before = self._sample(before_s)
        for recent in (self._clean, self._level, self._motion):
            recent.forget(before)

    def clean(self, onset: int, offset: int) -> Samples | None:
        """Give the filtered samples [onset, offset), None if one of them is missing."""
        samples = self._clean.between(onset, offset)
        return samples if len(samples) == offset - onset else None

    def active(self, begin_s: float, end_s: float) -> float:
        """Share of this time during which there was more than noise."""
        return _share(self._level.between(self._sample(begin_s), self._sample(end_s)))

    def moved(self, begin_s: float, end_s: float) -> float:
        """Share of this time during which a limb moved."""
        return _share(self._motion.between(self._sample(begin_s), self._sample(end_s)))

    def _sample(self, second: float) -> int:
        return round(second * self.stream.sampling_rate)


def _share(values: Samples) -> float:
    return float(np.count_nonzero(values >= 1.0)) / len(values) if len(values) else 0.0
