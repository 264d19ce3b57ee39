"""BITalino (r)evolution: one to six channels, over Bluetooth or a USB serial port.

A frame of n channels is 3 to 8 bytes: the first four channels of 10 bits, two more of 6, the states
of the digital ports, a counter of four bits and a CRC of four. Source: revolution-python-api,
`bitalino.py`, which stops at the first damaged frame; this decoder searches for the next.
"""

import re
from functools import cache

import numpy as np
import numpy.typing as npt

from myowatch.acquisition.wire.decoding import DeviceFacts, Layout, Reception, Run
from myowatch.acquisition.wire.fixed_frames import Bytes, FixedFrames, FrameShape
from myowatch.signal.model.samples import Modality, Samples, Unit

BAUD_RATES = (115200,)
ASK, STOP = b"\x07", b"\x00"
RATES = (1.0, 10.0, 100.0, 1000.0)
MOST_CHANNELS = 6
POLYNOMIAL = 0x13  # x^4 + x + 1
IN_A_ROW = 5  # 4 bits of a CRC each, and 4 of the counter of all but the first: 36 bits

# For each channel: (byte of the high bits, counted from the end, and their shift to the left), the
# same for the low bits (a negative shift is to the right), and the number of bits.
_PLACES = (
    ((-2, 6), (-3, -2), 10),
    ((-3, 8), (-4, 0), 10),
    ((-5, 2), (-6, -6), 10),
    ((-6, 4), (-7, -4), 10),
    ((-7, 2), (-8, -6), 6),
    ((-8, 0), (-8, 0), 6),
)


def answer(received: bytes) -> DeviceFacts | None:
    """Return the board from its version text, `BITalino_v5.2`; None if there is none."""
    found = re.search(rb"BITalino[_ ]?[vV][0-9.]+", received)
    return DeviceFacts(board=found[0].decode()) if found else None


def start(facts: DeviceFacts) -> tuple[bytes, ...]:
    """Return the command that sets the sampling rate and starts the first channels."""
    channels, rate = _channels_and_rate(facts)
    mask = (1 << channels) - 1
    return bytes([RATES.index(rate) << 6 | 0x03]), bytes([mask << 2 | 0x01])


class BitalinoDecoder:
    """Decodes the frames of a board.

    Raises
    ------
    ValueError
        Unless there are 1 to 6 channels at 1, 10, 100 or 1000 Hz.
    """

    def __init__(self, facts: DeviceFacts) -> None:
        self.facts = facts
        channels, rate = _channels_and_rate(facts)
        names = tuple(f"A{number + 1}" for number in range(channels))
        self._layout = Layout("EMG", Modality.EMG, Unit.ADC, names, 1.0, rate, count_period=16)
        self._frames = FixedFrames(_shape(channels))

    @property
    def layouts(self) -> tuple[Layout, ...]:
        """The one sensor."""
        return (self._layout,)

    @property
    def reception(self) -> Reception:
        """Reception counters so far."""
        return self._frames.reception

    def feed(self, data: bytes) -> list[Run]:
        """Return the samples that these bytes complete."""
        channels = len(self._layout.channels)
        return [
            Run(self._layout, _values(frames, channels), int(frames[0, -1]) >> 4)
            for frames in self._frames.feed(data)
        ]


def _channels_and_rate(facts: DeviceFacts) -> tuple[int, float]:
    channels = MOST_CHANNELS if facts.channels is None else facts.channels
    rate = RATES[-1] if facts.sampling_rate is None else facts.sampling_rate
    if not 1 <= channels <= MOST_CHANNELS:
        raise ValueError(f"need 1 to {MOST_CHANNELS} channels, got {channels}")
    if rate not in RATES:
        raise ValueError(f"need a sampling rate of 1, 10, 100 or 1000 Hz, got {rate:g}")
    return channels, rate


def _length(channels: int) -> int:
    bits = 12 + 10 * channels if channels <= 4 else 52 + 6 * (channels - 4)  # noqa: PLR2004
    return -(-bits // 8)


def _crc(data: bytes) -> int:
    remainder = int.from_bytes(data, "big")
    for bit in range(8 * len(data) - 1, 3, -1):
        if remainder >> bit & 1:
            remainder ^= POLYNOMIAL << bit - 4
    return remainder


@cache
def _shape(channels: int) -> FrameShape:
    length = _length(channels)
    # The CRC of a frame is the XOR of the CRCs of its bytes, computed with 0 in the place of the
    # CRC.
    of_byte = np.empty((length, 256), np.uint8)
    for place in range(length):
        for value in range(256):
            of_byte[place, value] = _crc(bytes([value]) + bytes(length - 1 - place))
    of_byte[-1] = [_crc(bytes([value & 0xF0])) ^ value & 0x0F for value in range(256)]

    def whole(frames: Bytes) -> npt.NDArray[np.bool_]:
        left = of_byte[0][frames[:, 0]]
        for place in range(1, length):
            left ^= of_byte[place][frames[:, place]]
        right: npt.NDArray[np.bool_] = left == 0
        return right

    return FrameShape(length, 16, IN_A_ROW, None, whole, lambda f: (f[:, -1] >> 4).astype(np.int64))


def _values(frames: Bytes, channels: int) -> Samples:
    wide = frames.astype(np.int64)
    values = np.empty((len(frames), channels))
    for channel in range(channels):
        (high, up), (low, by), bits = _PLACES[channel]
        low_part = wide[:, low] << by if by >= 0 else wide[:, low] >> -by
        values[:, channel] = (wide[:, high] << up | low_part) & ((1 << bits) - 1)
    return values
