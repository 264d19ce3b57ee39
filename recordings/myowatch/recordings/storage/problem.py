"""Errors that a user can act on: one line that says what is wrong and what to do."""

import errno
from pathlib import Path


class Problem(Exception):  # noqa: N818 - users call it a problem
    """An error that a user can act on; every other exception is a bug and propagates.

    Parameters
    ----------
    what
        What is wrong, with the value and the limit.
    remedy
        What to do about it.
    """

    def __init__(self, what: str, remedy: str = "") -> None:
        # Values from files are part of it: the message stays one line whatever they contain.
        self.what = _one_line(what)
        self.remedy = _one_line(remedy)
        super().__init__(self.what, self.remedy)

    def __str__(self) -> str:
        return f"{self.what}; {self.remedy}" if self.remedy else self.what


class UnreadableRecording(Problem):
    """A file that is not a recording, or too damaged to be read."""


class StorageProblem(Problem):
    """The disk is full, the folder read-only, or the database damaged or locked."""


class DeviceBusy(Problem):
    """Another recorder uses the device."""


class UnknownSession(Problem):
    """No session matches, or more than one does."""


_FULL = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG})


def storage_problem(path: Path, error: OSError) -> StorageProblem:
    """Return the problem for a file that could not be written."""
    if error.errno in _FULL:
        return StorageProblem(f"no space left for {path}", "free some space")
    if error.errno in {errno.EROFS, errno.EACCES, errno.EPERM}:
        return StorageProblem(f"may not write {path}", "choose a folder you can write into")
    if error.errno == errno.ENOENT:
        return StorageProblem(
            f"cannot write {path}: there is no folder {path.parent}", "make it first"
        )
    return StorageProblem(f"cannot write {path}: {error.strerror}", "check the folder and the disk")


def _one_line(text: str) -> str:
    printable = "".join(c if c.isprintable() else " " for c in text)
    return " ".join(printable.split())
