"""Results that are slow to make, kept in a folder under a key that says all they depend on."""

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


class Shelf:
    """Named arrays in one folder.

    Parameters
    ----------
    folder
        Made when needed; it may be deleted at any time.
    """

    def __init__(self, folder: Path = DEFAULT) -> None:
        self._folder = folder

    def take(self, key: str, make: Callable[[], Arrays]) -> Arrays:
        """Give what lies under `key`; `make` it and put it there if nothing does."""
        path = self._folder / f"{hashlib.sha256(key.encode()).hexdigest()[:24]}.npz"
        if not path.exists():
            self._put(path, make())
        with np.load(path) as kept:
            return {name: kept[name] for name in kept.files}

    def _put(self, path: Path, arrays: Arrays) -> None:
        """Several processes may make the same thing: the last one stays, whole."""
        path.parent.mkdir(parents=True, exist_ok=True)
        unfinished = path.with_suffix(f".{os.getpid()}.npz")
        np.savez_compressed(unfinished, allow_pickle=False, **arrays)
        unfinished.replace(path)


def source_of(folder: Path, pattern: str = "*.py") -> str:
    """Digest of the code in a folder, for keys of what depends on it."""
    digest = hashlib.sha256()
    for path in sorted(folder.glob(pattern)):
        digest.update(path.read_bytes())
    return digest.hexdigest()
