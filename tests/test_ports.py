"""Serial ports that cannot be had, and what is said then."""

import errno
import getpass
import os
import pty
import select
import shutil
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import pytest
import serial
from serial.rfc2217 import PortManager
from serial_board import chords, serve

from myowatch.acquisition.serial_port.port_list import (
    PortInfo,
    find_again,
    list_ports,
    port_named,
    usb_name,
)
from myowatch.acquisition.serial_port.port_problems import port_problem, programs_using_port
from myowatch.acquisition.serial_port.serial_port import SerialPort
from myowatch.acquisition.source.source import Source, SourceLost
from myowatch.acquisition.sources.open_source import open_source
from myowatch.recordings.storage.problem import DeviceBusy, Problem

UNO = PortInfo("/dev/ttyACM0", 0x2341, 0x43, "A1")


@pytest.fixture
def port() -> Iterator[str]:
    """A serial port without a device."""
    master, slave = pty.openpty()
    yield os.ttyname(slave)
    os.close(master)
    os.close(slave)


@contextmanager
def as_other_user() -> Iterator[None]:
    """Root may open everything: be somebody else for a while."""
    if os.geteuid() != 0:
        yield
        return
    groups = os.getgroups()
    os.setgroups([])
    os.setegid(65534)
    os.seteuid(65534)
    try:
        yield
    finally:
        os.seteuid(0)
        os.setegid(0)
        os.setgroups(groups)


def test_a_port_of_a_group_names_the_group_and_how_to_join(port: str) -> None:
    if os.geteuid() == 0:
        shutil.chown(port, group="dialout")
    group = Path(port).group()
    Path(port).chmod(0o660 if os.geteuid() == 0 else 0o060)
    with as_other_user(), pytest.raises(Problem) as problem:
        SerialPort(port, 115200)
    assert str(problem.value) == (
        f"you may not open {port}: it is for the group {group}; join it with: "
        f"sudo usermod -a -G {group} {getpass.getuser()} then log out and in again"
    )


def test_a_port_of_another_user_says_so(port: str) -> None:
    Path(port).chmod(0o600 if os.geteuid() == 0 else 0o000)
    with (
        as_other_user(),
        pytest.raises(Problem, match=f"you may not open {port}; ask the admin"),
    ):
        SerialPort(port, 115200)


def test_a_port_in_use_names_the_other_recorder(port: str) -> None:
    code = "import serial, sys; port = serial.Serial(sys.argv[1], exclusive=True); print(); input()"
    with subprocess.Popen(
        [sys.executable, "-c", code, port], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    ) as other:
        assert other.stdout is not None
        other.stdout.readline()
        with pytest.raises(DeviceBusy) as problem:
            SerialPort(port, 115200)
        who = programs_using_port(port)
        other.communicate(b"\n")
    assert who[0].startswith("python")
    assert who == [f"{who[0].split()[0]} (process {other.pid})"]
    assert str(problem.value).startswith(f"{port} is in use by {who[0]}; close that first: ")
    assert programs_using_port(port) == []
    SerialPort(port, 115200).close()


def test_an_open_port_is_locked(port: str) -> None:
    with SerialPort(port, 115200), as_other_user(), pytest.raises(serial.SerialException):
        serial.Serial(port, exclusive=True)


def test_a_missing_port_lists_the_existing_ones() -> None:
    gone = FileNotFoundError(errno.ENOENT, "No such file")
    assert str(port_problem("/dev/ttyUSB7", gone, [UNO, PortInfo("/dev/ttyS0")])) == (
        "there is no port /dev/ttyUSB7; there are: /dev/ttyACM0 (Arduino Uno R3), /dev/ttyS0"
    )
    assert "nor any other serial port; plug the board in" in str(port_problem("COM3", gone, []))


@pytest.mark.parametrize(
    ("platform", "name", "said"),
    [
        ("win32", "could not open port 'COM3': FileNotFoundError(2, 'x', None, 2)", "no port COM3"),
        ("win32", "could not open port 'COM3': PermissionError(13, 'Denied')", "COM3 is in use by"),
        ("darwin", "could not open port 'COM3': [Errno 16] Resource busy", "COM3 is in use by"),
        ("linux", "Could not configure port: (25, 'Not a tty')", "cannot be used as a serial port"),
    ],
)
def test_errors_of_windows_and_macos_are_understood(platform: str, name: str, said: str) -> None:
    error = serial.SerialException(name)
    if platform == "darwin":
        error = serial.SerialException(errno.EBUSY, name)
    assert said in str(port_problem("COM3", error, [], platform=platform))


def test_macos_uses_the_port_name_that_needs_no_carrier() -> None:
    gone = FileNotFoundError(errno.ENOENT, "No such file")
    said = str(port_problem("/dev/tty.usbmodem1", gone, [UNO], platform="darwin"))
    assert said.startswith("there is no port /dev/cu.usbmodem1")


@pytest.mark.parametrize("what", ["file", "folder"])
def test_an_invalid_port_is_refused_with_one_line(tmp_path: Path, what: str) -> None:
    path = tmp_path / what
    path.mkdir() if what == "folder" else path.write_text("x")
    with pytest.raises(Problem, match=f"{path} cannot be used as a serial port: "):
        SerialPort(str(path), 115200)


def test_ports_are_named_for_people() -> None:
    assert usb_name(0x2341, 0x0043) == UNO.seems == "Arduino Uno R3"
    assert usb_name(0x2341, 0x9999) == "Arduino board"
    assert usb_name(0x1234, 0x5678) == ""
    assert port_named("/dev/ttyACM0", [UNO]) is UNO
    assert port_named("/dev/ttyUSB3", [UNO]) == PortInfo("/dev/ttyUSB3")
    assert all(port.name for port in list_ports())


def test_a_link_to_a_port_is_that_port(tmp_path: Path) -> None:
    real, link = tmp_path / "ttyUSB0", tmp_path / "by-id"
    real.touch()
    link.symlink_to(real)
    info = PortInfo(str(real), 1, 2, "S")
    assert port_named(str(link), [info]) is info


def test_another_device_of_the_same_kind_is_not_taken_for_it() -> None:
    mine = PortInfo("/dev/ttyUSB0", 0x1A86, 0x7523, "")
    assert find_again(mine, [PortInfo("/dev/ttyUSB1", 0x1A86, 0x7523, "")]) == "/dev/ttyUSB0"
    one = PortInfo("/dev/ttyUSB0", 1, 2, "S", interface="1.0")
    ports = [PortInfo("/dev/ttyUSB5", 1, 2, "S", interface="1.2")]
    assert find_again(one, ports) == "/dev/ttyUSB0"
    assert find_again(one, [PortInfo("/dev/ttyUSB6", 1, 2, "S", interface="1.0"), *ports]) == (
        "/dev/ttyUSB6"
    )


def test_a_device_behind_a_tcp_port_is_read_and_lost_when_it_hangs_up() -> None:
    port, thread = serve(chords, 500, 2.0)
    source = open_source(f"serial:socket://127.0.0.1:{port}")
    streams = source.open()
    assert [s.name for s in streams] == ["A0", "A1", "A2"]
    with pytest.raises(SourceLost, match="is gone"):
        _read_on(source)
    source.close()
    thread.join()
    with pytest.raises(Problem, match=r"no answer from socket://.*: connection refused"):
        source.open()


@pytest.mark.filterwarnings("ignore:set(Daemon|Name)")  # in pyserial 3.5
def test_a_device_behind_rfc2217_is_read() -> None:
    """The server is pyserial's own."""
    board_port, board = serve(chords, 250, 3.0)
    listener = socket.create_server(("127.0.0.1", 0))
    with listener:
        thread = threading.Thread(target=_redirect, args=(listener, board_port))
        thread.start()
        source = open_source(f"serial:rfc2217://127.0.0.1:{listener.getsockname()[1]}?baud=115200")
        streams = source.open()
        n_samples, until = 0, time.monotonic() + 5
        while n_samples < 100 and time.monotonic() < until:
            n_samples += sum(len(b) for b in source.read() or [] if b.stream == streams[0])
        source.close()
        thread.join()
        board.join()
    assert [s.name for s in streams] == ["A0", "A1", "A2"]
    assert n_samples >= 100


def _read_on(source: Source) -> None:
    for _ in range(100):
        source.read()


def _redirect(listener: socket.socket, board_port: int) -> None:
    """Serve one client as pyserial's example of an RFC 2217 server does."""
    client = listener.accept()[0]
    lock = threading.Lock()

    class Connection:
        def write(self, data: bytes) -> None:
            with lock:
                client.sendall(data)

    gone = suppress(serial.SerialException)
    with client, gone, serial.serial_for_url(f"socket://127.0.0.1:{board_port}", timeout=0) as port:
        manager = PortManager(port, Connection())  # type: ignore[arg-type]
        while True:
            ready, _, _ = select.select([client.fileno(), port.fileno()], [], [], 1.0)
            if client.fileno() in ready:
                if not (data := client.recv(4096)):
                    return
                port.write(b"".join(manager.filter(data)))
            if port.fileno() in ready:
                Connection().write(b"".join(manager.escape(port.read(4096))))
