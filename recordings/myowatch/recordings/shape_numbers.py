"""Numbers of the twitches' shapes for a recording whose events are known already."""

from collections.abc import Iterable
from pathlib import Path

from myowatch.recordings.analysis import ShapeNumbers
from myowatch.recordings.opening import open_recording
from myowatch.recordings.problem import UnreadableRecording
from myowatch.signal.events import Event
from myowatch.signal.shape_tracker import Numbering


def shape_numbers(path: Path, events: Iterable[Event]) -> ShapeNumbers:
    """Compare the twitches of a recording as `analyze` does while it finds them.

    Parameters
    ----------
    events
        Those of each stream by onset.

    Returns
    -------
    numbers by stream and onset; nothing if the recording is gone or damaged
    """
    try:
        with open_recording(path) as recording:
            numbering = Numbering(recording.streams)
            numbering.add(events)
            for block in recording.blocks():
                numbering.take(block)
            return numbering.finish()
    except UnreadableRecording:
        return {}
