"""Disk space: stop before the disk is full, and reserve a little to end properly."""

import os
import shutil
from pathlib import Path
from types import TracebackType
from typing import Self

from myowatch.recordings.storage.problem import StorageProblem, storage_problem

_MARGIN_BYTES, _MARGIN_SHARE = 64 * 2**20, 0.02
"""Kept free for other programs: enough for the system to go on, and a small share of a card."""


def check_margin(folder: Path) -> None:
    """Check that more than the margin is free on the disk of a folder.

    Raises
    ------
    StorageProblem
        If it is not, or the folder is gone.
    """
    try:
        usage = shutil.disk_usage(folder)
    except OSError as error:
        raise StorageProblem(
            f"cannot write into {folder}: {error.strerror}", "the folder or its disk is gone"
        ) from error
    margin = min(_MARGIN_BYTES, usage.total * _MARGIN_SHARE)
    if usage.free <= margin:
        raise StorageProblem(
            f"no space left: {_size(usage.free)} are free on the disk of {folder}, "
            f"and {_size(margin)} are kept for other programs",
            "free some space",
        )


def _size(n_bytes: float) -> str:
    return f"{n_bytes / 2**20:.1f} MB"


SPARE_BYTES = 256 * 1024
"""Enough for a status file and the last pages of the session store's log."""


class ReservedSpace:
    """A file that reserves disk space until it is needed.

    Parameters
    ----------
    path
        Where the file is, on the disk that may run full.

    Raises
    ------
    StorageProblem
        On entering, if the disk is full or not writable.
    """

    def __init__(self, path: Path) -> None:
        self._path = path

    def __enter__(self) -> Self:
        try:
            # Random bytes, because some file systems store zeros without using space.
            self._path.write_bytes(os.urandom(SPARE_BYTES))
        except OSError as error:
            self.release()
            raise storage_problem(self._path, error) from error
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.release()

    def release(self) -> None:
        """Free the space; harmless when it is free."""
        self._path.unlink(missing_ok=True)
