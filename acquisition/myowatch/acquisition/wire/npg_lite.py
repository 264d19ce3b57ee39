"""Upside Down Labs' NPG Lite over Bluetooth LE: 3 or 6 channels of 12 bits.

A sample is a counter and a big-endian signed 16-bit number a channel; ten of them go in a
notification at 500 Hz, in the firmware made with ESP-IDF 25 at 250 Hz.
Source: Chords-Python, `chordspy/chords_ble.py`; NPG-Lite-IDF-Firmware, `test/record-log.py`.
"""

from dataclasses import replace

import numpy as np
import numpy.typing as npt

from myowatch.acquisition.wire.decoding import DeviceFacts, Layout, Reception, Run
from myowatch.acquisition.wire.delimited import Messages
from myowatch.acquisition.wire.fixed_frames import Bytes, FixedFrames, FrameShape
from myowatch.signal.model.samples import Modality, Unit

START, STOP = b"START", b"STOP"
CHANNELS = (3, 6)
USUAL_HZ, SLOW_HZ = 500.0, 250.0
SLOW_BYTES = 25 * 7
"""Bytes of a notification of the ESP-IDF firmware, if the radio sends it in one piece."""
IN_A_ROW = 5  # only the counter is fixed: 32 bits must be right


class NpgLiteDecoder:
    """Decodes a board's notifications; the length of the first shows the sampling rate.

    Raises
    ------
    ValueError
        Unless it has 3 or 6 channels.
    """

    def __init__(self, facts: DeviceFacts) -> None:
        self._channels = CHANNELS[0] if facts.channels is None else facts.channels
        if self._channels not in CHANNELS:
            raise ValueError(f"need 3 or 6 channels, got {self._channels}")
        self.facts = facts
        self._messages = Messages()
        self._packing = 0  # bytes that `pack` added to the messages
        shape = FrameShape(1 + 2 * self._channels, 256, IN_A_ROW, None, _any, _count)
        self._frames = FixedFrames(shape)

    @property
    def layouts(self) -> tuple[Layout, ...]:
        """The one sensor, after the first notification."""
        rate = self.facts.sampling_rate
        if rate is None:
            return ()
        names = tuple(f"CH{number + 1}" for number in range(self._channels))
        return (Layout("EMG", Modality.EMG, Unit.ADC, names, 1.0, rate, count_period=256),)

    @property
    def reception(self) -> Reception:
        """Reception counters so far."""
        frames, messages = self._frames.reception, self._messages
        return replace(
            frames,
            frame_bytes=frames.frame_bytes + self._packing,
            skipped_bytes=frames.skipped_bytes + messages.skipped_bytes,
            bad_frames=frames.bad_frames + messages.bad,
        )

    def feed(self, data: bytes) -> list[Run]:
        """Return the samples that these bytes complete."""
        messages = self._messages.feed(data)
        if messages and self.facts.sampling_rate is None:
            rate = SLOW_HZ if len(messages[0][0]) >= SLOW_BYTES else USUAL_HZ
            self.facts = replace(self.facts, sampling_rate=rate)
        self._packing += sum(size - len(message) for message, size in messages)
        return [
            Run(
                self.layouts[0],
                np.ascontiguousarray(frames[:, 1:]).view(">i2").astype(np.float64),
                int(frames[0, 0]),
            )
            for frames in self._frames.feed(b"".join(message for message, _ in messages))
        ]


def _any(frames: Bytes) -> npt.NDArray[np.bool_]:
    return np.ones(len(frames), np.bool_)


def _count(frames: Bytes) -> npt.NDArray[np.int64]:
    return frames[:, 0].astype(np.int64)
