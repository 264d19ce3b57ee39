"""Preferences are stored, used by recorder and dashboard, and survive a damaged file."""

import json
import os
import stat
import subprocess
import sys
from dataclasses import fields, replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from myowatch.recordings.analysis.analyze import settings_from_text
from myowatch.recordings.storage.data_folder import device_key
from myowatch.recordings.storage.problem import StorageProblem
from myowatch.recordings.store.store import Store
from myowatch.recordings.wearer.preferences import (
    LIMITS,
    KnownDevice,
    Preferences,
    Sound,
    change_preferences,
    preferences_path,
    read_preferences,
)
from myowatch.signal.escalation.escalation_settings import EscalationSettings
from myowatch.signal.model.settings import DetectionSettings

DURATIONS = [name for name in LIMITS if name.endswith("_s")]


@st.composite
def judged_by(draw: st.DrawFn) -> dict[str, Any]:
    days, weeks = draw(st.integers(1, 7)), draw(st.integers(3, 52))
    return {
        "weeks": weeks,
        "days_a_week": days,
        "minutes_a_day": draw(st.floats(2, 1440)),
        "separate_days": draw(st.integers(1, days)),
        "spread_weeks": draw(st.integers(weeks, 104)),
        "answer_weeks": draw(st.integers(1, 52)),
    }


CHOSEN = st.builds(
    Preferences,
    wearer=st.text(),
    born=st.none() | st.integers(1900, 2026),
    mains_hz=st.sampled_from([None, 50.0, 60.0]),
    sound=st.sampled_from(Sound),
    night_mode=st.booleans(),
    devices=st.lists(
        st.builds(KnownDevice, st.text(), st.text(), st.text()),
        max_size=3,
        unique_by=lambda device: device_key(device.source),
    ).map(tuple),
    **{name: st.floats(LIMITS[name].low, LIMITS[name].high) for name in DURATIONS},
)


@settings(max_examples=30, deadline=None)
@given(CHOSEN, judged_by())
def test_preferences_are_read_back(
    tmp_path_factory: pytest.TempPathFactory, chosen: Preferences, judged: dict[str, Any]
) -> None:
    chosen = replace(chosen, **judged)
    home = tmp_path_factory.mktemp("home")
    change_preferences(home, lambda _: chosen)
    kept = read_preferences(home)
    assert (kept.preferences, kept.problem) == (chosen, "")


def test_without_a_file_the_defaults_of_detection_are_used(tmp_path: Path) -> None:
    assert read_preferences(tmp_path).preferences.detection == DetectionSettings()
    assert read_preferences(tmp_path).preferences.escalation == EscalationSettings()
    assert list(tmp_path.iterdir()) == []


def test_only_the_owner_can_read_the_file(tmp_path: Path) -> None:
    change_preferences(tmp_path, lambda p: replace(p, wearer="Ada"))
    assert stat.S_IMODE(preferences_path(tmp_path).stat().st_mode) == 0o600


def test_keys_of_another_version_are_kept(tmp_path: Path) -> None:
    preferences_path(tmp_path).write_text('{"later": [1, 2], "wearer": "Ada"}')
    change_preferences(tmp_path, lambda p: replace(p, born=1970))
    said = json.loads(preferences_path(tmp_path).read_text())
    assert (said["later"], said["wearer"], said["born"]) == ([1, 2], "Ada", 1970)


@pytest.mark.parametrize("damage", [b"", b"{", b"[]", b"\xff\xfe", b"[" * 100_000, b"3"])
def test_a_damaged_file_is_reported_and_renamed_at_the_next_change(
    tmp_path: Path, damage: bytes
) -> None:
    path = preferences_path(tmp_path)
    path.write_bytes(damage)
    assert read_preferences(tmp_path).preferences == Preferences()
    assert "damaged" in read_preferences(tmp_path).problem
    assert path.read_bytes() == damage
    change_preferences(tmp_path, lambda p: replace(p, born=1970))
    assert (tmp_path / "preferences.damaged-1.json").read_bytes() == damage
    assert read_preferences(tmp_path) == type(read_preferences(tmp_path))(Preferences(born=1970))


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("emg_twitch_max_s", 9),
        ("emg_twitch_max_s", "a"),
        ("emg_twitch_max_s", None),
        ("emg_cramp_min_s", float("nan")),
        ("emg_cramp_min_s", True),
        ("mains_hz", 55),
        ("mains_hz", "50"),
        ("sound", "loud"),
        ("sound", {}),
        ("night_mode", 1),
        ("wearer", 3),
        ("born", 1970.5),
        ("born", 12),
        ("weeks", 3.5),
        ("spread_weeks", 2),
        ("devices", 3),
        ("devices", ["x"]),
        ("devices", [{}]),
        ("devices", [{"source": 1}]),
    ],
)
def test_an_invalid_value_does_not_affect_others(tmp_path: Path, name: str, value: object) -> None:
    said = json.dumps({name: value, "accelerometer_cramp_min_s": 7.5})
    preferences_path(tmp_path).write_text(said)
    kept = read_preferences(tmp_path)
    assert kept.preferences == Preferences(accelerometer_cramp_min_s=7.5)
    assert name in kept.problem
    change_preferences(tmp_path, lambda p: replace(p, night_mode=not p.night_mode))
    assert (tmp_path / "preferences.damaged-1.json").read_text() == said


def test_concurrent_changes_are_all_kept(tmp_path: Path) -> None:
    changing = (
        "import sys; from dataclasses import replace; from pathlib import Path\n"
        "from myowatch.recordings.wearer.preferences import change_preferences\n"
        "from myowatch.recordings.wearer.preferences import KnownDevice\n"
        "for n in range(10): change_preferences(Path(sys.argv[1]),"
        " lambda p: p.with_device(KnownDevice(f'{sys.argv[2]}{n}')))"
    )
    two = [subprocess.Popen([sys.executable, "-c", changing, tmp_path, who]) for who in "ab"]
    assert [each.wait() for each in two] == [0, 0]
    sources = {device.source for device in read_preferences(tmp_path).preferences.devices}
    assert sources == {f"{who}{n}" for who in "ab" for n in range(10)}


def test_a_sensor_is_added_replaced_and_removed() -> None:
    known = Preferences().with_device(KnownDevice("ble:A", "left one"))
    known = known.with_device(KnownDevice("ble:B")).with_device(KnownDevice("ble:A", "right one"))
    assert [device.source for device in known.devices] == ["ble:A", "ble:B"]
    assert known.device("ble:A").name == "right one"
    assert known.device("ble:C") == KnownDevice("ble:C")
    assert known.without_device("ble:A").devices == (KnownDevice("ble:B"),)


def test_options_do_not_make_another_sensor(tmp_path: Path) -> None:
    one, other = KnownDevice("serial:COM3"), KnownDevice("serial:COM3?baud=9600", "the board")
    assert Preferences().with_device(one).with_device(other).devices == (other,)
    by_hand = {"devices": [{"source": one.source}, {"source": other.source, "name": other.name}]}
    preferences_path(tmp_path).write_text(json.dumps(by_hand))
    assert read_preferences(tmp_path).preferences.devices == (other,)


def test_defaults_lie_within_limits_and_limits_belong_to_preferences() -> None:
    assert set(LIMITS) <= {each.name for each in fields(Preferences)}
    assert all(getattr(Preferences(), name) for name in LIMITS)


def test_a_folder_in_place_of_the_file_raises_a_storage_problem(tmp_path: Path) -> None:
    preferences_path(tmp_path).mkdir()
    with pytest.raises(StorageProblem, match="preferences"):
        read_preferences(tmp_path)
    with pytest.raises(StorageProblem, match="preferences"):
        change_preferences(tmp_path, lambda p: p)


def recorded_settings(home: Path, *options: str) -> DetectionSettings | None:
    """Record a second of a simulated wearer, and give the settings stated in the recording."""
    command = [sys.executable, "-m", "myowatch", "record", "sim:calm?speed=max", "--duration", "1"]
    environment = os.environ | {"MYOWATCH_HOME": str(home)}
    subprocess.run([*command, *options], env=environment, check=True, timeout=60)
    with Store(home) as store:
        return settings_from_text(store.settings(store.sessions()[-1].id)[0])


def test_a_session_uses_the_preferences_and_options_override_them(tmp_path: Path) -> None:
    chosen = change_preferences(
        tmp_path, lambda p: replace(p, mains_hz=60.0, emg_twitch_max_s=0.3, emg_cramp_min_s=6.0)
    )
    assert recorded_settings(tmp_path) == chosen.detection
    stated = recorded_settings(tmp_path, "--mains", "auto")
    assert stated == replace(chosen, mains_hz=None).detection
