"""Starting a recorder from the page, and what became of it.

A recorder is a process of its own that outlives the server. What it says on its way out goes to
a small file, not to a pipe: a pipe would break, and the recorder with it, when the server ends.
"""

import os
import subprocess
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import streamlit as st

from myowatch.recordings.home import device_key, private_folder, recorders_folder

LONGEST_MESSAGE = 300
NEW_GROUP_ON_WINDOWS = 0x00000208  # DETACHED_PROCESS | CREATE_NEW_PROCESS_GROUP


@dataclass(frozen=True, slots=True)
class Launch:
    """One start of a recorder.

    Parameters
    ----------
    process
        The recorder.
    said
        File of what it says on standard error.
    began
        Seconds since 1970.
    """

    process: subprocess.Popen[bytes]
    said: Path
    began: float

    @property
    def running(self) -> bool:
        """Whether its process is alive."""
        return self.process.poll() is None

    @property
    def complaint(self) -> str:
        """One line on why it ended; empty while it runs, if it ended well, or if it was killed."""
        if (self.process.poll() or 0) <= 0:
            return ""
        text = self.said.read_text("utf-8", errors="replace") if self.said.exists() else ""
        lines = [line.strip() for line in text.splitlines() if line.strip()]
        last = lines[-1].removeprefix("myowatch: ").removeprefix("Error: ") if lines else ""
        return last[:LONGEST_MESSAGE] or f"exit status {self.process.returncode}"


def start_recorder(home: Path, source: str, site: str = "", others: Sequence[str] = ()) -> Launch:
    """Start `myowatch record SOURCE...` apart from this process.

    Parameters
    ----------
    home
        The data folder it records into.
    source
        As on the command line, `sim:twitchy`.
    site
        Where on the body; empty if nobody said.
    others
        More sources, recorded into the same session; each says its site itself.
    """
    said = private_folder(recorders_folder(home)) / f"{device_key(source)}.txt"
    # -P: whatever lies in the folder the server was started from is not ours to import.
    command = [sys.executable, "-P", "-m", "myowatch", "record"]
    if site:
        command += ["--site", site]
    began = time.time()
    descriptor = os.open(said, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "wb") as errors:
        process = subprocess.Popen(
            [*command, "--", source, *others],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=errors,
            env=os.environ | {"MYOWATCH_HOME": str(home)},
            start_new_session=os.name != "nt",
            creationflags=NEW_GROUP_ON_WINDOWS if os.name == "nt" else 0,
        )
    return Launch(process, said, began)


def worn_at(source: str, site: str) -> str:
    """Write a source with the place where it is worn.

    Examples
    --------
    >>> worn_at("ble:WEAR-01?rate=416", "left-thigh")
    'ble:WEAR-01?rate=416&site=left-thigh'
    """
    return f"{source}{'&' if '?' in source else '?'}site={site}" if site else source


@st.cache_resource(show_spinner=False)
def launches() -> dict[str, Launch]:
    """Return what this server has started, by the device's key; shared by all pages."""
    return {}
