"""Real recordings for tests, read from a package in `.cache`; they are not in the repository."""

import os
import tempfile
import zipfile
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
WHEEL = "biosignalsnotebooks-0.6.14-py3-none-any.whl"  # MIT
_FOLDER = "biosignalsnotebooks/notebook_files/osf_files/signal_samples/"


def real_recording(name: str) -> Path:
    """Return the path of a recording; if the package is missing, skip and say how to get it.

    >>> real_recording("emg_bursts.h5").suffix
    '.h5'
    """
    wheel = ROOT / ".cache" / WHEEL
    if not wheel.exists():
        missing = f"{WHEEL} is not in .cache: run `make recordings`"
        if os.environ.get("CI", "").lower() in {"1", "true"}:
            pytest.fail(missing)
        pytest.skip(missing)
    return _extracted(wheel, name)


@cache
def _extracted(wheel: Path, name: str) -> Path:
    with zipfile.ZipFile(wheel) as package:
        content = package.read(_FOLDER + name)
    path = _folder() / name
    path.write_bytes(content)
    return path


@cache
def _folder() -> Path:
    # Kept alive by the cache of this function, and removed when the tests are over.
    _KEPT.append(tempfile.TemporaryDirectory(prefix="real-recordings-"))
    return Path(_KEPT[-1].name)


_KEPT: list[tempfile.TemporaryDirectory[str]] = []
