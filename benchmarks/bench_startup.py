"""How soon `myowatch --help` answers, beside a Python that does nothing.

Goal: under 0.5 s.
"""

import statistics
import subprocess
import sys
import time

RUNS = 9


def seconds(command: list[str]) -> float:
    """Median wall time of a command."""
    times = []
    for _ in range(RUNS):
        began = time.perf_counter()
        subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
        times.append(time.perf_counter() - began)
    return statistics.median(times)


def main() -> None:
    floor = seconds([sys.executable, "-c", "pass"])
    ours = seconds([sys.executable, "-m", "myowatch", "--help"])
    print(f"python that does nothing  {floor:6.3f} s")
    print(f"myowatch --help           {ours:6.3f} s  ({ours / floor:.1f} x; goal under 0.5 s)")


if __name__ == "__main__":
    main()
