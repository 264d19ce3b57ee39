"""Quality of the link from a device to the recorder."""

from collections.abc import Iterator
from dataclasses import asdict, dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class LinkQuality:
    """Counts and measures of a link since it was first opened.

    Parameters
    ----------
    device
        Name and place of the device, for users.
    lost_samples
        Samples that never arrived while the port was open, by the device's count or clock.
    bad_frames
        Damaged frames or lines.
    skipped_bytes
        Bytes outside undamaged frames, such as the text that a board prints at its start.
    overruns
        How often the device reported that it could not keep up.
    restarts
        How often it restarted while connected.
    reconnects
        How often it was lost and found again.
    sampling_rate_hz
        Measured by the host's clock.
    drift_ppm
        How much faster the device's clock is than the host's, parts per million.
    jitter_ms
        95th percentile of the delay of deliveries, relative to the fastest.
    battery_percent
        Charge that the device reports.
    dropped_bytes
        Bytes lost because this computer read them too slowly.
    alignment_ms
        Largest error of a sample's time in the recording against this computer's clock, relative
        to the fastest deliveries; their own delay is unknown.
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
        """Return a summary in one line.

        Examples
        --------
        >>> LinkQuality("a board", lost_samples=3, drift_ppm=-41.7).in_one_line()
        'a board: 3 samples lost, clock 42 ppm slow'
        """
        return f"{self.device}: {', '.join(self._parts())}"

    def as_json(self) -> dict[str, Any]:
        """Return the numbers by name, and the summary as `words`."""
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
