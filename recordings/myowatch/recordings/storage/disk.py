"""Bytes to the operating system, and what to say when it does not take them."""

import contextlib
import errno
import os
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import TextIO

from myowatch.recordings.storage.problem import StorageProblem

_BINARY = getattr(os, "O_BINARY", 0)  # on Windows
_FULL = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG})


def storage_problem(path: Path, error: OSError) -> StorageProblem:
    """Plain words for why a file could not be written."""
    if error.errno in _FULL:
        return StorageProblem(f"no space left for {path}", "free some space")
    if error.errno in {errno.EROFS, errno.EACCES, errno.EPERM}:
        return StorageProblem(f"may not write {path}", "choose a folder you can write into")
    if error.errno == errno.ENOENT:
        return StorageProblem(
            f"cannot write {path}: there is no folder {path.parent}", "make it first"
        )
    return StorageProblem(f"cannot write {path}: {error.strerror}", "check the folder and the disk")


def create_private(path: Path) -> int:
    """Descriptor of a new file that only its owner can read.

    Raises
    ------
    StorageProblem
        If it exists already or cannot be made.
    """
    flags = os.O_CREAT | os.O_EXCL | os.O_RDWR | _BINARY
    try:
        return os.open(path, flags, 0o600)
    except FileExistsError:
        raise StorageProblem(
            f"{path} exists already", "choose another name; nothing is overwritten"
        ) from None
    except OSError as error:
        raise storage_problem(path, error) from error


def write_all(descriptor: int, data: bytes | memoryview) -> None:
    """Write all of it; the system may take it in parts."""
    rest = memoryview(data)
    while rest:
        rest = rest[os.write(descriptor, rest) :]


@contextlib.contextmanager
def new_text_file(path: Path) -> Iterator[TextIO]:
    """Open a new text file that only its owner can read; it is written whole or not at all.

    Raises
    ------
    StorageProblem
        If it exists already or cannot be written.
    """
    descriptor = create_private(path)
    with remove_on_error(lambda: [path]):
        try:
            with os.fdopen(descriptor, "w", encoding="utf-8", newline="") as file:
                yield file
        except OSError as error:
            raise storage_problem(path, error) from error


def write_new_file(path: Path, data: bytes) -> None:
    """Write a new file that only its owner can read, whole or not at all.

    Raises
    ------
    StorageProblem
        If it exists already or cannot be written.
    """
    descriptor = create_private(path)
    with remove_on_error(lambda: [path]):
        try:
            with os.fdopen(descriptor, "wb") as file:
                file.write(data)
        except OSError as error:
            raise storage_problem(path, error) from error


def replace_file(path: Path, data: bytes, *, sync: bool = True) -> None:
    """Replace a file, or create it, so that readers see the old content or the new.

    Parameters
    ----------
    sync
        Wait until the data is on the disk.

    Raises
    ------
    OSError
        If it cannot be written; the old file is then unchanged.
    """
    draft = path.with_suffix(f".{os.getpid()}.tmp")
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | _BINARY, 0o600)
    with remove_on_error(lambda: [draft]):
        try:
            write_all(descriptor, data)
            if sync:
                os.fsync(descriptor)
        finally:
            os.close(descriptor)
        draft.replace(path)


@contextlib.contextmanager
def remove_on_error(paths: Callable[[], Iterable[Path]]) -> Iterator[None]:
    """Remove files that can be made again if the body that makes them does not come to its end.

    Parameters
    ----------
    paths
        Asked afterwards: the files that the body made, no others.
    """
    try:
        yield
    except BaseException:
        for path in paths():
            with contextlib.suppress(OSError):
                path.unlink(missing_ok=True)
        raise
