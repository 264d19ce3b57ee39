"""Detection settings of recordings of every version are read as far as possible."""

import json
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from recorded_sessions import EMG, record_session
from sqlalchemy import update

from myowatch.recordings.analysis.analyze import (
    SETTINGS_VERSION,
    read_settings,
    settings_as_text,
    settings_from_text,
)
from myowatch.recordings.export.analysis_json import session_export_as_json
from myowatch.recordings.store.store import Store
from myowatch.recordings.store.store_rows import files
from myowatch.signal.model.settings import DetectionSettings, EmgSettings

SETTINGS = DetectionSettings(EmgSettings(twitch_max_s=0.3), mains_hz=60.0)
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=5,
)
NAMES = ("emg", "accelerometer", "mains_hz", "start_up_s", "version")


def changed(*path: str, to: object) -> str:
    """Return the text of `SETTINGS` with one value set."""
    stored = json.loads(settings_as_text(SETTINGS))
    *parents, name = path
    inner: dict[str, Any] = stored
    for parent in parents:
        inner = inner[parent]
    inner[name] = to
    return json.dumps(stored)


def test_settings_carry_a_version_and_are_read_back() -> None:
    text = settings_as_text(SETTINGS)
    assert json.loads(text)["version"] == SETTINGS_VERSION
    found = read_settings(text)
    assert found is not None
    assert (found.settings, found.unknown, found.warnings) == (SETTINGS, {}, ())


@pytest.mark.parametrize("text", ["", "{}", "[]", "null", "{", "[" * 100_000])
def test_text_without_settings_gives_none(text: str) -> None:
    assert settings_from_text(text) is None


def test_settings_of_myowatch_0_1_have_no_version() -> None:
    assert settings_from_text(json.dumps(asdict(SETTINGS))) == SETTINGS


def test_a_missing_setting_gets_its_default() -> None:
    stored = json.loads(settings_as_text(SETTINGS))
    del stored["emg"]["low"], stored["accelerometer"], stored["keep_floor_s"]
    assert settings_from_text(json.dumps(stored)) == SETTINGS


def test_an_unknown_setting_is_kept_and_costs_no_other() -> None:
    found = read_settings(changed("emg", "sharpness", to=[1, 2]))
    assert found is not None
    assert (found.settings, found.unknown) == (SETTINGS, {"emg": {"sharpness": [1, 2]}})
    assert found.warnings == ()


@pytest.mark.parametrize("value", ["20", None, True, [], float("nan"), 10**400])
def test_a_wrong_type_gives_the_default_and_a_warning(value: object) -> None:
    found = read_settings(changed("emg", "low", to=value))
    assert found is not None
    assert found.settings == SETTINGS
    (warning,) = found.warnings
    assert "emg.low" in warning


def test_a_value_out_of_its_limits_gives_the_default_and_a_warning() -> None:
    found = read_settings(changed("mains_hz", to=1000.0))
    assert found is not None
    assert found.settings == replace(SETTINGS, mains_hz=None)
    assert "mains_hz" in found.warnings[0]


@given(st.dictionaries(st.sampled_from(NAMES) | st.text(), JSON))
def test_any_json_object_can_be_read(stored: dict[str, Any]) -> None:
    found = read_settings(json.dumps(stored))
    assert (found is None) == (not stored)


def test_exported_json_shows_the_settings_of_another_version(tmp_path: Path) -> None:
    record_session(tmp_path, "20261123-220411-k3f", seconds=3)
    text = json.loads(changed("emg", "sharpness", to=3)) | {"later": "yes", "start_up_s": "long"}
    with Store(tmp_path) as store:
        with store.transaction() as connection:
            connection.execute(update(files).values(settings=json.dumps(text)))
        exported = session_export_as_json(store, store.find("last"))
    (emg,) = (stream for stream in exported["streams"] if stream["name"] == EMG.name)
    known = emg["settings"]
    assert (known["sharpness"], known["later"], known["twitch_max_s"]) == (3, "yes", 0.3)
    assert known["start_up_s"] == DetectionSettings().start_up_s
    assert any("start_up_s could not be read" in warning for warning in exported["warnings"])
    assert "sharpness" not in next(s for s in exported["streams"] if s["name"] == "ACC")["settings"]
