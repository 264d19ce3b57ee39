"""Twitches numbered by the shape of their potential: the same shape may be the same motor unit."""

from collections import deque
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from myowatch.signal.model.events import Event, Kind
from myowatch.signal.model.samples import Modality, SampleBlock, Samples, Stream
from myowatch.signal.statistics.potential_shapes import Shapes, SnippetCutter

LOWEST_RATE = 500.0
"""Hz. At 250 Hz a fifth of the twitches of a simulated unit are given to another."""
# Detection may keep a twitch back for seconds; samples are kept for it much longer than that.
_KEEP_S = 120.0
# Windows are filtered so many at a time, which costs a tenth of one by one.
_AT_ONCE = 32
# Subtracting a median of four as hum adds the variance of that median, about 0.3 of the noise's.
_NOISE = 1.3


@dataclass(frozen=True, slots=True)
class NumberedTwitch:
    """A twitch and the number of its shape; None if it is too faint or too near a gap."""

    twitch: Event
    shape: int | None


class ShapeTracker:
    """Numbers the twitches of one EMG stream by the shape of their potential.

    Twitches are given to it with `add`, by onset, before or after the samples they are in.

    Parameters
    ----------
    stream
        EMG of at least 500 Hz, see `can_be_numbered`.
    """

    def __init__(self, stream: Stream) -> None:
        self._cutter = SnippetCutter(stream.sampling_rate)
        self._shapes = Shapes(self._cutter.core, self._cutter.slide)
        self._keep = round(_KEEP_S * stream.sampling_rate)
        self.reset()

    def reset(self) -> None:
        """Reset to the initial state."""
        self._blocks: deque[SampleBlock] = deque()
        self._expected: deque[Event] = deque()
        self._cut: list[tuple[Event, Samples | None]] = []
        self._end = 0
        self._shapes.reset()

    def add(self, events: Iterable[Event]) -> None:
        """Add events of the stream; only twitches are used."""
        self._expected.extend(event for event in events if event.kind is Kind.TWITCH)

    def process(self, block: SampleBlock) -> list[NumberedTwitch]:
        """Process the next samples; return the twitches numbered by now, by onset."""
        if not len(block):
            return []
        self._blocks.append(block)
        self._end = block.end_sample
        while self._blocks[0].end_sample < block.first_sample - self._keep:
            self._blocks.popleft()
        numbered: list[NumberedTwitch] = []
        while self._expected and self._expected[0].onset + self._cutter.after <= self._end:
            numbered += self._take(self._expected.popleft())
        return numbered

    def flush(self) -> list[NumberedTwitch]:
        """Return everything pending at the end of the data."""
        numbered = [one for twitch in self._expected for one in self._take(twitch)]
        self._expected.clear()
        self._blocks.clear()
        return numbered + self._number()

    def _take(self, twitch: Event) -> list[NumberedTwitch]:
        self._cut.append((twitch, self._window(twitch.onset)))
        return self._number() if len(self._cut) == _AT_ONCE else []

    def _number(self) -> list[NumberedTwitch]:
        """Assign numbers to the twitches whose windows are complete."""
        waiting, self._cut = self._cut, []
        windows = [window for _, window in waiting if window is not None]
        snippets = iter(self._cutter.cut(np.stack(windows, axis=1)) if windows else ())
        return [
            NumberedTwitch(
                twitch,
                None if window is None else self._shapes.number(next(snippets), _noise(twitch)),
            )
            for twitch, window in waiting
        ]

    def _window(self, onset: int) -> Samples | None:
        """Return the raw samples around an onset; None if one is missing."""
        begin, end = onset - self._cutter.before, onset + self._cutter.after
        window = np.full(end - begin, np.nan)
        for block in self._blocks:
            first, last = max(begin, block.first_sample), min(end, block.end_sample)
            if first < last:
                part = block.samples[first - block.first_sample : last - block.first_sample, 0]
                window[first - begin : last - begin] = part
        return window if np.isfinite(window).all() else None


class ShapeNumbering:
    """Numbers the twitches of several streams.

    Parameters
    ----------
    streams
        Of one recording.
    """

    def __init__(self, streams: Sequence[Stream]) -> None:
        self._trackers = {s.name: ShapeTracker(s) for s in streams if can_be_numbered(s)}
        self._numbers: dict[str, dict[int, int | None]] = {name: {} for name in self._trackers}

    def add(self, events: Iterable[Event]) -> None:
        """Add events, those of each stream by onset."""
        for event in events:
            if event.stream in self._trackers:
                self._trackers[event.stream].add([event])

    def take(self, block: SampleBlock) -> None:
        """Process the next samples of one stream."""
        name = block.stream.name
        if name in self._trackers:
            self._keep(name, self._trackers[name].process(block))

    def finish(self) -> Mapping[str, Mapping[int, int | None]]:
        """Return the number of each twitch, by stream and onset; other streams are left out."""
        for name, tracker in self._trackers.items():
            self._keep(name, tracker.flush())
        return self._numbers

    def _keep(self, name: str, numbered: Iterable[NumberedTwitch]) -> None:
        self._numbers[name] |= {one.twitch.onset: one.shape for one in numbered}


def can_be_numbered(stream: Stream) -> bool:
    """Return whether shapes of potentials can be told apart in a stream."""
    return stream.modality is Modality.EMG and stream.sampling_rate >= LOWEST_RATE


def _noise(twitch: Event) -> float:
    """Return the mean square of the noise in a twitch's snippet, from its SNR."""
    floor = twitch.peak / 10 ** (twitch.snr_db / 20)
    return _NOISE * floor**2


AGAIN = 3
"""A shape that came so often is spoken of: by chance two potentials look alike now and then."""


@dataclass(frozen=True, slots=True)
class Shape:
    """A shape that occurred more than once.

    Parameters
    ----------
    shape
        Its number.
    twitches
        How often it came.
    first, last
        Onsets, sample indices.
    median_peak
        In the stream's unit.
    """

    shape: int
    twitches: int
    first: int
    last: int
    median_peak: float


@dataclass(frozen=True, slots=True)
class Recurrence:
    """Shapes among the twitches of one stream.

    Parameters
    ----------
    shapes
        Shapes that came at least three times, most frequent first.
    rare
        Twitches of a shape that came once or twice.
    not_compared
        Twitches too faint, or too near to a gap.
    """

    shapes: tuple[Shape, ...]
    rare: int
    not_compared: int


def recurrence(twitches: Sequence[Event], numbers: Mapping[int, int | None]) -> Recurrence:
    """Count how often each shape occurred.

    Parameters
    ----------
    twitches
        By onset.
    numbers
        By onset; see `myowatch.signal.statistics.shape_tracker`.
    """
    alike: dict[int | None, list[Event]] = {None: []}
    for twitch in twitches:
        alike.setdefault(numbers.get(twitch.onset), []).append(twitch)
    not_compared = len(alike.pop(None))
    again = [
        Shape(
            number,
            len(same),
            same[0].onset,
            same[-1].onset,
            float(np.median([twitch.peak for twitch in same])),
        )
        for number, same in alike.items()
        if number is not None and len(same) >= AGAIN
    ]
    rare = sum(len(same) for same in alike.values() if len(same) < AGAIN)
    return Recurrence(
        tuple(sorted(again, key=lambda one: (-one.twitches, one.shape))), rare, not_compared
    )
