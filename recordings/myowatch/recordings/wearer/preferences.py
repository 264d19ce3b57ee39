"""The wearer's preferences, and HOME/preferences.json that keeps them.

Reading never changes the file. A damaged file is read as far as it is valid, and every reader
reports what is invalid. The first change of a preference renames the damaged file and keeps it.
"""

import json
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, replace
from enum import StrEnum
from functools import reduce
from pathlib import Path
from typing import Any

from filelock import FileLock

from myowatch.recordings.storage.data_folder import device_key, private_folder
from myowatch.recordings.storage.disk import replace_file
from myowatch.recordings.storage.problem import storage_problem
from myowatch.recordings.storage.stored_values import read_stored, unknown_keys
from myowatch.signal.escalation.escalation_settings import EscalationSettings
from myowatch.signal.model.settings import AccelerometerSettings, DetectionSettings, EmgSettings

_EMG, _ACCELEROMETER, _JUDGED = EmgSettings(), AccelerometerSettings(), EscalationSettings()
EARLIEST_BIRTH = 1900


class Sound(StrEnum):
    """The sound when a twitch is counted."""

    NONE = "none"
    QUIET = "quiet"


@dataclass(frozen=True, slots=True)
class Limits:
    """The range of a number, and the source of its default."""

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
"""The durations separate brief from prolonged activity; the other numbers define several weeks and
spreading. The article names all of these without a number (Why Is My Muscle Twitching In My Thigh?,
sections 1, 4, 11 and 18), so the defaults are ours and the wearer may change them."""


@dataclass(frozen=True, slots=True)
class KnownDevice:
    """A sensor that the wearer has used.

    Parameters
    ----------
    source
        As `myowatch record` takes it, `ble:WEAR-01`.
    name
        The wearer's name for it; may be empty.
    site
        Where it is worn, `left-thigh`; empty if unknown.
    """

    source: str
    name: str = ""
    site: str = ""


@dataclass(frozen=True, slots=True)
class Preferences:
    """All preferences of a wearer.

    Parameters
    ----------
    wearer
        Name, used only in the report.
    born
        Year of birth, used only in the report; None if unknown.
    mains_hz
        50 or 60; None to detect it.
    weeks, days_a_week, minutes_a_day, separate_days, spread_weeks, answer_weeks
        Numbers of the thresholds, see `EscalationSettings`.
    sound
        Played when a twitch is counted.
    night_mode
        Whether the Live page is dark and dim.
    devices
        Known sensors, one for each source.

    Raises
    ------
    ValueError
        If a value is outside its `LIMITS`, or two values contradict each other.
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
    devices: tuple[KnownDevice, ...] = ()

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
        """Return the detection settings of a new session."""
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
        """Return the settings of the thresholds."""
        return EscalationSettings(
            weeks=self.weeks,
            days_a_week=self.days_a_week,
            minutes_a_day=self.minutes_a_day,
            separate_days=self.separate_days,
            spread_weeks=self.spread_weeks,
            answer_weeks=self.answer_weeks,
        )

    def device(self, source: str) -> KnownDevice:
        """Return a known sensor; for an unknown one, only its source."""
        key = device_key(source)
        known = (device for device in self.devices if device_key(device.source) == key)
        return next(known, KnownDevice(source))

    def with_device(self, device: KnownDevice) -> "Preferences":
        """Return the preferences with a sensor added or replaced."""
        key = device_key(device.source)
        if all(device_key(each.source) != key for each in self.devices):
            return replace(self, devices=(*self.devices, device))
        here = (device if device_key(each.source) == key else each for each in self.devices)
        return replace(self, devices=tuple(here))

    def without_device(self, source: str) -> "Preferences":
        """Return the preferences without a sensor, whatever options its source has."""
        key = device_key(source)
        others = tuple(each for each in self.devices if device_key(each.source) != key)
        return replace(self, devices=others)


@dataclass(frozen=True, slots=True)
class StoredPreferences:
    """The content of the preferences file.

    Parameters
    ----------
    preferences
        With the default for every invalid value.
    problem
        What is invalid, for users; empty if nothing is.
    """

    preferences: Preferences
    problem: str = ""


def preferences_path(home: Path) -> Path:
    """Return the path of the preferences file."""
    return home / "preferences.json"


def read_preferences(home: Path) -> StoredPreferences:
    """Return the stored preferences; a missing or damaged file gives the defaults.

    Raises
    ------
    StorageProblem
        If the file exists and cannot be read.
    """
    stored, problem = _read_file(preferences_path(home))
    preferences, invalid = read_stored(Preferences, stored)
    # A file edited by hand may name one sensor twice.
    devices = reduce(Preferences.with_device, preferences.devices, Preferences()).devices
    if invalid:
        problem = f"preferences.json: {', '.join(invalid)} could not be read; the defaults are used"
    return StoredPreferences(replace(preferences, devices=devices), problem)


def change_preferences(home: Path, change: Callable[[Preferences], Preferences]) -> Preferences:
    """Change the preferences atomically; keys of other versions are kept.

    Parameters
    ----------
    change
        Takes the present preferences: another process may have changed them.

    Raises
    ------
    StorageProblem
        If the file cannot be written.
    """
    path = preferences_path(home)
    private_folder(home)
    try:
        with FileLock(path.with_suffix(".lock"), mode=0o600):
            present = read_preferences(home)
            changed = change(present.preferences)
            content = unknown_keys(Preferences, _read_file(path)[0]) | asdict(changed)
            if present.problem:
                path.replace(_unused_damaged_path(path))
            text = json.dumps(content, indent=1, ensure_ascii=False)
            replace_file(path, text.encode("utf-8", "surrogatepass"))
    except OSError as error:
        raise storage_problem(path, error) from error
    return changed


def _read_file(path: Path) -> tuple[dict[str, Any], str]:
    """Return the members of the file; none, and the reason, if it is damaged."""
    try:
        stored = json.loads(path.read_bytes())
    except FileNotFoundError:
        return {}, ""
    except OSError as error:
        raise storage_problem(path, error) from error
    except (ValueError, RecursionError):
        stored = None
    if isinstance(stored, dict):
        return stored, ""
    return {}, (
        "preferences.json is damaged; the defaults are used, and the file is renamed when a "
        "preference is changed"
    )


def _unused_damaged_path(path: Path) -> Path:
    number = 1
    while (unused := path.with_name(f"preferences.damaged-{number}.json")).exists():
        number += 1
    return unused
