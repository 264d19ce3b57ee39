"""The same unit again: twitches numbered by the shape of their potential.

A motor unit under an electrode that stays where it is makes the same potential each time. What is
recognised is a shape, not a unit: two units may look alike through the skin, and two that fire
together look like neither.
"""

from collections import deque
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from myowatch.signal.events import Event, Kind
from myowatch.signal.samples import Modality, SampleBlock, Samples, Stream
from myowatch.signal.shapes import Shapes
from myowatch.signal.snippets import SnippetCutter

LOWEST_RATE = 500.0
"""Hz. At 250 Hz a fifth of the twitches of a simulated unit are given to another."""
# Detection may keep a twitch back for seconds; samples are kept for it much longer than that.
_KEEP_S = 120.0
# Windows are filtered so many at a time, which costs a tenth of one by one.
_AT_ONCE = 32
# Subtracting a median of four as hum adds the variance of that median, about 0.3 of the noise's.
_NOISE = 1.3


@dataclass(frozen=True, slots=True)
class Numbered:
    """A twitch, and the number of its shape; None if it was too faint, or too near to a gap."""

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
        """Forget the past."""
        self._blocks: deque[SampleBlock] = deque()
        self._expected: deque[Event] = deque()
        self._cut: list[tuple[Event, Samples | None]] = []
        self._end = 0
        self._shapes.reset()

    def add(self, events: Iterable[Event]) -> None:
        """Take in the stream's events; those that are no twitches are passed over."""
        self._expected.extend(event for event in events if event.kind is Kind.TWITCH)

    def process(self, block: SampleBlock) -> list[Numbered]:
        """Take in the next samples; give the twitches that are numbered now, by onset."""
        if not len(block):
            return []
        self._blocks.append(block)
        self._end = block.end_sample
        while self._blocks[0].end_sample < block.first_sample - self._keep:
            self._blocks.popleft()
        numbered: list[Numbered] = []
        while self._expected and self._expected[0].onset + self._cutter.after <= self._end:
            numbered += self._take(self._expected.popleft())
        return numbered

    def flush(self) -> list[Numbered]:
        """End of the data: whatever is pending."""
        numbered = [one for twitch in self._expected for one in self._take(twitch)]
        self._expected.clear()
        self._blocks.clear()
        return numbered + self._number()

    def _take(self, twitch: Event) -> list[Numbered]:
        self._cut.append((twitch, self._window(twitch.onset)))
        return self._number() if len(self._cut) == _AT_ONCE else []

    def _number(self) -> list[Numbered]:
        """Give their numbers to the twitches whose windows wait."""
        waiting, self._cut = self._cut, []
        windows = [window for _, window in waiting if window is not None]
        snippets = iter(self._cutter.cut(np.stack(windows, axis=1)) if windows else ())
        return [
            Numbered(
                twitch,
                None if window is None else self._shapes.number(next(snippets), _noise(twitch)),
            )
            for twitch, window in waiting
        ]

    def _window(self, onset: int) -> Samples | None:
        """Raw samples around an onset; None where one is missing."""
        begin, end = onset - self._cutter.before, onset + self._cutter.after
        window = np.full(end - begin, np.nan)
        for block in self._blocks:
            first, last = max(begin, block.first_sample), min(end, block.end_sample)
            if first < last:
                part = block.samples[first - block.first_sample : last - block.first_sample, 0]
                window[first - begin : last - begin] = part
        return window if np.isfinite(window).all() else None


class Numbering:
    """Numbers the twitches of several streams, as far as they can be.

    Parameters
    ----------
    streams
        Of one recording.
    """

    def __init__(self, streams: Sequence[Stream]) -> None:
        self._trackers = {s.name: ShapeTracker(s) for s in streams if can_be_numbered(s)}
        self._numbers: dict[str, dict[int, int | None]] = {name: {} for name in self._trackers}

    def add(self, events: Iterable[Event]) -> None:
        """Take in events, those of each stream by onset."""
        for event in events:
            if event.stream in self._trackers:
                self._trackers[event.stream].add([event])

    def take(self, block: SampleBlock) -> None:
        """Take in the next samples of one stream."""
        name = block.stream.name
        if name in self._trackers:
            self._keep(name, self._trackers[name].process(block))

    def finish(self) -> Mapping[str, Mapping[int, int | None]]:
        """Give the number of each twitch, by stream and onset; streams without any are left out."""
        for name, tracker in self._trackers.items():
            self._keep(name, tracker.flush())
        return self._numbers

    def _keep(self, name: str, numbered: Iterable[Numbered]) -> None:
        self._numbers[name] |= {one.twitch.onset: one.shape for one in numbered}


def can_be_numbered(stream: Stream) -> bool:
    """Whether shapes of potentials can be told apart in a stream."""
    return stream.modality is Modality.EMG and stream.sampling_rate >= LOWEST_RATE


def _noise(twitch: Event) -> float:
    """Mean square of the noise in a twitch's snippet, from its signal-to-noise ratio."""
    floor = twitch.peak / 10 ** (twitch.snr_db / 20)
    return _NOISE * floor**2
