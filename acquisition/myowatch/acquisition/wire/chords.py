"""Boards of Upside Down Labs over a serial port, in the protocol of Chords.

A frame is `C7 7C`, a counter, one big-endian 16-bit number a channel, `01`; commands are lines of
text. Source: Chords-Python, `chordspy/chords_serial.py`; Chords-Arduino-Firmware, `UNO-R4.ino`.
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from myowatch.acquisition.wire.decoding import DeviceFacts, Layout, Reception, Run
from myowatch.acquisition.wire.fixed_frames import Bytes, FixedFrames, FrameShape
from myowatch.signal.model.samples import Modality, Unit

BAUD_RATES = (230400, 115200)
ASK, START, STOP = b"WHORU\n", b"START\n", b"STOP\n"
SYNC_1, SYNC_2, END = 0xC7, 0x7C, 0x01
MOST_CHANNELS = 16
COMMON_BITS = 14
"""All boards but one have at most this."""


@dataclass(frozen=True, slots=True)
class Board:
    """Channels, sampling rate in Hz, and bits of a sample."""

    channels: int
    sampling_rate: float
    bits: int


BOARDS = {
    "UNO-R3": Board(6, 250, 10),
    "UNO-CLONE": Board(6, 250, 10),
    "GENUINO-UNO": Board(6, 250, 10),
    "UNO-R4": Board(6, 500, 14),
    "RPI-PICO-RP2040": Board(3, 500, 12),
    "NANO-CLONE": Board(8, 250, 10),
    "NANO-CLASSIC": Board(8, 250, 10),
    "STM32F4-BLACK-PILL": Board(8, 500, 12),
    "STM32G4-CORE-BOARD": Board(16, 500, 12),
    "MEGA-2560-R3": Board(16, 250, 10),
    "MEGA-2560-CLONE": Board(16, 250, 10),
    "GIGA-R1": Board(6, 500, 16),
    "NPG-LITE": Board(3, 500, 12),
}
"""By the name that a board sends in answer to `WHORU`."""


def answer(received: bytes) -> DeviceFacts | None:
    """Return the board from its name; None if no line is a known name."""
    for line in received.splitlines():
        name = line.strip().decode("ascii", errors="replace")
        if board := BOARDS.get(name):
            return DeviceFacts(
                channels=board.channels,
                sampling_rate=board.sampling_rate,
                bits=board.bits,
                board=name,
            )
    return None


class ChordsDecoder:
    """Decodes the frames of a board.

    Parameters
    ----------
    facts
        Channels, sampling rate and bits are used; without a rate, it is measured.

    Raises
    ------
    ValueError
        Unless there are 1 to 16 channels.
    """

    def __init__(self, facts: DeviceFacts) -> None:
        self.facts = facts
        channels = BOARDS["UNO-R3"].channels if facts.channels is None else facts.channels
        if not 1 <= channels <= MOST_CHANNELS:
            raise ValueError(f"need 1 to {MOST_CHANNELS} channels, got {channels}")
        self._frames = FixedFrames(_shape(channels, facts.bits or COMMON_BITS))
        self._layout = Layout(
            "EMG",
            Modality.EMG,
            Unit.ADC,
            tuple(f"A{number}" for number in range(channels)),
            1.0,
            facts.sampling_rate,
            count_period=256,
        )

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
        return [
            Run(self._layout, _values(frames).astype(np.float64), int(frames[0, 2]))
            for frames in self._frames.feed(data)
        ]


def _shape(channels: int, bits: int) -> FrameShape:
    high = 1 << max(bits - 8, 0)

    def whole(frames: Bytes) -> npt.NDArray[np.bool_]:
        right: npt.NDArray[np.bool_] = (frames[:, 0] == SYNC_1) & (frames[:, 1] == SYNC_2)
        right &= frames[:, -1] == END
        begins = np.flatnonzero(right)
        right[begins] = (frames[begins, 3:-1:2] < high).all(axis=1)
        return right

    # 24 bits are fixed, 8 of the next frame, and the bits above those of the converter.
    length, in_a_row = 2 * channels + 4, 1
    return FrameShape(length, 256, in_a_row, SYNC_1, whole, lambda f: f[:, 2].astype(np.int64))


def _values(frames: Bytes) -> npt.NDArray[np.uint16]:
    return np.ascontiguousarray(frames[:, 3:-1]).view(">u2")
