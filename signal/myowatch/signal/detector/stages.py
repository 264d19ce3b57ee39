"""The stages that a stream gets, by its modality."""

import numpy as np

from myowatch.signal.accelerometer.accelerometer_front import AccelerometerFront
from myowatch.signal.accelerometer.vibration_tracker import VibrationTracker
from myowatch.signal.emg.emg_front import SLOW_WINDOW_S as EMG_SLOW_S
from myowatch.signal.emg.emg_front import EmgFront
from myowatch.signal.emg.emg_tracker import ActivityTracker
from myowatch.signal.envelope.envelope_front import DEGREES, LinearEnvelopeFront
from myowatch.signal.envelope.rise_tracker import RiseTracker
from myowatch.signal.model.samples import AXES, Modality, Stream, Unit
from myowatch.signal.model.settings import DetectionSettings
from myowatch.signal.verdict.unscorable import StuckSignal

Front = EmgFront | AccelerometerFront | LinearEnvelopeFront
"""Samples in, energy in frames out; and what the samples say of an event."""
Tracker = ActivityTracker | VibrationTracker | RiseTracker
"""Frames in, groups of activity out."""

# No front end is quieter than this; digital silence would otherwise make anything a burst.
_LEAST_RMS = {Unit.MICROVOLT: 0.5, Unit.G: 2e-4, Unit.ADC: 0.3}
# Extremes of a signal that has moved less than this are no rails.
_RAIL_RANGE = {Unit.MICROVOLT: 200.0, Unit.G: 1.0, Unit.ADC: 64.0}
_RAIL_RANGE_COUNTS = 64


def stages(stream: Stream, settings: DetectionSettings) -> tuple[Front, Tracker]:
    """Return the front end and the tracker of a stream."""
    match stream.modality:
        case Modality.EMG:
            return _electrode(stream, settings)
        case Modality.ACCELEROMETER:
            return _accelerometer(stream, settings)
        case Modality.ENVELOPE:
            return _envelope(stream, settings)


def stuck_signals(stream: Stream, flat_s: float) -> list[StuckSignal]:
    """Return the stages that find flat lines and rails in the raw samples; see `Segment`."""
    rate, never = stream.sampling_rate, np.inf
    least_range = max(_RAIL_RANGE[stream.unit], _RAIL_RANGE_COUNTS * stream.resolution)
    match stream.modality:
        case Modality.EMG:
            return [StuckSignal(rate, flat_s=flat_s, least_range=least_range)]
        case Modality.ENVELOPE:
            # At rest it may lie on its lowest count, and a contraction that clips is one.
            return [StuckSignal(rate, flat_s=flat_s, least_range=never)]
        case Modality.ACCELEROMETER:
            # One axis alone may rest on one count: each has its rails, their sum is flat.
            rails = [
                StuckSignal(rate, flat_s=never, least_range=least_range) for _ in stream.channels
            ]
            return [*rails, StuckSignal(rate, flat_s=flat_s, least_range=never)]


def _electrode(stream: Stream, settings: DetectionSettings) -> tuple[EmgFront, ActivityTracker]:
    own = settings.emg
    front = EmgFront(stream, settings)
    least = max(stream.resolution / 12**0.5, _LEAST_RMS[stream.unit])
    activity = ActivityTracker(
        stream.sampling_rate,
        frame=front.envelope.frame,
        window=front.envelope.window,
        degrees=front.degrees,
        least=least**2,
        delay=front.delay,
        deviate=own.deviate,
        noise_limit=np.inf if stream.unit is Unit.ADC else own.noise_limit,
        tone_limit=0.0 if stream.unit is Unit.ADC else own.tone_limit,
        twitch_max_s=own.twitch_max_s,
        doublet_s=own.doublet_s,
        slow_window_s=EMG_SLOW_S,
        heart=front.heart,
    )
    return front, activity


def _accelerometer(
    stream: Stream, settings: DetectionSettings
) -> tuple[AccelerometerFront, VibrationTracker]:
    own = settings.accelerometer
    front = AccelerometerFront(stream, settings)
    least = max(stream.resolution / 12**0.5, _LEAST_RMS[stream.unit]) ** 2
    activity = VibrationTracker(
        stream.sampling_rate,
        frame=front.frame,
        degrees=front.degrees,
        least=[least * AXES * width for width in front.widths],
        delay=front.delay,
        lateness=front.lateness,
        motion_lateness=front.motion_lateness,
        deviate=own.deviate,
        noise_limit=own.noise_limit,
        tone_limit=own.tone_limit,
        twitch_max_s=own.twitch_max_s,
        doublet_s=own.doublet_s,
        cramp_min_s=own.cramp_min_s,
    )
    return front, activity


def _envelope(
    stream: Stream, settings: DetectionSettings
) -> tuple[LinearEnvelopeFront, RiseTracker]:
    own = settings.envelope
    front = LinearEnvelopeFront(stream)
    rises = RiseTracker(
        stream.sampling_rate,
        frame=front.frame,
        degrees=DEGREES,
        least=front.least,
        deviate=own.deviate,
        twitch_max_s=own.twitch_max_s,
    )
    return front, rises
