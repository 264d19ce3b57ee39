"""Where everything is kept.

    HOME/myowatch.db                       the session store
    HOME/sessions/SESSION-ID/FILE.bdf      the recordings
    HOME/recorders/DEVICE.json             what a recorder says of itself, and its .lock and .stop
    HOME/logs/NAME.log                     what recorders and dashboards did, and what went wrong
    HOME/journal/NAME.jsonl                what people typed or pressed: diary, labels, marks
    HOME/deleted/                          what was deleted a moment ago (see `deleting`)
    HOME/cache/                            what can be made again and thrown away
    HOME/preferences.json                  what the wearer chose (see `preferences`)

Folders are 0700 and files 0600: what muscles do at night is nobody else's business.
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

_ID_ALPHABET = "abcdefghjkmnpqrstuvwxyz23456789"  # no 0/o, 1/i/l: people type these


def data_home() -> Path:
    """Return the data folder: `MYOWATCH_HOME`, else the platform's user data folder."""
    named = os.environ.get("MYOWATCH_HOME")
    if named:
        try:
            return Path(named).expanduser().absolute()
        except RuntimeError:
            raise StorageProblem(
                f"MYOWATCH_HOME={named} names somebody who is not known here",
                "set it to a folder you can write into",
            ) from None
    import platformdirs

    return Path(platformdirs.user_data_dir("myowatch", appauthor=False))


def database_path(home: Path) -> Path:
    """Return the session store's file."""
    return home / "myowatch.db"


def sessions_folder(home: Path) -> Path:
    """Return the folder that holds one folder a session."""
    return home / "sessions"


def session_folder(home: Path, session_id: str) -> Path:
    """Return the folder of one session's recordings.

    Raises
    ------
    UnknownSession
        If the id is no plain name: nothing outside the folder of sessions can be named by one.
    """
    if session_id in {"", ".", ".."} or re.search(r"[/\\\0]", session_id):
        raise UnknownSession(f"no session {session_id!r}", "`myowatch sessions` lists them all")
    return sessions_folder(home) / session_id


def deleted_folder(home: Path) -> Path:
    """Return the folder in which what was deleted waits until that cannot be undone any more."""
    return home / "deleted"


def cache_folder(home: Path, session_id: str) -> Path:
    """Return the folder of what was made from one session's recordings, and can be again."""
    return home / "cache" / session_folder(home, session_id).name


def recorders_folder(home: Path) -> Path:
    """Return the folder in which recorders and dashboards leave word for each other."""
    return home / "recorders"


def logs_folder(home: Path) -> Path:
    """Return the folder of the log files; see `log_file`."""
    return home / "logs"


def new_session_id(started: datetime) -> str:
    """Name a session by its local start and three random letters: `20261123-220411-k3f`."""
    tail = "".join(secrets.choice(_ID_ALPHABET) for _ in range(3))
    return f"{started:%Y%m%d-%H%M%S}-{tail}"


def private_folder(folder: Path) -> Path:
    """Make a folder (and those above it) that only its owner can enter.

    Raises
    ------
    StorageProblem
        If it cannot be made or written into.
    """
    try:
        # With `parents=True` only the last one would get the mode.
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
    """The three small files through which a recorder meets the others."""

    status: Path
    lock: Path
    stop: Path


def device_key(device: str) -> str:
    """File name for a source text, the same for the same device.

    Options such as `?baud=` do not make another device; a simulated wearer or a file is told
    apart by them.
    """
    scheme = device.partition(":")[0]
    identity = device if scheme in {"sim", "file"} else device.partition("?")[0]
    readable = re.sub(r"[^A-Za-z0-9]+", "-", identity).strip("-")[:40]
    return f"{readable}-{hashlib.sha256(identity.encode()).hexdigest()[:8]}"


def recorder_files(home: Path, key: str) -> RecorderFiles:
    """Files of the recorder that has the device with this key (see `device_key`)."""
    folder = recorders_folder(home)
    return RecorderFiles(folder / f"{key}.json", folder / f"{key}.lock", folder / f"{key}.stop")
