"""The counts of running recordings, read from the store only when somebody wrote into it."""

import os
import time
from pathlib import Path

from myowatch.dashboard.counts import Counts, counts_of
from myowatch.recordings.home import database_path
from myowatch.recordings.store import Store

ANOTHER_DATABASE_S = 2.0
"""How old counts may be of a database that is no file here, which nobody can see change."""


class Counting:
    """One open store for all who watch.

    Parameters
    ----------
    home
        The data folder.
    """

    def __init__(self, home: Path) -> None:
        self._home = home
        self._store: Store | None = None
        self._seen: object = None
        self._counts: dict[tuple[str, str], list[Counts]] = {}

    def of(self, session_id: str, file: str) -> list[Counts]:
        """Give the counts of every stream of a recording, in its order.

        Raises
        ------
        StorageProblem
            If the store cannot be read.
        """
        seen = self._state()
        if seen != self._seen:
            self._counts.clear()
            self._seen = seen
        if (session_id, file) not in self._counts:
            if self._store is None:
                self._store = Store(self._home)
            self._counts[session_id, file] = counts_of(self._store, session_id, file)
        return self._counts[session_id, file]

    def close(self) -> None:
        """Let go of the store."""
        if self._store is not None:
            self._store.close()
        self._store = None

    def _state(self) -> object:
        if os.environ.get("MYOWATCH_DATABASE"):
            return time.monotonic() // ANOTHER_DATABASE_S
        path = database_path(self._home)
        return [_stamp(path), _stamp(path.with_name(f"{path.name}-wal"))]


def _stamp(path: Path) -> tuple[int, int] | None:
    try:
        found = path.stat()
    except OSError:
        return None
    return found.st_mtime_ns, found.st_size
