"""What a person at a terminal sees while work goes on; a pipe or a log file sees none of it."""

import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from rich.console import Console
from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn, TimeRemainingColumn

PIPED_WIDTH = 160
"""A pipe or a log file has no width; tables there should not be cut to that of a terminal."""


class PatientConsole(Console):
    """A console that falls silent when its reader (head, less) has seen enough.

    Rich would end the program with status 1: a recording over night is worth more than its lines.
    """

    def on_broken_pipe(self) -> None:
        """Write no more; what is left in the buffer goes nowhere."""
        self.quiet = True
        with Path(os.devnull).open("w", encoding="utf-8") as nowhere:
            os.dup2(nowhere.fileno(), sys.stdout.fileno())


console = PatientConsole(highlight=False, width=None if sys.stdout.isatty() else PIPED_WIDTH)
errors = Console(stderr=True, highlight=False)


@contextmanager
def progress_bar(what: str) -> Iterator[Callable[[float], None]]:
    """Show a bar on standard error while the body runs; yields a function of 0 to 1."""
    if not errors.is_terminal:
        yield lambda _: None
        return
    columns = (
        TextColumn("{task.description}", markup=False),
        BarColumn(),
        TaskProgressColumn(),
        TimeRemainingColumn(),
    )
    with Progress(*columns, console=errors, transient=True) as progress:
        task = progress.add_task(what, total=1.0)
        yield lambda fraction: progress.update(task, completed=fraction)


def clock(seconds: float) -> str:
    """Hours, minutes and seconds: `7:59:58`, `9:05`."""
    whole = round(seconds)
    hours, minutes = divmod(whole // 60, 60)
    return f"{hours}:{minutes:02}:{whole % 60:02}" if hours else f"{minutes}:{whole % 60:02}"
