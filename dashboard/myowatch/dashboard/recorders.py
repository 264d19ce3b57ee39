"""Recorders started from a page, and the state of running recorders in words."""

import os
import subprocess
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import streamlit as st

from myowatch.dashboard.live import live_text as words
from myowatch.recordings.storage.data_folder import device_key, private_folder, recorders_folder
from myowatch.recordings.store.recorder_status import RecorderStatus, read_statuses

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
        """Whether the process is alive."""
        return self.process.poll() is None

    @property
    def complaint(self) -> str:
        """One line on why it ended; empty if it runs, ended well, or was killed."""
        if (self.process.poll() or 0) <= 0:
            return ""
        text = self.said.read_text("utf-8", errors="replace") if self.said.exists() else ""
        lines = [line.strip() for line in text.splitlines() if line.strip()]
        last = lines[-1].removeprefix("myowatch: ").removeprefix("Error: ") if lines else ""
        return last[:LONGEST_MESSAGE] or f"exit status {self.process.returncode}"


def start_recorder(home: Path, source: str, site: str = "", others: Sequence[str] = ()) -> Launch:
    """Start `myowatch record SOURCE...` as a process of its own.

    Parameters
    ----------
    home
        The data folder it records into.
    source
        As on the command line, `sim:twitchy`.
    site
        Where on the body; empty if unknown.
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


def source_at_site(source: str, site: str) -> str:
    """Return a source text with its site.

    Examples
    --------
    >>> source_at_site("ble:WEAR-01?rate=416", "left-thigh")
    'ble:WEAR-01?rate=416&site=left-thigh'
    """
    return f"{source}{'&' if '?' in source else '?'}site={site}" if site else source


@st.cache_resource(show_spinner=False)
def launches() -> dict[str, Launch]:
    """Return what this server has started, by the device's key; shared by all pages."""
    return {}


RUNNING = frozenset({"connecting", "recording", "lost", "stopping"})
STARTING = "starting"
NO_RECORDER = "none"
COMPLAINT_S = 15.0


@dataclass(frozen=True, slots=True)
class Layout:
    """The parts that the page has; when it changes, the whole page is drawn again."""

    key: str
    session_id: str
    is_running: bool


@dataclass(frozen=True, slots=True)
class ShownRecorder:
    """One recorder as the page shows it.

    Parameters
    ----------
    key
        Of its device.
    status
        Its last word; None before the first.
    state
        One of `words.live.STATES`.
    to_do
        What is the matter and what to do; empty if nothing is.
    """

    key: str
    status: RecorderStatus | None
    state: str
    to_do: str

    @property
    def is_running(self) -> bool:
        """Whether a stop can be requested."""
        if self.status is None or self.state == STARTING:
            return self.state == STARTING
        return running(self.status)

    @property
    def layout(self) -> Layout:
        """The parts that the page has."""
        return Layout(self.key, self.status.session_id if self.status else "", self.is_running)

    @property
    def about(self) -> str:
        """Source, site and start in one line."""
        if self.status is None:
            return ""
        site = self.status.site.replace("-", " ")
        since = words.SINCE.format(time=self.status.started[11:16])
        return " · ".join(part for part in (self.status.device, site, since) if part)


def state_of(status: RecorderStatus | None) -> str:
    """Return the recorder's state in one word; `lost` once its heartbeat has stopped."""
    if status is None:
        return NO_RECORDER
    return "lost" if status.is_stale(time.time()) else status.state.value


def running(status: RecorderStatus) -> bool:
    """Return whether a recorder's status says that it runs, and is recent."""
    return status.state.value in RUNNING and not status.is_stale(time.time())


def shown_recorder(home: Path, key: str) -> ShownRecorder:
    """Return what is known of one recorder.

    Parameters
    ----------
    key
        Of its device; empty shows none.
    """
    status = next((s for s in read_statuses(home) if s.key == key), None)
    shown = _by_status(key, status)
    launch = launches().get(key)
    if launch is None:
        return shown
    if launch.complaint:
        return _with_complaint(shown, launch)
    spoke = status is not None and status.updated >= launch.began
    if launch.running and not spoke:
        return ShownRecorder(key, status, STARTING, words.TO_DO[STARTING])
    return shown


def recorders_of_session(home: Path, shown: ShownRecorder) -> list[ShownRecorder]:
    """Return a recorder and those of the same session, in the order of their files."""
    session = shown.layout.session_id
    found = [s for s in read_statuses(home) if session and s.session_id == session]
    others = [shown_recorder(home, s.key) for s in found if s.key != shown.key]
    return sorted([shown, *others], key=lambda each: each.status.file if each.status else "")


def first_of_each(statuses: Sequence[RecorderStatus], preferred: str) -> list[str]:
    """Return the keys of one recorder a session; the preferred one comes first in its session."""
    firsts: dict[str, str] = {}
    for status in sorted(statuses, key=lambda s: s.key != preferred):
        firsts.setdefault(status.session_id, status.key)
    return [status.key for status in statuses if status.key in firsts.values()]


def name_of(home: Path, status: RecorderStatus) -> str:
    """Return a session's name: its sensors' places, else their sources."""
    found = recorders_of_session(home, shown_recorder(home, status.key))
    each = [s.status for s in found if s.status]
    return ", ".join(s.site.replace("-", " ") or s.device for s in each)


def _by_status(key: str, status: RecorderStatus | None) -> ShownRecorder:
    state = state_of(status)
    if status is None or state == NO_RECORDER:
        return ShownRecorder(key, None, NO_RECORDER, words.TO_DO[NO_RECORDER])
    if status.is_stale(time.time()):
        return ShownRecorder(key, status, state, words.TO_DO["silent"])
    return ShownRecorder(key, status, state, status.message or words.TO_DO[state])


def _with_complaint(shown: ShownRecorder, launch: Launch) -> ShownRecorder:
    """Add a start that failed; beside a running recorder, only for a while."""
    if shown.is_running:
        recent = time.time() - launch.began < COMPLAINT_S
        return replace(shown, to_do=launch.complaint) if recent else shown
    if shown.state == "failed" and shown.status and shown.status.updated >= launch.began:
        return shown
    return replace(shown, state="failed", to_do=launch.complaint)


def clock(seconds: float) -> str:
    """Return a duration as hours, minutes and seconds.

    Examples
    --------
    >>> clock(3725)
    '1:02:05'
    """
    minutes, second = divmod(int(seconds), 60)
    return f"{minutes // 60}:{minutes % 60:02}:{second:02}"
