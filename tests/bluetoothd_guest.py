"""Linux with its real `bluetoothd`, in a virtual machine that has nothing else.

The kernel is Debian's, unpacked (unpack_kernel.sh); with it busybox, bluetoothd and what those
need, as files of this machine, in a first file system of 20 MB. No disk and no network but two
ways out: its Bluetooth adapter is the console `hvc0`, whose other end is a socket that carries HCI
packets (H4), and its D-Bus is a socket's as well.
"""

import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from toolchain import ROOT, run, skip_without

KERNEL = ROOT / ".cache" / "kernel"
BLUETOOTHD = Path("/usr/libexec/bluetooth/bluetoothd")
PROGRAMS = (BLUETOOTHD, Path("/usr/bin/btattach"))
BUSYBOX = Path("/bin/busybox")

MODULES = (
    # The keys of a pairing are random numbers; without, ECDH fails its test and there is none.
    *("jitterentropy_rng", "ctr", "sha512_generic", "drbg"),
    *("virtio_pci", "virtio_net", "virtio_console", "hci_uart"),
    # By which bluetoothd has the kernel encrypt and hash for it.
    *("algif_skcipher", "algif_hash", "ecb", "cmac"),
)

ROOM_BYTES = 64 << 20
"""For what bluetoothd has not yet read: beyond it the kernel drops notifications without a word.
By default that is 0.4 s of 200 a second, for which an emulated processor may well stand still."""

BUS_ADDRESS = "10.0.2.100:6000"
INIT = f"""#!/bin/busybox sh
/bin/busybox --install -s /bin
mount -t proc none /proc; mount -t sysfs none /sys; mount -t devtmpfs none /dev
while read module; do insmod /modules/$module; done </modules/order
echo {ROOM_BYTES} >/proc/sys/net/core/rmem_default
ip link set lo up; ip link set eth0 up; ip addr add 10.0.2.15/24 dev eth0
stty -F /dev/hvc0 raw -echo
echo "guest: up after $(cut -d' ' -f1 /proc/uptime) s"
btattach -B /dev/hvc0 -P h4 &
export DBUS_SYSTEM_BUS_ADDRESS=tcp:host={BUS_ADDRESS.replace(":", ",port=")}
bluetoothd --nodetach
echo "guest: bluetoothd has ended"
poweroff -f
"""
SETTINGS = "[Policy]\nAutoEnable=true\n"

QEMU = (
    *("qemu-system-x86_64", "-accel", "tcg", "-machine", "q35", "-cpu", "max", "-m", "512"),
    *("-display", "none", "-monitor", "none", "-serial", "stdio", "-no-reboot"),
)


@contextmanager
def guest(folder: Path, *, bus: Path, hci: Path) -> Iterator[None]:
    """Run the machine; its output is printed after a failure.

    Parameters
    ----------
    folder
        To make its file system in.
    bus, hci
        Sockets that are there: of a D-Bus, and of a Bluetooth controller.
    """
    first = first_file_system(folder)
    said = folder / "guest.txt"
    with said.open("w") as console:
        machine = subprocess.Popen(
            [*QEMU, *_kernel(first), *_ways_out(bus, hci)],
            stdin=subprocess.DEVNULL,
            stdout=console,
            stderr=subprocess.STDOUT,
        )
    try:
        yield
    except BaseException as error:
        error.add_note(f"The guest said:\n{said.read_text(errors='replace')[-3000:]}")
        raise
    finally:
        machine.kill()
        machine.wait()


def _kernel(first: Path) -> tuple[str, ...]:
    # The host's time is the best that an emulated processor has: no other is tried, nor guarded.
    line = "console=ttyS0 quiet panic=-1 mitigations=off tsc=reliable"
    image = KERNEL / "boot" / f"vmlinuz-{_version()}"
    return ("-kernel", str(image), "-initrd", str(first), "-append", line)


def _ways_out(bus: Path, hci: Path) -> tuple[str, ...]:
    to_bus = f"guestfwd=tcp:{BUS_ADDRESS}-cmd:socat - UNIX-CONNECT:{bus}"
    return (
        *("-netdev", f"user,id=net,restrict=on,{to_bus}"),
        *("-device", "virtio-net-pci,netdev=net,romfile="),
        *("-chardev", f"socket,id=hci,path={hci}"),
        *("-device", "virtio-serial-pci", "-device", "virtconsole,chardev=hci"),
    )


def first_file_system(folder: Path) -> Path:
    """Make what the kernel finds at its start."""
    _check_tools()
    root = folder / "root"
    for empty in ("bin", "modules", "proc", "sys", "dev", "run", "var/lib/bluetooth"):
        (root / empty).mkdir(parents=True)
    shutil.copy(BUSYBOX, root / "bin")
    for program in PROGRAMS:
        shutil.copy(program, root / "bin")
        for library in _libraries(program):
            kept = root / library.relative_to("/")
            kept.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(library, kept)
    modules = _modules()
    for module in modules:
        shutil.copy(module, root / "modules")
    (root / "modules" / "order").write_text("".join(f"{each.name}\n" for each in modules))
    (root / "etc" / "bluetooth").mkdir(parents=True)
    (root / "etc" / "bluetooth" / "main.conf").write_text(SETTINGS)
    (root / "etc" / "passwd").write_text("root:x:0:0::/:/bin/sh\n")
    init = root / "init"
    init.write_text(INIT)
    init.chmod(0o755)
    made = folder / "first.cpio"
    run("sh", "-c", f"find . | {BUSYBOX} cpio -o -H newc > {made}", at=root)
    return made


def _libraries(program: Path) -> list[Path]:
    listed = subprocess.run(["ldd", program], capture_output=True, text=True, check=True).stdout
    return [Path(word) for word in listed.split() if word.startswith("/")]


def _modules() -> list[Path]:
    """Give the drivers' files, each after those that it needs."""
    command = ["/sbin/modprobe", "--show-depends", "-d", str(KERNEL), "-S", _version()]
    order: dict[Path, None] = {}
    for module in MODULES:
        said = subprocess.run([*command, module], capture_output=True, text=True, check=True)
        lines = (line.split() for line in said.stdout.splitlines())
        order |= {Path(words[1]): None for words in lines if words[0] == "insmod"}
    return list(order)


def _version() -> str:
    return (KERNEL / "version").read_text().strip()


def _check_tools() -> None:
    for tool in ("qemu-system-x86_64", "socat", "busybox", "/sbin/modprobe", str(BLUETOOTHD)):
        if shutil.which(tool) is None:
            skip_without(tool)
    if not (KERNEL / "version").exists():
        pytest.skip("no kernel is unpacked; `make test-bluetoothd` does that")
