"""The detector for streams that come from outside."""

from collections.abc import Sequence

from myowatch.recordings.problem import Problem
from myowatch.signal.detector import Detector
from myowatch.signal.samples import Stream
from myowatch.signal.settings import DetectionSettings


def detector_for(streams: Sequence[Stream], settings: DetectionSettings) -> Detector:
    """Make the detector of a recording's streams.

    Raises
    ------
    Problem
        If something about them, such as a sampling rate too low, makes detection impossible.
    """
    try:
        return Detector(streams, settings)
    except ValueError as error:
        raise Problem(
            f"nothing can be detected in these streams: {error}", "choose another sensor or rate"
        ) from error
