"""A stream in which nothing can be found, beside others in which something can.

Boards carry sensors that are too slow for twitches, such as an accelerometer at 25 Hz. What they
send is kept with the rest; it counts as time that cannot be scored.
"""

from myowatch.signal.condition import Condition, Quality
from myowatch.signal.events import Event, Kind, Reason
from myowatch.signal.samples import SampleBlock, Stream

# Told so often, a recording that is cut off loses little of it.
_EVERY_S = 60


class Unscored:
    """Finds nothing, and says of all the time of its stream that it cannot be scored.

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
        """Forget the past."""
        self._told = self._seen = 0

    def process(self, block: SampleBlock) -> list[Event]:
        """Give the minutes that are over, as time that cannot be scored.

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
        """Give what is left."""
        return [self._tell(self._seen)] if self._seen > self._told else []

    def condition(self) -> Condition:
        """Live state."""
        return Condition(Quality.UNSCORED, 0.0, 0.0, None, None, 0)

    def _tell(self, end: int) -> Event:
        onset, self._told = self._told, end
        return Event(self._stream.name, Kind.ARTEFACT, onset, end, reason=Reason.SAMPLING_RATE)
