"""Stretches of a signal that cannot be scored, and which bursts they explain."""

from dataclasses import dataclass

import numpy as np

from myowatch.signal.events import Reason
from myowatch.signal.samples import Samples
from myowatch.signal.stuck_runs import Rails, StuckRun, StuckRuns

# The flat top of a clipped potential is shorter; it counts when it comes at the same value again.
_RAIL_RUN_S = 0.006
# A contraction that clips does so with each discharge, at least eight times a second; two of them
# may stay under the rail.
_RAIL_JOIN_S = 0.25


@dataclass(frozen=True, slots=True)
class Stretch:
    """Samples [onset, offset) since the reset that cannot be scored."""

    onset: int
    offset: int
    reason: Reason


class StuckSignal:
    """Flat lines and rails in the raw samples of one channel.

    Parameters
    ----------
    sampling_rate
        Hz.
    flat_s
        See the settings.
    least_range
        See `Rails`.
    """

    def __init__(self, sampling_rate: float, *, flat_s: float, least_range: float) -> None:
        self._flat = max(flat_s * sampling_rate, 3)
        self._join = round(_RAIL_JOIN_S * sampling_rate)
        self._runs = StuckRuns()
        self._rails = Rails(max(round(_RAIL_RUN_S * sampling_rate), 4), least_range)
        self.reset()

    def reset(self) -> None:
        """Forget the past."""
        self._runs.reset()
        self._rails.reset()
        self._rail: Stretch | None = None
        self._n_samples = 0

    @property
    def flat_since(self) -> int | None:
        """Onset of the flat line going on."""
        run = self._runs.open
        return run.start if run and self._n_samples - run.start >= self._flat else None

    @property
    def railed_since(self) -> int | None:
        """Onset of the saturation going on, or so lately over that it may go on."""
        return None if self._rail is None else self._rail.onset

    @property
    def earliest(self) -> int:
        """No stretch still to come begins before this sample."""
        return self._next_run() if self._rail is None else self._rail.onset

    def process(self, samples: Samples) -> list[Stretch]:
        """Stretches that are over by the end of the next samples, shape (n_samples,)."""
        runs = self._runs.process(samples)
        self._n_samples += len(samples)
        found = self._take(runs)
        if self._rail is not None and self._next_run() > self._rail.offset + self._join:
            found += self._end_rail()
        return found

    def flush(self) -> list[Stretch]:
        """Whatever is pending."""
        return self._take(self._runs.flush()) + self._end_rail()

    def _next_run(self) -> int:
        """No run that matters begins before this sample; two equal ones may yet become one."""
        run = self._runs.open
        matters = run is not None and (self._flat < np.inf or self._rails.may_hold(run))
        return run.start if run is not None and matters else max(self._n_samples - 2, 0)

    def _take(self, runs: list[StuckRun]) -> list[Stretch]:
        found: list[Stretch] = []
        railed = self._rails.process(runs)
        for run in runs:
            if run in railed:
                found += self._extend_rail(run)
            elif run.end - run.start >= self._flat:
                found.append(Stretch(run.start, run.end, Reason.FLAT))
        return found

    def _extend_rail(self, run: StuckRun) -> list[Stretch]:
        rail = self._rail
        if rail is not None and run.start <= rail.offset + self._join:
            self._rail = Stretch(rail.onset, run.end, Reason.SATURATION)
            return []
        found = self._end_rail()
        self._rail = Stretch(run.start, run.end, Reason.SATURATION)
        return found

    def _end_rail(self) -> list[Stretch]:
        rail, self._rail = self._rail, None
        return [] if rail is None else [rail]
