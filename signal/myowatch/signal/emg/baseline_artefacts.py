"""Electrode pops and swinging cables: artefacts that move the baseline."""

from itertools import combinations
from statistics import median

import numpy as np

from myowatch.signal.dsp.frames import Frames
from myowatch.signal.dsp.history import KeptSignal, RecentValues
from myowatch.signal.heart.heart_waves import Heart, no_heart
from myowatch.signal.model.samples import Samples

# Two moving averages, one over a period of 50 Hz and one of 60 Hz, remove the mains.
_PERIODS_S = (1 / 50, 1 / 60)
# After a burst the signal is given this long to come back, and is then averaged twice in a row.
_COMES_BACK_S = 0.013
# Before it the baseline may wander: a line through so many averages tells where it was going, and
# a heart beat in one of them does not bend it.
_N_BEFORE = 5
# A burst is judged up to 20 s after its end (see `heart_waves`), and the line before it is short.
_KEPT_S = 22.0
# A step keeps at least this share of the burst's height, and some of it for longer, even where it
# decays within 50 ms; a potential is over by then, and a heart beat comes and goes.
_POP_STEP, _POP_LATER = 0.5, 0.2
# It does not go on growing, as the T wave does that follows a heart beat.
_POP_GROWS = 1.2


class ElectrodePops:
    """Keeps the last seconds of the raw signal, and finds steps in it on request.

    Parameters
    ----------
    sampling_rate
        Hz.
    """

    def __init__(self, sampling_rate: float) -> None:
        first, second = (np.ones(max(round(s * sampling_rate), 1)) for s in _PERIODS_S)
        weights = np.convolve(first, second)
        self._weights: Samples = weights / weights.sum()
        self._pause = round(_COMES_BACK_S * sampling_rate)
        self._raw = KeptSignal(round(_KEPT_S * sampling_rate))

    def reset(self) -> None:
        """Reset to the initial state."""
        self._raw.reset()

    def process(self, samples: Samples) -> None:
        """Process the next raw samples, shape (n_samples, 1)."""
        self._raw.put(samples[:, 0])

    @property
    def look_ahead(self) -> int:
        """Samples that must be known after a burst."""
        return self._pause + 2 * len(self._weights)

    def is_step(self, onset: int, offset: int, peak: float, heart: Heart = no_heart) -> bool:
        """Return whether the signal stays away after a burst by much of the burst's height."""
        length = len(self._weights)
        begin, after = onset - _N_BEFORE * length, offset + self._pause
        if begin < self._raw.first or after + 2 * length > self._raw.end:
            return False
        at = np.array([begin + i * length for i in range(_N_BEFORE)] + [after, after + length])
        levels = self._raw.means(at, self._weights) - heart(at, self._weights)
        slope, level = _line(levels[:_N_BEFORE].tolist())
        away = (levels - level - slope * (at - begin) / length)[_N_BEFORE:].tolist()
        stays = min(abs(away[0]) / _POP_STEP, abs(away[1]) / _POP_LATER) >= peak
        return bool(stays and 0 < away[1] / away[0] < _POP_GROWS)


def _line(levels: list[float]) -> tuple[float, float]:
    """Return slope and first level of the line through most pairs of levels (Theil and Sen)."""
    pairs = combinations(enumerate(levels), 2)
    slope = median([(later - level) / (j - i) for (i, level), (j, later) in pairs])
    return slope, median([level - slope * i for i, level in enumerate(levels)])


# Five periods of 50 Hz and six of 60, so that means hold no hum; a cable swings at 0.5 to 3 Hz.
_STEP_S = 0.1
# Steps before the burst: the motion that rubs is under way by then.
_LATELY, _LEAST_STEPS = 3, 3
_BEFORE_S, _LEAST_BEFORE = 60.0, 100
# Three quarters of the steps of the last minute were smaller: heart beats are in fewer of them.
_USUAL = 0.75
# One true twitch in five hundred comes while the baseline goes further than this.
_SWINGS = 2.2
# Of the burst's peak: a potential of 12 ms leaves an eighth of it in a mean over a step.
_LEAST = 0.12


class CableSwing:
    """Follows the raw baseline in steps of a tenth of a second.

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
        self._baseline = RecentValues(self._length)
        self.reset()

    def reset(self) -> None:
        """Reset to the initial state."""
        self._steps.reset()
        self._n_samples = 0
        self._baseline.reset()

    def process(self, samples: Samples) -> None:
        """Process the next raw samples, shape (n_samples, 1)."""
        steps = self._steps.process(samples[:, 0])
        self._baseline.append(self._n_samples, steps.sum(axis=1) * (1.0 / self._length))
        # Counted from before these samples: however long a block is, what came before it stays.
        self._baseline.forget(self._n_samples - self._kept)
        self._n_samples += steps.size

    def swings(self, onset: int, offset: int, peak: float, heart: Heart = no_heart) -> bool:
        """Return whether the baseline was swinging when a brief event of this peak began."""
        begin = onset - onset % self._length - _LATELY * self._length
        baseline = self._baseline.between(begin, offset - self._length)
        if len(baseline) < _LEAST_STEPS:
            return False
        at = begin + self._length * np.arange(len(baseline))
        baseline = baseline - heart(at, np.full(self._length, 1 / self._length))
        lately = np.abs(np.diff(baseline))
        # The second largest: one alone is a step, or the burst itself.
        by = float(np.sort(lately)[-2])
        return by > _LEAST * peak and by > _SWINGS * self._usual(begin)

    def swings_throughout(self, onset: int, offset: int) -> bool:
        """Return whether the baseline swings for much of a long event."""
        steps = np.abs(np.diff(self._baseline.between(onset, offset)))
        return len(steps) > 0 and float(np.median(steps)) > _SWINGS * self._usual(onset)

    def _usual(self, before: int) -> float:
        """Return how far the baseline usually moves in a step; infinite while it is unknown."""
        past = np.abs(np.diff(self._baseline.between(before - self._before, before + 1)))
        return float(np.quantile(past, _USUAL)) if len(past) >= _LEAST_BEFORE else np.inf
