"""Real recordings for tests, read from packages in `.cache`; they are not in the repository."""

import os
import tempfile
from functools import cache
from pathlib import Path

import pytest
from grounds.packages import BIOSIGNALSNOTEBOOKS, PACKAGES, Package, file, is_kept

_FOLDER = "biosignalsnotebooks/notebook_files/osf_files/signal_samples/"


def need_packages(*packages: Package) -> None:
    """Skip if a package is not in `.cache`, and say how to get it; all of them if none is named.

    In CI, fail.
    """
    missing = [package.name for package in packages or PACKAGES if not is_kept(package)]
    if not missing:
        return
    text = f"{', '.join(missing)} not in .cache: run `make recordings`"
    if os.environ.get("CI", "").lower() in {"1", "true"}:
        pytest.fail(text)
    pytest.skip(text, allow_module_level=True)


def real_recording(name: str) -> Path:
    """Return the path of a recording; if the package is missing, see `need_packages`.

    >>> real_recording("emg_bursts.h5").suffix
    '.h5'
    """
    need_packages(BIOSIGNALSNOTEBOOKS)
    return _extracted(name)


@cache
def _extracted(name: str) -> Path:
    path = _folder() / name
    path.write_bytes(file(BIOSIGNALSNOTEBOOKS, _FOLDER + name))
    return path


@cache
def _folder() -> Path:
    # Kept alive by the cache of this function, and removed when the tests are over.
    _KEPT.append(tempfile.TemporaryDirectory(prefix="real-recordings-"))
    return Path(_KEPT[-1].name)


_KEPT: list[tempfile.TemporaryDirectory[str]] = []
