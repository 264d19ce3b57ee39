"""Seventy-four minutes of a board's life, flat out: not in the suite, `make soak` runs it."""

import time
from pathlib import Path

import numpy as np
import serial
from board import Counts, board, build_board, build_firmware
from board_stream import BAUD, hear, start, waveform

from myowatch.acquisition.timing.placing import Placing, sensors_of
from myowatch.acquisition.wire.decoding import DeviceFacts
from myowatch.acquisition.wire.myoframe import MyoframeDecoder
from myowatch.signal.model.samples import SampleBlock

MINUTES = 74  # past the clock's wrap at 71:35
CHANNELS = 4
RATE = 1000
ZERO = 512


class Ledger:
    """Blocks of the board's streams, held against what was at its inputs."""

    def __init__(self, world: Counts, begins: int) -> None:
        self.world = world
        self.begins = begins
        self.ends = [0] * CHANNELS

    def enter(self, block: SampleBlock) -> None:
        channel = int(block.stream.name.removeprefix("EMG")) - 1
        assert block.first_sample == self.ends[channel], "a gap"
        at = self.begins + np.arange(block.first_sample, block.end_sample)
        expected = self.world[at % len(self.world), channel]
        assert np.array_equal(block.samples[:, 0] + ZERO, expected)
        self.ends[channel] = block.end_sample


def test_four_channels_for_longer_than_the_clock_counts(tmp_path: Path) -> None:
    program, firmware = build_board(tmp_path), build_firmware(tmp_path / "four", CHANNELS=CHANNELS)
    world, decoder, began = waveform(CHANNELS), MyoframeDecoder(DeviceFacts()), time.monotonic()
    with (
        board(program, firmware, world, flat_out=True) as uno,
        serial.Serial(uno.port, BAUD, timeout=5) as line,
    ):
        start(line)
        runs = decoder.feed(hear(line, 10_000))
        placing = Placing(sensors_of(decoder.layouts, {}))
        assert runs[0].count is not None
        ledger = Ledger(world, begins=runs[0].count)
        heard = 0
        while heard < MINUTES * 60 * RATE:
            heard += sum(len(run.samples) for run in runs)
            # The host that receives this is as much faster as the board is.
            for block in placing.place(runs, arrived_s=heard / RATE):
                ledger.enter(block)
            runs = decoder.feed(hear(line, 100_000))
    assert set(ledger.ends) == {heard}
    assert runs[-1].clock_us is not None
    assert runs[-1].clock_us < heard * 1_000_000 // RATE, "the clock has wrapped"
    assert (placing.lost_samples, placing.restarts, decoder.reception.overruns) == (0, 0, 0)
    assert decoder.reception.bad_frames == 0
    wall = (time.monotonic() - began) / 60
    print(f"\n{heard:,} samples of {CHANNELS} channels in {wall:.1f} min, none lost")  # noqa: T201
