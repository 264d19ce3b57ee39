"""MyoWare 2.0 with its wireless shield: one envelope byte every 10 ms from each sensor.

The sensor rectifies and smooths, and the sketch keeps 8 of 10 bits: this shows cramps, not
twitches. Source: SparkFun_MyoWare_Code_Examples, the sketches of the wireless shield.
"""

import numpy as np

from myowatch.acquisition.wire.decoding import DeviceFacts, Layout, Reception, Run
from myowatch.acquisition.wire.delimited import Messages
from myowatch.signal.model.samples import Modality, Unit

WIDTHS = (1, 4)


class MyowareDecoder:
    """Decodes the messages of a shield; the first one shows how many sensors there are."""

    def __init__(self, facts: DeviceFacts) -> None:
        self.facts = facts
        self._messages = Messages()
        self._layout: Layout | None = None
        self._frames = self._frame_bytes = self._skipped = 0

    @property
    def layouts(self) -> tuple[Layout, ...]:
        """The one sensor, after the first message."""
        return () if self._layout is None else (self._layout,)

    @property
    def reception(self) -> Reception:
        """Reception counters so far."""
        messages = self._messages
        skipped = self._skipped + messages.skipped_bytes
        return Reception(self._frames, self._frame_bytes, skipped, messages.bad)

    def feed(self, data: bytes) -> list[Run]:
        """Return the samples that these bytes complete."""
        rows = []
        for message, size in self._messages.feed(data):
            if self._layout is None and len(message) in WIDTHS:
                self._layout = _layout(len(message), self.facts)
            if self._layout is None or len(message) != len(self._layout.channels):
                self._skipped += size
                continue
            self._frames += 1
            self._frame_bytes += size
            rows.append(message)
        if self._layout is None or not rows:
            return []
        counts = np.frombuffer(b"".join(rows), np.uint8).reshape(len(rows), -1)
        return [Run(self._layout, counts.astype(np.float64))]


def _layout(sensors: int, facts: DeviceFacts) -> Layout:
    names = tuple(f"A{number}" for number in range(sensors))
    return Layout("EMG", Modality.ENVELOPE, Unit.ADC, names, 1.0, facts.sampling_rate)
