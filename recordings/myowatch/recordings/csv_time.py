"""The time column of a CSV file: the rate it tells, and the samples it skips."""

from collections.abc import Callable
from pathlib import Path

import numpy as np
import numpy.typing as npt

from myowatch.recordings.problem import UnreadableRecording
from myowatch.signal.samples import Samples

Indices = npt.NDArray[np.int64]

_HALF = 0.5
_RATE_MISFIT = 0.2
_FEW = 5  # steps that tell nothing of rate and jitter: one of them may be a gap
_MOST_JITTER = 10.0  # samples
_OFTEN = 0.1  # times so coarse that many repeat
_LONGEST_JUMP_S = 31 * 86400.0
_NICE = 2e-4  # times with a few decimals tell the rate no better than this


def estimate_rate(times: Samples) -> float | None:
    """Find the sampling rate that most steps of the time column agree on; None if they tell none.

    The mean of the steps near the median: the median alone is wrong when times are rounded to
    few decimals (a millisecond at 256 Hz), the mean alone when samples are missing.
    """
    steps = np.diff(times)
    steps = steps[np.isfinite(steps)]
    if not len(steps):
        return None
    typical = float(np.median(steps))
    if typical <= 0:
        typical = float(np.mean(steps))
    rounded = np.mean(steps == 0) > _OFTEN
    near = steps[(steps <= 3 * typical) if rounded else np.abs(steps - typical) <= _HALF * typical]
    step = float(np.mean(near)) if len(near) else typical
    if not step > 0:
        return None
    rate = 1 / step
    return float(round(rate)) if abs(round(rate) / rate - 1) < _NICE else rate


class TimeAxis:
    """Turns times into sample indices, chunk by chunk.

    A step longer than one sample skips samples. Rounded times jitter: how much is learnt from
    the first chunk, and less than that plus half a sample is no gap.
    """

    def __init__(self, rate: float, path: Path) -> None:
        self._rate, self._path = rate, path
        self._jitter: float | None = None
        self._last_time: float | None = None
        self._next_index = 0

    def indices(self, times: Samples, line_of: Callable[[int], int]) -> Indices:
        """Sample indices of consecutive rows.

        Parameters
        ----------
        times
            Seconds, shape (n,), at least one.
        line_of
            Line of a row, for messages.

        Raises
        ------
        UnreadableRecording
            If the time does not rise, or tells another rate.
        """
        if not np.isfinite(times).all():
            line = line_of(int(np.isfinite(times).argmin()))
            raise UnreadableRecording(f"{self._path}: line {line} has no time", "fill it in")
        before = times[0] - 1 / self._rate if self._last_time is None else self._last_time
        steps = np.diff(times, prepend=before) * self._rate
        if self._jitter is None:
            self._learn(steps[1:])
        self._check_rising(steps, line_of)
        skipped = np.where(
            steps > 1 + _HALF + (self._jitter or 0.0), np.rint(steps).astype(np.int64) - 1, 0
        )
        indices: Indices = self._next_index + np.arange(len(times)) + np.cumsum(skipped)
        self._last_time = float(times[-1])
        self._next_index = int(indices[-1]) + 1
        return indices

    def _learn(self, steps: Samples) -> None:
        if len(steps) < _FEW:
            return
        typical, mean = float(np.median(steps)), float(np.mean(steps))
        if min(abs(typical - 1), abs(mean - 1)) > _RATE_MISFIT:
            raise UnreadableRecording(
                f"{self._path} says {self._rate:g} Hz, but its time column says "
                f"{self._rate / (typical or mean or 1):.6g} Hz",
                "correct `# sampling_rate_hz`, or the times, which are seconds",
            )
        self._jitter = min(2 * float(np.median(np.abs(steps - 1))), _MOST_JITTER)

    def _check_rising(self, steps: Samples, line_of: Callable[[int], int]) -> None:
        falls = steps < 0 if (self._jitter or 0) > _HALF else steps <= 0
        if falls.any():
            line = line_of(int(falls.argmax()))
            raise UnreadableRecording(
                f"{self._path}: the time does not rise at line {line}",
                "sort the rows by time, one recording a file",
            )
        if steps.max() > _LONGEST_JUMP_S * self._rate:
            raise UnreadableRecording(
                f"{self._path}: the time jumps by {steps.max() / self._rate:.6g} s at line "
                f"{line_of(int(steps.argmax()))}",
                "the times should be seconds from the beginning",
            )
