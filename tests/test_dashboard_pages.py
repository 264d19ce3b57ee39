"""The pages as Streamlit runs them, on data folders made by the real store and writer."""

import json
import os
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from recorded_sessions import EMG, record_session
from streamlit.testing.v1 import AppTest

from myowatch.dashboard.live import live_text as first_run
from myowatch.dashboard.live import live_text as live
from myowatch.dashboard.live.live_board import counted
from myowatch.dashboard.live.live_feed import Feed
from myowatch.dashboard.recorders import launches
from myowatch.dashboard.sessions import sessions_text as sessions
from myowatch.dashboard.sessions.sessions_view import as_csv, as_json
from myowatch.dashboard.text import common_text as common
from myowatch.recordings.model.link_quality import LinkQuality
from myowatch.recordings.storage.data_folder import device_key
from myowatch.recordings.store.recorder_status import (
    RecorderState,
    RecorderStatus,
    read_statuses,
    stop_requested,
    write_status,
)
from myowatch.recordings.store.store import Store
from myowatch.recordings.wearer.preferences import KnownDevice, change_preferences
from myowatch.signal.statistics.counts import Minute

MAIN = Path(__file__).parent.parent / "dashboard/myowatch/dashboard/pages/main.py"
SESSION = "20261123-220411-k3f"


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    monkeypatch.setenv("MYOWATCH_HOME", str(tmp_path))
    launches.clear()
    yield tmp_path
    launches.clear()


def page(name: str = "live.py") -> AppTest:
    app = AppTest.from_file(MAIN, default_timeout=30).run()
    if name != "live.py":
        app.switch_page(name).run()
    assert not app.exception
    return app


def texts(app: AppTest) -> str:
    found = [*app.markdown, *app.caption, *app.text, *app.info, *app.warning]
    return "\n".join(str(element.value) for element in found)


def say(
    home: Path, state: RecorderState = RecorderState.RECORDING, age: float = 0.0, message: str = ""
) -> RecorderStatus:
    (recording,) = (home / "sessions" / SESSION).glob("*.bdf")
    status = RecorderStatus(
        device="sim:twitchy",
        pid=os.getpid(),
        session_id=SESSION,
        file=recording.relative_to(home).as_posix(),
        site="left-thigh",
        state=state,
        message=message,
        started=datetime.now(UTC).isoformat(),
        updated=time.time() - age,
        duration_s=75.0,
        conditions=[
            {
                "name": EMG.name,
                "modality": "emg",
                "unit": "uV",
                "sampling_rate": 1000.0,
                "quality": "loose",
                "noise_floor": 6.2,
                "threshold": 31.0,
                "mains_hz": 50.0,
                "active": None,
                "unscorable_since_s": 3.0,
            }
        ],
        link=LinkQuality("a board at COM3", lost_samples=17).as_json(),
    )
    write_status(home, status)
    return status


def test_with_nothing_recorded_the_live_page_leads_to_a_live_trace_in_three_steps(
    home: Path,
) -> None:
    app = page()
    assert [header.value for header in app.header] == [
        first_run.CHOOSE,
        first_run.WHERE,
        first_run.WATCH,
    ]
    assert app.button(key="start").label == live.START
    assert not app.metric


def test_on_a_first_run_a_sensor_that_is_known_is_chosen_by_its_name_and_keeps_its_place(
    home: Path,
) -> None:
    known = KnownDevice("ble:WEAR-01", "the white one", "right-calf")
    change_preferences(home, lambda p: p.with_device(known))
    app = page()
    app.button_group(key="source_kind").set_value("device").run()
    assert app.selectbox[0].options == ["the white one"]
    assert app.selectbox[1].value == "right calf"
    assert not app.exception


def test_after_a_first_start_that_failed_the_page_says_why(home: Path) -> None:
    app = page()
    app.button_group(key="source_kind").set_value("file").run()
    app.text_input(key="file").set_value("/nowhere/night.csv").run()
    app.button(key="start").click().run()
    next(iter(launches().values())).process.wait(60)
    feed = Feed(home, next(iter(launches())))
    (sensor,) = json.loads(feed.board())["sensors"]
    feed.close()
    assert "nowhere" in sensor["to_do"]


@pytest.mark.parametrize("name", ["live.py", "sessions.py"])
def test_every_page_says_that_it_does_not_diagnose(home: Path, name: str) -> None:
    assert common.PURPOSE in texts(page(name))


def board(status: RecorderStatus, home: Path) -> dict[str, Any]:
    feed = Feed(home, status.key)
    feed.poll()
    try:
        shown: dict[str, Any] = json.loads(feed.board())
    finally:
        feed.close()
    return shown


def test_the_live_page_shows_the_session_in_one_component_that_needs_no_rerun(home: Path) -> None:
    record_session(home, SESSION, end=False)
    status = say(home, age=-60)  # the first page of a busy machine takes long
    (component,) = [c for c in page().get("bidi_component") if "recorder" in str(c.proto)]
    assert status.key in str(component.proto)
    assert f"{SESSION} True" in str(component.proto)


def test_the_board_tells_counts_state_and_advice(home: Path) -> None:
    record_session(home, SESSION, end=False)
    (sensor,) = board(say(home), home)["sensors"]
    stream = next(each for each in sensor["streams"] if each["name"] == EMG.name)
    metrics = dict(stream["metrics"])
    assert (metrics[live.SESSION], metrics[live.CRAMPS], metrics[live.MOVEMENTS]) == ("1", "1", "1")
    assert stream["rate"] == live.RATE_LATER
    assert sensor["state"] == live.STATES["recording"][1]
    assert (stream["quality"], stream["good"]) == (live.QUALITY["loose"][0], False)
    assert live.QUALITY["loose"][1] in stream["advice"]
    assert live.MAINS.format(hz=50.0) in stream["levels"]
    assert sensor["link"] == "a board at COM3: 17 samples lost"


def test_stop_asks_the_recorder_to_stop(home: Path) -> None:
    record_session(home, SESSION, end=False)
    status = say(home)
    feed = Feed(home, status.key)
    feed.poll()
    feed.carry_out({"stop": "another"})
    assert not stop_requested(home, status.key)
    feed.carry_out({"stop": status.key})
    feed.close()
    assert stop_requested(home, status.key)


@pytest.mark.parametrize(
    ("state", "age", "name", "advice"),
    [
        (RecorderState.CONNECTING, 0.0, "connecting", live.TO_DO["connecting"]),
        (RecorderState.LOST, 0.0, "lost", "cable out; looking for it"),
        (RecorderState.RECORDING, 9.0, "lost", live.TO_DO["silent"]),
        (RecorderState.ENDED, 99.0, "ended", live.TO_DO["ended"]),
        (RecorderState.FAILED, 99.0, "failed", "disk full; make room"),
    ],
)
def test_each_state_has_a_word_and_says_what_to_do(
    home: Path, state: RecorderState, age: float, name: str, advice: str
) -> None:
    record_session(home, SESSION, end=False)
    message = advice if advice not in live.TO_DO.values() else ""
    (sensor,) = board(say(home, state, age, message), home)["sensors"]
    assert sensor["state"] == live.STATES[name][1]
    assert advice in sensor["to_do"]


def test_two_sensors_are_started_into_one_session(home: Path) -> None:
    record_session(home, "20261122-220411-aaa")  # not a first run any more
    app = page()
    app.selectbox(key="site").set_value("left thigh").run()
    app.button(key="add").click().run()
    app.selectbox(key="site").set_value("right calf").run()
    app.button(key="start").click().run()
    keys = [
        device_key("sim:twitchy?site=left-thigh"),
        device_key("sim:twitchy?site=right-calf&seed=2"),
    ]
    assert [*launches()] == keys
    try:
        deadline = time.monotonic() + 60
        while len({s.session_id for s in read_statuses(home) if s.key in keys and s.file}) != 1:
            assert time.monotonic() < deadline, "waited in vain"
            time.sleep(0.1)
    finally:
        process = launches()[keys[0]].process
        process.terminate()
        process.wait(60)


def test_a_file_that_is_not_named_is_asked_for_and_nothing_starts(home: Path) -> None:
    app = page()
    app.button_group(key="source_kind").set_value("file").run()
    app.button(key="start").click().run()
    assert live.NEEDS["file"] in texts(app)
    assert not launches()


def test_with_nothing_recorded_the_sessions_page_says_where_to_begin(home: Path) -> None:
    assert sessions.EMPTY in texts(page("sessions.py"))


def test_the_sessions_page_shows_the_newest_session_first_and_all_of_it(home: Path) -> None:
    record_session(home, "20261122-220411-aaa")
    record_session(home, SESSION)
    app = page("sessions.py")
    table = app.dataframe[0].value
    assert list(table[sessions.COLUMNS["twitches"]]) == [1, 1]
    assert list(table[sessions.COLUMNS["duration"]]) == ["0:01:15", "0:01:15"]
    shown = {metric.label: metric.value for metric in app.metric}
    assert shown[sessions.COLUMNS["twitches"]] == "1"
    assert len(app.get("vega_lite_chart")) == 1
    assert app.get("bidi_component")
    events = app.dataframe[1].value
    kinds = list(events[sessions.EVENT_COLUMNS["kind"]])
    assert sorted(kinds) == ["Cramp", "Movement", "Twitch"]


def test_what_was_not_counted_is_shown_on_request(home: Path) -> None:
    record_session(home, SESSION)
    app = page("sessions.py")
    app.toggle(key="with_rejected").set_value(True).run()
    assert sessions.EVENT_COLUMNS["reason"] in app.dataframe[1].value.columns


def test_no_rate_before_two_scored_minutes_and_its_interval_after() -> None:
    minutes = [Minute("EMG", i, 4, 0, 0, 60.0) for i in range(12)]
    early = counted("EMG", minutes[:1])
    assert (early.twitches, early.rate, early.interval) == (4, None, None)
    late = counted("EMG", minutes)
    assert (late.this_minute, late.last_ten_minutes, late.twitches) == (4, 40, 48)
    assert late.rate == pytest.approx(4.0)
    assert late.interval is not None
    # Garwood's exact limits of 48 events, over 12 minutes.
    assert late.interval == pytest.approx((35.39 / 12, 63.64 / 12), abs=0.01)


def test_the_downloads_are_what_the_command_line_exports(home: Path) -> None:
    record_session(home, SESSION)
    with Store(home) as store:
        session = store.find(SESSION)
    exported = json.loads(as_json(home, session))
    assert exported["session"]["id"] == SESSION
    assert {event["kind"] for event in exported["events"]} == {"twitch", "cramp", "movement"}
    table = as_csv(home, session).decode().splitlines()
    assert sum("twitch" in line for line in table) == 2
