"""Serial ports of this computer, and how to find a device again under another name."""

import os
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

_BOARDS = {
    (0x0403, 0x6001): "FTDI FT232 adapter",
    (0x0403, 0x6015): "FTDI FT-X adapter, as in OpenBCI's dongle",
    (0x10C4, 0xEA60): "Silicon Labs CP210x adapter, as on many ESP32 boards",
    (0x1A86, 0x5523): "WCH CH341 adapter",
    (0x1A86, 0x7522): "WCH CH340 adapter, as on many Arduino clones",
    (0x1A86, 0x7523): "WCH CH340 adapter, as on many Arduino clones",
    (0x2341, 0x0001): "Arduino Uno",
    (0x2341, 0x0010): "Arduino Mega 2560",
    (0x2341, 0x0042): "Arduino Mega 2560 R3",
    (0x2341, 0x0043): "Arduino Uno R3",
    (0x2341, 0x0069): "Arduino Uno R4 Minima",
    (0x2341, 0x0243): "Genuino Uno",
    (0x2A03, 0x0043): "Arduino Uno R3",
    (0x303A, 0x1001): "Espressif ESP32, its own USB",
}
_VENDORS = {
    0x0403: "FTDI adapter",
    0x0483: "STMicroelectronics board",
    0x10C4: "Silicon Labs adapter",
    0x16C0: "Teensy or another small maker's board",
    0x1A86: "WCH adapter",
    0x2341: "Arduino board",
    0x239A: "Adafruit board",
    0x2A03: "Arduino board",
    0x2E8A: "Raspberry Pi Pico",
    0x303A: "Espressif board",
}


def usb_name(vendor: int, product: int) -> str:
    """Return the name of a USB device for users; empty if it is unknown."""
    return _BOARDS.get((vendor, product)) or _VENDORS.get(vendor, "")


@dataclass(frozen=True, slots=True)
class PortInfo:
    """A serial port, as the operating system describes it.

    Parameters
    ----------
    name
        `/dev/ttyUSB0`, `COM3`.
    vendor, product
        USB ids; None for a port that is not on USB.
    serial_number
        Of the USB device; empty if it has none, as with cheap adapters.
    says
        Product name that the device reports.
    interface
        Number of the port within the USB device.
    """

    name: str
    vendor: int | None = None
    product: int | None = None
    serial_number: str = ""
    says: str = ""
    interface: str = ""

    @property
    def seems(self) -> str:
        """What the device seems to be, for users; empty if unknown."""
        known = "" if self.vendor is None else usb_name(self.vendor, self.product or 0)
        return known or self.says

    def is_device_of(self, other: "PortInfo") -> bool:
        """Return whether both are the same port of the same USB device."""
        mine = (self.vendor, self.product, self.serial_number, self.interface)
        return bool(self.serial_number) and mine == (
            other.vendor,
            other.product,
            other.serial_number,
            other.interface,
        )


ListPorts = Callable[[], Sequence[PortInfo]]


def list_ports() -> list[PortInfo]:
    """Return every serial port of this computer, by name."""
    from serial.tools.list_ports import comports

    return [
        PortInfo(
            port.device,
            port.vid,
            port.pid,
            port.serial_number or "",
            port.product or ("" if port.description == "n/a" else port.description),
            (port.location or "").rpartition(":")[2],
        )
        for port in sorted(comports())
    ]


def port_named(name: str, ports: Sequence[PortInfo]) -> PortInfo:
    """Return the description of a port; links such as /dev/serial/by-id are followed."""
    real = os.path.realpath(name)
    return next((port for port in ports if port.name in (name, real)), PortInfo(name))


def find_again(known: PortInfo, ports: Sequence[PortInfo]) -> str:
    """Return the current name of a device, which may have changed since it was unplugged."""
    same = [port.name for port in ports if port.is_device_of(known)]
    return same[0] if same and known.name not in same else known.name


def is_there(name: str, ports: Sequence[PortInfo]) -> bool:
    """Return whether a port exists; a network port can only be opened to find out."""
    return "://" in name or any(port.name == name for port in ports) or Path(name).exists()
