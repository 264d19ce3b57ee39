"""The Sessions page in a real Chromium and as Streamlit runs it (issue 6, points 3 and 6).

In the browser the tests tell one story in order: the night is zoomed by keys and wheel, an event
is given another word, which is undone, and the session is deleted, brought back, and deleted.
"""

import re
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from browser import Watched, chromium, dashboard
from playwright.sync_api import Page, expect
from recorded_sessions import record_session
from streamlit.testing.v1 import AppTest
from year_of_recordings import make_year

from myowatch.dashboard.sessions import sessions_text as sessions
from myowatch.dashboard.text import common_text as common
from myowatch.dashboard.text import trace_text as zoom_words
from myowatch.recordings.storage.data_folder import deleted_folder, session_folder
from myowatch.recordings.store.deleting import move_to_trash
from myowatch.recordings.store.store import Store
from myowatch.recordings.wearer.labels import Label, LabelKind, add_label, read_labels
from myowatch.signal.model.events import Kind

SESSION, OTHER = "20261123-220411-k3f", "20261122-220411-abc"
FILE = f"sessions/{SESSION}/sim-twitchy.bdf"
SCRIPT = "<img src=x onerror=alert(1)> **bold** =1+1"
PATIENCE_MS = 60_000
MAIN = Path(__file__).parent.parent / "dashboard/myowatch/dashboard/pages/main.py"


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    home = tmp_path_factory.mktemp("home")
    record_session(home, OTHER)
    record_session(home, SESSION)
    return home


@pytest.fixture(scope="module")
def watched(home: Path) -> Iterator[Watched]:
    expect.set_options(timeout=PATIENCE_MS)
    with dashboard(home) as url, chromium() as browser:
        context = browser.new_context(viewport={"width": 1280, "height": 1400})
        context.set_default_timeout(PATIENCE_MS)
        seen = Watched(context.new_page(), url)
        seen.page.goto(url)
        seen.page.get_by_role("link", name=common.SESSIONS).click()
        yield seen
        context.close()
    expect.set_options(timeout=5_000)


@pytest.fixture
def page(watched: Watched) -> Page:
    return watched.page


def notice(page: Page, text: str) -> None:
    expect(page.locator(".zoom .notice")).to_have_text(re.compile(text))


def until(page: Page, condition: Callable[[], bool]) -> None:
    deadline = time.monotonic() + PATIENCE_MS / 1000
    while not condition() and time.monotonic() < deadline:
        page.wait_for_timeout(50)
    assert condition()


def test_keys_and_wheel_go_from_the_whole_session_to_twenty_milliseconds(page: Page) -> None:
    # Whole bins are shown, so the window may end a little after the last sample.
    notice(page, r"22:04:11 . 22:05:26, 75 s: twitches 1, movements 1, cramps 1")
    plot = page.locator(".zoom .plot")
    plot.focus()
    for _ in range(12):
        plot.press("ArrowUp")
    notice(page, r", 20 ms: ")
    plot.press("Home")
    notice(page, r"22:04:11\.123 . 22:04:11\.143, 20 ms: ")
    plot.press("0")
    notice(page, ", 75 s: ")
    box = plot.bounding_box()
    assert box is not None
    page.mouse.move(box["x"] + box["width"] / 2, box["y"] + 100)
    page.mouse.wheel(0, -400)
    notice(page, r", (2[0-9]|3[0-9])(\.\d)? s: ")
    page.mouse.down()
    page.mouse.move(box["x"] + box["width"], box["y"] + 100, steps=4)
    page.mouse.up()
    notice(page, r"^22:04:(1|2)\d . ")


def test_events_are_stepped_through_with_their_reason(page: Page) -> None:
    page.locator(".zoom .plot").press("0")
    page.get_by_role("button", name=zoom_words.ZOOM_WORDS["next"]).click()
    expect(page.get_by_text("Twitch at 22:04:12.357")).to_be_visible()
    notice(page, "100 ms: twitches 1")
    page.locator(".zoom .plot").press("n")
    expect(page.get_by_text("Cramp at 22:05:12.123")).to_be_visible()
    expect(page.get_by_text(re.compile("One channel cannot always tell"))).to_be_visible()


def test_another_word_and_a_note_are_kept_as_text_and_undone(home: Path, page: Page) -> None:
    page.get_by_role("combobox", name=sessions.WAS).click()
    page.get_by_role("option", name=sessions.WORDS_OF_LABELS["movement"]).click()
    after = sessions.CORRECTED.format(twitch=1, cramp=0, movement=2)
    expect(page.get_by_text(after)).to_be_visible()
    note = page.get_by_role("textbox", name=sessions.NOTE)
    note.fill(SCRIPT)
    note.press("Enter")
    expect(page.get_by_text(sessions.LABELS_STAND.format(count=1))).to_be_visible()
    until(page, lambda: len(read_labels(home, SESSION).steps) == 2)
    expect(page.get_by_role("textbox", name=sessions.NOTE)).to_have_value(SCRIPT)
    (label,) = read_labels(home, SESSION).for_stream(FILE, "EMG").values()
    assert label == Label(LabelKind.MOVEMENT, note=SCRIPT)
    page.get_by_role("button", name=sessions.UNDO_LABEL).click()
    expect(page.get_by_role("textbox", name=sessions.NOTE)).to_have_value("")
    until(page, lambda: len(read_labels(home, SESSION).steps) == 1)
    page.wait_for_function("!document.querySelector('[data-test-script-state=\"running\"]')")
    page.get_by_role("button", name=sessions.UNDO_LABEL).click()
    expect(page.get_by_text(after)).to_have_count(0)
    assert not read_labels(home, SESSION).steps


def test_a_session_is_deleted_brought_back_and_gone_when_the_page_is_left(
    home: Path, page: Page
) -> None:
    def delete() -> None:
        page.get_by_role("button", name=sessions.DELETE).click()
        page.get_by_role("button", name=sessions.DELETE_SURE).click()
        expect(page.get_by_text("Deleted: 2026-11-23 22:04, left thigh.")).to_be_visible()

    delete()
    assert not session_folder(home, SESSION).exists()
    page.get_by_role("button", name=sessions.UNDO_DELETE, exact=True).click()
    expect(page.get_by_text("Deleted:")).to_have_count(0)
    notice(page, "22:04:11 . 22:05:26")
    assert session_folder(home, SESSION).is_dir()
    delete()
    page.get_by_role("link", name=common.LIVE).click()
    expect(page.get_by_role("link", name=common.SESSIONS)).to_be_visible()
    expect(page).to_have_title(re.compile(common.LIVE))
    page.wait_for_function("!document.querySelector('[data-test-script-state=\"running\"]')")
    assert not (deleted_folder(home) / "sessions" / SESSION).exists()
    with Store(home) as store:
        assert [session.id for session in store.sessions()] == [OTHER]


def test_no_request_to_other_sites_and_no_console_error(watched: Watched) -> None:
    assert watched.foreign == []
    assert watched.complaints == []


@pytest.fixture
def other_home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("MYOWATCH_HOME", str(tmp_path))
    return tmp_path


def opened(way: str = "glance") -> AppTest:
    app = AppTest.from_file(MAIN, default_timeout=60).run()
    app.switch_page("sessions.py").run()
    if way != "glance":
        app.button_group(key="way").set_value(way).run()
    assert not app.exception
    return app


def said(app: AppTest) -> str:
    return "\n".join(str(element.value) for element in [*app.markdown, *app.caption, *app.text])


def test_two_sessions_stand_side_by_side_as_corrected(other_home: Path) -> None:
    for session in (OTHER, SESSION):
        record_session(other_home, session)
    with Store(other_home) as store:
        (cramp,) = (e for e in store.events(SESSION) if e.kind is Kind.CRAMP)
    add_label(other_home, SESSION, FILE, cramp, Label(LabelKind.NOT_AN_EVENT))
    table = said(opened("another"))
    assert "| Cramps | 0 | 1 |" in table
    assert "| Movements | 1 | 1 |" in table


def test_a_busy_night_is_shown_a_page_of_events_at_a_time(other_home: Path) -> None:
    make_year(other_home, nights=2, hours=1, real=0, busy=4000)
    app = opened()
    table = app.dataframe[0].value
    assert len(table) == 2
    events = app.dataframe[1].value
    assert len(events) <= 200
    assert sessions.RECORDING_GONE in [info.value for info in app.info]


def test_names_are_shown_as_text(other_home: Path) -> None:
    record_session(other_home, SESSION, names=("x<b>y.bdf",))
    with Store(other_home) as store:
        (event,) = (e for e in store.events(SESSION) if e.kind is Kind.CRAMP)
    file = f"sessions/{SESSION}/x<b>y.bdf"
    add_label(other_home, SESSION, file, replace(event), Label(note=SCRIPT))
    for way in sessions.WAYS:
        app = opened(way)
        assert "<img" not in said(app)
        assert "**bold**" not in said(app)


def test_the_trash_of_a_killed_dashboard_is_not_listed(other_home: Path) -> None:
    record_session(other_home, SESSION)
    move_to_trash(other_home, SESSION)
    assert sessions.EMPTY in [info.value for info in opened().info]
