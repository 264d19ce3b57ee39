"""Which other programs have a port open, where the system tells."""

import os
from contextlib import suppress
from pathlib import Path

import psutil

PROC = Path("/proc")


def holders(port: str) -> list[str]:
    """Return the programs that have a port open, `screen (process 1234)`; ours left out.

    Linux tells, of other people's programs only to root; elsewhere the list is empty.
    """
    if not PROC.is_dir() or not Path(port).exists():
        return []
    real = os.path.realpath(port)
    found = []
    for pid in psutil.pids():
        if pid == os.getpid():
            continue
        # Processes end while they are looked at, and those of others keep their files to them.
        with suppress(OSError, psutil.Error):
            if any(os.path.realpath(fd) == real for fd in (PROC / str(pid) / "fd").iterdir()):
                found.append(f"{psutil.Process(pid).name()} (process {pid})")
    return found
