"""A device at a serial port as a source: `serial:/dev/ttyUSB0?baud=115200&format=auto`."""

from myowatch.acquisition.device.device import DeviceOptions, parse_device_options
from myowatch.acquisition.device.device_samples import DeviceSamples
from myowatch.acquisition.device.device_source import DeviceSource
from myowatch.acquisition.device.probing import Chunk, probe_port
from myowatch.acquisition.serial_port.port_list import (
    ListPorts,
    PortInfo,
    find_again,
    is_there,
    list_ports,
    port_named,
)
from myowatch.acquisition.serial_port.serial_port import SerialPort, port_gone
from myowatch.acquisition.source.source import SourceText
from myowatch.recordings.model.link_quality import LinkQuality
from myowatch.signal.model.samples import SampleBlock, Stream


class SerialSource(DeviceSource):
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
        wanted: DeviceOptions | None = None,
        *,
        site: str = "",
        text: str = "",
        ports: ListPorts = list_ports,
    ) -> None:
        self.text = text or f"serial:{port}"
        self.site = site
        self._at = PortInfo(port)
        self._wanted, self._list_ports = wanted or DeviceOptions(), ports
        self._port: SerialPort | None = None
        self._samples = DeviceSamples(site)
        super().__init__(self._samples)

    @classmethod
    def parse(cls, text: SourceText, site: str) -> "SerialSource":
        """Make the source that a text names.

        Raises
        ------
        WrongSource
            If an option is wrong.
        """
        return cls(text.address, parse_device_options(text), site=site, text=text.text)

    def open(self) -> tuple[Stream, ...]:
        """Open the port, find out what is there, start it and wait for its first samples.

        Raises
        ------
        Problem
            If the port cannot be opened, or what comes through it is not understood.
        """
        ports = self._list_ports()
        name = find_again(self._at, ports)
        device = self._samples.device
        if device is not None and not is_there(name, ports):
            raise port_gone(name)
        baud = (device and device.baud) or self._wanted.bauds[0]
        self._port = SerialPort(name, baud, ports)
        self._at = port_named(name, ports)
        try:
            return self._connect(self._port)
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
        return self._samples.read()

    def cancel_open(self) -> None:
        """Let nobody wait any longer for what comes through the port."""
        if (port := self._port) is not None:
            port.cancelled.set()

    def close(self) -> None:
        """Stop the device and let go of the port."""
        self._samples.close()
        if self._port is not None:
            self._port.close()
            self._port = None

    @property
    def exact_text(self) -> str:
        """The source text by which this very device is opened without looking for what it is."""
        device, rate = self._samples.device, self._samples.measured_rate
        if device is None:
            return self.text
        text = f"serial:{self._at.name}?baud={device.baud}&format={device.format.name}"
        return text if rate is None else f"{text}&rate={rate:g}"

    @property
    def link(self) -> LinkQuality | None:
        """How well its samples come through; None before it was found out what it is."""
        return self._samples.quality(f"at {self._at.name}")

    def _connect(self, port: SerialPort) -> tuple[Stream, ...]:
        device, chunks = self._samples.device, list[Chunk]()
        if device is None:
            device, chunks = probe_port(port, self._wanted)
        return self._samples.connect(port, device, chunks)
