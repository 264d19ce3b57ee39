"""Bursts: a level rises above a high threshold, and lasts while it is above a low one.

Twitches in quick succession ring into each other in the filters: taken apart again.
"""

from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from myowatch.signal.dsp.history import RecentValues
from myowatch.signal.model.samples import Samples

SHARE = 0.005
"""Energy relative to the top of a burst (23 dB down) under which nothing belongs to it."""
# 3 dB: a burst's end is off by what its flank takes to fall so far, a millisecond or two.
_RUNG = 2.0

Mask = npt.NDArray[np.bool_]
Indices = npt.NDArray[np.intp]


def energy_threshold(deviate: float, degrees: float) -> float:
    """Return the mean square, over that of the noise, that noise exceeds by `deviate` deviates.

    Parameters
    ----------
    deviate
        Standard normal deviate.
    degrees
        Degrees of freedom of the mean square.

    References
    ----------
    Wilson and Hilferty 1931, PNAS 17:684: the cube root of a chi-square is nearly normal.
    """
    return float(energy_thresholds(deviate, np.array(degrees)))


def energy_thresholds(deviate: float, degrees: Samples) -> Samples:
    """As `energy_threshold`, for many degrees of freedom; same shape."""
    spread = 2 / (9 * degrees)
    root: Samples = np.maximum(1 - spread + deviate * np.sqrt(spread), 0.0)
    return root * root * root


@dataclass(frozen=True, slots=True)
class Burst:
    """Frames [start, end) above the low threshold.

    Parameters
    ----------
    top
        Highest level.
    peak
        Largest magnitude of the signal.
    floor
        Noise floor under the first frame, energy.
    """

    start: int
    end: int
    top: float
    peak: float
    floor: float


class BurstDetector:
    """Finds bursts with two thresholds, in a level given in units of the noise floor.

    A strong burst over faint activity is measured higher up: thresholds rise above the low one
    like the rungs of a ladder, and a burst reaches from its first to its last frame on the
    highest rung that is at most `SHARE` of its top, for its end `share`.

    Parameters
    ----------
    high
        Level that a burst must rise above.
    low
        Level that it ends at or under, at most `high`.
    share
        Energy relative to the top of a burst that it ends at; what rings on is not part of it.
    """

    def __init__(self, high: float, low: float, share: float = SHARE) -> None:
        if not 0 < low <= high:
            raise ValueError(f"need 0 < low <= high, got {low=}, {high=}")
        self._high = high
        self._share = share
        self._low = low
        self.reset()

    def reset(self) -> None:
        """Reset to the initial state."""
        self._n_frames = 0
        self._run: Burst | None = None
        self._rungs: list[tuple[int, int]] = []

    @property
    def n_frames(self) -> int:
        """Frames seen so far."""
        return self._n_frames

    @property
    def open_since(self) -> int | None:
        """Frame at which the current burst began; None if there is none."""
        run = self._run
        return run.start if run is not None and run.top > self._high else None

    @property
    def earliest(self) -> int:
        """Frame before which no later burst can begin."""
        return self._n_frames if self._run is None else self._run.start

    def process(self, level: Samples, magnitude: Samples, floor: Samples) -> list[Burst]:
        """Return the bursts that end within the next frames; all arrays have shape (n_frames,)."""
        if not len(level):
            return []
        above = level > self._low
        found: list[Burst] = []
        if self._run is None and not (level > self._high).any():
            # Nothing reached the high threshold; only a run at the very end can still do so.
            if above[-1]:
                below = np.flatnonzero(~above)
                start = int(below[-1]) + 1 if len(below) else 0
                self._extend(start, level[start:], magnitude[start:].max(), floor[start])
        else:
            found = self._walk(above, level, magnitude, floor)
        self._n_frames += len(level)
        return found

    def flush(self) -> list[Burst]:
        """End what is going on."""
        return self._close(self._n_frames)

    def _walk(self, above: Mask, level: Samples, magnitude: Samples, floor: Samples) -> list[Burst]:
        n_frames = len(level)
        changes = np.flatnonzero(above[1:] != above[:-1]) + 1
        head = 0
        if above[0]:
            head = int(changes[0]) if len(changes) else n_frames
            self._extend(0, level[:head], magnitude[:head].max(), floor[0])
            if head == n_frames:
                return []
            changes = changes[1:]
        found = self._close(self._n_frames + head)
        tail = int(changes[-1]) if above[-1] else n_frames
        found += self._whole(changes[: len(changes) // 2 * 2], level, magnitude, floor)
        if tail < n_frames:
            self._extend(tail, level[tail:], magnitude[tail:].max(), floor[tail])
        return found

    def _whole(
        self, edges: Indices, level: Samples, magnitude: Samples, floor: Samples
    ) -> list[Burst]:
        """Bursts among runs that begin and end, in turn, at these frames."""
        if not len(edges):
            return []
        tops = np.maximum.reduceat(level, edges)[::2]
        found: list[Burst] = []
        for run in np.flatnonzero(tops > self._high).tolist():
            start, end = edges[2 * run : 2 * run + 2].tolist()
            top, peak = float(tops[run]), float(magnitude[start:end].max())
            begin = start
            for_begin, for_end = self._rung(top, SHARE), self._rung(top, self._share)
            if for_end > self._low:
                above = level[start:end] > for_end
                end -= int(above[::-1].argmax())
            if for_begin > self._low:
                begin += int((level[start:end] > for_begin).argmax())
            first = self._n_frames
            found.append(Burst(first + begin, first + end, top, peak, float(floor[start])))
        return found

    def _rung(self, top: float, share: float) -> float:
        """Highest rung that is at most this share of a burst's top."""
        threshold = self._low
        while threshold * _RUNG <= share * top:
            threshold *= _RUNG
        return threshold

    def _extend(self, start: int, level: Samples, peak: float, floor: float) -> None:
        first = self._n_frames + start
        top = float(level.max())
        run = self._run
        if run is None:
            self._run = Burst(first, first + 1, top, float(peak), float(floor))
        else:
            self._run = replace(run, top=max(run.top, top), peak=max(run.peak, float(peak)))
        self._climb(first, level, top)

    def _climb(self, first: int, level: Samples, top: float) -> None:
        """Note where the run is above each rung, from `_RUNG` times the low threshold upwards."""
        rung = 0
        threshold = self._low * _RUNG
        while threshold < top:
            on_it = np.flatnonzero(level > threshold)
            begin, end = first + int(on_it[0]), first + int(on_it[-1]) + 1
            if rung < len(self._rungs):
                self._rungs[rung] = (self._rungs[rung][0], end)
            else:
                self._rungs.append((begin, end))
            rung += 1
            threshold *= _RUNG

    def _close(self, end: int) -> list[Burst]:
        run, self._run = self._run, None
        rungs, self._rungs = self._rungs, []
        if run is None or run.top <= self._high:
            return []
        start, threshold = run.start, self._low
        for_begin, for_end = self._rung(run.top, SHARE), self._rung(run.top, self._share)
        for rung in rungs:
            threshold *= _RUNG
            start = rung[0] if threshold <= for_begin else start
            end = rung[1] if threshold <= for_end else end
        return [replace(run, start=start, end=end)]


# A burst is taken apart if it is longer than one twitch and no longer than several, and noise was
# met again soon.
_SHORTEST_S, _LONGEST_S = 0.25, 2.0
# And if the limb stayed under this share of the limit of motion: a knock begins many a movement.
_STILL = 0.25


class SuccessiveTwitches:
    """Splits a burst that holds several twitches in quick succession.

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
        self._level, self._motion = RecentValues(), RecentValues()
        self.reset()

    def reset(self) -> None:
        """Reset to the initial state."""
        self._level.reset()
        self._motion.reset()
        self._n_frames = 0

    def process(self, level: Samples, motion: Samples) -> None:
        """Process the next frames, each of shape (n_frames,)."""
        for recent, values in ((self._level, level), (self._motion, motion)):
            recent.append(self._n_frames, values)
            # A burst that ends in these frames began at most twice the longest before them.
            recent.forget(self._n_frames - 2 * self._longest)
        self._n_frames += len(level)

    def apart(self, burst: Burst) -> list[Burst]:
        """Return the parts of a burst that stand out from it, or the burst itself."""
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
