"""Run commands of Myowatch: in this process, which is quick, or in one of their own."""

import io
import logging
import os
import signal
import subprocess
import sys
import threading
import time
from contextlib import redirect_stderr, redirect_stdout
from pathlib import Path
from unittest.mock import patch

from myowatch.cli import main

WRITING_SINCE_BYTES = 50_000
"""A file of this size shows that a command is in the middle of its work."""

Done = subprocess.CompletedProcess[str]


def myowatch(*arguments: str) -> list[str]:
    """Return the command line that starts Myowatch in a process."""
    return [sys.executable, "-m", "myowatch", *arguments]


def run(*arguments: str, **environment: str) -> Done:
    """Run a command in this process, with these environment variables added.

    Unexpected exceptions propagate. The command must leave the process as it was.
    """
    output, errors = _TextFile("surrogateescape"), _TextFile("backslashreplace")
    before = _process_state()
    with (
        patch.dict(os.environ, environment),
        patch.object(sys, "stdin", io.StringIO()),
        redirect_stdout(output),
        redirect_stderr(errors),
    ):
        try:
            main(arguments)
        except SystemExit as ended:
            status = ended.code
    assert isinstance(status, int), status
    assert _process_state() == before, f"{arguments} changed the state of the process"
    return subprocess.CompletedProcess(arguments, status, output.text(), errors.text())


def run_process(*arguments: str, **environment: str) -> Done:
    """Run a command to its end in a process of its own, with these environment variables added."""
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


def interrupt_while_writing(file: Path, *arguments: str) -> Done:
    """Run a command in a process and press Ctrl-C as soon as it has written much to a file."""
    pipe = subprocess.PIPE
    with subprocess.Popen(myowatch(*arguments), stdout=pipe, stderr=pipe, text=True) as process:
        while process.poll() is None and not (
            file.exists() and file.stat().st_size > WRITING_SINCE_BYTES
        ):
            time.sleep(0.01)
        process.send_signal(signal.SIGINT)
        output, errors = process.communicate(timeout=60)
        return subprocess.CompletedProcess(arguments, process.returncode, output, errors)


def one_line(text: str) -> bool:
    """Return whether a text is one line and no traceback, as messages of errors are."""
    return text.count("\n") == 1 and "Traceback" not in text


class _TextFile(io.TextIOWrapper):
    """Standard output or standard error of a process, in memory."""

    def __init__(self, errors: str) -> None:
        super().__init__(io.BytesIO(), encoding="utf-8", errors=errors, write_through=True)

    def text(self) -> str:
        self.seek(0)
        return self.read()


def _process_state() -> tuple[object, ...]:
    """Return what a command must not change: handlers, threads, working folder, environment."""
    return (
        [signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM)],
        list(logging.getLogger().handlers),
        list(logging.getLogger("myowatch").handlers),
        set(threading.enumerate()),
        Path.cwd(),
        dict(os.environ),
    )
