"""Messages for users when a serial port cannot be opened."""

import errno
import getpass
import os
import stat
import sys
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path

import psutil

from myowatch.acquisition.serial_port.port_list import PortInfo
from myowatch.recordings.storage.problem import DeviceBusy, Problem

PROC = Path("/proc")


def programs_using_port(port: str) -> list[str]:
    """Return the other programs that have a port open, `screen (process 1234)`.

    Works on Linux, for programs of other users only as root; elsewhere the list is empty.
    """
    if not PROC.is_dir() or not Path(port).exists():
        return []
    real = os.path.realpath(port)
    found = []
    for pid in psutil.pids():
        if pid == os.getpid():
            continue
        # Processes may end meanwhile, and those of other users hide their files.
        with suppress(OSError, psutil.Error):
            if any(os.path.realpath(fd) == real for fd in (PROC / str(pid) / "fd").iterdir()):
                found.append(f"{psutil.Process(pid).name()} (process {pid})")
    return found


_ABSENT = frozenset({errno.ENOENT, errno.ENXIO, errno.ENODEV, errno.ENOTDIR})
_BUSY = frozenset({errno.EBUSY, errno.EWOULDBLOCK, errno.EAGAIN})


def port_problem(
    name: str, error: Exception, ports: Sequence[PortInfo], *, platform: str = sys.platform
) -> Problem:
    """Return the error for a port that cannot be opened, with what to do.

    Parameters
    ----------
    error
        What pyserial raised.
    ports
        Existing ports.
    """
    if "://" in name:
        return Problem(
            f"no answer from {name}: {_reason(error)}",
            "check the host, the port number, and that the program at the other end runs",
        )
    number, text = getattr(error, "errno", None), str(error)
    if number in _ABSENT or "FileNotFoundError" in text:
        return _absent(name, ports, platform)
    # Windows reports "access denied" only for a port that is in use.
    if number in _BUSY or (platform == "win32" and "PermissionError" in text):
        return port_busy(name, programs_using_port(name))
    if number in (errno.EACCES, errno.EPERM):
        return _forbidden(name, platform)
    return Problem(
        f"{name} cannot be used as a serial port: {_reason(error)}",
        "choose one of those that myowatch devices lists",
    )


def port_busy(name: str, who: Sequence[str]) -> DeviceBusy:
    """Return the error for a port that another program uses."""
    return DeviceBusy(
        f"{name} is in use by {' and '.join(who) or 'another program'}",
        "close that first: an Arduino monitor, a terminal, or another recorder",
    )


def _absent(name: str, ports: Sequence[PortInfo], platform: str) -> Problem:
    if platform == "darwin" and name.startswith("/dev/tty."):
        name = name.replace("/dev/tty.", "/dev/cu.", 1)
    if not ports:
        return Problem(
            f"there is no port {name}, nor any other serial port",
            "plug the board in, with a cable that carries data and not only power",
        )
    those = ", ".join(f"{p.name} ({p.seems})" if p.seems else p.name for p in ports)
    return Problem(f"there is no port {name}", f"there are: {those}")


def _forbidden(name: str, platform: str) -> Problem:
    what = f"you may not open {name}"
    group = _group_that_may(name) if platform.startswith("linux") else ""
    if not group:
        return Problem(what, f"ask the administrator of this computer for access to {name}")
    user = getpass.getuser()
    if _is_member(user, group):
        return Problem(
            f"{what}: you joined the group {group} after you logged in", "log out and in again"
        )
    return Problem(
        f"{what}: it is for the group {group}",
        f"join it with: sudo usermod -a -G {group} {user}   then log out and in again",
    )


def _group_that_may(name: str) -> str:
    """Return the group that may use the port; empty if only root may."""
    import grp

    try:
        about = Path(name).stat()
        may = about.st_mode & stat.S_IRGRP and about.st_mode & stat.S_IWGRP
        return grp.getgrgid(about.st_gid).gr_name if may and about.st_gid else ""
    except (OSError, KeyError):
        return ""


def _is_member(user: str, group: str) -> bool:
    """Return whether the user is in the group, although not yet in this log-in."""
    import grp

    found = grp.getgrnam(group)
    return user in found.gr_mem and found.gr_gid not in os.getgroups()


def _reason(error: Exception) -> str:
    """Return the system's message, without what pyserial adds."""
    if isinstance(error, OSError) and error.errno:
        return os.strerror(error.errno).lower()
    return str(error).rpartition("] ")[2].rpartition(": ")[2].strip("()' ").lower()
