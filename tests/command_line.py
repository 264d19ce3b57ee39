"""The command line run as a user runs it: in processes of its own."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

AT_WORK = 50_000

Done = subprocess.CompletedProcess[str]


def myowatch(*arguments: str) -> list[str]:
    """The command that starts a process."""
    return [sys.executable, "-m", "myowatch", *arguments]


def run(*arguments: str, **environment: str) -> Done:
    """Run a command to its end, with these variables besides those that are set."""
    return subprocess.run(
        myowatch(*arguments),
        capture_output=True,
        text=True,
        encoding="utf-8",
        errors="surrogateescape",
        timeout=90,
        stdin=subprocess.DEVNULL,
        env=os.environ | environment,
        check=False,
    )


def run_until(ready: Path, *arguments: str) -> Done:
    """Run a command and press Ctrl-C as soon as a file has something in it."""
    pipe = subprocess.PIPE
    with subprocess.Popen(myowatch(*arguments), stdout=pipe, stderr=pipe, text=True) as process:
        while process.poll() is None and not (ready.exists() and ready.stat().st_size > AT_WORK):
            time.sleep(0.01)
        process.send_signal(signal.SIGINT)
        output, errors = process.communicate(timeout=60)
        return subprocess.CompletedProcess(arguments, process.returncode, output, errors)


def one_line(text: str) -> bool:
    """Whether that is a message as users should get it."""
    return text.count("\n") == 1 and "Traceback" not in text
