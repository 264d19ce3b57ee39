"""The whole thing in a real Chromium: real recorder, real server, real pages.

The tests tell one story in order: a stranger starts the simulated wearer, watches, loses the
recorder, gets it back, stops, and finds the session kept.
"""

import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from browser import Watched, chromium, dashboard, free_port
from playwright.sync_api import Browser, Page, expect

from myowatch.dashboard.live import live_text as live
from myowatch.dashboard.sessions import sessions_text as sessions
from myowatch.dashboard.text import common_text as common
from myowatch.dashboard.text import trace_text as trace
from myowatch.recordings.storage.data_folder import device_key
from myowatch.recordings.store.recorder_status import read_statuses, request_stop
from myowatch.recordings.wearer.marker_presses import Button, presses_of
from myowatch.recordings.wearer.preferences import read_preferences

SOURCE = "sim:twitchy"
LONG_MS = 60_000


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("home")


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as launched:
        yield launched


@pytest.fixture(scope="module")
def url(home: Path) -> Iterator[str]:
    with dashboard(home) as address:
        yield address
    for status in read_statuses(home):
        request_stop(home, status.key)


@pytest.fixture(scope="module")
def watched(browser: Browser, url: str) -> Iterator[Watched]:
    context = browser.new_context(viewport={"width": 1280, "height": 900})
    context.set_default_timeout(LONG_MS)
    seen = Watched(context.new_page(), url)
    seen.page.goto(url)
    yield seen
    context.close()


@pytest.fixture
def page(watched: Watched) -> Page:
    return watched.page


def state(page: Page, name: str, timeout: float = LONG_MS) -> None:
    expect(page.get_by_text(live.STATES[name][1], exact=True).first).to_be_visible(timeout=timeout)


def picture(page: Page) -> str:
    drawn: str = page.locator("canvas").first.evaluate("canvas => canvas.toDataURL()")
    return drawn


def metric(page: Page, label: str) -> int:
    shown = page.locator(".metric, [data-testid=stMetric]").filter(has_text=label).first
    return int(shown.locator("dd, [data-testid=stMetricValue]").inner_text())


def until(condition: Callable[[], bool], seconds: float = 15.0) -> None:
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, "waited in vain"
        time.sleep(0.2)


def pid(home: Path) -> int:
    return next(s.pid for s in read_statuses(home) if s.key == device_key(SOURCE))


def test_a_new_user_starts_the_simulated_wearer_and_sees_counts(
    page: Page,
) -> None:
    expect(page.get_by_text(common.PURPOSE)).to_be_visible()
    page.get_by_role("button", name=live.START, exact=True).click()
    state(page, "recording")
    page.locator("canvas").first.wait_for()
    until(lambda: metric(page, live.SESSION) > 0, 30)
    counted = metric(page, live.SESSION)
    before = picture(page)
    until(lambda: picture(page) != before, 2)
    until(lambda: metric(page, live.SESSION) > counted, 20)


def test_the_trace_has_a_text_for_screen_readers(page: Page) -> None:
    expect(page.locator(".lanes")).to_have_attribute("aria-label", _words_of_a_trace())


def _words_of_a_trace() -> re.Pattern[str]:
    return re.compile(r"EMG, last 10 seconds: twitches \d+, movements \d+, cramps \d+\.")


def test_the_keyboard_pauses_and_resumes_the_trace(page: Page) -> None:
    pause = page.get_by_role("button", name=trace.WORDS["pause"])
    pause.focus()
    page.keyboard.press("Space")
    resume = page.get_by_role("button", name=trace.WORDS["resume"])
    expect(resume).to_be_focused()
    time.sleep(0.2)
    still = picture(page)
    time.sleep(0.5)
    assert picture(page) == still
    page.keyboard.press("Enter")
    until(lambda: picture(page) != still, 2)


def test_a_key_notes_a_felt_twitch_and_can_be_undone(page: Page, home: Path) -> None:
    status = next(s for s in read_statuses(home) if s.key == device_key(SOURCE))
    page.locator(".lanes").click()
    before = time.time()
    page.keyboard.press("f")
    until(lambda: len(presses_of(home, status.session_id)) == 1)
    (made,) = presses_of(home, status.session_id)
    assert before <= made.at <= time.time()
    page.get_by_role("button", name=live.PRESS["undo"]).click()
    until(lambda: presses_of(home, status.session_id) == ())
    page.get_by_role("button", name=live.PRESSED["cramp"]).click()
    until(lambda: [p.text for p in presses_of(home, status.session_id)] == [Button.CRAMP])


def test_typing_into_a_field_is_not_a_press(page: Page, home: Path) -> None:
    status = next(s for s in read_statuses(home) if s.key == device_key(SOURCE))
    page.get_by_label(trace.WORDS["window"], exact=True).press("f")
    page.get_by_role("button", name=live.PRESSED["me"]).click()
    until(lambda: len(presses_of(home, status.session_id)) == 2)
    assert Button.FELT not in [p.text for p in presses_of(home, status.session_id)]


def test_night_mode_is_dark_shows_counts_when_asked_and_is_left_with_escape(
    page: Page, home: Path
) -> None:
    page.get_by_role("button", name=live.NIGHT["open"], exact=True).click()
    night = page.get_by_role("dialog")
    expect(night.locator(".counts")).to_be_hidden()
    night.get_by_role("button", name=live.NIGHT["counts"]).click()
    expect(night.locator(".counts")).to_contain_text(live.CRAMPS)
    until(lambda: read_preferences(home).preferences.night_mode)
    page.keyboard.press("Escape")
    expect(night).to_be_hidden()
    until(lambda: not read_preferences(home).preferences.night_mode)


def test_window_and_height_follow_their_choosers(page: Page) -> None:
    page.get_by_label(trace.WORDS["window"], exact=True).select_option("60")
    expect(page.locator(".lanes")).to_have_attribute("aria-label", re.compile("last 60 seconds"))
    automatic = picture(page)
    page.get_by_label(trace.WORDS["scale"], exact=True).select_option("2500")
    until(lambda: picture(page) != automatic, 2)
    page.get_by_label(trace.WORDS["scale"], exact=True).select_option("0")
    page.get_by_label(trace.WORDS["window"], exact=True).select_option("10")


def test_a_second_start_of_the_same_source_is_refused_in_one_line(page: Page, home: Path) -> None:
    first = pid(home)
    refused = subprocess.run(
        [sys.executable, "-m", "myowatch", "record", SOURCE],
        env=os.environ | {"MYOWATCH_HOME": str(home)},
        capture_output=True,
        text=True,
        timeout=30,
        check=False,
    )
    assert refused.returncode == 1
    assert pid(home) == first
    state(page, "recording")


def test_a_killed_recorder_is_shown_as_lost_and_can_be_restarted(page: Page, home: Path) -> None:
    os.kill(pid(home), signal.SIGKILL)
    killed = time.monotonic()
    state(page, "lost", 6_000)
    assert time.monotonic() - killed < 4.5
    expect(page.get_by_text(live.TO_DO["silent"])).to_be_visible()
    expect(page.locator(".notice")).to_contain_text("No new samples for")
    still = picture(page)
    page.get_by_role("button", name=live.START, exact=True).click()
    state(page, "recording")
    until(lambda: picture(page) != still)
    expect(page.locator(".notice")).to_contain_text("Session time")


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [1280, 390])
def test_the_page_fits_in_light_and_dark_wide_and_narrow(
    browser: Browser, url: str, page: Page, scheme: str, width: int
) -> None:
    state(page, "recording")
    context = browser.new_context(
        viewport={"width": width, "height": 844},
        color_scheme="dark" if scheme == "dark" else "light",
        reduced_motion="reduce",
    )
    other = Watched(context.new_page(), url)
    other.page.goto(url)
    canvas = other.page.locator("canvas").first
    canvas.wait_for(timeout=LONG_MS)
    assert other.page.evaluate("document.documentElement.scrollWidth") <= width
    box = canvas.bounding_box()
    assert box is not None
    assert box["x"] >= 0
    assert box["x"] + box["width"] <= width
    background = other.page.evaluate(
        "getComputedStyle(document.querySelector('.stApp')).backgroundColor"
    )
    brightness = sum(int(part) for part in re.findall(r"\d+", background)[:3]) / 3
    assert (brightness < 128) == (scheme == "dark")
    assert (other.foreign, other.complaints) == ([], [])
    context.close()


def test_the_trace_follows_a_change_of_theme(page: Page) -> None:
    page.emulate_media(color_scheme="dark")
    until(lambda: _ink(page) > 128, 5)
    page.emulate_media(color_scheme="light")
    until(lambda: _ink(page) < 128, 5)


def _ink(page: Page) -> float:
    """Brightness of the axis labels, at the left edge of the first lane."""
    brightness: float = page.locator("canvas").first.evaluate(
        """canvas => {
            const side = canvas.getContext("2d").getImageData(0, 0, 60, canvas.height).data;
            let sum = 0, n = 0;
            for (let i = 0; i < side.length; i += 4)
                if (side[i + 3] > 200) { sum += side[i]; n += 1; }
            return n ? sum / n : 128;
        }"""
    )
    return brightness


def test_stop_ends_the_recording_and_the_session_is_kept(page: Page) -> None:
    page.get_by_role("button", name=live.STOP, exact=True).click()
    state(page, "ended")
    page.get_by_role("link", name=common.SESSIONS).click()
    expect(page.get_by_text(sessions.PER_MINUTE)).to_be_visible()
    assert metric(page, sessions.COLUMNS["twitches"]) >= 0
    page.get_by_role("link", name=common.LIVE).click()
    state(page, "ended")


def test_a_source_that_cannot_be_opened_says_why_in_one_plain_line(page: Page) -> None:
    page.get_by_role("radio", name=live.SOURCES["file"]).click()
    page.get_by_role("textbox", name=live.FILE).fill("/nowhere/night.csv")
    page.get_by_role("textbox", name=live.FILE).press("Enter")
    page.get_by_role("button", name=live.START, exact=True).click()
    state(page, "failed")
    expect(page.get_by_text("/nowhere/night.csv").last).to_be_visible()
    assert page.get_by_text("Traceback").count() == 0


def test_no_request_to_other_machines_and_no_console_error(watched: Watched) -> None:
    assert watched.foreign == []
    assert watched.complaints == []


def test_the_trace_says_when_the_server_is_gone_and_reconnects(
    browser: Browser, home: Path
) -> None:
    port = free_port()
    context = browser.new_context()
    page = context.new_page()
    with dashboard(home, port) as address:
        page.goto(address)
        page.locator(".notice").wait_for(timeout=LONG_MS)
    expect(page.locator(".notice")).to_have_text(trace.WORDS["unreachable"], timeout=LONG_MS)
    with dashboard(home, port):
        expect(page.locator(".notice")).not_to_have_text(
            trace.WORDS["unreachable"], timeout=LONG_MS
        )
        context.close()


def test_a_damaged_store_is_a_message_without_traceback(browser: Browser, tmp_path: Path) -> None:
    (tmp_path / "myowatch.db").write_bytes(b"no database at all" * 1000)
    page = browser.new_page()
    with dashboard(tmp_path) as address:
        page.goto(address)
        page.get_by_role("link", name=common.SESSIONS).click()
        expect(page.get_by_text("myowatch.db")).to_be_visible(timeout=LONG_MS)
        assert page.get_by_text("Traceback").count() == 0
        page.close()
