"""The Devices page: sensors are found by the real command, tested, named, placed and recorded."""

import json
import xml.etree.ElementTree as ET
from collections.abc import Iterator
from pathlib import Path

import pytest
from bleak.backends.device import BLEDevice
from streamlit.testing.v1 import AppTest

from myowatch.acquisition.ble.advertisements import PROFILES, Advertisement
from myowatch.acquisition.serial_port.port_list import PortInfo
from myowatch.acquisition.sources.first_look import FirstLook
from myowatch.cli.tables import look_as_json, seen_as_json
from myowatch.dashboard.devices import devices_text as words
from myowatch.dashboard.devices.placement import PLACES, drawing
from myowatch.dashboard.devices.sensor_search import (
    FoundSensor,
    Search,
    losses_in_words,
    read_found,
)
from myowatch.dashboard.live import live_text as live
from myowatch.dashboard.recorders import launches
from myowatch.recordings.model.link_quality import LinkQuality
from myowatch.recordings.storage.data_folder import device_key
from myowatch.recordings.wearer.preferences import KnownDevice, change_preferences, read_preferences
from myowatch.signal.model.events import Condition, Quality
from myowatch.signal.model.samples import Modality, Stream, Unit

MAIN = Path(__file__).parent.parent / "dashboard/myowatch/dashboard/pages/main.py"
SIMULATED = "sim:calm?speed=max"
KEY = device_key(SIMULATED)


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    monkeypatch.setenv("MYOWATCH_HOME", str(tmp_path))
    # No Bluetooth that answers, as on most computers that tests run on.
    monkeypatch.setenv("DBUS_SYSTEM_BUS_ADDRESS", f"unix:path={tmp_path}/nothing")
    launches.clear()
    yield tmp_path
    launches.clear()


def page() -> AppTest:
    app = AppTest.from_file(MAIN, default_timeout=60).run()
    app.switch_page("devices.py").run()
    assert not app.exception
    return app


def finished(app: AppTest) -> AppTest:
    """Wait for the search that runs, and draw what became of it."""
    if "search" in app.session_state:
        search: Search = app.session_state["search"]
        search.process.wait(60)
    app.run()
    assert not app.exception
    return app


def texts(app: AppTest) -> str:
    return "\n".join(str(e.value) for e in [*app.markdown, *app.caption, *app.info, *app.warning])


def wearable(rssi: int, number: int | None) -> Advertisement:
    profile = None if number is None else PROFILES[number]
    address = "AA:BB:CC:DD:EE:0F"
    return Advertisement(address, "WEAR-01", rssi, profile, BLEDevice(address, "WEAR-01", None))


def look(rate: float, modality: Modality = Modality.EMG, missing: int = 0) -> FoundSensor:
    axes = ("x", "y", "z") if modality is Modality.ACCELEROMETER else ("A0",)
    unit = Unit.G if modality is Modality.ACCELEROMETER else Unit.MICROVOLT
    stream = Stream("A0", modality, unit, rate, axes, 0.1, "")
    state = Condition(Quality.GOOD, 4.0, 20.0, None, None, None)
    port = PortInfo("/dev/ttyUSB0")
    link = LinkQuality("a board", lost_samples=missing)
    seen = FirstLook(port, "serial:/dev/ttyUSB0", "", (stream,), (state,), link)
    ((found,), _) = read_found(json.dumps([look_as_json(seen)]))
    return found


def test_the_page_reads_the_json_of_the_command() -> None:
    said = json.dumps([seen_as_json(wearable(-50, 0)), seen_as_json(wearable(-90, None))])
    (found,), others = read_found(said)
    assert (found.title, found.source, others) == ("WEAR-01", "ble:AA:BB:CC:DD:EE:0F", 1)
    assert words.NEAR in found.strength


@pytest.mark.parametrize("number", range(len(PROFILES)), ids=[p.name for p in PROFILES])
def test_the_page_describes_every_known_wearable(number: int) -> None:
    ((found,), _) = read_found(json.dumps([seen_as_json(wearable(-70, number))]))
    assert found.good_for


def test_a_sensor_is_good_for_what_its_rate_allows() -> None:
    assert look(500).good_for == words.GOOD_FOR["emg"]
    assert look(50).good_for == words.TOO_SLOW
    assert look(50, Modality.ACCELEROMETER).good_for == words.GOOD_FOR["accelerometer"]


def test_samples_lost_in_a_test_are_reported_if_they_are_many() -> None:
    assert losses_in_words(look(500, missing=1), 3.0) == ""
    assert "40" in losses_in_words(look(500, missing=40), 3.0)


def test_a_cancelled_search_finds_nothing() -> None:
    assert read_found('[{"port": "COM3", ') == ([], 0)


def test_a_search_reports_bluetooth_problems_and_can_be_cancelled(home: Path) -> None:
    app = page()
    app.button(key="find").click().run()
    app.button(key="cancel").click().run()
    finished(app)
    assert words.CANCELLED in texts(app)
    app.button(key="find").click().run()
    finished(app)
    assert "Bluetooth" in texts(app)
    assert app.button(key="find").label == words.FIND


def test_a_sensor_is_added_tested_named_placed_recorded_and_forgotten(home: Path) -> None:
    app = page()
    app.text_input[0].set_value("nonsense").run()
    app.button[-1].click().run()
    assert words.WRONG_ADDRESS in texts(app)
    change_preferences(home, lambda p: p.with_device(KnownDevice(SIMULATED)))
    app.run()
    app.button(key=f"test {KEY}").click().run()
    finished(app)
    assert words.ALL_GOOD in texts(app)
    app.text_input(key=f"name {KEY}").set_value("the *white* one").run()
    app.selectbox(key=f"site {KEY}").set_value("right calf").run()
    known = KnownDevice(SIMULATED, "the *white* one", "right-calf")
    assert read_preferences(home).preferences.devices == (known,)
    assert PLACES["calf"][0].where in texts(app)
    app.button(key=f"start {KEY}").click().run()
    try:
        assert app.session_state["recorder"] == KEY
    finally:
        launches()[KEY].process.terminate()
        launches()[KEY].process.wait(60)
    app.switch_page("devices.py").run()
    app.button(key=f"forget {KEY}").click().run()
    assert read_preferences(home).preferences.devices == ()
    app.button(key="undo forget").click().run()
    assert read_preferences(home).preferences.devices == (known,)


def test_two_sensors_are_recorded_together_into_one_session_each_at_its_place(home: Path) -> None:
    first = KnownDevice("sim:calm?speed=max&seed=1", "one", "left-thigh")
    second = KnownDevice("sim:calm?speed=max&seed=2", "other", "right-calf")
    change_preferences(home, lambda p: p.with_device(first).with_device(second))
    app = page()
    assert app.button(key="start together").disabled
    app.button_group(key="devices together").set_value([0, 1]).run()
    app.button(key="start together").click().run()
    assert not app.exception
    sources = [f"{first.source}&site=left-thigh", f"{second.source}&site=right-calf"]
    launch = launches()[device_key(sources[0])]
    assert launches()[device_key(sources[1])] is launch
    try:
        assert app.session_state["recorder"] == device_key(sources[0])
        assert list(map(str, launch.process.args))[-2:] == sources  # type: ignore[arg-type]
    finally:
        launch.process.terminate()
        launch.process.wait(60)


def test_every_site_has_a_drawing_and_a_text() -> None:
    for site in live.SITES:
        for place in PLACES[site.partition(" ")[2]]:
            assert len(place.seen) > 40
            for mirrored in (False, True):
                ET.fromstring(drawing(place.drawing, mirrored=mirrored))
