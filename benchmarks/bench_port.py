"""What reading a board at 4 x 1 kHz costs, and how soon its samples come when it is plugged in.

Goals: 1.5 % of a core to read, decode and place them; 3 s from plugging in to the first sample.
The board is played behind a pseudo-terminal by another process. The floor is pyserial taking the
same bytes as often, and throwing them away.

    python benchmarks/bench_port.py
"""

import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

# The boards of the tests are the boards of this.
sys.path.append(str(Path(__file__).parent.parent / "tests"))
from serial_board import Board, chords

from myowatch.acquisition.recorder.track import LAST_RETRY_S
from myowatch.acquisition.serial_port.serial_port import SerialPort
from myowatch.acquisition.source.source import SourceLost
from myowatch.acquisition.sources.serial_source import SerialSource

TESTS = str(Path(__file__).parent.parent / "tests")
CHANNELS, RATE, SECONDS, WARM_UP = 4, 1000, 20.0, 1.0
BOOTS_S = (0.0, 1.7)
PLUGGED = 5
PLAYER = f"""
import sys, time
from pathlib import Path
sys.path.append({TESTS!r})
from serial_board import Board, chords
frames = [chords(n, n + 1, {CHANNELS}) for n in range(4096)]
say = lambda a, b: b"".join(frames[n % 4096] for n in range(a, b))
with Board(Path(sys.argv[1]), say, {RATE}):
    time.sleep({2 * (SECONDS + WARM_UP) + 10})
"""


def share_of_a_core(read: Callable[[], object]) -> float:
    """Processor time over time of the clock, percent."""
    until = time.monotonic() + WARM_UP
    while time.monotonic() < until:
        read()
    began, used = time.monotonic(), time.process_time()
    while time.monotonic() < began + SECONDS:
        read()
    return 100 * (time.process_time() - used) / (time.monotonic() - began)


def reading(link: Path) -> tuple[float, float]:
    with subprocess.Popen([sys.executable, "-c", PLAYER, str(link)]) as player:
        while not link.exists():
            time.sleep(0.01)
        with SerialPort(str(link), 115200) as port:
            floor = share_of_a_core(port.read)
        source = SerialSource(str(link))
        source.open()
        ours = share_of_a_core(source.read)
        source.close()
        player.terminate()
    return ours, floor


def plugged_in(link: Path, boots_s: float) -> float:
    """Longest time from plugging in to the first sample, as a recorder that waits looks for it."""
    source, longest = SerialSource(str(link)), 0.0
    board = Board(link, chords, 500, start=b"START\n", answers={b"WHORU\n": b"NPG-LITE\r\n"})
    board.plug()
    source.open()
    board._boots_s = boots_s
    for _ in range(PLUGGED):
        board.unplug()
        source.close()
        board.plug()
        began = time.monotonic()
        while not _samples(source):
            pass
        longest = max(longest, time.monotonic() - began)
    source.close()
    board.unplug()
    return longest


def _samples(source: SerialSource) -> bool:
    with suppress(SourceLost):
        source.open()
        return bool(source.read())
    source.close()
    return False


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        link = Path(folder) / "ttyUSB0"
        ours, floor = reading(link)
        print(f"reading {CHANNELS} x {RATE} Hz: {ours:.2f} % of a core, floor {floor:.2f} %")
        for boots_s in BOOTS_S:
            slowest = plugged_in(link, boots_s)
            print(
                f"a board that boots for {boots_s} s: first samples after {slowest:.2f} s, or "
                f"{LAST_RETRY_S + slowest:.2f} s when the recorder has only just looked"
            )


if __name__ == "__main__":
    main()
