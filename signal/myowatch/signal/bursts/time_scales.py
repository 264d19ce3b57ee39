"""Bursts on a brief and on a long time scale."""

from collections.abc import Sequence

import numpy as np

from myowatch.signal.bursts.bursts import Burst, BurstDetector
from myowatch.signal.dsp.frames import Frames, trailing_windows
from myowatch.signal.dsp.spans import Scale, Span
from myowatch.signal.model.samples import Samples


class TimeScale:
    """Finds bursts in frames, and returns them in samples since the reset.

    Parameters
    ----------
    detector
        With the thresholds.
    scale
        What the spans are said to be.
    step
        Samples per frame.
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
        """Reset to the initial state."""
        self._detector.reset()

    @property
    def n_frames(self) -> int:
        """Frames seen."""
        return self._detector.n_frames

    @property
    def earliest_frame(self) -> int:
        """Frame before which no later burst can begin."""
        return self._detector.earliest

    @property
    def n_samples(self) -> int:
        """Samples of the frames seen."""
        return self._detector.n_frames * self._step

    @property
    def open_since(self) -> int | None:
        """Onset of the current burst; None if there is none."""
        since = self._detector.open_since
        return None if since is None else since * self._step

    @property
    def earliest(self) -> int:
        """Sample before which no later span can begin."""
        return self._detector.earliest * self._step - self._early

    def process(self, level: Samples, magnitude: Samples, floor: Samples) -> list[Burst]:
        """Return the bursts that end within the next frames; all arrays have shape (n_frames,)."""
        return self._detector.process(level, magnitude, floor)

    def flush(self) -> list[Burst]:
        """End what is going on."""
        return self._detector.flush()

    def length(self, burst: Burst) -> int:
        """Return a burst's length in samples, both ends corrected; negative if it was too brief."""
        return (burst.end - burst.start) * self._step + self._early - self._late

    def span(self, burst: Burst, raised: float = 1.0) -> Span:
        """Return a burst as a span."""
        onset = max(burst.start * self._step - self._early, 0)
        offset = max(burst.end * self._step - self._late, onset + self._least)
        return Span(onset, offset, burst.peak, burst.floor, self._scale, raised)


def active_since(scales: Sequence[TimeScale], grouped_since: int | None) -> int | None:
    """Return the onset of the current activity on any scale or in a group; None at rest."""
    since = [grouped_since, *(scale.open_since for scale in scales)]
    return min((at for at in since if at is not None), default=None)


STEPS = 8
"""Steps in a window."""
_RANK = 2


class SustainedLevel:
    """Energy that a long sliding window holds most of the time.

    The window is cut into eight steps, and the third weakest of them speaks for it: a twitch of
    any size touches only a few, while a contraction fills them all.

    Parameters
    ----------
    frame_rate
        Frames a second.
    window_s
        Length of the window; it moves on by one step.
    evenness
        What holds less than this share of the strongest step most of the time does not last:
        strong twitches that follow each other closely ring into each other.
    """

    def __init__(self, frame_rate: float, window_s: float, evenness: float = 0.0) -> None:
        self._evenness = evenness
        self.step = max(round(window_s * frame_rate / STEPS), 1)
        self._steps = [Frames(self.step) for _ in range(3)]
        self.reset()

    def reset(self) -> None:
        """Reset to the initial state."""
        for steps in self._steps:
            steps.reset()
        self._past: Samples = np.zeros(STEPS - 1)

    def process(
        self, energy: Samples, magnitude: Samples, floor: Samples
    ) -> tuple[Samples, Samples, Samples]:
        """Process the next frames, all of shape (n_frames,).

        Returns
        -------
        for each step completed: the energy, the largest magnitude, the noise floor
        """
        frames = zip(self._steps, (energy, magnitude, floor), strict=True)
        energies, magnitudes, floors = (steps.process(values) for steps, values in frames)
        means = energies.sum(axis=1) * (1.0 / self.step)
        window, self._past = trailing_windows(self._past, means)
        ranked = np.sort(window, axis=0)
        level = np.where(ranked[_RANK] < self._evenness * ranked[-1], 0.0, ranked[_RANK])
        return level, magnitudes.max(axis=1), floors[:, 0]


# The slow window sees an edge late by half its length, but may put it back only so far, since
# twitches wait for it: a step and the look back together.
_WAIT_S = 0.064


class SustainedScale:
    """Finds bursts that last in frames of energy.

    Parameters
    ----------
    sampling_rate
        Hz.
    frame
        Samples per frame.
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
        """Reset to the initial state."""
        self._level.reset()
        self.scale.reset()

    def process(
        self, energy: Samples, magnitude: Samples, floor: Samples
    ) -> tuple[Samples, list[Burst]]:
        """Process the next frames, all of shape (n_frames,).

        Returns
        -------
        for each step completed its energy over the floor; bursts that are over
        """
        slow, largest, under = self._level.process(energy, magnitude, floor)
        slow = slow / np.maximum(under, self._least)
        return slow, self.scale.process(slow, largest, under)

    def flush(self) -> list[Burst]:
        """End what is going on."""
        return self.scale.flush()
