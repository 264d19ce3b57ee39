"""Samples to events, rates and summaries.

This package is pure: it needs NumPy and SciPy alone, and opens no file, port, clock or log.
`detect` finds events in an array, `Detector` in a stream that is still growing.

>>> import numpy as np
>>> from myowatch.signal import detect
>>> detect(np.random.default_rng(0).normal(0.0, 3.0, 5000), 1000.0)
[]
"""

from myowatch.signal.detector.detect import detect
from myowatch.signal.detector.detector import Detector
from myowatch.signal.model.events import (
    Condition,
    DetectedEvent,
    Event,
    Kind,
    Quality,
    Reason,
    current_events,
)
from myowatch.signal.model.samples import Modality, SampleBlock, Stream, Unit
from myowatch.signal.model.settings import (
    AccelerometerSettings,
    DetectionSettings,
    EmgSettings,
    EnvelopeSettings,
)

__all__ = [
    "AccelerometerSettings",
    "Condition",
    "DetectedEvent",
    "DetectionSettings",
    "Detector",
    "EmgSettings",
    "EnvelopeSettings",
    "Event",
    "Kind",
    "Modality",
    "Quality",
    "Reason",
    "SampleBlock",
    "Stream",
    "Unit",
    "current_events",
    "detect",
]
