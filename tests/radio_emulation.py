"""Bluetooth LE without a radio: peripherals with a real GATT stack, heard through bleak itself.

A private D-Bus, on it a BlueZ (emulated_bluez.py) over bumble's controllers, L2CAP, ATT and GATT
(emulated_radio.py), in a process of its own. Users of the system bus, such as bleak, find it.

    with start_emulation() as emulation:
        wearable = emulation.peripheral("WEAR-01", partial(Counting, pace=200.0))
        ...
        wearable.drop()
"""

import multiprocessing
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from multiprocessing.connection import Connection
from pathlib import Path
from tempfile import TemporaryDirectory
from types import ModuleType
from typing import Any, cast

import pytest
from extras import optional
from toolchain import skip_without

if sys.platform != "linux":
    pytest.skip("needs Linux: BlueZ is what is emulated", allow_module_level=True)
optional("bumble", "dev")

import emulation_process  # noqa: E402
from emulated_peripheral import Firmware, Said  # noqa: E402

BUS = """<!DOCTYPE busconfig PUBLIC "-//freedesktop//DTD D-Bus Bus Configuration 1.0//EN"
 "http://www.freedesktop.org/standards/dbus/1.0/busconfig.dtd">
<busconfig>
  <type>session</type><listen>unix:path={socket}</listen><auth>EXTERNAL</auth>
  <auth>ANONYMOUS</auth><allow_anonymous/>
  <policy context="default">
    <allow send_destination="*" eavesdrop="true"/><allow eavesdrop="true"/><allow own="*"/>
  </policy>
</busconfig>
"""


@dataclass(frozen=True)
class Peripheral:
    """An emulated peripheral.

    Parameters
    ----------
    address
        As `AA:BB:CC:DD:EE:FF`.
    """

    name: str
    address: str
    _order: Callable[..., Any]

    def drop(self) -> None:
        """End the connection; it advertises at once again."""
        self._order("drop", self.address)

    def vanish(self) -> None:
        """Go out of reach; returns when the link is lost, after BlueZ's 0.42 s of silence."""
        self._order("vanish", self.address)

    def come_back(self) -> None:
        """Come into reach again."""
        self._order("come_back", self.address)

    def restart(self) -> None:
        """Off and on again: its firmware begins anew, at tick 0."""
        self._order("restart", self.address)

    @property
    def heard(self) -> list[Said]:
        """What was written to it."""
        return cast(list[Said], self._order("heard", self.address))

    @property
    def firmware(self) -> Firmware:
        """A copy of its firmware as it is now."""
        return cast(Firmware, self._order("firmware", self.address))


class Emulation:
    """What is in reach of this machine's Bluetooth adapter, and the adapter."""

    def __init__(self, commands: Connection) -> None:
        self._commands = commands
        self._count = 0

    def peripheral(
        self,
        name: str,
        firmware: Callable[[], Firmware],
        *,
        advertised: Sequence[str] = (),
        address: str = "",
        mtu: int = 247,
        rssi: int = -60,
    ) -> Peripheral:
        """Turn a peripheral on.

        Parameters
        ----------
        firmware
            Makes what runs in it; of a module that another process can import.
        advertised
            Services; a name and one of 128 bits fit an advertisement if the name has 8 letters.
        mtu
            The largest ATT packet it agrees to; a notification carries three bytes less.
        """
        self._count += 1
        address = address or f"C0:FF:EE:00:00:{self._count:02X}"
        self._order(
            "peripheral",
            name,
            address,
            firmware=firmware,
            advertised=advertised,
            mtu=mtu,
            rssi=rssi,
        )
        return Peripheral(name, address, self._order)

    def adapter(self, *, present: bool = True, powered: bool = True) -> None:
        """Plug the adapter in or out, turn it on or off."""
        self._order("adapter", present=present, powered=powered)

    @property
    def connections(self) -> tuple[int, int]:
        """How many are on the bus, and how many subscriptions they have in all."""
        return cast(tuple[int, int], self._order("connections"))

    def _order(self, name: str, *arguments: object, **named: object) -> Any:
        self._commands.send((name, arguments, named))
        return self._commands.recv()


@contextmanager
def start_emulation() -> Iterator[Emulation]:
    """Have Bluetooth LE, with an adapter that is on and nothing in reach yet.

    Without its libraries, the test is skipped with a message, or fails where it must run.
    """
    with (
        TemporaryDirectory() as folder,
        bus(Path(folder)) as address,
        process_of(emulation_process.run, address) as commands,
        system_bus(address),
    ):
        yield Emulation(commands)


@contextmanager
def process_of(run: Callable[[str, Connection], None], address: str) -> Iterator[Connection]:
    """Run a command loop in a process, and check its exit status at the end."""
    ours, theirs = multiprocessing.Pipe()
    process = multiprocessing.get_context("spawn").Process(target=run, args=(address, theirs))
    # A new process begins by running the program's main module again. That is pytest, which it can
    # do without, or what Streamlit's AppTest left in its place: a page, which stumbles.
    with pytest.MonkeyPatch.context() as patched:
        patched.setitem(sys.modules, "__main__", ModuleType("__main__"))
        process.start()
    theirs.close()
    try:
        with ours:
            ours.recv()
            yield ours
    finally:
        process.join(timeout=10)
        process.kill()
        failed = process.exitcode
        process.close()
    assert failed == 0, f"the emulation's process failed ({failed}); its traceback is on stderr"


@contextmanager
def bus(folder: Path) -> Iterator[str]:
    """Run a D-Bus of our own, whose socket is `bus` in this folder."""
    if shutil.which("dbus-daemon") is None:
        skip_without("dbus-daemon")
    configuration = folder / "bus.conf"
    configuration.write_text(BUS.format(socket=folder / "bus"))
    command = ["dbus-daemon", f"--config-file={configuration}", "--nofork", "--print-address=1"]
    # It complains if it may not raise the limit of open files, which it does not need here.
    quiet = subprocess.DEVNULL
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=quiet, text=True) as daemon:
        assert daemon.stdout is not None
        try:
            yield daemon.stdout.readline().strip()
        finally:
            daemon.terminate()


@contextmanager
def system_bus(address: str) -> Iterator[None]:
    """Let everybody here take this D-Bus for the system's."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("DBUS_SYSTEM_BUS_ADDRESS", address)
        yield
