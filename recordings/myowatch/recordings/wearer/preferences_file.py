"""HOME/preferences.json: what a wearer has chosen, on the disk.

Reading never changes the file. One that is damaged is read as far as it makes sense, and what does
not is told each time it is read, until somebody changes a preference: only then is it set aside,
whole, so that no message is lost with whoever happened to read it first.
"""

import contextlib
import json
import os
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, fields, replace
from functools import reduce
from pathlib import Path
from typing import Any

from filelock import FileLock

from myowatch.recordings.storage.data_folder import private_folder
from myowatch.recordings.storage.disk import storage_problem
from myowatch.recordings.wearer.preferences import KnownDevice, Preferences, Sound

Json = dict[str, Any]
_KNOWN = tuple(each.name for each in fields(Preferences))


@dataclass(frozen=True, slots=True)
class Kept:
    """What the file says.

    Parameters
    ----------
    preferences
        With the default for whatever could not be read.
    problem
        What could not be read, for people; empty if all could.
    """

    preferences: Preferences
    problem: str = ""


def preferences_path(home: Path) -> Path:
    """Return the file of the preferences."""
    return home / "preferences.json"


def read_preferences(home: Path) -> Kept:
    """Return what was chosen; a file that is not there or damaged chooses the defaults.

    Raises
    ------
    StorageProblem
        If the file is there and may not be read.
    """
    said, problem = _said(preferences_path(home))
    values, wrong = {}, []
    for name in _KNOWN:
        if name in said:
            try:
                values[name] = _value(name, said[name])
            except (ValueError, TypeError, KeyError):
                wrong.append(name)
    preferences, refused = _as_far_as_they_go(values)
    if wrong or refused:
        names = ", ".join([*wrong, *refused])
        problem = f"preferences.json: {names} could not be read; the defaults are used"
    return Kept(preferences, problem)


def _as_far_as_they_go(values: Json) -> tuple[Preferences, list[str]]:
    """Take all values if they go together, else one after the other; and name those refused."""
    with contextlib.suppress(ValueError, TypeError):
        return Preferences(**values), []
    preferences, refused = Preferences(), []
    for name, value in values.items():
        try:
            preferences = replace(preferences, **{name: value})
        except (ValueError, TypeError):
            refused.append(name)
    return preferences, refused


def change_preferences(home: Path, change: Callable[[Preferences], Preferences]) -> Preferences:
    """Change what was chosen, at once and whole; members of other versions are kept.

    Parameters
    ----------
    change
        Given what stands in the file now: somebody else may have changed another member.

    Raises
    ------
    StorageProblem
        If the file cannot be written.
    """
    path = preferences_path(home)
    private_folder(home)
    try:
        with FileLock(path.with_suffix(".lock"), mode=0o600):
            kept = read_preferences(home)
            changed = change(kept.preferences)
            others = {k: v for k, v in _said(path)[0].items() if k not in _KNOWN}
            if kept.problem:
                path.replace(_aside(path))
            _write(path, others | asdict(changed))
    except OSError as error:
        raise storage_problem(path, error) from error
    return changed


def _said(path: Path) -> tuple[Json, str]:
    """Give the members of the file, or none and why."""
    try:
        said = json.loads(path.read_bytes())
    except FileNotFoundError:
        return {}, ""
    except OSError as error:
        raise storage_problem(path, error) from error
    except (ValueError, RecursionError):
        said = None
    if isinstance(said, dict):
        return said, ""
    return {}, (
        "preferences.json is damaged; the defaults are used, and it is set aside when a preference "
        "is changed"
    )


def _value(name: str, said: Any) -> Any:
    """Give the value that was written as JSON, of the kind that the member is of."""
    default = getattr(Preferences(), name)
    if name == "devices":
        # One for each, also if somebody wrote one twice by hand.
        return reduce(Preferences.with_device, map(_device, said), Preferences()).devices
    if name == "sound":
        return Sound(said)
    number = isinstance(said, int | float) and not isinstance(said, bool)
    if name in {"born", "mains_hz"}:
        right = said is None or (isinstance(said, int) if name == "born" else number)
    elif isinstance(default, int | float) and not isinstance(default, bool):
        right = number and (isinstance(default, float) or isinstance(said, int))
    else:
        right = type(said) is type(default)
    if not right:
        raise TypeError(name)
    return said


def _device(said: Mapping[str, Any]) -> KnownDevice:
    device = KnownDevice(said["source"], said.get("name", ""), said.get("site", ""))
    if not all(isinstance(text, str) for text in (device.source, device.name, device.site)):
        raise TypeError("devices")
    return device


def _aside(path: Path) -> Path:
    """Name a file that is not there yet, for what was damaged."""
    number = 1
    while (aside := path.with_name(f"preferences.damaged-{number}.json")).exists():
        number += 1
    return aside


def _write(path: Path, said: Json) -> None:
    draft = path.with_suffix(f".{os.getpid()}.tmp")
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    try:
        with os.fdopen(descriptor, "w", encoding="utf-8") as file:
            json.dump(said, file, indent=1, ensure_ascii=False)
            file.flush()
            os.fsync(file.fileno())
        draft.replace(path)
    except BaseException:
        draft.unlink(missing_ok=True)
        raise
