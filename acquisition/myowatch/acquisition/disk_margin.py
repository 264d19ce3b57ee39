"""Stopping before the disk is full, while there is still room to end everything well."""

import shutil
from pathlib import Path

from myowatch.recordings.problem import StorageProblem

_MARGIN_BYTES, _MARGIN_SHARE = 64 * 2**20, 0.02
"""What is left to others: enough for a system to go on working, and little of a small card."""


def check_margin(folder: Path) -> None:
    """Make sure that more than the margin is free on the disk of a folder.

    Raises
    ------
    StorageProblem
        If it is not.
    """
    usage = shutil.disk_usage(folder)
    margin = min(_MARGIN_BYTES, usage.total * _MARGIN_SHARE)
    if usage.free <= margin:
        raise StorageProblem(
            f"no space left: {_size(usage.free)} are free on the disk of {folder}, "
            f"of which {_size(margin)} are left to other programs",
            "free some space",
        )


def _size(n_bytes: float) -> str:
    return f"{n_bytes / 2**20:.1f} MB"
