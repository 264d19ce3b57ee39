"""A cache of arrays on the disk. The key names everything that an entry depends on."""

import hashlib
import os
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import platformdirs

Arrays = Mapping[str, npt.NDArray[Any]]
DEFAULT = platformdirs.user_cache_path("myowatch") / "benchmarks"


class ArrayCache:
    """Named arrays in one folder.

    Parameters
    ----------
    folder
        Created when needed; it may be deleted at any time.
    """

    def __init__(self, folder: Path = DEFAULT) -> None:
        self._folder = folder

    def get(self, key: str, make: Callable[[], Arrays]) -> Arrays:
        """Return the arrays of `key`; `make` and store them if they are missing."""
        path = self._folder / f"{hashlib.sha256(key.encode()).hexdigest()[:24]}.npz"
        if not path.exists():
            self._put(path, make())
        with np.load(path) as kept:
            return {name: kept[name] for name in kept.files}

    def _put(self, path: Path, arrays: Arrays) -> None:
        """Store arrays; if several processes store the same key, the last one wins."""
        path.parent.mkdir(parents=True, exist_ok=True)
        unfinished = path.with_suffix(f".{os.getpid()}.npz")
        np.savez_compressed(unfinished, allow_pickle=False, **arrays)
        unfinished.replace(path)


def source_of(folder: Path, pattern: str = "*.py") -> str:
    """Return a digest of the code in a folder, for the keys of results that depend on it."""
    digest = hashlib.sha256()
    for path in sorted(folder.glob(pattern)):
        digest.update(path.read_bytes())
    return digest.hexdigest()
