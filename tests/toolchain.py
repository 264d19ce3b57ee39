"""Tools of other kinds than Python's, and what is said when one is missing."""

import os
import shutil
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
FIRMWARE = ROOT / "firmware_notes"
STRICT = (
    *("-std=c99", "-pedantic", "-Wall", "-Wextra", "-Wconversion", "-Wshadow", "-Werror"),
    *("-Os", "-ffreestanding"),
)
COMPILERS = {
    "gcc": ("gcc",),
    "avr-gcc": ("avr-gcc", "-mmcu=atmega328p"),
    "arm-none-eabi-gcc": ("arm-none-eabi-gcc", "-mthumb", "-mcpu=cortex-m0"),
}
PACKAGES = {
    "gcc": "gcc",
    "avr-gcc": "gcc-avr avr-libc",
    "arm-none-eabi-gcc": "gcc-arm-none-eabi",
    "simavr": "gcc libsimavr-dev",
    "arduino-core-avr": "arduino-core-avr",
    "dbus-daemon": "dbus",
    "qemu-system-x86_64": "qemu-system-x86",
    "socat": "socat",
    "busybox": "busybox-static",
    "/sbin/modprobe": "kmod",
    "/usr/libexec/bluetooth/bluetoothd": "bluez",
}


def miss(tool: str) -> None:
    """Say how to get a tool and skip; fail where it must not be missed."""
    said = f"{tool} is not here; sudo apt install {PACKAGES[tool]}, or `make test-tools`"
    if os.environ.get("CI") == "true":
        pytest.fail(said)
    pytest.skip(said)


def compiler(name: str) -> tuple[str, ...]:
    """A compiler and the chip it compiles for."""
    if shutil.which(name) is None:
        miss(name)
    return COMPILERS[name]


def run(*command: str | Path, at: Path | None = None) -> None:
    """Run a build step in a folder; what it says is the failure."""
    words = [str(word) for word in command]
    done = subprocess.run(words, cwd=at, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
