"""A file of lines that is only ever added to: for what people typed, and cannot be made again.

    HOME/journal/NAME.jsonl        one JSON object a line, oldest first

The session store is an index of the recordings and can be thrown away; this cannot. Nothing in it
is changed or removed, but with a session that is deleted for good: a correction is a later line,
and so is an undo. Two pages that write at
once both have their lines kept, and a line that a power cut tore costs that line alone.
"""

import json
import os
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from filelock import BaseFileLock, FileLock

from myowatch.recordings.storage.data_folder import private_folder
from myowatch.recordings.storage.disk import replace_file, storage_problem, write_all

_FLAGS = os.O_RDWR | os.O_CREAT | os.O_APPEND | getattr(os, "O_BINARY", 0)


class Journal:
    """The lines of one matter.

    Parameters
    ----------
    home
        The data folder.
    name
        Of the matter: `diary`, `labels`, `marks`.
    """

    def __init__(self, home: Path, name: str) -> None:
        self.path = home / "journal" / f"{name}.jsonl"

    def append(self, entry: Mapping[str, Any]) -> None:
        """Add one entry; it is on the disk when this returns.

        Raises
        ------
        StorageProblem
            If it cannot be written.
        """
        try:
            with self.lock():
                self._add(_line(entry))
        except OSError as error:
            raise storage_problem(self.path, error) from error

    def entries(self) -> list[dict[str, Any]]:
        """Every entry, oldest first; a torn line is passed over.

        Raises
        ------
        StorageProblem
            If the file is there and cannot be read.
        """
        try:
            lines = self.path.read_bytes().split(b"\n")
        except FileNotFoundError:
            return []
        except OSError as error:
            raise storage_problem(self.path, error) from error
        return [entry for entry in _read(lines) if isinstance(entry, dict)]

    def remove(self, is_meant: Callable[[Mapping[str, Any]], bool]) -> None:
        """Remove entries for good, and lines that nobody can read with them.

        Raises
        ------
        StorageProblem
            If the file cannot be read or written.
        """
        try:
            with self.lock():
                entries = self.entries()
                kept = [entry for entry in entries if not is_meant(entry)]
                if len(kept) == len(entries):
                    return
                lines = b"".join(map(_line, kept))
                replace_file(self.path, lines)
        except OSError as error:
            raise storage_problem(self.path, error) from error

    def lock(self) -> BaseFileLock:
        """Keep everybody else from writing, as long as this is entered."""
        private_folder(self.path.parent)
        return FileLock(self.path.with_suffix(".lock"), mode=0o600)

    def _add(self, line: bytes) -> None:
        descriptor = os.open(self.path, _FLAGS, 0o600)
        try:
            if os.fstat(descriptor).st_size:
                os.lseek(descriptor, -1, os.SEEK_END)
                if os.read(descriptor, 1) != b"\n":
                    line = b"\n" + line  # what a power cut tore stays by itself
            write_all(descriptor, line)
            os.fsync(descriptor)
        finally:
            os.close(descriptor)


def _line(entry: Mapping[str, Any]) -> bytes:
    return json.dumps(entry, ensure_ascii=False, allow_nan=False).encode() + b"\n"


def _read(lines: list[bytes]) -> list[Any]:
    """Whatever the lines hold; read as one list where none is torn, in a third of the time."""
    whole = [line for line in lines if line]
    try:
        read = json.loads(b"[" + b",".join(whole) + b"]")
    except ValueError:
        read = None
    if isinstance(read, list) and len(read) == len(whole):
        return read
    return [entry for line in whole for entry in _read_alone(line)]


def _read_alone(line: bytes) -> list[Any]:
    try:
        return [json.loads(line)]
    except ValueError:
        return []
