"""Values that a sensor is stuck at: flat lines and rails."""

from dataclasses import dataclass
from itertools import accumulate

import numpy as np
import numpy.typing as npt

from myowatch.signal.samples import Samples


@dataclass(frozen=True, slots=True)
class StuckRun:
    """Samples [start, end) of one value; `lowest` and `highest` up to the run and with it."""

    start: int
    end: int
    value: float
    lowest: float
    highest: float


class StuckRuns:
    """Finds runs of at least three equal samples."""

    def __init__(self) -> None:
        self.reset()

    def reset(self) -> None:
        """Forget the past."""
        self._n_samples = 0
        self._last: Samples = np.empty(0)
        self._open: StuckRun | None = None
        self._lowest: float = np.inf
        self._highest: float = -np.inf

    @property
    def open(self) -> StuckRun | None:
        """The run that is going on; its end is not known yet."""
        return self._open

    def process(self, samples: Samples) -> list[StuckRun]:
        """Give the runs that end within the next samples, shape (n_samples,)."""
        if not len(samples):
            return []
        known = np.concatenate([self._last, samples])
        same = known[1:] == known[:-1]
        triple = same[1:] & same[:-1]
        found: list[StuckRun] = []
        if self._open is not None or triple.any():
            found = self._runs(known, triple)
        self._n_samples += len(samples)
        self._last = known[-2:].copy()
        self._lowest = min(self._lowest, float(samples.min()))
        self._highest = max(self._highest, float(samples.max()))
        return found

    def flush(self) -> list[StuckRun]:
        """End the run that is going on."""
        return [] if self._open is None else [self._ended(self._n_samples)]

    def _runs(self, known: Samples, triple: npt.NDArray[np.bool_]) -> list[StuckRun]:
        base = self._n_samples - len(self._last)
        before = np.concatenate([[self._open is not None], triple])
        changes = np.flatnonzero(before[1:] != before[:-1]).tolist()
        lows, highs = self._extremes(known, changes)
        found: list[StuckRun] = []
        for i, low, high in zip(changes, lows, highs, strict=True):
            if self._open is None:
                self._open = StuckRun(base + i, base + i + 3, float(known[i]), low, high)
            else:
                found.append(self._ended(base + i + 2))
        return found

    def _extremes(self, known: Samples, until: list[int]) -> tuple[list[float], list[float]]:
        """Least and greatest value ever seen up to each of these samples, itself included."""
        if not until:
            return [], []
        parts = [0, *(i + 1 for i in until[:-1])]
        seen = known[: until[-1] + 1]
        lows = accumulate(np.minimum.reduceat(seen, parts).tolist(), min, initial=self._lowest)
        highs = accumulate(np.maximum.reduceat(seen, parts).tolist(), max, initial=self._highest)
        return list(lows)[1:], list(highs)[1:]

    def _ended(self, end: int) -> StuckRun:
        run = self._open
        assert run is not None
        self._open = None
        return StuckRun(run.start, end, run.value, run.lowest, run.highest)


class Rails:
    """Tells which stuck runs are a converter at the end of its range.

    A rail is the most extreme value ever seen, held for several samples, by a signal that has
    moved far more than its noise; either for long, or at a value that it was held at before.

    Parameters
    ----------
    long_run
        Samples after which one run is enough.
    least_range
        Range that the signal must have shown before its extremes can be rails.
    """

    def __init__(self, long_run: int, least_range: float) -> None:
        self._long_run = long_run
        self._least_range = least_range
        self.reset()

    def reset(self) -> None:
        """Forget the past."""
        self._held = {-1: np.nan, 1: np.nan}

    def process(self, runs: list[StuckRun]) -> list[StuckRun]:
        """Those of the runs that lie at a rail."""
        return [run for run in runs if self._at_rail(run)]

    def may_hold(self, run: StuckRun) -> bool:
        """Whether a run, however long it gets, can lie at a rail."""
        wide = run.highest - run.lowest >= self._least_range
        return wide and run.value in (run.lowest, run.highest)

    def _at_rail(self, run: StuckRun) -> bool:
        if not self.may_hold(run):
            return False
        side = 1 if run.value == run.highest else -1
        again = self._held[side] == run.value
        self._held[side] = run.value
        return again or run.end - run.start >= self._long_run
