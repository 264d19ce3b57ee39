"""One time scale on which activity is looked for, and where it puts what it finds."""

from collections.abc import Sequence

from myowatch.signal.burst import Burst, BurstDetector
from myowatch.signal.samples import Samples
from myowatch.signal.spans import Scale, Span


class TimeScale:
    """Finds bursts in frames and tells them in samples since the reset.

    Parameters
    ----------
    detector
        With the thresholds.
    scale
        What the spans are said to be.
    step
        Samples a frame.
    early, late
        Samples by which a burst begins and ends before it is seen to.
    least
        Samples that a span lasts at least.
    """

    def __init__(
        self,
        detector: BurstDetector,
        scale: Scale = Scale.BRIEF,
        *,
        step: int,
        early: int = 0,
        late: int = 0,
        least: int = 0,
    ) -> None:
        self._detector = detector
        self._scale = scale
        self._step = step
        self._early, self._late, self._least = early, late, least

    def reset(self) -> None:
        """Forget the past."""
        self._detector.reset()

    @property
    def n_frames(self) -> int:
        """Frames seen."""
        return self._detector.n_frames

    @property
    def earliest_frame(self) -> int:
        """No burst still to come begins before this frame."""
        return self._detector.earliest

    @property
    def n_samples(self) -> int:
        """Samples of the frames seen."""
        return self._detector.n_frames * self._step

    @property
    def open_since(self) -> int | None:
        """Onset of the burst that is going on, as it is seen; None when there is none."""
        since = self._detector.open_since
        return None if since is None else since * self._step

    @property
    def earliest(self) -> int:
        """No span still to come begins before this sample."""
        return self._detector.earliest * self._step - self._early

    def process(self, level: Samples, magnitude: Samples, floor: Samples) -> list[Burst]:
        """Bursts that are over within the next frames; all three of shape (n_frames,)."""
        return self._detector.process(level, magnitude, floor)

    def flush(self) -> list[Burst]:
        """End whatever is going on."""
        return self._detector.flush()

    def length(self, burst: Burst) -> int:
        """Count the samples of a burst, both ends put right; fewer than none if it was brief."""
        return (burst.end - burst.start) * self._step + self._early - self._late

    def span(self, burst: Burst, raised: float = 1.0) -> Span:
        """Where a burst was."""
        onset = max(burst.start * self._step - self._early, 0)
        offset = max(burst.end * self._step - self._late, onset + self._least)
        return Span(onset, offset, burst.peak, burst.floor, self._scale, raised)


def active_since(scales: Sequence[TimeScale], grouped_since: int | None) -> int | None:
    """Onset of the activity going on, on one of these scales or in a group; None if at rest."""
    since = [grouped_since, *(scale.open_since for scale in scales)]
    return min((at for at in since if at is not None), default=None)
