"""What an ESP32 or a Cortex-M runs to send an LSM6DSO's samples, against models of that chip.

Both do what the data sheet (ST DS12140) says of the registers that are used: a FIFO of 512 words of
a tag and three values, read at addresses that go round, the oldest overwritten when full. The one
here can also fail; avr_lsm6dso.c is on a real I2C bus, as far as a simulated one is real.
"""

import ctypes
from collections import deque
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import serial
from arduino import build_sketch
from board import board, build_board
from board_stream import BAUD, as_it_was, hear, infos_of, lost_before, samples_of, start
from encoder import library
from myoframe_reference import Data, Info, read
from toolchain import FIRMWARE, STRICT, compiler, run

FOLDER = FIRMWARE / "accelerometer"
SOURCES = (FOLDER / "lsm6dso.c", FOLDER / "sender.c", FIRMWARE / "encoder" / "myoframe.c")
FIFO_WORDS = 512
FINE = -12  # this chip's oscillator: 1.8 % slow
RATE = 6667 * (1 + 0.0015 * FINE) / 8

READ = ctypes.CFUNCTYPE(
    ctypes.c_bool, ctypes.c_void_p, ctypes.c_uint8, ctypes.POINTER(ctypes.c_uint8), ctypes.c_uint8
)
WRITE = ctypes.CFUNCTYPE(ctypes.c_bool, ctypes.c_void_p, ctypes.c_uint8, ctypes.c_uint8)


class Bus(ctypes.Structure):
    _fields_ = (("read", READ), ("write", WRITE), ("context", ctypes.c_void_p))


class Chip:
    """An LSM6DSO: registers, and a FIFO that fills over time."""

    def __init__(self) -> None:
        self.registers = {0x0F: 0x6C, 0x63: FINE % 256}
        self.words: deque[bytes] = deque(maxlen=FIFO_WORDS)
        self.taken: list[tuple[int, ...]] = []
        self.time_us = 0
        self.overran = False
        self.fails_after: int | None = None  # so many more bytes

    def measure(self, duration_us: int) -> None:
        """Let time go by; a sample is taken at each of the chip's own ticks."""
        self.time_us += duration_us
        random = np.random.default_rng(len(self.taken))
        while len(self.taken) + 1 <= self.time_us * RATE / 1e6:
            sample = random.integers(-(2**15), 2**15, 3, dtype=np.int16)
            self.overran |= len(self.words) == FIFO_WORDS
            self.words.append(bytes([2 << 3]) + sample.astype("<i2").tobytes())
            self.taken.append(tuple(sample.tolist()))

    def read(self, _: Any, address: int, into: Any, length: int) -> bool:
        for i in range(length):
            if self._fails():
                return False
            into[i] = self._byte(address)
            address = 0x78 if address == 0x7E else address + 1
        return True

    def _fails(self) -> bool:
        if self.fails_after:
            self.fails_after -= 1
        return self.fails_after == 0

    def _byte(self, address: int) -> int:
        if 0x78 <= address <= 0x7E:
            word = self.words[0]
            if address == 0x7E:
                self.words.popleft()
            return word[address - 0x78]
        if address == 0x3A:
            return len(self.words) & 0xFF
        if address == 0x3B:
            latched, self.overran = self.overran, False
            return latched << 3 | len(self.words) >> 8
        return self.registers[address]

    def write(self, _: Any, address: int, value: int) -> bool:
        self.registers[address] = value
        return not self._fails()


class Firmware:
    """The sender, compiled for this machine and wired to the chip's model."""

    def __init__(self, chip: Chip) -> None:
        self.chip = chip
        self.c = library(*SOURCES)
        self.c.sender_begin.restype = ctypes.c_bool
        self.state = (ctypes.c_uint64 * 32)()
        self.bus = Bus(READ(chip.read), WRITE(chip.write), None)

    def begin(self) -> bool:
        return bool(self.c.sender_begin(self.state, ctypes.byref(self.bus), 7, self._now()))

    def command(self, byte: bytes) -> None:
        self.c.sender_command(self.state, ctypes.c_uint8(byte[0]))

    def poll(self) -> bytes:
        wire = (ctypes.c_uint8 * 256)()
        return bytes(wire[: self.c.sender_poll(self.state, wire, self._now())])

    def poll_for(self, duration_us: int) -> list[Info | Data]:
        heard = b""
        for _ in range(duration_us // 5000):
            self.chip.measure(5000)
            heard += self.poll()
        return read(heard)

    def _now(self) -> ctypes.c_uint32:
        return ctypes.c_uint32(self.chip.time_us)


@pytest.fixture
def running() -> Firmware:
    firmware = Firmware(Chip())
    assert firmware.begin()
    firmware.command(b"S")
    return firmware


def as_taken(frame: Data, chip: Chip, within: int = 0) -> bool:
    """Whether the frame's samples are those of its index, or of one so far beside it."""
    rows = [tuple(row) for row in np.reshape(frame.samples, (-1, 3)).tolist()]
    at = range(frame.index - within, frame.index + within + 1)
    return any(rows == chip.taken[i : i + len(rows)] for i in at)


def test_every_sample_of_the_chip_is_sent_once_in_order(running: Firmware) -> None:
    said, *frames = running.poll_for(3_000_000)
    assert isinstance(said, Info)
    assert (said.kind, said.mantissa, said.exponent, said.running) == (2, 122, -6, 1)
    assert said.rate_mhz == pytest.approx(RATE * 1000, abs=1), "the rate of this very chip"
    assert len([f for f in frames if isinstance(f, Info)]) == 2, "6.3: every second"
    data = [f for f in frames if isinstance(f, Data)]
    assert [f.index for f in data] == [16 * i for i in range(len(data))]
    assert all(as_taken(f, running.chip) for f in data)
    assert len(running.chip.taken) - data[-1].index < 2 * 16 + 16
    late = [f.clock - (f.index + 1) * 1e6 / RATE for f in data]
    assert max(late) - min(late) < 1e6 / RATE, "5.3, to within a sample"


def test_samples_overwritten_while_the_board_is_busy_are_counted(
    running: Firmware,
) -> None:
    running.poll_for(500_000)
    running.chip.measure(1_500_000)
    data = [f for f in running.poll_for(500_000) if isinstance(f, Data)]
    assert [f.overrun for f in data] == [1] + [0] * (len(data) - 1)
    lost_at_least = 1.5 * RATE - FIFO_WORDS
    assert data[0].index > 0.5 * RATE - 16 + lost_at_least - 1
    assert all(as_taken(f, running.chip, within=1) for f in data), "counted by time"


def test_a_bus_failure_loses_only_the_samples_of_its_duration(
    running: Firmware,
) -> None:
    before = [f for f in running.poll_for(300_000) if isinstance(f, Data)]
    running.chip.fails_after = 30  # in the middle of a frame's bytes
    assert [f for f in running.poll_for(100_000) if isinstance(f, Data)] == []
    running.chip.fails_after = None
    data = [f for f in running.poll_for(300_000) if isinstance(f, Data)]
    assert [f.overrun for f in data] == [1] + [0] * (len(data) - 1)
    assert 0 < data[0].index - (before[-1].index + 16) <= 16
    assert all(as_taken(f, running.chip, within=1) for f in data)


def test_a_stopped_board_continues_its_count(running: Firmware) -> None:
    running.command(b"P")
    assert [f for f in running.poll_for(1_000_000) if isinstance(f, Data)] == []
    running.command(b"S")
    data = [f for f in running.poll_for(100_000) if isinstance(f, Data)]
    assert data[0].index > 0.9 * RATE
    assert all(as_taken(f, running.chip) for f in data)


def test_another_chip_or_a_missing_chip_is_reported() -> None:
    other, none = Chip(), Chip()
    other.registers[0x0F] = 0x69
    none.fails_after = 0
    assert not Firmware(other).begin()
    assert not Firmware(none).begin()


@pytest.mark.parametrize("source", SOURCES, ids=lambda path: path.name)
@pytest.mark.parametrize("core", ["cortex-m0", "cortex-m4"])
def test_it_compiles_for_a_cortex_without_a_warning_and_without_a_library(
    source: Path, core: str, tmp_path: Path
) -> None:
    built = tmp_path / "part.o"
    arm = (*compiler("arm-none-eabi-gcc")[:2], f"-mcpu={core}")
    run(*arm, *STRICT, "-I", FIRMWARE / "encoder", "-c", "-o", built, source)


def test_the_sketch_sends_every_sample_with_the_arduino_libraries(tmp_path: Path) -> None:
    # On the chip for which there is a simulator with an I2C bus; the libraries' calls are the same.
    sketch, program = build_sketch(tmp_path, "accelerometer"), build_board(tmp_path)
    world = np.random.default_rng(1).integers(-(2**15), 2**15, (70_001, 3)).astype(np.int16)
    with (
        board(program, sketch, world, flat_out=True, accelerometer=True) as uno,
        serial.Serial(uno.port, BAUD, timeout=5) as line,
    ):
        start(line)
        frames = read(hear(line, least=8_000))
    data = samples_of(frames)
    assert set(lost_before(data)) == {0}
    assert as_it_was(data, world)
    assert {f.rate_mhz for f in infos_of(frames)} == {int(RATE * 1000)}
    assert np.abs(np.diff([f.clock for f in data]) - 16e6 / RATE).max() < 1e6 / RATE
