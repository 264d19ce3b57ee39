"""Time that cannot be scored: flat lines, rails, and streams that are too slow."""

from dataclasses import dataclass
from itertools import accumulate

import numpy as np
import numpy.typing as npt

from myowatch.signal.model.events import Condition, Event, Kind, Quality, Reason
from myowatch.signal.model.samples import SampleBlock, Samples, Stream


@dataclass(frozen=True, slots=True)
class StuckRun:
    """Samples [start, end) of one value, with the extremes up to and including the run."""

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
        """Reset to the initial state."""
        self._n_samples = 0
        self._last: Samples = np.empty(0)
        self._open: StuckRun | None = None
        self._lowest: float = np.inf
        self._highest: float = -np.inf

    @property
    def open(self) -> StuckRun | None:
        """The current run, whose end is not known yet."""
        return self._open

    def process(self, samples: Samples) -> list[StuckRun]:
        """Return the runs that end within the next samples, shape (n_samples,)."""
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
        """Return the smallest and largest value up to and including each of these samples."""
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
    """Finds the stuck runs in which a converter is at the end of its range.

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
        """Reset to the initial state."""
        self._held = {-1: np.nan, 1: np.nan}

    def process(self, runs: list[StuckRun]) -> list[StuckRun]:
        """Return the runs that lie at a rail."""
        return [run for run in runs if self._at_rail(run)]

    def may_hold(self, run: StuckRun) -> bool:
        """Return whether a run can lie at a rail, however long it gets."""
        wide = run.highest - run.lowest >= self._least_range
        return wide and run.value in (run.lowest, run.highest)

    def _at_rail(self, run: StuckRun) -> bool:
        if not self.may_hold(run):
            return False
        side = 1 if run.value == run.highest else -1
        again = self._held[side] == run.value
        self._held[side] = run.value
        return again or run.end - run.start >= self._long_run


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
    """Finds flat lines and rails in the raw samples of one channel.

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
        """Reset to the initial state."""
        self._runs.reset()
        self._rails.reset()
        self._rail: Stretch | None = None
        self._n_samples = 0

    @property
    def flat_since(self) -> int | None:
        """Onset of the current flat line; None if there is none."""
        run = self._runs.open
        return run.start if run and self._n_samples - run.start >= self._flat else None

    @property
    def railed_since(self) -> int | None:
        """Onset of the current saturation, or of one that may still go on."""
        return None if self._rail is None else self._rail.onset

    @property
    def earliest(self) -> int:
        """Sample before which no later stretch can begin."""
        return self._next_run() if self._rail is None else self._rail.onset

    def process(self, samples: Samples) -> list[Stretch]:
        """Return the stretches that are over at the end of the next samples, shape (n_samples,)."""
        runs = self._runs.process(samples)
        self._n_samples += len(samples)
        found = self._take(runs)
        if self._rail is not None and self._next_run() > self._rail.offset + self._join:
            found += self._end_rail()
        return found

    def flush(self) -> list[Stretch]:
        """Return everything that is pending."""
        return self._take(self._runs.flush()) + self._end_rail()

    def _next_run(self) -> int:
        """Sample before which no further run begins; two equal samples may become one."""
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


# Told so often, a recording that is cut off loses little of it.
_EVERY_S = 60


class Unscored:
    """Reports all time of a stream as unscorable: its sampling rate is too low.

    Parameters
    ----------
    stream
        Of any sampling rate.
    """

    def __init__(self, stream: Stream) -> None:
        self._stream = stream
        self._every = max(round(_EVERY_S * stream.sampling_rate), 1)
        self.reset()

    def reset(self) -> None:
        """Reset to the initial state."""
        self._told = self._seen = 0

    def process(self, block: SampleBlock) -> list[Event]:
        """Return the minutes that are over, as time that cannot be scored.

        Raises
        ------
        ValueError
            If the block begins before the end of the one before.
        """
        if block.first_sample < self._seen:
            raise ValueError(
                f"need blocks in order: stream {self._stream.name!r} is at sample {self._seen}, "
                f"got a block from {block.first_sample}"
            )
        self._seen = block.end_sample if len(block) else self._seen
        ends = range(self._told + self._every, self._seen + 1, self._every)
        return [self._tell(end) for end in ends]

    def flush(self) -> list[Event]:
        """Return the rest."""
        return [self._tell(self._seen)] if self._seen > self._told else []

    @property
    def settled_until(self) -> int:
        """Sample up to which all is settled; these events are settled at once."""
        return self._told

    @property
    def detectable_peaks(self) -> dict[int, float]:
        """Smallest twitch that would have been found in each minute: none would be."""
        return {}

    def condition(self) -> Condition:
        """Return the live state."""
        return Condition(Quality.UNSCORED, 0.0, 0.0, None, None, 0)

    def _tell(self, end: int) -> Event:
        onset, self._told = self._told, end
        return Event(self._stream.name, Kind.ARTEFACT, onset, end, reason=Reason.SAMPLING_RATE)
