"""What an INFO frame says (packet_format.md, 6)."""

import struct
from dataclasses import dataclass, replace
from enum import IntEnum

from myowatch.acquisition.wire.decoding import Layout
from myowatch.acquisition.wire.myoframe_data import OVERRUN
from myowatch.signal.samples import AXES, Modality, Unit

_FIELDS = struct.Struct("<BBIIbBhH")
COUNT_PERIOD, CLOCK_PERIOD_US = 1 << 16, 1 << 32  # 5.1, 5.3


class Kind(IntEnum):
    """What a sensor measures, as in 6.2."""

    EMG_COUNTS = 0
    EMG_VOLTS = 1
    ACCELEROMETER_G = 2


@dataclass(frozen=True, slots=True)
class Info:
    """One sensor of a board, as it describes itself.

    Parameters
    ----------
    shape
        Byte 1 of its DATA frames, overrun left out: format and channels.
    offset
        The count that means zero.
    device
        Number of the board.
    layout
        None if its kind is of a later time.
    """

    shape: int
    offset: int
    device: int
    layout: Layout | None


def read_info(raw: bytes) -> Info | None:
    """Read an INFO frame whose CRC was right; None if it is malformed (6.6)."""
    if len(raw) < _FIELDS.size + 2:
        return None
    _, shape, rate, mantissa, exponent, sorts, offset, device = _FIELDS.unpack_from(raw)
    if rate == 0 or mantissa == 0:
        return None
    layout = _layout(sorts >> 4, sorts >> 1 & 0x07, (shape & 0x0F) + 1)
    if layout is not None:
        # Read as the decimal number that it is: 48828125 x 10^-13 V is 4.8828125 uV exactly.
        places = exponent + 6 if layout.unit is Unit.MICROVOLT else exponent
        resolution = float(f"{mantissa}e{places}")
        layout = replace(layout, resolution=resolution, sampling_rate=rate / 1000)
    return Info(shape & ~OVERRUN, offset, device, layout)


def _layout(kind: int, sensor: int, channels: int) -> Layout | None:
    periods = {"count_period": COUNT_PERIOD, "clock_period_us": CLOCK_PERIOD_US}
    if kind == Kind.ACCELEROMETER_G and channels == AXES:
        name = _name("ACC", sensor)
        return Layout(name, Modality.ACCELEROMETER, Unit.G, ("x", "y", "z"), 1.0, None, **periods)
    if kind not in (Kind.EMG_COUNTS, Kind.EMG_VOLTS):
        return None
    name = _name("EMG", sensor)
    names = tuple(f"{name}{n + 1}" for n in range(channels)) if channels > 1 else (name,)
    unit = Unit.MICROVOLT if kind == Kind.EMG_VOLTS else Unit.ADC
    return Layout(name, Modality.EMG, unit, names, 1.0, None, **periods)


def _name(kind: str, sensor: int) -> str:
    # By the number alone, so that it does not depend on which INFO came first.
    return kind if sensor == 0 else f"{kind}-{chr(ord('A') + sensor)}"
