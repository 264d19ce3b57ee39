"""A log file in the data folder, for what a person who looks for a fault needs to know.

It holds when something started, stopped, was lost and was found again, and unexpected exceptions
with their traceback. It never holds samples, diary text or what a wearer typed elsewhere.
"""

import logging
import os
from collections.abc import Iterator
from contextlib import contextmanager
from io import TextIOWrapper
from logging.handlers import RotatingFileHandler
from pathlib import Path
from typing import cast

from myowatch.recordings.storage.data_folder import logs_folder, private_folder

MAX_BYTES, N_OLDER_FILES = 500_000, 2
"""A file that reaches the size is renamed to `NAME.log.1`, and that one to `NAME.log.2`."""
FORMAT = "%(asctime)s %(process)d %(threadName)s %(levelname)s %(name)s: %(message)s"


class _PrivateFile(RotatingFileHandler):
    """Writes files that only their owner can read; a full disk costs the line, not the program."""

    def _open(self) -> TextIOWrapper:
        def private(path: str, flags: int) -> int:
            return os.open(path, flags, 0o600)

        return cast(
            "TextIOWrapper", open(self.baseFilename, self.mode, encoding="utf-8", opener=private)
        )

    def handleError(self, record: logging.LogRecord) -> None:  # noqa: N802 - logging's name
        """Ignore a line that cannot be written."""


def log_path(home: Path, name: str) -> Path:
    """Return the log file of a program, `HOME/logs/NAME.log`."""
    return logs_folder(home) / f"{name}.log"


@contextmanager
def log_to_file(home: Path, name: str) -> Iterator[Path]:
    """Write the log of all `myowatch` loggers to `HOME/logs/NAME.log` while the context lasts.

    Parameters
    ----------
    name
        One that only one process uses at a time, because files are rotated.

    Yields
    ------
    the path of the file

    Raises
    ------
    StorageProblem
        If the folder cannot be made.
    """
    path = log_path(home, name)
    private_folder(path.parent)
    handler = _PrivateFile(
        path, maxBytes=MAX_BYTES, backupCount=N_OLDER_FILES, encoding="utf-8", delay=True
    )
    handler.setFormatter(logging.Formatter(FORMAT))
    logger = logging.getLogger("myowatch")
    level = logger.level
    logger.setLevel(logging.INFO)
    logger.addHandler(handler)
    try:
        yield path
    finally:
        logger.removeHandler(handler)
        logger.setLevel(level)
        handler.close()
