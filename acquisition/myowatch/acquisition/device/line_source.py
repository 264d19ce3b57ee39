"""The samples of one device across reconnections, and the source that serial and BLE share."""

from collections.abc import Callable
from contextlib import suppress
from typing import ClassVar, Self

from myowatch.acquisition.device.device import (
    Device,
    DeviceOptions,
    Line,
    parse_device_options,
)
from myowatch.acquisition.device.device_source import DeviceSource, LinkMeter
from myowatch.acquisition.device.listening import Listener, silent_device
from myowatch.acquisition.device.probing import Chunk
from myowatch.acquisition.serial_port.serial_port import POLL_S
from myowatch.acquisition.source.source import SourceLost, SourceText
from myowatch.acquisition.timing.placing import Placing, Sensor, sensors_of
from myowatch.acquisition.timing.sample_counts import DuplicateFilter
from myowatch.acquisition.wire.decoding import Reception, Run
from myowatch.recordings.model.link_quality import LinkQuality
from myowatch.recordings.storage.problem import Problem
from myowatch.signal.model.samples import SampleBlock, Stream

SILENT_S = 3.0
"""Between the watchdogs of Chords (2 s) and of OpenBCI's GUI (5 s)."""


class DeviceSamples:
    """Samples of a device, placed in time by its count or clock, across reconnections.

    Attributes
    ----------
    device
        What it is, with what has been learnt of it; None before the first connection.
    sensors
        Its sensors at the first connection.
    """

    def __init__(self, site: str) -> None:
        self.device: Device | None = None
        self.sensors: tuple[Sensor, ...] = ()
        self._site = site
        self._line: Line | None = None
        self._listener: Listener | None = None
        self._placing = Placing(())
        self._duplicates = DuplicateFilter()
        self._backlog: list[SampleBlock] = []
        self._meter = LinkMeter()

    def connect(self, line: Line, device: Device, chunks: list[Chunk]) -> tuple[Stream, ...]:
        """Start a device, wait for its first samples, and return its streams.

        Parameters
        ----------
        chunks
            What was received from it already.

        Raises
        ------
        SourceLost
            If nothing comes.
        """
        self._line, self._duplicates = line, DuplicateFilter()
        self._listener = Listener(line, device)
        received = self._listener.first_runs(chunks, known=len(self.sensors))
        rates = {sensor.layout.name: sensor.sampling_rate for sensor in self.sensors}
        for layout in self._listener.layouts:
            if layout.sampling_rate is None and layout.name not in rates:
                rates[layout.name] = self._listener.measure(layout, received)
        self.device = self._listener.device_so_far
        sensors = sensors_of(self._listener.layouts, rates, site=self._site)
        if self.sensors:
            self._meter.reconnects += 1
            self._placing.resume()
        else:
            self.sensors, self._placing = sensors, Placing(sensors)
            # The recording begins now, not at the beginning of the detection.
            received = received[-1:]
        if sensors == self.sensors:
            self._backlog = [b for at_s, runs in received for b in self._place(runs, at_s)]
        return tuple(stream for sensor in sensors for stream in sensor.streams)

    def read(self) -> list[SampleBlock]:
        """Return what has arrived.

        Raises
        ------
        SourceLost
            If the device is gone or silent.
        Problem
            If it now sends something else.
        """
        if self._backlog:
            blocks, self._backlog = self._backlog, []
            return blocks
        if self._listener is None or self._line is None:
            raise SourceLost("the device is not connected")
        at_s, runs = self._listener.listen(POLL_S)
        if not runs and self._listener.silent_s > SILENT_S:
            raise silent_device(self._line.name, self._listener.reception, SILENT_S)
        return self._place([run for run in runs if self._is_known(run)], at_s)

    def close(self) -> None:
        """Stop the device; the caller closes the line."""
        listener, self._listener, self._line = self._listener, None, None
        if listener is not None:
            with suppress(SourceLost):
                listener.stop()
            self._meter.closed(listener.reception)

    def quality(self, where: str) -> LinkQuality | None:
        """Return how well the samples come through; None before the first connection."""
        if self.device is None:
            return None
        reception = self._listener.reception if self._listener else Reception()
        return self._meter.quality(f"{self.device.seems} {where}", self._placing, reception)

    @property
    def began_s(self) -> float | None:
        """Host clock at the first sample; None before."""
        return self._placing.began_s

    @property
    def measured_rate(self) -> float | None:
        """Measured rate in Hz of the first sensor that does not state one; None if all do."""
        unstated = (s.sampling_rate for s in self.sensors if s.layout.sampling_rate is None)
        return next(unstated, None)

    def _place(self, runs: list[Run], at_s: float) -> list[SampleBlock]:
        return self._placing.place(self._duplicates.without_repeated(runs), at_s)

    def _is_known(self, run: Run) -> bool:
        """Return whether a run is of a sensor known from the start."""
        known = next((s.layout for s in self.sensors if s.layout.name == run.layout.name), None)
        if known is not None and known != run.layout:
            name = self._line.name if self._line else "the device"
            raise Problem(f"{name} now sends other channels", "begin a new session")
        return known is not None


class LineSource(DeviceSource):
    """A device that sends bytes through a line: a serial port, or a Bluetooth connection.

    The first `open` detects what the device is; the next ones use that. A subclass opens its line
    in `open` and calls `_connect`.

    Parameters
    ----------
    address
        Where the device is: a port, or a wearable's name or address.
    """

    SCHEME: ClassVar[str]

    def __init__(
        self, address: str, options: DeviceOptions | None = None, *, site: str = "", text: str = ""
    ) -> None:
        self.text = text or f"{self.SCHEME}:{address}"
        self.site = site
        self._options = options or DeviceOptions()
        self._line: Line | None = None
        self._samples = DeviceSamples(site)
        super().__init__(self._samples)

    @classmethod
    def parse(cls, text: SourceText, site: str) -> Self:
        """Return the source that a text names.

        Raises
        ------
        WrongSource
            If an option is wrong.
        """
        return cls(text.address, parse_device_options(text), site=site, text=text.text)

    def read(self) -> list[SampleBlock] | None:
        """Return what has come since the last call.

        Raises
        ------
        SourceLost
            If the connection is gone, or the device is silent.
        Problem
            If the device now sends something else.
        """
        return self._samples.read()

    def cancel_open(self) -> None:
        """End an `open` that waits for the device's first samples."""
        if (line := self._line) is not None:
            line.cancelled.set()

    def close(self) -> None:
        """Stop the device and close the line; harmless when it is closed."""
        line, self._line = self._line, None
        self._samples.close()
        if line is not None:
            line.close()

    def _connect(
        self, line: Line, probe: Callable[[DeviceOptions], tuple[Device, list[Chunk]]]
    ) -> tuple[Stream, ...]:
        """Start the device at an open line; `probe` detects what it is, once."""
        self._line = line
        device, chunks = self._samples.device, list[Chunk]()
        try:
            if device is None:
                device, chunks = probe(self._options)
            return self._samples.connect(line, device, chunks)
        except BaseException:
            self.close()
            raise
