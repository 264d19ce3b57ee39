"""A device at a serial port as a source: `serial:/dev/ttyUSB0?baud=115200&format=auto`."""

from myowatch.acquisition.device.device import DeviceOptions
from myowatch.acquisition.device.line_source import LineSource
from myowatch.acquisition.device.probing import probe_port
from myowatch.acquisition.serial_port.port_list import (
    ListPorts,
    PortInfo,
    find_again,
    is_there,
    list_ports,
    port_named,
)
from myowatch.acquisition.serial_port.serial_port import SerialPort, port_gone
from myowatch.recordings.model.link_quality import LinkQuality
from myowatch.signal.model.samples import Stream


class SerialSource(LineSource):
    """Samples of a device at a serial port, placed in time by its count or clock.

    When the device is plugged in again under another name, it is found by its USB identity.

    Parameters
    ----------
    address
        Name of the port, or a URL of pyserial.
    ports
        Lists the serial ports of this computer.
    """

    SCHEME = "serial"

    def __init__(
        self,
        address: str,
        options: DeviceOptions | None = None,
        *,
        site: str = "",
        text: str = "",
        ports: ListPorts = list_ports,
    ) -> None:
        super().__init__(address, options, site=site, text=text)
        self._at = PortInfo(address)
        self._list_ports = ports

    def open(self) -> tuple[Stream, ...]:
        """Open the port, start the device, and wait for its first samples.

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
        baud = (device and device.baud) or self._options.bauds[0]
        port = SerialPort(name, baud, ports)
        self._at = port_named(name, ports)
        return self._connect(port, lambda options: probe_port(port, options))

    @property
    def exact_text(self) -> str:
        """Source text that opens this device without probing."""
        device, rate = self._samples.device, self._samples.measured_rate
        if device is None:
            return self.text
        text = f"serial:{self._at.name}?baud={device.baud}&format={device.format.name}"
        return text if rate is None else f"{text}&rate={rate:g}"

    @property
    def link(self) -> LinkQuality | None:
        """How well samples come through; None before the first connection."""
        return self._samples.quality(f"at {self._at.name}")
