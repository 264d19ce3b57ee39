"""One detector for all streams of a recording."""

from collections.abc import Sequence

from myowatch.signal.condition import Condition
from myowatch.signal.events import Event
from myowatch.signal.samples import SampleBlock, Stream
from myowatch.signal.settings import DetectionSettings
from myowatch.signal.stream_detector import StreamDetector

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

    def reset(self) -> None:
        """Forget the past."""
        for detector in self._detectors.values():
            detector.reset()

    def process(self, block: SampleBlock) -> list[Event]:
        """Events of the block's stream that are final now.

        They come by onset, in this list and from call to call, and do not depend on how the
        samples were cut into blocks.

        Raises
        ------
        KeyError
            If the block is of another stream.
        ValueError
            If it begins before the end of the stream's block before it.
        """
        return self._detectors[block.stream.name].process(block)

    def flush(self) -> list[Event]:
        """End of the data: whatever is pending, stream after stream."""
        return [event for detector in self._detectors.values() for event in detector.flush()]

    def condition(self, name: str) -> Condition:
        """Live state of one stream."""
        return self._detectors[name].condition()
