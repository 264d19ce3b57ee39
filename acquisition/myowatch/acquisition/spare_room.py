"""A little disk space kept back, so that a recorder can still say that the disk is full."""

import os
from pathlib import Path
from types import TracebackType
from typing import Self

from myowatch.recordings.disk import storage_problem

SPARE_BYTES = 256 * 1024
"""Enough for a status file and the last pages of the session store's log."""


class SpareRoom:
    """A file of no content that is given up when its space is needed.

    Parameters
    ----------
    path
        Where the file is, on the disk that may run full.

    Raises
    ------
    StorageProblem
        On entering, if the disk is full already or may not be written.
    """

    def __init__(self, path: Path) -> None:
        self._path = path

    def __enter__(self) -> Self:
        try:
            # Random, for some file systems keep zeros without using any space.
            self._path.write_bytes(os.urandom(SPARE_BYTES))
        except OSError as error:
            self.give_up()
            raise storage_problem(self._path, error) from error
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.give_up()

    def give_up(self) -> None:
        """Let go of the space; harmless if it was let go of already."""
        self._path.unlink(missing_ok=True)
