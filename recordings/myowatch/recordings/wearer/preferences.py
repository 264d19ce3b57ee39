"""What a wearer has chosen, and HOME/preferences.json that keeps it."""

import contextlib
import json
import os
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, field, fields, replace
from enum import StrEnum
from functools import reduce
from pathlib import Path
from typing import Any

from filelock import FileLock

from myowatch.recordings.storage.data_folder import device_key, private_folder
from myowatch.recordings.storage.disk import storage_problem
from myowatch.signal.escalation.escalation_settings import EscalationSettings
from myowatch.signal.model.settings import AccelerometerSettings, DetectionSettings, EmgSettings

_EMG, _ACCELEROMETER, _JUDGED = EmgSettings(), AccelerometerSettings(), EscalationSettings()
EARLIEST_BIRTH = 1900


class Sound(StrEnum):
    """What is heard when a twitch is counted."""

    NONE = "none"
    QUIET = "quiet"


@dataclass(frozen=True, slots=True)
class Limits:
    """Between which values a number may be chosen, and where its default comes from."""

    low: float
    high: float
    unit: str
    source: str


_PLM = (
    "Periodic limb movements begin at 0.5 s (AASM 2023; WASM 2016, Sleep Med 26:86), and a "
    "potential with its F-response is over after 0.15 s (Kleine et al. 2012, Clin Neurophysiol "
    "123:1613)"
)
_RINGS = (
    "The muscle under the skin rings for 0.04 to 0.3 s after a twitch, and in the filters a little "
    "longer; periodic limb movements begin at 0.5 s (AASM 2023; WASM 2016, Sleep Med 26:86)"
)
_CRAMP = "Cramps last from seconds to ten minutes (Hallegraeff et al. 2012, J Physiother 58:17)"
_OURS = "Our choice; the article gives no number"
_TEN = "Sleutjes et al. 2016 (Muscle Nerve 53:227) recorded ten minutes"
LIMITS: Mapping[str, Limits] = {
    "emg_twitch_max_s": Limits(0.15, 0.5, "s", _PLM),
    "emg_cramp_min_s": Limits(2.0, 60.0, "s", _CRAMP),
    "accelerometer_twitch_max_s": Limits(0.3, 0.5, "s", _RINGS),
    "accelerometer_cramp_min_s": Limits(2.0, 60.0, "s", _CRAMP),
    "weeks": Limits(3, 52, "weeks", "Several are three at the fewest"),
    "days_a_week": Limits(1, 7, "days", _OURS),
    "minutes_a_day": Limits(2, 1440, "min", _TEN),
    "separate_days": Limits(1, 7, "days", "One day may be a loose electrode"),
    "spread_weeks": Limits(3, 104, "weeks", _OURS),
    "answer_weeks": Limits(1, 52, "weeks", _OURS),
}
"""Of the durations by which brief is told from prolonged, and of the numbers by which several weeks
and spreading are judged. The article says all of these without a number (Why Is My Muscle Twitching
In My Thigh?, sections 1, 4, 11 and 18), so the numbers are ours, and the wearer's."""


@dataclass(frozen=True, slots=True)
class KnownDevice:
    """A sensor that was found and is to be found again.

    Parameters
    ----------
    source
        What `myowatch record` takes, `ble:WEAR-01`.
    name
        What its wearer calls it; empty if it has no name.
    site
        Where it is worn, `left-thigh`; empty if nobody said.
    """

    source: str
    name: str = ""
    site: str = ""


@dataclass(frozen=True, slots=True)
class Preferences:
    """All of it; each default is what somebody has who never chose.

    Parameters
    ----------
    wearer
        Name, for the report alone.
    born
        Year of birth, for the report alone; None if nobody said.
    mains_hz
        50 or 60; None to find it.
    weeks, days_a_week, minutes_a_day, separate_days, spread_weeks, answer_weeks
        By which the thresholds are judged, see `EscalationSettings`.
    sound
        On a twitch.
    night_mode
        Whether the Live page is dark and dim.
    devices
        Sensors that are known, one for each source.

    Raises
    ------
    ValueError
        If a value is outside of its `LIMITS`, or two do not go together.
    """

    wearer: str = ""
    born: int | None = None
    mains_hz: float | None = None
    emg_twitch_max_s: float = _EMG.twitch_max_s
    emg_cramp_min_s: float = _EMG.cramp_min_s
    accelerometer_twitch_max_s: float = _ACCELEROMETER.twitch_max_s
    accelerometer_cramp_min_s: float = _ACCELEROMETER.cramp_min_s
    weeks: int = _JUDGED.weeks
    days_a_week: int = _JUDGED.days_a_week
    minutes_a_day: float = _JUDGED.minutes_a_day
    separate_days: int = _JUDGED.separate_days
    spread_weeks: int = _JUDGED.spread_weeks
    answer_weeks: int = _JUDGED.answer_weeks
    sound: Sound = Sound.NONE
    night_mode: bool = False
    devices: tuple[KnownDevice, ...] = field(default=())

    def __post_init__(self) -> None:
        if self.mains_hz not in (None, 50.0, 60.0):
            raise ValueError(f"need mains_hz of 50, 60 or none, got {self.mains_hz}")
        if self.born is not None and self.born < EARLIEST_BIRTH:
            raise ValueError(f"need born in {EARLIEST_BIRTH} or later, got {self.born}")
        for name, limits in LIMITS.items():
            value = getattr(self, name)
            if not limits.low <= value <= limits.high:
                raise ValueError(
                    f"need {name} from {limits.low:g} to {limits.high:g} {limits.unit}, got {value}"
                )
        _ = self.escalation

    @property
    def detection(self) -> DetectionSettings:
        """The settings of a session that begins now."""
        return DetectionSettings(
            EmgSettings(twitch_max_s=self.emg_twitch_max_s, cramp_min_s=self.emg_cramp_min_s),
            AccelerometerSettings(
                twitch_max_s=self.accelerometer_twitch_max_s,
                cramp_min_s=self.accelerometer_cramp_min_s,
            ),
            mains_hz=self.mains_hz,
        )

    @property
    def escalation(self) -> EscalationSettings:
        """The settings by which the thresholds are judged."""
        return EscalationSettings(
            weeks=self.weeks,
            days_a_week=self.days_a_week,
            minutes_a_day=self.minutes_a_day,
            separate_days=self.separate_days,
            spread_weeks=self.spread_weeks,
            answer_weeks=self.answer_weeks,
        )

    def device(self, source: str) -> KnownDevice:
        """Return what is known of a sensor; of a new one its source alone."""
        key = device_key(source)
        known = (device for device in self.devices if device_key(device.source) == key)
        return next(known, KnownDevice(source))

    def with_device(self, device: KnownDevice) -> "Preferences":
        """Take in what is known of a sensor, in place of what was; a new one comes last."""
        key = device_key(device.source)
        if all(device_key(each.source) != key for each in self.devices):
            return replace(self, devices=(*self.devices, device))
        here = (device if device_key(each.source) == key else each for each in self.devices)
        return replace(self, devices=tuple(here))

    def without_device(self, source: str) -> "Preferences":
        """Forget a sensor, however its options were written."""
        key = device_key(source)
        others = tuple(each for each in self.devices if device_key(each.source) != key)
        return replace(self, devices=others)


Json = dict[str, Any]
_KNOWN = tuple(each.name for each in fields(Preferences))


@dataclass(frozen=True, slots=True)
class StoredPreferences:
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


def read_preferences(home: Path) -> StoredPreferences:
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
    return StoredPreferences(preferences, problem)


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
