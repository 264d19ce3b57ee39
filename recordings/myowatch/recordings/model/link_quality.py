"""How well a device's samples come through, for people, for the status and for the file."""

from collections.abc import Iterator
from dataclasses import asdict, dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class LinkQuality:
    """What the way from a device to the recorder did, since it was first opened.

    Parameters
    ----------
    device
        What it is and where, for people.
    lost_samples
        That never came while the port was open, by the device's count or clock.
    bad_frames
        Frames or lines that were damaged.
    skipped_bytes
        That belonged to no undamaged frame; what a board says at its start too.
    overruns
        Times the device said that it could not keep up.
    restarts
        Times it began anew without being unplugged.
    reconnects
        Times it was lost and found again.
    sampling_rate_hz
        As the host's clock measures it.
    drift_ppm
        By how many millionths the device's clock is faster than the host's.
    jitter_ms
        By how much 19 of 20 deliveries are later than the fastest.
    battery_percent
        Of the device, as it tells.
    dropped_bytes
        That came faster than this computer took them, for so long that there was no room.
    alignment_ms
        By how much the time of a sample in the recording may be off by this computer's clock, as
        the fastest deliveries tell; how long the way takes at least, they do not.
    """

    device: str
    lost_samples: int = 0
    bad_frames: int = 0
    skipped_bytes: int = 0
    overruns: int = 0
    restarts: int = 0
    reconnects: int = 0
    sampling_rate_hz: float | None = None
    drift_ppm: float | None = None
    jitter_ms: float | None = None
    battery_percent: int | None = None
    dropped_bytes: int = 0
    alignment_ms: float | None = None

    def in_one_line(self) -> str:
        """Say it in a line.

        Examples
        --------
        >>> LinkQuality("a board", lost_samples=3, drift_ppm=-41.7).in_one_line()
        'a board: 3 samples lost, clock 42 ppm slow'
        """
        return f"{self.device}: {', '.join(self._parts())}"

    def as_json(self) -> dict[str, Any]:
        """Give the numbers by their names, and the line."""
        return asdict(self) | {"words": self.in_one_line()}

    def _parts(self) -> Iterator[str]:
        yield _many(self.lost_samples, "sample") + " lost"
        if self.bad_frames:
            yield _many(self.bad_frames, "frame") + " damaged"
        if self.overruns:
            yield _many(self.overruns, "overrun") + " in the device"
        if self.dropped_bytes:
            yield f"{_many(self.dropped_bytes, 'byte')} dropped by a busy computer"
        if self.restarts:
            yield _many(self.restarts, "restart") + " of the device"
        if self.reconnects:
            yield "reconnected once" if self.reconnects == 1 else f"reconnected {self.reconnects}x"
        if self.sampling_rate_hz is not None:
            yield f"{self.sampling_rate_hz:.5g} Hz"
        if self.drift_ppm is not None:
            yield f"clock {abs(self.drift_ppm):.0f} ppm {'fast' if self.drift_ppm > 0 else 'slow'}"
        if self.jitter_ms is not None:
            yield f"jitter {self.jitter_ms:.0f} ms"
        if self.alignment_ms is not None:
            yield f"within {max(self.alignment_ms, 1.0):.0f} ms of this computer's clock"
        if self.battery_percent is not None:
            yield f"battery {self.battery_percent} %"


def _many(number: int, what: str) -> str:
    return f"{number or 'no'} {what}{'' if number == 1 else 's'}"
