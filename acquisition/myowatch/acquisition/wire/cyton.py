"""OpenBCI Cyton: eight channels of 24 bits at 250 Hz and a slow accelerometer, by USB dongle.

A frame is `A0`, a counter, 8 big-endian 24-bit counts, 6 bytes more, `C0` to `C6`. With `C0` the
six bytes are three big-endian 16-bit counts of the accelerometer, all 0 while there is nothing new.
Source: BrainFlow, `src/board_controller/openbci/cyton.cpp`; what ends a frame, `Definitions.h` of
OpenBCI_32bit_Library.
"""

import numpy as np
import numpy.typing as npt

from myowatch.acquisition.wire.decoding import DeviceFacts, Layout, Reception, Run
from myowatch.acquisition.wire.fixed_frames import Bytes, FixedFrames, FrameShape
from myowatch.signal.model.samples import Modality, Samples, Unit

BAUD_RATES = (115200,)
ASK, START, STOP = b"v", b"b", b"s"
CHANNELS = 8
LENGTH, BEGIN, END_ACCELEROMETER, END_LAST = 33, 0xA0, 0xC0, 0xC6
IN_A_ROW = 2  # 13 bits of each are fixed, 8 of what follows, and 8 of the second's counter

EMG = Layout(
    "EMG",
    Modality.EMG,
    Unit.MICROVOLT,
    tuple(f"CH{number + 1}" for number in range(CHANNELS)),
    4.5 / (2**23 - 1) / 24 * 1e6,  # the reference of 4.5 V and the gain of 24 it starts with
    250.0,
    count_period=256,
)
ACCELEROMETER = Layout("ACC", Modality.ACCELEROMETER, Unit.G, ("x", "y", "z"), 0.002 / 16)
"""Its rate, about a tenth of the other's, is not stated."""


def answer(received: bytes) -> DeviceFacts | None:
    """Return the board from its message after a reset; None if it is not a Cyton."""
    if b"OpenBCI" not in received or b"ADS1299" not in received:
        return None
    return DeviceFacts(channels=16 if b"On Daisy" in received else CHANNELS, board="OpenBCI Cyton")


class CytonDecoder:
    """Decodes the frames of a board.

    Raises
    ------
    ValueError
        Unless there are 8 channels: with a Daisy module, the frames of two boards
        alternate, which is not supported.
    """

    def __init__(self, facts: DeviceFacts) -> None:
        self.facts = facts
        if facts.channels not in (None, CHANNELS):
            raise ValueError(f"need {CHANNELS} channels, without a Daisy, got {facts.channels}")
        self._frames = FixedFrames(FrameShape(LENGTH, 256, IN_A_ROW, BEGIN, _whole, _count))

    @property
    def layouts(self) -> tuple[Layout, ...]:
        """Both sensors."""
        return (EMG, ACCELEROMETER)

    @property
    def reception(self) -> Reception:
        """Reception counters so far."""
        return self._frames.reception

    def feed(self, data: bytes) -> list[Run]:
        """Return the samples that these bytes complete."""
        runs = []
        for frames in self._frames.feed(data):
            runs.append(Run(EMG, _emg(frames), int(frames[0, 1])))
            acceleration = _acceleration(frames)
            if len(acceleration):
                runs.append(Run(ACCELEROMETER, acceleration))
        return runs


def _whole(frames: Bytes) -> npt.NDArray[np.bool_]:
    right: npt.NDArray[np.bool_] = frames[:, 0] == BEGIN
    end = frames[:, -1]
    right &= (end >= END_ACCELEROMETER) & (end <= END_LAST)
    return right


def _count(frames: Bytes) -> npt.NDArray[np.int64]:
    return frames[:, 1].astype(np.int64)


def _emg(frames: Bytes) -> Samples:
    wide = np.zeros((len(frames), CHANNELS, 4), np.uint8)
    wide[:, :, :3] = frames[:, 2:26].reshape(-1, CHANNELS, 3)
    counts = wide.view(">i4")[:, :, 0] >> 8
    return counts.astype(np.float64) * EMG.resolution


def _acceleration(frames: Bytes) -> Samples:
    told = frames[frames[:, -1] == END_ACCELEROMETER, 26:32]
    new = told[told.any(axis=1)]
    counts = np.ascontiguousarray(new).view(">i2").reshape(-1, 3)
    return counts.astype(np.float64) * ACCELEROMETER.resolution
