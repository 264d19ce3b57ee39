"""The clock that samples are placed by goes on while the machine sleeps, and is never set."""

import os
import subprocess
import sys
import time
from pathlib import Path

import pytest

from myowatch.acquisition.timing.clock_comparison import now_s

ASK = """
import sys
from myowatch.acquisition.timing.clock_comparison import now_s
for _ in sys.stdin:
    print(now_s(), flush=True)
"""


def test_it_counts_seconds_and_never_goes_back() -> None:
    began, at = time.monotonic(), [now_s()]
    while time.monotonic() < began + 0.2:
        at.append(now_s())
    assert at == sorted(at)
    assert at[-1] - at[0] == pytest.approx(0.2, abs=0.05)


@pytest.mark.skipif(sys.platform != "linux", reason="shifts the clocks of Linux")
@pytest.mark.parametrize(("wall_s", "asleep_s"), [(-3600, 0), (7200, 0), (0, 600)])
def test_a_clock_set_by_hand_does_not_move_it_and_sleep_does(
    shifted_clock: Path, wall_s: int, asleep_s: int
) -> None:
    shifts = shifted_clock.parent / "shifts"
    shifts.write_text("0 0")
    environment = os.environ | {"LD_PRELOAD": str(shifted_clock), "SHIFTED_CLOCK": str(shifts)}
    with subprocess.Popen(
        [sys.executable, "-c", ASK],
        env=environment,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as process:
        assert process.stdin is not None
        assert process.stdout is not None

        def ask() -> float:
            print(file=process.stdin, flush=True)
            assert process.stdout is not None
            return float(process.stdout.readline())

        before = ask()
        shifts.write_text(f"{wall_s} {asleep_s}")
        assert ask() - before == pytest.approx(asleep_s, abs=1)
