"""Devices of OpenSignals: their channels as streams, and raw ADC counts as samples.

Both formats, HDF5 and text, hold the same description of each device and the same counts. Sensors
other than EMG and accelerometers are left out. A channel of unknown kind (`RAW`, `CUSTOM`) becomes
EMG in ADC counts, because EMG is what people usually connect.
"""

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from myowatch.recordings.model.recording import is_usable_rate, left_out_note, unusable_rate
from myowatch.recordings.storage.problem import UnreadableRecording
from myowatch.signal.model.samples import AXES, Modality, Samples, Stream, Unit

_EMG_RANGE_UV = 3e6 / 1000
"""A supply of 3 V and a gain of 1000 (biosignalsplux EMG sensor data sheet)."""

_ACC_CENTRE, _ACC_PER_G = 33000, 5000
"""16-bit counts at 0 g and per g: the sensor has typically 28000 at -1 g and 38000 at +1 g."""

_ACC_BITS = 16
_MOST_BITS = 24
_EMG = {"EMG"}
_ACCELEROMETER = {"ACC", "XYZ", "CACC", "ACCELEROMETER"}
_UNKNOWN = {"RAW", "CUSTOM", "UNKNOWN", ""}
_DATE_TIME = re.compile(r"(\d+)-(\d+)-(\d+) (\d+):(\d+):(\d+)(?:\.(\d+))?")


@dataclass(frozen=True, slots=True)
class Channel:
    """One analogue channel of a device."""

    number: int
    sensor: str
    label: str
    bits: int


@dataclass(frozen=True, slots=True)
class Device:
    """One device as both formats describe it."""

    address: str
    sampling_rate: float
    channels: tuple[Channel, ...]
    started: datetime | None


@dataclass(frozen=True, slots=True)
class DeviceStream:
    """One stream, its channels, and the count of zero."""

    stream: Stream
    device: Device
    channels: tuple[Channel, ...]
    zero: int

    def convert(self, adc: npt.NDArray[np.float64]) -> Samples:
        """Return raw counts as samples, shape (n, n_channels).

        Raises
        ------
        UnreadableRecording
            If a count is outside the range of the converter.
        """
        most = 2 ** max(channel.bits for channel in self.channels)
        wrong = adc[(adc < 0) | (adc >= most)]
        if len(wrong):
            raise UnreadableRecording(
                f"device {self.device.address} has {wrong[0]:g} for a count of 0 to {most - 1}",
                "the file is damaged, export it again from OpenSignals",
            )
        return (adc - self.zero) * self.stream.resolution


def parse_device(address: str, described: Mapping[str, Any], path: Path) -> Device:
    """Return the device of a description.

    Raises
    ------
    UnreadableRecording
        If the description is damaged.
    """
    try:
        numbers = [int(number) for number in described["channels"]]
        bits = _each(described["resolution"], len(numbers))
        channels = tuple(
            Channel(number, str(sensor).upper(), str(label), int(n_bits))
            for number, sensor, label, n_bits in zip(
                numbers, described["sensor"], described["label"], bits, strict=True
            )
        )
        rate = float(described["sampling rate"])
        if not 0 < rate < float("inf"):
            raise ValueError(f"a sampling rate of {rate} Hz")
        if any(not 0 < channel.bits <= _MOST_BITS for channel in channels):
            raise ValueError(f"a resolution of {bits} bits")
    except (KeyError, ValueError, TypeError, OverflowError) as error:
        raise UnreadableRecording(
            f"{path}: the description of device {address[:40]} is damaged: {error}",
            "export it again from OpenSignals",
        ) from error
    started = _parse_started(f"{described.get('date', '')} {described.get('time', '')}")
    return Device(address, rate, channels, started)


def form_streams(
    devices: Sequence[Device], site: str, path: Path
) -> tuple[list[DeviceStream], list[str]]:
    """Return the streams of all devices, with unique names, and warnings for users.

    Raises
    ------
    UnreadableRecording
        If there is neither EMG nor an accelerometer.
    """
    if not devices:
        raise UnreadableRecording(f"{path} has no device in it", "export it again from OpenSignals")
    formed: list[DeviceStream] = []
    slow: list[Stream] = []
    warnings: list[str] = []
    for device in devices:
        for found in _device_streams(device, site, warnings):
            rate, modality = found.stream.sampling_rate, found.stream.modality
            if is_usable_rate(rate, modality):
                formed.append(found)
            else:
                slow.append(found.stream)
                warnings.append(left_out_note(f"device {device.address}", rate, modality))
    if not formed and slow:
        raise unusable_rate(path, slow[0].sampling_rate, slow[0].modality)
    if not formed:
        kinds = sorted({c.sensor or "no sensor" for d in devices for c in d.channels})
        raise UnreadableRecording(
            f"{path} has neither EMG nor an accelerometer, but {', '.join(kinds) or 'no channel'}",
            "choose a recording of one of these",
        )
    return _with_own_names(formed), warnings


def too_short(path: Path, n_samples: int) -> UnreadableRecording:
    """Return the error of a file with one sample or none."""
    what = "only one sample" if n_samples else "no samples"
    return UnreadableRecording(f"{path} has {what}", "a recording needs many")


def _device_streams(device: Device, site: str, warnings: list[str]) -> list[DeviceStream]:
    formed = []
    acceleration = [c for c in device.channels if c.sensor in _ACCELEROMETER]
    for channel in device.channels:
        if channel.sensor in _EMG:
            step = _EMG_RANGE_UV / 2**channel.bits
            formed.append(_emg(device, channel, Unit.MICROVOLT, step, site))
        elif channel.sensor in _UNKNOWN:
            formed.append(_emg(device, channel, Unit.ADC, 1.0, site))
            warnings.append(f"{channel.label}: sensor unknown, taken for EMG in ADC counts")
        elif channel.sensor not in _ACCELEROMETER:
            warnings.append(f"{channel.label}: {channel.sensor} is left out")
    whole = len(acceleration) // AXES * AXES
    for first in range(0, whole, AXES):
        formed.append(_accelerometer(device, tuple(acceleration[first : first + AXES]), site))
        warnings.append(
            f"accelerometer {acceleration[first].label}: scaled by the sensor's typical calibration"
        )
    warnings += [f"{c.label}: an accelerometer needs three axes" for c in acceleration[whole:]]
    return formed


def _emg(device: Device, channel: Channel, unit: Unit, step: float, site: str) -> DeviceStream:
    stream = Stream("EMG", Modality.EMG, unit, device.sampling_rate, (channel.label,), step, site)
    return DeviceStream(stream, device, (channel,), 2 ** (channel.bits - 1))


def _accelerometer(device: Device, axes: tuple[Channel, ...], site: str) -> DeviceStream:
    scale = 2.0 ** (axes[0].bits - _ACC_BITS)
    stream = Stream(
        "ACC",
        Modality.ACCELEROMETER,
        Unit.G,
        device.sampling_rate,
        tuple(channel.label for channel in axes),
        1 / (_ACC_PER_G * scale),
        site,
    )
    return DeviceStream(stream, device, axes, round(_ACC_CENTRE * scale))


def _with_own_names(formed: Sequence[DeviceStream]) -> list[DeviceStream]:
    """Return the streams with unique names: the sensor, if needed with port and device."""
    names = [f.stream.name for f in formed]
    ports = [f.channels[0].label for f in formed]
    for more in (ports, [f.device.address[-5:] for f in formed], [str(i) for i in range(99)]):
        count = Counter(names)
        names = [f"{n} {m}" if count[n] > 1 else n for n, m in zip(names, more, strict=False)]
    return [
        replace(f, stream=replace(f.stream, name=name))
        for f, name in zip(formed, names, strict=True)
    ]


def _each(value: Any, n: int) -> list[Any]:
    # Some devices list the counter and the digital inputs before the channels.
    return [value] * n if isinstance(value, int | float) else list(value)[-n:]


def _parse_started(text: str) -> datetime | None:
    found = _DATE_TIME.fullmatch(text)
    if found is None:
        return None
    year, month, day, hour, minute, second = map(int, found.groups()[:6])
    micros = int((found[7] or "").ljust(6, "0")[:6])
    try:
        local = datetime(year, month, day, hour, minute, second, micros)  # noqa: DTZ001
        return local.astimezone()
    except (ValueError, OverflowError, OSError):
        return None
