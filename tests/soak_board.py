"""Seventy-four minutes of a board's life, flat out: not in the suite, `make soak` runs it."""

import time
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path

import serial
from board import board, build_board, build_firmware
from board_stream import BAUD, as_it_was, hear, lost_before, samples_of, start, waveform
from myoframe_reference import Data, read

MINUTES = 74  # past the clock's wrap at 71:35
CHANNELS = 4
PIECE_BYTES = 500_000


def pieces(line: serial.Serial, minutes: float) -> Iterator[list[Data]]:
    """DATA frames as they come, each piece beginning with the last frame of the one before."""
    last: list[Data] = []
    gone_us = 0
    while gone_us < minutes * 60e6:
        data = last + samples_of(read(hear(line, PIECE_BYTES)))
        yield data
        gone_us += (data[-1].clock - data[0].clock) % 2**32
        last = data[-1:]


def test_four_channels_for_longer_than_the_clock_counts(tmp_path: Path) -> None:
    program, firmware = build_board(tmp_path), build_firmware(tmp_path / "four", CHANNELS=CHANNELS)
    world = waveform(CHANNELS)
    frames = lost = index_wraps = clock_wraps = 0
    began = time.monotonic()
    with (
        board(program, firmware, world, flat_out=True) as uno,
        serial.Serial(uno.port, BAUD, timeout=5) as line,
    ):
        start(line)
        for data in pieces(line, MINUTES):
            assert as_it_was(data, world, before=65536 * index_wraps)
            assert {(b.clock - a.clock) % 2**32 for a, b in pairwise(data)} == {10_000}
            assert not any(frame.overrun for frame in data)
            frames += len(data) - 1
            lost += sum(lost_before(data))
            index_wraps += sum(b.index < a.index for a, b in pairwise(data))
            clock_wraps += sum(b.clock < a.clock for a, b in pairwise(data))
    assert (lost, clock_wraps) == (0, 1)
    assert index_wraps >= MINUTES * 60_000 // 65536
    wall = (time.monotonic() - began) / 60
    print(  # noqa: T201
        f"\n{frames * 10:,} samples of {CHANNELS} channels in {frames:,} frames, none lost; "
        f"{index_wraps} index wraps, {clock_wraps} clock wrap; {wall:.1f} min on the wall"
    )
