"""Bytes to and from a serial port, and what happens when it is unplugged.

Opening a port raises DTR, which resets most Arduino boards: their bootloader then listens for one
to two seconds before the sketch speaks. What waited in the driver is thrown away on opening; it
is of another time.

pyserial 3.5 tells of a pulled plug in four ways, depending on the call that meets it and on the
system: SerialException, plain OSError, termios.error and, while another thread closes the port,
TypeError. All of them end here as `SourceLost`.
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
"""Sleeping and then taking all that came costs a tenth of waiting for each byte, and this is
short beside the 0.2 s that detection gathers."""
MOST_BYTES = 1 << 18
"""Taken at once, so that a port that floods cannot keep anybody from stopping."""
FULL_LINE = 4095
"""Bytes that Linux shows of a serial line at once; what is behind them, a thread brings later."""
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
        Those there are, for telling what is wrong.

    Attributes
    ----------
    cancelled
        Set by another thread to stop reading.

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
            with self._gone():
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
        with self._gone():
            self._port.baudrate = baud
            self._port.reset_input_buffer()

    def read(self, poll_s: float = POLL_S) -> bytes:
        """Wait briefly and return all bytes that have arrived.

        Raises
        ------
        SourceLost
            If the port has gone, or was given up.
        """
        if self.cancelled.wait(poll_s):
            raise cancelled_error(self.name)
        heard = bytearray()
        with self._gone():
            while len(heard) < MOST_BYTES and (waiting := self._port.in_waiting):
                # A socket only tells that there is something, not how much.
                heard += self._port.read(MOST_BYTES if self._is_socket else waiting)
                # What waited together must come together, or the rest would seem to be late.
                if waiting >= FULL_LINE and not self._port.in_waiting:
                    time.sleep(BEHIND_S)
        return bytes(heard)

    def write(self, data: bytes) -> None:
        """Send bytes.

        Raises
        ------
        SourceLost
            If the port has gone, or takes nothing for a second.
        """
        with self._gone():
            self._port.write(data)

    def close(self) -> None:
        """Close the port; harmless when it is closed or unplugged."""
        with suppress(*_GONE):
            if self._is_socket and self._port.is_open:
                # pyserial forgets to close a socket whose other end has gone.
                self._port._socket.close()  # type: ignore[attr-defined]
            self._port.close()

    def _open(self, baud: int, ports: Sequence[PortInfo]) -> serial.Serial:
        # A socket is read until it has no more, and must not wait then; see `read`.
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
        # A pseudo-terminal is open in the program that plays the device, too.
        is_played = Path(self.name).resolve().is_relative_to("/dev/pts")
        if not is_played and (who := programs_using_port(self.name)):
            raise port_busy(self.name, who)
        if sys.platform != "win32":
            import fcntl

            with suppress(*_GONE):
                fcntl.ioctl(self._port.fileno(), termios.TIOCEXCL)

    @contextmanager
    def _gone(self) -> Iterator[None]:
        try:
            yield
        except _GONE as error:
            raise port_gone(self.name) from error


def port_gone(name: str) -> SourceLost:
    """Return the error for a port that was unplugged."""
    return SourceLost(f"{name} has gone", "plug it in again: recording goes on by itself")
