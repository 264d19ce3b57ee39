"""Detection in an array: the function that Python programs call."""

from dataclasses import replace
from typing import Any

import numpy as np
import numpy.typing as npt

from myowatch.signal.detector.detector import Detector
from myowatch.signal.model.events import DetectedEvent, Event, Kind
from myowatch.signal.model.samples import (
    AXES,
    COLUMN_UNITS,
    ColumnUnit,
    Modality,
    SampleBlock,
    Samples,
    Stream,
    Unit,
    column_unit,
    quantise,
)
from myowatch.signal.model.settings import DetectionSettings

MAX_CHANNELS = 256
_DEFAULT_UNIT = "uV"
# So many values at once keep the work well above its overhead and in the processor's cache.
_VALUES_AT_ONCE = 60_000
_ONE, _TWO = 1, 2


def detect(
    samples: npt.ArrayLike,
    sampling_rate: float,
    *,
    modality: Modality | str = Modality.EMG,
    unit: Unit | str = _DEFAULT_UNIT,
    scale: float = 1.0,
    mains_hz: float | None = None,
    settings: DetectionSettings | None = None,
    rejected: bool = False,
) -> list[DetectedEvent]:
    """Return the twitches, cramps and movements in a recording, settled.

    The same samples in a file give the same events by `myowatch analyze`.

    Parameters
    ----------
    samples
        Shape (n_samples,) or (n_samples, n_channels); integers or floats, NaN where a sample is
        missing. Each column of EMG is a stream of its own; an accelerometer has three columns,
        x, y and z.
    sampling_rate
        Hz; 100 to 10 000 for EMG, 50 to 10 000 for an accelerometer.
    modality
        `"emg"`, `"accelerometer"` or `"envelope"` (a rectified and smoothed EMG, in which only
        cramps and movements can be told).
    unit
        `"uV"`, `"mV"`, `"V"` or `"adc"` (counts of an unknown gain); for an accelerometer `"g"`
        (its default), `"mg"` or `"m/s2"`.
    scale
        Units per count, for integer counts of a known gain: 0.045 with `unit="uV"` where one
        count is 0.045 microvolts.
    mains_hz
        50 or 60; None finds it.
    settings
        Of the detection; None for the defaults.
    rejected
        Also return rejected events and time that cannot be scored, with their reason.

    Returns
    -------
    settled events by onset; `pandas.DataFrame(events)` makes a table of them

    Raises
    ------
    ValueError
        If shape, type, rate, unit or modality do not fit, or a sample is infinite.

    Examples
    --------
    Ten seconds of noise of 3 uV with one potential of 15 ms:

    >>> import numpy as np
    >>> from myowatch.signal import detect
    >>> x = np.random.default_rng(0).normal(0.0, 3.0, 10_000)
    >>> x[6000:6015] += 150.0 * np.sin(np.linspace(0.0, 2 * np.pi, 15))
    >>> [(str(e.kind), round(e.onset_s, 2)) for e in detect(x, 1000.0)]
    [('twitch', 6.0)]
    """
    modality = _modality(modality)
    column = _unit(unit, modality)
    if not (np.isfinite(scale) and scale > 0):
        raise ValueError(f"need a scale above 0, got {scale}")
    values = quantise(_values(samples) * (scale * column.factor), column.resolution)
    streams = _streams(values.shape[1], float(sampling_rate), modality, column)
    settings = settings or DetectionSettings()
    if mains_hz is not None:
        settings = replace(settings, mains_hz=float(mains_hz))
    detector = Detector(streams, settings)
    events: list[Event] = []
    step = max(_VALUES_AT_ONCE // values.shape[1], 1)
    for first in range(0, len(values), step):
        piece = values[first : first + step]
        for stream, columns in zip(streams, _columns(piece, modality), strict=True):
            events += detector.process(SampleBlock(stream, first, columns))
    events += detector.flush()
    rate = float(sampling_rate)
    wanted = (e for e in events if not e.provisional)
    found = [_in_seconds(e, rate) for e in wanted if rejected or e.kind is not Kind.ARTEFACT]
    return sorted(found, key=lambda e: (e.onset_s, e.stream))


def _modality(modality: Modality | str) -> Modality:
    try:
        return Modality(modality)
    except ValueError:
        raise ValueError(f"need a modality of {', '.join(Modality)}, got {modality!r}") from None


def _unit(unit: Unit | str, modality: Modality) -> ColumnUnit:
    is_acceleration = modality is Modality.ACCELEROMETER
    if is_acceleration and unit == _DEFAULT_UNIT:
        unit = Unit.G
    found = column_unit(str(unit))
    if found is None or (found.unit is Unit.G) != is_acceleration:
        names = [n for n, each in COLUMN_UNITS.items() if (each.unit is Unit.G) == is_acceleration]
        raise ValueError(f"need a unit of {', '.join(names)} for {modality}, got {unit!r}")
    return found


def _values(samples: npt.ArrayLike) -> Samples:
    """Return the samples as floats of shape (n_samples, n_channels)."""
    array: npt.NDArray[Any] = np.asarray(samples)
    if array.dtype.kind not in "iuf":
        raise ValueError(f"need integers or floats, got an array of {array.dtype}")
    if array.ndim not in (_ONE, _TWO):
        raise ValueError(f"need shape (n_samples,) or (n_samples, n_channels), got {array.shape}")
    if not array.size:
        raise ValueError(f"need 1 sample or more, got an array of shape {array.shape}")
    values = array.astype(np.float64).reshape(len(array), -1)
    if values.shape[1] > MAX_CHANNELS:
        raise ValueError(
            f"need at most {MAX_CHANNELS} channels (columns), got {values.shape[1]}: "
            "samples go down the rows"
        )
    if np.isinf(values).any():
        first = int(np.flatnonzero(np.isinf(values).any(axis=1))[0])
        raise ValueError(f"need finite samples or NaN, got {values[first]} at sample {first}")
    return values


def _streams(n_channels: int, rate: float, modality: Modality, unit: ColumnUnit) -> list[Stream]:
    if modality is Modality.ACCELEROMETER:
        if n_channels != AXES:
            raise ValueError(f"need {AXES} columns (x, y, z) for {modality}, got {n_channels}")
        axes = ("ACC.x", "ACC.y", "ACC.z")
        return [Stream("ACC", modality, unit.unit, rate, axes, unit.resolution)]
    names = ["EMG"] if n_channels == 1 else [f"EMG{n}" for n in range(1, n_channels + 1)]
    return [Stream(name, modality, unit.unit, rate, (name,), unit.resolution) for name in names]


def _columns(values: Samples, modality: Modality) -> list[Samples]:
    if modality is Modality.ACCELEROMETER:
        return [values]
    return [values[:, n : n + 1] for n in range(values.shape[1])]


def _in_seconds(event: Event, rate: float) -> DetectedEvent:
    return DetectedEvent(
        event.kind,
        event.onset / rate,
        event.offset / rate,
        event.peak,
        event.snr_db,
        event.confidence,
        event.stream,
        event.reason,
        event.cramp_probability,
    )
