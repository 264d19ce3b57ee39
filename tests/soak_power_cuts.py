"""A board with a loose battery, recorded: not in the suite, `make soak` runs it."""

import signal
import subprocess
import time
from pathlib import Path

import numpy as np
import pytest
from board import board, build_board, build_firmware
from board_stream import waveform
from command_line import myowatch
from recorded_board import GAIN, place_of, recorded

CUTS = 5
BETWEEN_S = 6.0
WITHIN_MS = 50


def test_a_board_whose_power_fails_now_and_then_is_recorded_with_gaps_of_the_right_length(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    home, world = tmp_path / "home", waveform(1)
    monkeypatch.setenv("MYOWATCH_HOME", str(home))
    firmware = build_firmware(tmp_path / "uno", CHANNELS=1, GAIN=GAIN)
    with (
        board(build_board(tmp_path), firmware, world) as uno,
        subprocess.Popen(myowatch("record", f"serial:{uno.port}")) as recorder,
    ):
        time.sleep(2 * BETWEEN_S)
        for _ in range(CUTS):
            uno.cut_the_power()
            time.sleep(BETWEEN_S)
        recorder.send_signal(signal.SIGINT)
        recorder.wait(timeout=30)
    heard = recorded(home)
    there = ~np.isnan(heard[:, 0])
    edges = np.flatnonzero(np.diff(np.concatenate([[False], there, [False]])))
    stretches = edges.reshape(-1, 2)
    places = [place_of(heard[begin:end], world) for begin, end in stretches]
    for place, (begin, end) in zip(places, stretches, strict=True):
        assert np.array_equal(heard[begin:end], world[place : place + end - begin])
    assert len(stretches) == CUTS + 1
    gaps = stretches[1:, 0] - stretches[:-1, 1]
    drift = np.diff(np.subtract(places, stretches[:, 0]))
    print(f"\ngaps of {gaps} ms, wrong by {drift} ms")  # noqa: T201
    assert gaps.max() < 1500, "it says that it waits after a second, and is started"
    assert np.abs(drift).max() <= WITHIN_MS
