"""The firmware of the Arduino Uno, run in a simulator of its chip; clauses of packet_format.md."""

from pathlib import Path

import pytest
import serial
from arduino import build_sketch
from board import board, build_board, build_firmware
from board_stream import (
    BAUD,
    INFO_BYTES,
    as_it_was,
    hear,
    infos_of,
    lost_before,
    samples_of,
    start,
    waveform,
)
from encoder import encode
from myoframe_reference import Info, read


@pytest.fixture(scope="module")
def program(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return build_board(tmp_path_factory.mktemp("simavr"))


def sent_whole(program: Path, firmware: Path, channels: int) -> Info:
    """What the board says of itself, once it has sent all that was at its inputs for a while."""
    world = waveform(channels)
    with (
        board(program, firmware, world, flat_out=True) as uno,
        serial.Serial(uno.port, BAUD, timeout=5) as line,
    ):
        start(line)
        heard = hear(line, least=30_000)
    frames = read(heard)
    data = samples_of(frames)
    assert set(lost_before(data)) == {0}
    assert as_it_was(data, world)
    assert all(f.clock == f.index * 1000 for f in data), "5.3"
    assert not any(f.overrun for f in data)
    assert {f.channels for f in frames} == {channels}
    again = [b"\0" * isinstance(f, Info) + encode(f) for f in frames]
    assert heard.lstrip(b"\0") == b"".join(again).lstrip(b"\0"), "the encoder's bytes, made here"
    return infos_of(frames)[-1]


@pytest.mark.parametrize("channels", [1, 3, 4])
def test_the_board_sends_every_sample_in_the_same_bytes_as_the_encoder(
    channels: int, program: Path, tmp_path: Path
) -> None:
    firmware = build_firmware(tmp_path, CHANNELS=channels, GAIN=1000, DEVICE_ID=channels)
    said = sent_whole(program, firmware, channels)
    assert said == Info(0, 0, channels, 1_000_000, 48_828_125, -13, 1, 0, 1, 512, channels)


def test_a_build_of_the_arduino_ide_sends_the_same_bytes(program: Path, tmp_path: Path) -> None:
    said = sent_whole(program, build_sketch(tmp_path, "atmega328p"), 1)
    assert said.kind == 0, "6.2: settings.h tells no gain"


@pytest.fixture(scope="module")
def one_channel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return build_firmware(tmp_path_factory.mktemp("one"))


def second_info(line: serial.Serial) -> bytes:
    """The bytes of a stopped board's INFO; who joins may hear but the end of the first."""
    return hear(line, least=INFO_BYTES + 1)[-INFO_BYTES:]


def test_a_stopped_board_sends_info_every_second_and_obeys_start_and_stop(
    one_channel: Path, program: Path
) -> None:
    with (
        board(program, one_channel, waveform(1)) as uno,
        serial.Serial(uno.port, BAUD, timeout=5) as line,
    ):
        idle = second_info(line)
        line.write(b"WHORU\n?")  # another board's question is no command of ours (7.1)
        line.write(b"I")
        asked = hear(line, least=INFO_BYTES)
        line.write(b"S")
        running = read(hear(line, least=500))
        line.write(b"P")
        hear(line, least=INFO_BYTES, end=asked)
    assert idle == asked
    (said,) = infos_of(read(asked))
    assert said.running == 0
    assert said.kind == 0, "6.2: the gain is unknown"
    before = running[running.index(samples_of(running)[0]) - 1]
    assert isinstance(before, Info), "6.3"
    assert before.running == 1


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


def test_samples_lost_on_a_slow_line_are_counted(program: Path, tmp_path: Path) -> None:
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


def test_a_board_waits_and_counts_from_0_after_a_power_loss(
    one_channel: Path, program: Path
) -> None:
    with (
        board(program, one_channel, waveform(1)) as uno,
        serial.Serial(uno.port, BAUD, timeout=5) as line,
    ):
        stopped = second_info(line)
        line.write(b"S")
        hear(line, least=500)
        uno.cut_the_power()
        hear(line, least=INFO_BYTES, end=stopped)
        line.write(b"S")
        again = samples_of(read(hear(line, least=200)))
    assert again[0].index < 3000
    assert again[0].clock == again[0].index * 1000
