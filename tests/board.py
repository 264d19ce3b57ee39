"""Simulated boards: our AVR firmware, built and run in simavr by avr_board.c."""

import json
import signal
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
from toolchain import FIRMWARE, compiler, run, skip_without

Counts = npt.NDArray[np.int16]
SIMAVR = Path("/usr/include/simavr/sim_avr.h")


def build_board(folder: Path) -> Path:
    """Build the program that runs a firmware as an Arduino does."""
    if not SIMAVR.exists():
        skip_without("simavr")
    built = folder / "avr_board"
    sources = [Path(__file__).with_name(name) for name in ("avr_board.c", "avr_lsm6dso.c")]
    strict = ("-std=c99", "-Wall", "-Wextra", "-Werror", "-O2")
    run(*compiler("gcc"), *strict, "-o", built, *sources, "-lsimavr", "-lutil")
    return built


def build_firmware(folder: Path, **settings: int) -> Path:
    """Build the Uno's firmware with its Makefile, e.g. `CHANNELS=4, GAIN=1000`."""
    compiler("avr-gcc")
    folder.mkdir(exist_ok=True)
    chosen = [f"{name}={value}" for name, value in settings.items()]
    run("make", "-C", FIRMWARE / "atmega328p", f"OUT={folder}", *chosen)
    return next(folder.glob("*.elf"))


@dataclass
class Board:
    """A running board.

    Parameters
    ----------
    port
        Where its serial line is.
    """

    port: str
    process: subprocess.Popen[str]

    def cut_the_power(self) -> None:
        """Off and on again, as by a loose plug of the battery; the serial adapter stays."""
        self.process.send_signal(signal.SIGUSR1)

    def pull_the_plug(self) -> dict[str, Any]:
        """End it, as by pulling its plug; gives what it did."""
        if self.process.poll() is None:
            self.process.terminate()
        assert self.process.stdout is not None
        return dict(json.loads(self.process.stdout.read()))


@contextmanager
def board(
    program: Path,
    firmware: Path,
    counts: Counts,
    *,
    seconds: float = 0,
    ppm: float = 0,
    flat_out: bool = False,
    accelerometer: bool = False,
) -> Iterator[Board]:
    """A board with these counts, shape (milliseconds, channels), at its analogue inputs.

    Or, shape (samples, 3), measured by an accelerometer on its I2C bus.

    It runs for so many seconds of its own time, or until its plug is pulled; in real time, its
    crystal fast by `ppm`, or as fast as it can.
    """
    wave = firmware.parent / "wave.int16"
    counts.astype("=i2").tofile(wave)
    options = ["-w", wave, "-c", counts.shape[1], "-t", seconds, "-p", ppm]
    options += ["-f"] * flat_out + ["-a"] * accelerometer
    command = [str(part) for part in (program, *options, firmware)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        try:
            yield Board(process.stdout.readline().strip(), process)
        finally:
            process.terminate()
