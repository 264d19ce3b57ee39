"""What every device source shares, and devices whose samples a library decodes."""

import time
from collections.abc import Sequence
from typing import Protocol

from myowatch.acquisition.source.source import SourceLost
from myowatch.acquisition.timing.clock_comparison import now_s
from myowatch.acquisition.timing.placing import Placing, Sensor
from myowatch.acquisition.wire.decoding import Reception, Run
from myowatch.recordings.model.link_quality import LinkQuality
from myowatch.signal.model.samples import SampleBlock, Stream

FRESH_S = 1.0
"""How long a computed link quality is reused; computing it takes half a millisecond."""


NOTHING = Reception()


class LinkMeter:
    """Adds up link quality across reconnections.

    Attributes
    ----------
    reconnects
        How often the device was lost and found again.
    """

    def __init__(self) -> None:
        self.reconnects = 0
        self._past = Reception()
        self._last: LinkQuality | None = None
        self._fresh_until = 0.0

    def closed(self, reception: Reception) -> None:
        """Add what was counted until the line was closed."""
        self._past, self._fresh_until = _sum(self._past, reception), 0.0

    def quality(self, device: str, placing: Placing, reception: Reception = NOTHING) -> LinkQuality:
        """Return the link quality, at most a second old.

        Parameters
        ----------
        reception
            Since the line was opened; empty for devices without frames.
        """
        if self._last is None or time.monotonic() >= self._fresh_until:
            self._last = self._now(device, _sum(self._past, reception), placing)
            self._fresh_until = time.monotonic() + FRESH_S
        return self._last

    def _now(self, device: str, reception: Reception, placing: Placing) -> LinkQuality:
        by_count, by_clock = placing.by_count.drift_ppm, placing.by_clock.drift_ppm
        return LinkQuality(
            device,
            lost_samples=placing.lost_samples,
            bad_frames=reception.bad_frames,
            skipped_bytes=reception.skipped_bytes,
            overruns=reception.overruns,
            restarts=placing.restarts,
            reconnects=self.reconnects,
            sampling_rate_hz=None if by_count is None else placing.rate * (1 + by_count * 1e-6),
            drift_ppm=by_count if by_clock is None else by_clock,
            jitter_ms=placing.by_count.jitter_ms,
            alignment_ms=placing.alignment_ms,
        )


def _sum(one: Reception, other: Reception) -> Reception:
    return Reception(
        one.frames + other.frames,
        one.frame_bytes + other.frame_bytes,
        one.skipped_bytes + other.skipped_bytes,
        one.bad_frames + other.bad_frames,
        one.overruns + other.overruns,
    )


READ_EVERY_S = 0.05
SILENT_S = 5.0
"""No BrainFlow board or LSL program pauses for so long."""


class SensorSamples:
    """Samples of a device, placed in time by its count, across reconnections.

    Parameters
    ----------
    name
        As typed.
    """

    def __init__(self, name: str) -> None:
        self._name = name
        self._placing: Placing | None = None
        self._meter = LinkMeter()
        self._received_s = 0.0

    def begin(self, sensors: Sequence[Sensor]) -> tuple[Stream, ...]:
        """Note that the device is connected, and return its streams."""
        self._received_s = now_s()
        if self._placing is None:
            self._placing = Placing(sensors)
        else:
            self._meter.reconnects += 1
            self._placing.resume()
        return tuple(stream for sensor in sensors for stream in sensor.streams)

    def place(self, runs: Sequence[Run]) -> list[SampleBlock]:
        """Return the blocks of what has just arrived."""
        assert self._placing is not None
        now = now_s()
        if not runs:
            return []
        self._received_s = now
        return self._placing.place(runs, now)

    @property
    def is_silent(self) -> bool:
        """Return whether the device has been silent for too long."""
        return now_s() - self._received_s >= SILENT_S

    def lost(self, to_do: str) -> SourceLost:
        """Return the error for a silent device, with what to do."""
        return SourceLost(f"nothing has come from {self._name} for {SILENT_S:g} s", to_do)

    @property
    def began_s(self) -> float | None:
        """Host clock at the first sample; None before."""
        return None if self._placing is None else self._placing.began_s

    @property
    def quality(self) -> LinkQuality | None:
        """Link quality; None before the first connection."""
        if self._placing is None:
            return None
        return self._meter.quality(self._name, self._placing)


class HasStart(Protocol):
    """Something that knows when a device's first sample was taken."""

    @property
    def began_s(self) -> float | None:
        """Host clock at the first sample; None before."""


class DeviceSource:
    """The part of a source that all devices share.

    Parameters
    ----------
    samples
        Places its samples in time.
    """

    def __init__(self, samples: HasStart) -> None:
        self._placed = samples

    @property
    def progress(self) -> None:
        """None: a device has no end."""
        return

    @property
    def began_s(self) -> float | None:
        """Host clock at the first sample."""
        return self._placed.began_s

    def cancel_open(self) -> None:
        """Do nothing; a source whose `open` waits overrides this."""

    def truth(self) -> None:
        """Return None: the true events of a device are unknown."""
        return
