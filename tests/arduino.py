"""Sketches built as the Arduino IDE builds them, with the files of Debian's arduino-core-avr."""

import shutil
from pathlib import Path

from toolchain import FIRMWARE, compiler, run, skip_without

CORE = Path("/usr/share/arduino/hardware/arduino/avr")
# Flags of the core's platform.txt; in our own code warnings are errors.
BOTH = (
    *("-c", "-g", "-Os", "-ffunction-sections", "-fdata-sections", "-flto"),
    *("-mmcu=atmega328p", "-DF_CPU=16000000L", "-DARDUINO=10819", "-DARDUINO_AVR_UNO"),
    *("-DARDUINO_ARCH_AVR", f"-I{CORE}/cores/arduino", f"-I{CORE}/variants/standard"),
    *(f"-I{CORE}/libraries/Wire/src", f"-I{CORE}/libraries/Wire/src/utility"),
)
C = ("avr-gcc", *BOTH, "-std=gnu11", "-fno-fat-lto-objects")
CPP = (
    *("avr-g++", *BOTH, "-std=gnu++11", "-fpermissive", "-fno-exceptions"),
    "-fno-threadsafe-statics",
)
OURS = ("-Wall", "-Wextra", "-Werror")
LINK = ("avr-gcc", "-w", "-Os", "-g", "-flto", "-fuse-linker-plugin", "-Wl,--gc-sections")


def build_sketch(folder: Path, name: str) -> Path:
    """Build a sketch of firmware_notes with a copy of the encoder in it."""
    compiler("avr-gcc")
    if not CORE.exists():
        skip_without("arduino-core-avr")
    sketch = folder / name
    shutil.copytree(FIRMWARE / name, sketch)
    for part in ("myoframe.h", "myoframe.c"):
        shutil.copy(FIRMWARE / "encoder" / part, sketch)
    (sketch / "sketch.cpp").write_text(
        "#include <Arduino.h>\n" + (sketch / f"{name}.ino").read_text()
    )
    run(*C, *OURS, *sorted(sketch.glob("*.c")), at=sketch)
    run(*CPP, *OURS, sketch / "sketch.cpp", at=sketch)
    library = _library(folder)
    elf = folder / f"{name}.elf"
    run(*LINK, "-mmcu=atmega328p", "-o", elf, *sorted(sketch.glob("*.o")), library, "-lm")
    return elf


def _library(folder: Path) -> Path:
    """Build the Arduino core as a library."""
    objects = folder / "core"
    objects.mkdir()
    wire = CORE / "libraries" / "Wire" / "src"
    cores = CORE / "cores" / "arduino"
    run(*C, "-w", *sorted(cores.glob("*.c")), *sorted(wire.glob("utility/*.c")), at=objects)
    # Debian's avr-gcc 5.4 does not yet know that name in C++.
    run(
        *CPP,
        "-w",
        "-DDECIMAL_DIG=9",
        *sorted(cores.glob("*.cpp")),
        *sorted(wire.glob("*.cpp")),
        at=objects,
    )
    library = folder / "core.a"
    run("avr-gcc-ar", "rcs", library, *sorted(objects.glob("*.o")))
    return library
