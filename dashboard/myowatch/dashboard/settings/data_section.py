"""The data folder on the Settings page: place, size, index, deletion."""

import os
import platform
import shutil
import subprocess
import sys
from importlib.metadata import version
from pathlib import Path

import streamlit as st

from myowatch.dashboard.settings import settings_text as words
from myowatch.dashboard.text.common_text import plain
from myowatch.recordings.storage.data_folder import sessions_folder
from myowatch.recordings.storage.problem import Problem
from myowatch.recordings.store.deleting import move_everything_to_trash, purge, restore_everything


class DeletedEverything:
    """Whether one viewer deleted everything; it is purged when that viewer leaves."""

    def __init__(self, home: Path) -> None:
        self.home = home
        self.all = False

    def finish(self) -> None:
        """Delete everything for good."""
        if self.all:
            self.all = False
            purge(self.home)


# A tab that is closed leaves nothing but this: Streamlit lets go of what was its.
@st.cache_resource(scope="session", show_spinner=False, on_release=DeletedEverything.finish)
def _mine(home: Path) -> DeletedEverything:
    return DeletedEverything(home)


def show_erasure(home: Path) -> None:
    """Draw the button that deletes everything, or its undo."""
    if _mine(home).all:
        st.write(words.ERASED)
        with st.container(horizontal=True):
            st.button(words.ERASE_UNDO, key="undo erase", on_click=_bring_back, args=(home,))
            st.button(words.ERASE_NOW, key="erase now", on_click=finish, args=(home,))
        return
    with st.expander(words.ERASE):
        st.write(words.ERASE_ABOUT)
        with st.form("erase", border=False):
            typed = st.text_input(words.ERASE_TYPE.format(word=words.ERASE_WORD), key="erase word")
            sure = st.form_submit_button(words.ERASE_BUTTON)
        if not sure:
            return
        if typed.strip().casefold() != words.ERASE_WORD.casefold():
            st.warning(words.ERASE_MISTYPED.format(word=words.ERASE_WORD))
            return
        try:
            move_everything_to_trash(home)
        except Problem as problem:
            st.warning(plain(str(problem)))
            return
        _mine(home).all = True
        st.rerun()


def finish(home: Path) -> None:
    """Delete for good what was deleted here, when the page is left or on request."""
    _mine(home).finish()


def _bring_back(home: Path) -> None:
    _mine(home).all = False
    restore_everything(home)


TELLS = ("myowatch", "numpy", "scipy", "streamlit", "bleak")


def show(home: Path) -> None:
    """Draw the section about the data folder."""
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
    show_erasure(home)
    st.header(words.VERSIONS)
    told = [f"{name} {version(name)}" for name in TELLS]
    python = f"Python {platform.python_version()}"
    st.write(", ".join([*told, python, platform.platform(terse=True)]))


def size_of(folder: Path) -> int:
    """Return the bytes of all files below a folder."""
    total = 0
    for path, _, names in os.walk(folder):
        for name in names:
            try:
                total += (Path(path) / name).stat().st_size
            except FileNotFoundError:  # a recorder has just replaced it
                continue
    return total


def readable(size: float) -> str:
    """Return a number of bytes in words.

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
    """Run the command that rebuilds the index, and return its output."""
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
