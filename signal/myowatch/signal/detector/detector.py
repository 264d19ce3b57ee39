"""One detector for all streams of a recording."""

from collections.abc import Sequence

from myowatch.signal.detector.stream_detector import StreamDetector, is_rate_usable
from myowatch.signal.model.events import Condition, Event
from myowatch.signal.model.samples import SampleBlock, Stream
from myowatch.signal.model.settings import DetectionSettings
from myowatch.signal.verdict.several_sensors import SeveralSensors
from myowatch.signal.verdict.unscorable import Unscored

_DEFAULT = DetectionSettings()


class Detector:
    """Finds events in the samples of all streams of a recording.

    Parameters
    ----------
    streams
        Streams of the recording, each with a name of its own. In one whose sampling rate fits no
        twitch nothing is found; what it measured takes no part.
    settings
        For all of them.

    Raises
    ------
    ValueError
        If two streams have one name, or no sampling rate is within 100 Hz (EMG) or 50 Hz
        (accelerometer) to 10 kHz.

    Examples
    --------
    Blocks of a tenth of a second, as a device sends them. The twitch at 20 s is announced at once
    and settled four seconds later:

    >>> import numpy as np
    >>> from myowatch.signal import Detector, Modality, SampleBlock, Stream, Unit
    >>> x = np.random.default_rng(0).normal(0.0, 3.0, (30_000, 1))
    >>> x[20_000:20_015, 0] += 150.0 * np.sin(np.linspace(0.0, 2 * np.pi, 15))
    >>> stream = Stream("EMG", Modality.EMG, Unit.MICROVOLT, 1000.0, ("EMG",), resolution=0.025)
    >>> detector = Detector([stream])
    >>> for first in range(0, len(x), 100):
    ...     for event in detector.process(SampleBlock(stream, first, x[first : first + 100])):
    ...         if event.reason is None:
    ...             state = "provisional" if event.provisional else "settled"
    ...             print(f"{(first + 100) / 1000} s: {event.kind} at {event.onset}, {state}")
    20.2 s: twitch at 19999, provisional
    24.2 s: twitch at 19999, settled
    >>> rest = detector.flush()
    """

    def __init__(self, streams: Sequence[Stream], settings: DetectionSettings = _DEFAULT) -> None:
        names = [s.name for s in streams]
        if len(set(names)) != len(names):
            raise ValueError(f"need a different name for each stream, got {names}")
        fitting = [s for s in streams if is_rate_usable(s)] or streams
        scored = {s.name: StreamDetector(s, settings) for s in fitting}
        self._detectors = {s.name: scored.get(s.name) or Unscored(s) for s in streams}
        # A single stream has no other stream to compare with.
        self._judged = scored.keys() if len(scored) > 1 else frozenset()
        self._together = SeveralSensors(
            [scored[name].start_witness() for name in self._judged], settle_s=settings.settle_s
        )

    def reset(self) -> None:
        """Reset to the initial state."""
        for detector in self._detectors.values():
            detector.reset()
        self._together.reset()

    def process(self, block: SampleBlock) -> list[Event]:
        """Return the events that are announced or settled now, most of the block's stream.

        Each event comes twice: as `provisional` within 0.4 s of its end, and settled
        `DetectionSettings.settle_s` after it. When it settles, it may have changed, be withdrawn
        (nothing comes, or an artefact with its reason), or have been added. There is no link
        between the two: settled events are a list of their own. `settled_until` says which
        provisional ones they replace, and `current_events` chooses.

        The provisional events of one stream come by onset, and so do the settled ones, in this
        list and from call to call. They do not depend on how the samples were cut into blocks.

        Raises
        ------
        KeyError
            If the block is of another stream.
        ValueError
            If it begins before the end of the stream's block before it.
        """
        name = block.stream.name
        events = self._detectors[name].process(block)
        return self._together.process(name, events) if name in self._judged else events

    def flush(self) -> list[Event]:
        """Return everything pending at the end of the data, settled, stream after stream."""
        events: list[Event] = []
        for name, detector in self._detectors.items():
            rest = detector.flush()
            events += self._together.process(name, rest) if name in self._judged else rest
        return events + self._together.flush()

    def settled_until(self, name: str) -> int:
        """Return the sample of a stream up to which all is settled.

        Every event that ends there or before is final. Provisional events that end there or before
        have been replaced or withdrawn.
        """
        until = self._detectors[name].settled_until
        return self._together.settled_until(name, until) if name in self._judged else until

    def detectable_peaks(self, name: str) -> dict[int, float]:
        """Return the smallest twitch that would have been found, by minute since the first sample.

        Peak to peak, in the stream's unit, at the end of each minute. Minutes in which it is
        unknown, or nothing could be scored, are left out.
        """
        return self._detectors[name].detectable_peaks

    def condition(self, name: str) -> Condition:
        """Return the live state of one stream."""
        return self._detectors[name].condition()
