"""Bytes to and from a serial port, and what happens when it is unplugged.

Opening a port raises DTR, which resets most Arduino boards: the bootloader then waits for one to
two seconds before the sketch starts. Old bytes in the driver are discarded on opening.

pyserial 3.5 reports an unplugged port in four ways, depending on the call and the system:
SerialException, OSError, termios.error and, while another thread closes the port, TypeError. All
of them become `SourceLost` here.
"""

import sys
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import serial

from myowatch.acquisition.serial_port.port_list import PortInfo
from myowatch.acquisition.serial_port.port_problems import (
    port_busy,
    port_problem,
    programs_using_port,
)
from myowatch.acquisition.source.source import SourceLost, cancelled_error

POLL_S = 0.05
"""Sleeping and then reading everything costs a tenth of waiting for each byte, and this is short
beside the 0.2 s that samples wait for the detector."""
MOST_BYTES = 1 << 18
"""Read at once, so that a flood of data cannot block a stop request."""
FULL_LINE = 4095
"""Most bytes that Linux buffers for a serial line; the rest follows later."""
BEHIND_S = 0.01
WRITE_S = 1.0

_GONE: tuple[type[Exception], ...] = (OSError, TypeError)
if sys.platform != "win32":
    import termios

    _GONE = (*_GONE, termios.error)
_REFUSED: tuple[type[Exception], ...] = (*_GONE, ValueError)


class SerialPort:
    """One open serial port, for this process alone; a context manager.

    Parameters
    ----------
    name
        `/dev/ttyUSB0`, `COM3`, or a URL of pyserial: `socket://HOST:PORT`, `rfc2217://HOST:PORT`.
    ports
        Existing ports, for error messages.

    Attributes
    ----------
    cancelled
        Another thread sets it to end reading.

    Raises
    ------
    Problem
        If it cannot be opened.
    """

    def __init__(self, name: str, baud: int, ports: Sequence[PortInfo] = ()) -> None:
        self.name = name
        self.cancelled = threading.Event()
        self._is_socket = name.startswith("socket://")
        self._port = self._open(baud, ports)
        try:
            self._keep_others_out()
            with self._as_source_lost():
                self._port.reset_input_buffer()
        except BaseException:
            self.close()
            raise

    def __enter__(self) -> "SerialPort":
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    @property
    def baud(self) -> int:
        """Baud rate; changing it does not reset a board."""
        return int(self._port.baudrate)

    @baud.setter
    def baud(self, baud: int) -> None:
        with self._as_source_lost():
            self._port.baudrate = baud
            self._port.reset_input_buffer()

    def read(self, poll_s: float = POLL_S) -> bytes:
        """Wait briefly and return all bytes that have arrived.

        Raises
        ------
        SourceLost
            If the port is gone, or reading was cancelled.
        """
        if self.cancelled.wait(poll_s):
            raise cancelled_error(self.name)
        received = bytearray()
        with self._as_source_lost():
            while len(received) < MOST_BYTES and (waiting := self._port.in_waiting):
                # A socket only says that there are bytes, not how many.
                received += self._port.read(MOST_BYTES if self._is_socket else waiting)
                # Bytes that waited together are returned together, or the rest would seem late.
                if waiting >= FULL_LINE and not self._port.in_waiting:
                    time.sleep(BEHIND_S)
        return bytes(received)

    def write(self, data: bytes) -> None:
        """Send bytes.

        Raises
        ------
        SourceLost
            If the port is gone, or accepts no bytes for a second.
        """
        with self._as_source_lost():
            self._port.write(data)

    def close(self) -> None:
        """Close the port; harmless when it is closed or unplugged."""
        with suppress(*_GONE):
            if self._is_socket and self._port.is_open:
                # pyserial does not close a socket whose other end is closed.
                self._port._socket.close()  # type: ignore[attr-defined]
            self._port.close()

    def _open(self, baud: int, ports: Sequence[PortInfo]) -> serial.Serial:
        # `read` empties a socket, and must not wait at its end.
        options: dict[str, Any] = {"timeout": 0 if self._is_socket else WRITE_S}
        if not self.name.startswith("rfc2217://"):
            options["write_timeout"] = WRITE_S
        if "://" not in self.name and sys.platform != "win32":
            options["exclusive"] = True
        try:
            return serial.serial_for_url(self.name, baud, **options)
        except _REFUSED as error:
            raise port_problem(self.name, error, ports) from error

    def _keep_others_out(self) -> None:
        """Refuse a port that another program reads: each would get half of the bytes."""
        if "://" in self.name:
            return
        # A pseudo-terminal is also open in the program that emulates the device.
        is_emulated = Path(self.name).resolve().is_relative_to("/dev/pts")
        if not is_emulated and (who := programs_using_port(self.name)):
            raise port_busy(self.name, who)
        if sys.platform != "win32":
            import fcntl

            with suppress(*_GONE):
                fcntl.ioctl(self._port.fileno(), termios.TIOCEXCL)

    @contextmanager
    def _as_source_lost(self) -> Iterator[None]:
        try:
            yield
        except _GONE as error:
            raise port_gone(self.name) from error


def port_gone(name: str) -> SourceLost:
    """Return the error for a port that was unplugged."""
    return SourceLost(f"{name} is gone", "plug it in again: recording goes on by itself")
