"""The firmware of the Arduino Uno, run in a simulator of its chip; clauses of packet_format.md."""

from pathlib import Path

import numpy as np
import pytest
import serial
from board import Counts, board, build_board, build_firmware
from encoder import encode
from myoframe_reference import Data, Info, read

BAUD = 500_000  # of no consequence on a pseudo-terminal
INFO_BYTES = 21  # with the 00 before it (1.5)


@pytest.fixture(scope="module")
def program(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return build_board(tmp_path_factory.mktemp("simavr"))


def waveform(channels: int, seed: int = 1) -> Counts:
    # Longer than what follows reads, and of no regular length, so that no shift goes unseen.
    counts = np.random.default_rng(seed).integers(0, 1024, (70_001, channels))
    return counts.astype(np.int16)


def hear(line: serial.Serial, least: int, end: bytes = b"\0") -> bytes:
    """At least so many bytes, until the end of a frame, or of this very frame."""
    heard = b""
    while len(heard) < least or not heard.endswith(end):
        more = line.read(1)
        assert more, f"silence after {heard[-50:].hex(' ')}"
        heard += more + line.read(min(line.in_waiting, max(0, least - len(heard) - 1)))
    return heard


def start(line: serial.Serial) -> None:
    """As clause 7.4 says: wait for the first INFO, then start."""
    hear(line, least=3)
    line.write(b"S")


def samples_of(frames: list[Info | Data]) -> list[Data]:
    return [frame for frame in frames if isinstance(frame, Data)]


def infos_of(frames: list[Info | Data]) -> list[Info]:
    return [frame for frame in frames if isinstance(frame, Info)]


def lost_before(frames: list[Data]) -> list[int]:
    """Samples lost before each frame but the first (5.2)."""
    ends = [(f.index + len(f.samples) // f.channels) % 65536 for f in frames]
    return [(after.index - end) % 65536 for end, after in zip(ends, frames[1:], strict=False)]


def as_it_was(frames: list[Data], world: Counts) -> bool:
    """Whether every value is what was at its channel's input when the index says."""
    at = np.unwrap([f.index for f in frames], period=65536)
    rows = [np.reshape(f.samples, (-1, f.channels)) for f in frames]
    return all(
        np.array_equal(row, world[(int(i) + np.arange(len(row))) % len(world)])
        for i, row in zip(at, rows, strict=True)
    )


@pytest.mark.parametrize("channels", [1, 2, 3, 4])
def test_every_sample_of_every_channel_comes_and_in_the_bytes_that_the_encoder_makes_here(
    channels: int, program: Path, tmp_path: Path
) -> None:
    settings = {"CHANNELS": channels, "GAIN": 1000, "DEVICE_ID": channels}
    firmware, world = build_firmware(tmp_path, **settings), waveform(channels)
    with (
        board(program, firmware, world, flat_out=True) as uno,
        serial.Serial(uno.port, BAUD, timeout=5) as line,
    ):
        start(line)
        heard = hear(line, least=60_000)
    frames = read(heard)
    data = samples_of(frames)
    assert set(lost_before(data)) == {0}
    assert as_it_was(data, world)
    assert all(f.clock == f.index * 1000 for f in data), "5.3"
    assert not any(f.overrun for f in data)
    assert {f.channels for f in frames} == {channels}
    again = [b"\0" * isinstance(f, Info) + encode(f) for f in frames]
    assert heard.lstrip(b"\0") == b"".join(again).lstrip(b"\0")
    said = Info(0, 0, channels, 1_000_000, 48_828_125, -13, 1, 0, 1, 512, channels)
    assert infos_of(frames)[-1] == said


@pytest.fixture(scope="module")
def one_channel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return build_firmware(tmp_path_factory.mktemp("one"))


def test_a_stopped_board_says_what_it_is_every_second_and_starts_and_stops_when_told(
    one_channel: Path, program: Path
) -> None:
    with (
        board(program, one_channel, waveform(1)) as uno,
        serial.Serial(uno.port, BAUD, timeout=5) as line,
    ):
        idle = hear(line, least=2 * INFO_BYTES)
        line.write(b"WHORU\n?")  # another board's question is no command of ours (7.1)
        line.write(b"I")
        asked = hear(line, least=INFO_BYTES)
        line.write(b"S")
        running = read(hear(line, least=500))
        line.write(b"P")
        hear(line, least=INFO_BYTES, end=asked)
    assert idle == 2 * asked
    (said,) = infos_of(read(asked))
    assert said.running == 0
    assert said.kind == 0, "6.2: nobody told the gain"
    assert isinstance(running[0], Info), "6.3"
    assert running[0].running == 1


def test_index_and_clock_count_on_while_stopped_and_the_index_wraps(
    one_channel: Path, program: Path
) -> None:
    world = waveform(1)
    with (
        board(program, one_channel, world, flat_out=True) as uno,
        serial.Serial(uno.port, BAUD, timeout=5) as line,
    ):
        hear(line, least=60 * INFO_BYTES)  # a second for each INFO
        line.write(b"S")
        heard = hear(line, least=1000)
        while samples_of(read(heard))[-1].index > 1000:
            heard += hear(line, least=1000)
    data = samples_of(read(heard))
    assert data[0].index >= 59_000
    assert set(lost_before(data)) == {0}
    assert as_it_was(data, world)


def test_what_a_line_too_slow_loses_is_said_and_counted(program: Path, tmp_path: Path) -> None:
    firmware, world = build_firmware(tmp_path, CHANNELS=4, BAUD=57600), waveform(4)
    with (
        board(program, firmware, world, flat_out=True) as uno,
        serial.Serial(uno.port, BAUD, timeout=5) as line,
    ):
        start(line)
        frames = read(hear(line, least=10_000))
    data = samples_of(frames)
    lost = lost_before(data)
    assert sum(lost) > 100
    assert [bool(f.overrun) for f in data[1:]] == [bool(n) for n in lost], "5.5"
    assert as_it_was(data, world)
    assert infos_of(frames[5:]), "the board says what it is all the same"


def test_a_board_that_lost_its_power_says_that_it_waits_and_counts_from_0(
    one_channel: Path, program: Path
) -> None:
    with (
        board(program, one_channel, waveform(1)) as uno,
        serial.Serial(uno.port, BAUD, timeout=5) as line,
    ):
        stopped = hear(line, least=INFO_BYTES)
        line.write(b"S")
        hear(line, least=500)
        uno.cut_the_power()
        hear(line, least=INFO_BYTES, end=stopped)
        line.write(b"S")
        again = samples_of(read(hear(line, least=200)))
    assert again[0].index < 3000
    assert again[0].clock == again[0].index * 1000
