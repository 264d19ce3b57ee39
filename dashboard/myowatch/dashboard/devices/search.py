"""`myowatch devices` as a child process: the dashboard itself touches no port and no radio."""

import os
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass
from typing import IO

SCAN_TAKES_S = 9.0
TEST_TAKES_S = 6.0
"""About; boards that boot, and radios that are slow, take longer."""


@dataclass(frozen=True, slots=True)
class Search:
    """A search that runs, or has ended.

    Parameters
    ----------
    source
        Of the one sensor that is tried; empty if all are looked for.
    said, complained
        What it writes on standard output and standard error.
    began
        Seconds since the system started.
    """

    source: str
    process: subprocess.Popen[bytes]
    said: IO[bytes]
    complained: IO[bytes]
    began: float

    @property
    def running(self) -> bool:
        """Whether it goes on."""
        return self.process.poll() is None

    @property
    def progress(self) -> float:
        """About which share of it is over, from 0 to 0.97: nobody knows how long it will take."""
        takes = TEST_TAKES_S if self.source else SCAN_TAKES_S
        return min((time.monotonic() - self.began) / takes, 0.97)

    def output(self) -> tuple[str, str]:
        """Give what it said and what it complained of, once it has ended."""
        return _whole(self.said), _whole(self.complained)

    def cancel(self) -> None:
        """End it as Ctrl-C would: boards that were started are stopped again."""
        if os.name == "nt":
            self.process.terminate()
        else:
            self.process.send_signal(signal.SIGINT)


def start_search(source: str = "") -> Search:
    """Look for all sensors, or try one of them."""
    # -P: whatever lies in the folder the server was started from is not ours to import.
    command: Sequence[str] = [sys.executable, "-P", "-m", "myowatch", "devices", "--json"]
    if source:
        command = [*command, "--", source]
    # Files, not pipes: nobody reads while it runs. They go when the search is forgotten.
    said = tempfile.TemporaryFile()  # noqa: SIM115
    complained = tempfile.TemporaryFile()  # noqa: SIM115
    process = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=said, stderr=complained)
    return Search(source, process, said, complained, time.monotonic())


def _whole(file: IO[bytes]) -> str:
    with file:
        file.seek(0)
        return file.read().decode("utf-8", errors="replace").strip()
