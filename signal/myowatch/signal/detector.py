"""One detector for all streams of a recording."""

from collections.abc import Sequence

from myowatch.signal.condition import Condition
from myowatch.signal.events import Event
from myowatch.signal.samples import SampleBlock, Stream
from myowatch.signal.settings import DetectionSettings
from myowatch.signal.stream_detector import StreamDetector
from myowatch.signal.together import Together

_DEFAULT = DetectionSettings()


class Detector:
    """Samples of every stream in, events out.

    Parameters
    ----------
    streams
        Streams of the recording, each with a name of its own.
    settings
        For all of them.

    Raises
    ------
    ValueError
        If two streams have one name, or a sampling rate is not within 100 Hz (EMG) or 50 Hz
        (accelerometer) to 10 kHz.
    """

    def __init__(self, streams: Sequence[Stream], settings: DetectionSettings = _DEFAULT) -> None:
        names = [s.name for s in streams]
        if len(set(names)) != len(names):
            raise ValueError(f"need a different name for each stream, got {names}")
        self._detectors = {s.name: StreamDetector(s, settings) for s in streams}
        alone = len(streams) == 1
        self._together = None if alone else Together([d.attend() for d in self._detectors.values()])

    def reset(self) -> None:
        """Forget the past."""
        for detector in self._detectors.values():
            detector.reset()
        if self._together is not None:
            self._together.reset()

    def process(self, block: SampleBlock) -> list[Event]:
        """Events that are final now, most of them of the block's stream.

        Those of one stream come by onset, in this list and from call to call. They do not depend
        on how the samples were cut into blocks.

        Raises
        ------
        KeyError
            If the block is of another stream.
        ValueError
            If it begins before the end of the stream's block before it.
        """
        events = self._detectors[block.stream.name].process(block)
        if self._together is None:
            return events
        return self._together.process(block.stream.name, events)

    def flush(self) -> list[Event]:
        """End of the data: whatever is pending, stream after stream."""
        pending = {name: detector.flush() for name, detector in self._detectors.items()}
        if self._together is None:
            return [event for events in pending.values() for event in events]
        free = [e for name, events in pending.items() for e in self._together.process(name, events)]
        return free + self._together.flush()

    def condition(self, name: str) -> Condition:
        """Live state of one stream."""
        return self._detectors[name].condition()
