"""Write files whole or not at all, readable only by their owner."""

import contextlib
import os
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import TextIO

from myowatch.recordings.storage.problem import StorageProblem, storage_problem

_BINARY = getattr(os, "O_BINARY", 0)  # on Windows


def create_private(path: Path) -> int:
    """Return the descriptor of a new file that only its owner can read.

    Raises
    ------
    StorageProblem
        If it exists already or cannot be created.
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
    """Write all data; one `os.write` may write only a part."""
    rest = memoryview(data)
    while rest:
        rest = rest[os.write(descriptor, rest) :]


@contextlib.contextmanager
def new_text_file(path: Path) -> Iterator[TextIO]:
    """Open a new text file that only its owner can read; on an error it is removed.

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
    """Write a new file like `new_text_file`, from bytes."""
    with new_text_file(path) as file:
        file.buffer.write(data)


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
    """Remove files if the body that writes them raises.

    Parameters
    ----------
    paths
        Called after the error; returns the files that the body created.
    """
    try:
        yield
    except BaseException:
        for path in paths():
            with contextlib.suppress(OSError):
                path.unlink(missing_ok=True)
        raise
