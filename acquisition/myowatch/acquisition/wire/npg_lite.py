"""Upside Down Labs' NPG Lite over Bluetooth LE: 3 or 6 channels of 12 bits.

A sample is a counter and a big-endian signed 16-bit number a channel; ten of them go in a
notification at 500 Hz, in another firmware 25 at 250 Hz.
Source: Chords-Python, `chordspy/chords_ble.py`; NPG-Lite-IDF-Firmware, `test/record-log.py`.
"""

import numpy as np
import numpy.typing as npt

from myowatch.acquisition.wire.decoding import Layout, Reception, Run
from myowatch.acquisition.wire.facts import Facts
from myowatch.acquisition.wire.fixed_frames import Bytes, FixedFrames, FrameShape
from myowatch.signal.samples import Modality, Unit

START, STOP = b"START", b"STOP"
CHANNELS = (3, 6)
USUAL_HZ = 500.0
IN_A_ROW = 5  # nothing but the counter is fixed: 32 bits have to be right


class NpgLiteDecoder:
    """Decodes the samples of a board.

    Raises
    ------
    ValueError
        Unless it has 3 or 6 channels.
    """

    def __init__(self, facts: Facts) -> None:
        channels = CHANNELS[0] if facts.channels is None else facts.channels
        if channels not in CHANNELS:
            raise ValueError(f"need 3 or 6 channels, got {channels}")
        self.facts = facts
        self._frames = FixedFrames(FrameShape(1 + 2 * channels, 256, IN_A_ROW, None, _any, _count))
        names = tuple(f"CH{number + 1}" for number in range(channels))
        rate = facts.sampling_rate or USUAL_HZ
        self._layout = Layout("EMG", Modality.EMG, Unit.ADC, names, 1.0, rate, count_period=256)

    @property
    def layouts(self) -> tuple[Layout, ...]:
        """The one sensor."""
        return (self._layout,)

    @property
    def reception(self) -> Reception:
        """How the bytes came through until now."""
        return self._frames.reception

    def feed(self, data: bytes) -> list[Run]:
        """Give the samples that these bytes complete."""
        return [
            Run(
                self._layout,
                np.ascontiguousarray(frames[:, 1:]).view(">i2").astype(np.float64),
                int(frames[0, 0]),
            )
            for frames in self._frames.feed(data)
        ]


def _any(frames: Bytes) -> npt.NDArray[np.bool_]:
    return np.ones(len(frames), np.bool_)


def _count(frames: Bytes) -> npt.NDArray[np.int64]:
    return frames[:, 0].astype(np.int64)
