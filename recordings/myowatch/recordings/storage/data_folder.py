"""The data folder, and the paths of all files in it.

    HOME/myowatch.db                       the session store
    HOME/sessions/SESSION-ID/FILE.bdf      the recordings
    HOME/recorders/DEVICE.json             status of a recorder; beside it its .lock and .stop
    HOME/logs/NAME.log                     what recorders and dashboards did, and what went wrong
    HOME/journal/NAME.jsonl                what people typed or pressed: diary, labels, markers
    HOME/deleted/                          deleted sessions that can be restored
    HOME/cache/                            files that can be made again
    HOME/preferences.json                  the wearer's preferences

Folders have mode 0700 and files 0600: the data is private.
"""

import errno
import hashlib
import os
import re
import secrets
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from myowatch.recordings.storage.problem import StorageProblem, UnknownSession

_ID_ALPHABET = "abcdefghjkmnpqrstuvwxyz23456789"  # without 0/o and 1/i/l: people type ids
# With three letters, ten recorders that started in one second shared an id once in 660 times,
# and one of them failed; with five it is once in 640 000.
_ID_LETTERS = 5


def data_home() -> Path:
    """Return the data folder: `MYOWATCH_HOME`, else the platform's user data folder."""
    named = os.environ.get("MYOWATCH_HOME")
    if named:
        try:
            return Path(named).expanduser().absolute()
        except RuntimeError:
            raise StorageProblem(
                f"MYOWATCH_HOME={named} names a user who is unknown here",
                "set it to a folder you can write into",
            ) from None
    import platformdirs

    return Path(platformdirs.user_data_dir("myowatch", appauthor=False))


def database_path(home: Path) -> Path:
    """Return the path of the session store."""
    return home / "myowatch.db"


def sessions_folder(home: Path) -> Path:
    """Return the folder that holds one folder for each session."""
    return home / "sessions"


def session_folder(home: Path, session_id: str) -> Path:
    """Return the folder of one session's recordings.

    Raises
    ------
    UnknownSession
        If the id is not a plain file name, and so could name a file elsewhere.
    """
    if session_id in {"", ".", ".."} or re.search(r"[/\\\0]", session_id):
        raise UnknownSession(f"no session {session_id!r}", "`myowatch sessions` lists them all")
    return sessions_folder(home) / session_id


def deleted_folder(home: Path) -> Path:
    """Return the folder of deleted sessions that can still be restored."""
    return home / "deleted"


def cache_folder(home: Path, session_id: str) -> Path:
    """Return the folder of files that can be made again from one session's recordings."""
    return home / "cache" / session_folder(home, session_id).name


def recorders_folder(home: Path) -> Path:
    """Return the folder through which recorders and dashboards communicate."""
    return home / "recorders"


def logs_folder(home: Path) -> Path:
    """Return the folder of the log files; see `log_file`."""
    return home / "logs"


def new_session_id(started: datetime) -> str:
    """Return an id of the local start and random letters: `20261123-220411-k3fab`."""
    tail = "".join(secrets.choice(_ID_ALPHABET) for _ in range(_ID_LETTERS))
    return f"{started:%Y%m%d-%H%M%S}-{tail}"


def private_folder(folder: Path) -> Path:
    """Create a folder, and its missing parents, that only its owner can enter.

    Raises
    ------
    StorageProblem
        If it cannot be created.
    """
    try:
        # `parents=True` would give the mode to the last folder only.
        for missing in reversed([folder, *folder.parents]):
            if not missing.exists():
                missing.mkdir(mode=0o700, exist_ok=True)
        if not folder.is_dir():
            raise NotADirectoryError(errno.ENOTDIR, os.strerror(errno.ENOTDIR))
    except OSError as error:
        raise StorageProblem(
            f"cannot make the folder {folder}: {error.strerror}",
            "set MYOWATCH_HOME to a folder you can write into",
        ) from error
    return folder


@dataclass(frozen=True, slots=True)
class RecorderFiles:
    """The three files through which a recorder and other programs communicate."""

    status: Path
    lock: Path
    stop: Path


def device_key(device: str) -> str:
    """Return a file name for a source text, the same for the same device.

    Options such as `?baud=` are ignored, except for simulated wearers and files.
    """
    scheme = device.partition(":")[0]
    identity = device if scheme in {"sim", "file"} else device.partition("?")[0]
    readable = re.sub(r"[^A-Za-z0-9]+", "-", identity).strip("-")[:40]
    return f"{readable}-{hashlib.sha256(identity.encode()).hexdigest()[:8]}"


def recorder_files(home: Path, key: str) -> RecorderFiles:
    """Return the files of the recorder of the device with this key, see `device_key`."""
    folder = recorders_folder(home)
    return RecorderFiles(folder / f"{key}.json", folder / f"{key}.lock", folder / f"{key}.stop")
