"""Fixtures that several test modules use."""

import os
import shutil
import subprocess
from pathlib import Path

import pytest


@pytest.fixture(scope="session")
def shifted_clock(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A library that shifts the clocks of the process that loads it; see its source."""
    if shutil.which("gcc") is None and os.environ.get("CI") != "true":
        pytest.skip("needs a C compiler: sudo apt install gcc libc6-dev")
    made = tmp_path_factory.mktemp("clock") / "shifted_clock.so"
    source = Path(__file__).parent / "shifted_clock.c"
    flags = ["-O2", "-Wall", "-Wextra", "-Werror", "-shared", "-fPIC"]
    subprocess.run(["gcc", *flags, "-o", str(made), str(source), "-ldl"], check=True)
    return made
