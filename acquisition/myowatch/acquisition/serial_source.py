"""A device at a serial port as a source: `serial:/dev/ttyUSB0?baud=115200&format=auto`."""

from contextlib import suppress

from myowatch.acquisition.link_meter import LinkMeter
from myowatch.acquisition.ports.device import Device, Wanted
from myowatch.acquisition.ports.hearing import Hearing, silent
from myowatch.acquisition.ports.port_list import (
    ListPorts,
    PortInfo,
    find_again,
    is_there,
    list_ports,
    port_named,
)
from myowatch.acquisition.ports.recognising import Chunk, recognise_device
from myowatch.acquisition.ports.serial_options import wanted_of
from myowatch.acquisition.ports.serial_port import POLL_S, SerialPort, gone
from myowatch.acquisition.source import SourceLost
from myowatch.acquisition.source_text import SourceText
from myowatch.acquisition.timing.placing import Placing
from myowatch.acquisition.timing.sensor import Sensor, sensors_of
from myowatch.acquisition.wire.decoding import Reception, Run
from myowatch.recordings.link_quality import LinkQuality
from myowatch.recordings.problem import Problem
from myowatch.signal.samples import SampleBlock, Stream

SILENT_S = 3.0
"""Between the watchdogs of Chords (2 s) and of OpenBCI's GUI (5 s)."""


class SerialSource:
    """Samples of a device at a serial port, at the places where its count or clock puts them.

    What it is, is found out at the first `open` and held on to at the next ones, under whatever
    name the same device has then.

    Parameters
    ----------
    port
        Its name, or a URL of pyserial.
    ports
        Lists the ports there are.
    """

    def __init__(
        self,
        port: str,
        wanted: Wanted | None = None,
        *,
        site: str = "",
        text: str = "",
        ports: ListPorts = list_ports,
    ) -> None:
        self.text = text or f"serial:{port}"
        self.site = site
        self._at = PortInfo(port)
        self._wanted, self._list_ports = wanted or Wanted(), ports
        self._port: SerialPort | None = None
        self._hearing: Hearing | None = None
        self._device: Device | None = None
        self._sensors: tuple[Sensor, ...] = ()
        self._placing = Placing(())
        self._backlog: list[SampleBlock] = []
        self._meter = LinkMeter()

    @classmethod
    def parse(cls, text: SourceText, site: str) -> "SerialSource":
        """Make the source that a text names.

        Raises
        ------
        WrongSource
            If an option is wrong.
        """
        return cls(text.address, wanted_of(text), site=site, text=text.text)

    def open(self) -> tuple[Stream, ...]:
        """Open the port, find out what is there, start it and wait for its first samples.

        Raises
        ------
        Problem
            If the port cannot be opened, or what comes through it is not understood.
        """
        ports = self._list_ports()
        name = find_again(self._at, ports)
        if self._device is not None and not is_there(name, ports):
            raise gone(name)
        baud = self._device.baud if self._device else self._wanted.bauds[0]
        self._port = SerialPort(name, baud, ports)
        self._at = port_named(name, ports)
        try:
            return self._meet(self._port)
        except BaseException:
            self.close()
            raise

    def read(self) -> list[SampleBlock] | None:
        """Give what has come.

        Raises
        ------
        SourceLost
            If the port has gone, or the device fallen silent.
        Problem
            If it now sends something else.
        """
        if self._backlog:
            blocks, self._backlog = self._backlog, []
            return blocks
        if self._hearing is None:
            raise SourceLost(f"{self._at.name} is not open")
        at_s, runs = self._hearing.listen(POLL_S)
        if not runs and self._hearing.silent_s > SILENT_S:
            raise silent(self._at.name, self._hearing.reception, SILENT_S)
        return self._placing.place([run for run in runs if self._is_known(run)], at_s)

    def close(self) -> None:
        """Stop the device and let go of the port."""
        hearing, self._hearing = self._hearing, None
        if hearing is not None:
            with suppress(SourceLost):
                hearing.stop()
            self._meter.closed(hearing.reception)
        if self._port is not None:
            self._port.close()
            self._port = None

    @property
    def progress(self) -> None:
        """None: a device goes on for ever."""
        return

    @property
    def exact_text(self) -> str:
        """The source text by which this very device is opened without looking for what it is."""
        if self._device is None:
            return self.text
        text = f"serial:{self._at.name}?baud={self._device.baud}&format={self._device.format.name}"
        untold = [s.sampling_rate for s in self._sensors if s.layout.sampling_rate is None]
        return f"{text}&rate={untold[0]:g}" if untold else text

    @property
    def link(self) -> LinkQuality | None:
        """How well its samples come through; None before it was found out what it is."""
        if self._device is None:
            return None
        about = f"{self._device.seems} at {self._at.name}"
        reception = self._hearing.reception if self._hearing else Reception()
        return self._meter.quality(about, self._placing, reception)

    def truth(self) -> None:
        """Give nothing: only detection can say what truly happened."""
        return

    def _meet(self, port: SerialPort) -> tuple[Stream, ...]:
        chunks: list[Chunk] = []
        if self._device is None:
            self._device, chunks = recognise_device(port, self._wanted)
        self._hearing = Hearing(port, self._device)
        heard = self._hearing.first_runs(chunks, known=len(self._sensors))
        rates = {sensor.layout.name: sensor.sampling_rate for sensor in self._sensors}
        for layout in self._hearing.layouts:
            if layout.sampling_rate is None and layout.name not in rates:
                rates[layout.name] = self._hearing.measure(layout, heard)
        self._device = self._hearing.knows
        sensors = sensors_of(self._hearing.layouts, rates, site=self.site)
        if self._sensors:
            self._meter.reconnects += 1
            self._placing.resume()
        else:
            self._sensors, self._placing = sensors, Placing(sensors)
            # A recording begins now, not when it was begun to find out what this is.
            heard = heard[-1:]
        if sensors == self._sensors:
            self._backlog = [b for at_s, runs in heard for b in self._placing.place(runs, at_s)]
        return tuple(stream for sensor in sensors for stream in sensor.streams)

    def _is_known(self, run: Run) -> bool:
        """Whether a run is of a sensor that was there from the beginning."""
        known = next((s.layout for s in self._sensors if s.layout.name == run.layout.name), None)
        if known is not None and known != run.layout:
            raise Problem(f"{self._at.name} now sends other channels", "begin a new session")
        return known is not None
