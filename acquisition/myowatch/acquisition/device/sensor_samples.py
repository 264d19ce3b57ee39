"""Samples that another library hands over decoded, over all times that their device is there."""

from collections.abc import Sequence

from myowatch.acquisition.device.link_meter import LinkMeter
from myowatch.acquisition.source.source import SourceLost
from myowatch.acquisition.timing.clock_comparison import now_s
from myowatch.acquisition.timing.placing import Placing
from myowatch.acquisition.timing.sensor import Sensor
from myowatch.acquisition.wire.decoding import Run
from myowatch.recordings.model.link_quality import LinkQuality
from myowatch.signal.model.samples import SampleBlock, Stream

READ_EVERY_S = 0.05
SILENT_S = 5.0
"""No board on BrainFlow's list, nor a program that speaks LSL, pauses for so long."""


class SensorSamples:
    """Samples at the places where the device's count puts them, across reconnections.

    Parameters
    ----------
    name
        As typed, for people.
    """

    def __init__(self, name: str) -> None:
        self._name = name
        self._placing: Placing | None = None
        self._meter = LinkMeter()
        self._heard_s = 0.0

    def begin(self, sensors: Sequence[Sensor]) -> tuple[Stream, ...]:
        """Say that the device is there, or there again; give its streams."""
        self._heard_s = now_s()
        if self._placing is None:
            self._placing = Placing(sensors)
        else:
            self._meter.reconnects += 1
            self._placing.resume()
        return tuple(stream for sensor in sensors for stream in sensor.streams)

    def place(self, runs: Sequence[Run]) -> list[SampleBlock]:
        """Lay out what has come just now, which may be nothing."""
        assert self._placing is not None
        now = now_s()
        if not runs:
            return []
        self._heard_s = now
        return self._placing.place(runs, now)

    @property
    def is_silent(self) -> bool:
        """Whether nothing has come for so long that it will not."""
        return now_s() - self._heard_s >= SILENT_S

    def lost(self, to_do: str) -> SourceLost:
        """Say that it is silent, and what to do."""
        return SourceLost(f"nothing has come from {self._name} for {SILENT_S:g} s", to_do)

    @property
    def began_s(self) -> float | None:
        """The host's clock at the first sample; None before one came."""
        return None if self._placing is None else self._placing.began_s

    @property
    def quality(self) -> LinkQuality | None:
        """How well samples come through; None before the device was there."""
        if self._placing is None:
            return None
        return self._meter.quality(self._name, self._placing)
