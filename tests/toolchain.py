"""Compilers and other programs that tests need, and the Debian packages that have them."""

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


def skip_without(tool: str) -> None:
    """Skip the test and say how to install a tool; in CI, fail."""
    said = f"{tool} is missing; sudo apt install {PACKAGES[tool]}, or `make test-tools`"
    if os.environ.get("CI") == "true":
        pytest.fail(said)
    pytest.skip(said)


def compiler(name: str) -> tuple[str, ...]:
    """Return the command of a compiler, with the option for its chip."""
    if shutil.which(name) is None:
        skip_without(name)
    return COMPILERS[name]


def run(*command: str | Path, at: Path | None = None) -> None:
    """Run a build step in a folder; if it fails, show its output."""
    words = [str(word) for word in command]
    done = subprocess.run(words, cwd=at, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
