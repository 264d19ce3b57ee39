"""The data folder on the Settings page: where and how large it is, its index, its end."""

import os
import platform
import shutil
import subprocess
import sys
from importlib.metadata import version
from pathlib import Path

import streamlit as st

from myowatch.dashboard.settings import data_erasure as erasing
from myowatch.dashboard.settings import settings_text as words
from myowatch.dashboard.text.plain_text import plain
from myowatch.recordings.storage.data_folder import sessions_folder

TELLS = ("myowatch", "numpy", "scipy", "streamlit", "bleak")


def show(home: Path) -> None:
    """Draw the part of the page that is about what is on the disk."""
    st.header(words.DATA)
    n_sessions = sum(path.is_dir() for path in sessions_folder(home).glob("*"))
    st.write(
        words.FOLDER.format(
            folder=plain(str(home)),
            sessions=n_sessions,
            size=readable(size_of(home)),
            free=readable(shutil.disk_usage(home).free),
        )
    )
    _rebuild(home)
    erasing.show(home)
    st.header(words.VERSIONS)
    told = [f"{name} {version(name)}" for name in TELLS]
    python = f"Python {platform.python_version()}"
    st.write(", ".join([*told, python, platform.platform(terse=True)]))


def size_of(folder: Path) -> int:
    """Bytes of all files in a folder and those below it."""
    total = 0
    for path, _, names in os.walk(folder):
        for name in names:
            try:
                total += (Path(path) / name).stat().st_size
            except FileNotFoundError:  # a recorder has just replaced it
                continue
    return total


def readable(size: float) -> str:
    """Write a number of bytes for people.

    Examples
    --------
    >>> readable(3_210_000)
    '3.21 MB'
    """
    for unit in ("B", "kB", "MB", "GB"):
        if size < 1000:  # noqa: PLR2004
            return f"{size:.3g} {unit}"
        size /= 1000
    return f"{size:.3g} TB"


def _rebuild(home: Path) -> None:
    with st.expander(words.REBUILD):
        st.write(words.REBUILD_ABOUT)
        if st.button(words.REBUILD_BUTTON, key="rebuild"):
            with st.spinner(words.REBUILDING):
                st.session_state["rebuilt"] = _rebuilt(home)
        for line in st.session_state.get("rebuilt", []):
            st.write(plain(line))


def _rebuilt(home: Path) -> list[str]:
    """Run the command that makes the index again, and give what it says."""
    done = subprocess.run(
        [sys.executable, "-P", "-m", "myowatch", "sessions", "--rebuild", "--json"],
        env=os.environ | {"MYOWATCH_HOME": str(home)},
        capture_output=True,
        text=True,
        encoding="utf-8",
        errors="replace",
        check=False,
    )
    return [line.strip() for line in done.stderr.splitlines() if line.strip()]
