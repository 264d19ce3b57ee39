"""The status file of a recorder, its lock, and the file that asks it to stop."""

import contextlib
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, fields
from enum import StrEnum
from pathlib import Path
from typing import Any

from myowatch.recordings.storage.data_folder import (
    RecorderFiles,
    device_key,
    private_folder,
    recorder_files,
    recorders_folder,
)
from myowatch.recordings.storage.disk import replace_file
from myowatch.recordings.storage.problem import DeviceBusy, StorageProblem

STALE_AFTER_S = 2.0
"""A recorder writes its status several times a second; one silent for longer is dead."""


class RecorderState(StrEnum):
    """State of a recorder."""

    CONNECTING = "connecting"
    RECORDING = "recording"
    LOST = "lost"
    STOPPING = "stopping"
    ENDED = "ended"
    FAILED = "failed"


_RUNNING = frozenset(
    {
        RecorderState.CONNECTING,
        RecorderState.RECORDING,
        RecorderState.LOST,
        RecorderState.STOPPING,
    }
)


@dataclass(frozen=True, slots=True)
class RecorderStatus:
    """The latest status of one recorder.

    Parameters
    ----------
    device
        The source as typed, `sim:twitchy?seed=1`.
    file
        The growing recording, relative to the data folder.
    message
        What is wrong and what to do, for users.
    started
        ISO 8601 with offset.
    updated
        When this status was written, seconds since 1970.
    duration_s
        Seconds of signal recorded.
    conditions
        One mapping for each stream: name, modality, unit, sampling_rate, quality, noise_floor,
        threshold, active, unscorable_since_s.
    link
        Quality of the link to a device, see `LinkQuality`; empty if there is no device.
    """

    device: str
    pid: int
    session_id: str
    file: str
    site: str
    state: RecorderState
    message: str
    started: str
    updated: float
    duration_s: float = 0.0
    conditions: Sequence[Mapping[str, Any]] = field(default_factory=tuple)
    link: Mapping[str, Any] = field(default_factory=dict)

    @property
    def key(self) -> str:
        """Return the device's key, for `request_stop`."""
        return device_key(self.device)

    def is_stale(self, now: float) -> bool:
        """Return whether a running recorder has written no status for two seconds."""
        return self.state in _RUNNING and now - self.updated > STALE_AFTER_S


def write_status(home: Path, status: RecorderStatus) -> None:
    """Replace the recorder's status file atomically.

    Raises
    ------
    StorageProblem
        If the data folder cannot be written.
    """
    target = recorder_files(home, status.key).status
    private_folder(target.parent)
    text = json.dumps({f.name: getattr(status, f.name) for f in fields(status)})
    try:
        replace_file(target, text.encode("utf-8"), sync=False)
    except OSError as error:
        raise StorageProblem(
            f"cannot write {target}: {error.strerror}", "free some space, or check the folder"
        ) from error


def read_statuses(home: Path) -> list[RecorderStatus]:
    """Return the status of every recorder, newest first; unreadable files are left out."""
    found = [_read_status(path) for path in sorted(recorders_folder(home).glob("*.json"))]
    return sorted((s for s in found if s is not None), key=lambda s: s.updated, reverse=True)


def request_stop(home: Path, key: str) -> None:
    """Ask the recorder of this device to stop."""
    stop = recorder_files(home, key).stop
    private_folder(stop.parent)
    stop.touch(mode=0o600)


def stop_requested(home: Path, key: str) -> bool:
    """Return whether the recorder of this device was asked to stop."""
    return recorder_files(home, key).stop.exists()


@contextlib.contextmanager
def hold_lock(path: Path, *, timeout_s: float) -> Iterator[None]:
    """Hold a file lock; the system releases it if this process is killed.

    Raises
    ------
    filelock.Timeout
        If another process holds it for `timeout_s`; a negative time waits without limit.
    StorageProblem
        If the data folder cannot be written.
    """
    import filelock

    private_folder(path.parent)
    lock = filelock.FileLock(path, timeout=timeout_s, mode=0o600)
    try:
        lock.acquire()
    except OSError as error:
        if isinstance(error, filelock.Timeout):
            raise
        raise StorageProblem(
            f"cannot write {path}: {error.strerror}",
            "set MYOWATCH_HOME to a folder you can write into",
        ) from error
    try:
        yield
    finally:
        lock.release()


@contextlib.contextmanager
def hold_device(home: Path, device: str) -> Iterator[RecorderFiles]:
    """Reserve a device for this process; the system releases it if the process is killed.

    Raises
    ------
    DeviceBusy
        If another process holds it.
    """
    import filelock

    files = recorder_files(home, device_key(device))
    with contextlib.ExitStack() as resources:
        try:
            resources.enter_context(hold_lock(files.lock, timeout_s=0))
        except filelock.Timeout:
            raise _busy(files, device) from None
        try:
            files.stop.unlink(missing_ok=True)  # a request to the recorder before this one
            yield files
        finally:
            files.stop.unlink(missing_ok=True)


def running_sessions(home: Path) -> set[str]:
    """Return the sessions that are being recorded.

    The device's lock decides: the status of a killed recorder may still say that it runs.
    """
    running = set()
    for status in read_statuses(home):
        if status.state not in _RUNNING:
            continue
        try:
            with hold_device(home, status.device):
                pass
        except DeviceBusy:
            running.add(status.session_id)
    return running


def _busy(files: RecorderFiles, device: str) -> DeviceBusy:
    status = _read_status(files.status)
    holder = "another process"
    if status is not None and status.state in _RUNNING:
        holder = f"process {status.pid} since {status.started[11:16]}"
    return DeviceBusy(
        f"{device} is being recorded by {holder}",
        "stop that one first (Ctrl-C there, or Stop on the dashboard), or choose another source",
    )


def _read_status(path: Path) -> RecorderStatus | None:
    try:
        stored = json.loads(path.read_text("utf-8"))
        known = {f.name: stored[f.name] for f in fields(RecorderStatus) if f.name in stored}
        return RecorderStatus(**{**known, "state": RecorderState(known["state"])})
    except (OSError, ValueError, KeyError, TypeError):
        return None
