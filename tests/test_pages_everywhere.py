"""Every page in a real Chromium, light and dark, wide and narrow (issue 6, point 3).

axe finds nothing of ours to complain of, nothing scrolls sideways, nothing is asked of another
machine, and the keyboard alone reaches what matters and works it.
"""

import re
import time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pytest
from browser import Watched, chromium, dashboard
from playwright.sync_api import Browser, Locator, Page, expect
from recorded_sessions import record_session
from year_of_recordings import make_year

from myowatch.dashboard.devices import devices_text as devices
from myowatch.dashboard.learn import learn_text as learn
from myowatch.dashboard.live import live_text as live
from myowatch.dashboard.settings import settings_text as settings
from myowatch.dashboard.text import common_text as common
from myowatch.recordings.store.recorder_status import RecorderState, RecorderStatus, write_status
from myowatch.recordings.wearer import diary
from myowatch.recordings.wearer.preferences import KnownDevice, change_preferences, read_preferences

SESSION = "20261123-220411-k3f"
PATIENCE_MS = 60_000
WIDTHS = (1280, 390)
WIDE = pytest.mark.parametrize("shown", [1280], indirect=True)
SCHEMES = ("light", "dark")
JUDGED_IN = {1280: "light", 390: "dark"}
"""axe takes seconds: what it finds wide and light is not other narrow and light."""
PAGES = (
    common.LIVE,
    common.SESSIONS,
    common.SEEK_HELP,
    common.DIARY,
    common.LEARN,
    common.DEVICES,
    common.SETTINGS,
)
STREAMLITS_OWN = {
    # Where files are dropped can take the focus although it is for the mouse alone; the button in
    # it does the same and is well labelled.
    "presentation-role-conflict": ("stFileUploaderDropzone",),
}
"""What axe finds in Streamlit itself and a page cannot mend: rule, and a part of the element."""


@dataclass(frozen=True)
class Shown:
    """A browser's page, and how wide it is."""

    watched: Watched
    width: int

    @property
    def page(self) -> Page:
        return self.watched.page


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Three weeks of nights, a session that has ended, a day in the diary, a known sensor."""
    home = tmp_path_factory.mktemp("home")
    started = datetime.now(UTC) - timedelta(hours=3)
    make_year(home, nights=21, hours=1, real=0, busy=0, newest=started - timedelta(days=1))
    folder = record_session(home, SESSION, started=started)
    (recording,) = folder.glob("*.bdf")
    write_status(
        home,
        RecorderStatus(
            device="sim:twitchy",
            pid=1,
            session_id=SESSION,
            file=recording.relative_to(home).as_posix(),
            site="left-thigh",
            state=RecorderState.ENDED,
            message="",
            started=started.isoformat(),
            updated=time.time(),
            duration_s=75.0,
        ),
    )
    change_preferences(home, lambda p: p.with_device(KnownDevice("ble:WEAR-01", "", "left-hand")))
    diary.write_changes(home, [diary.Change(started.date(), "caffeine_drinks", 2)])
    return home


@pytest.fixture(scope="module")
def url(home: Path) -> Iterator[str]:
    with dashboard(home) as address:
        yield address


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    expect.set_options(timeout=PATIENCE_MS)
    with chromium() as launched:
        yield launched
    expect.set_options(timeout=5_000)


@pytest.fixture(scope="module", params=WIDTHS)
def shown(request: pytest.FixtureRequest, browser: Browser, url: str) -> Iterator[Shown]:
    context = browser.new_context(
        viewport={"width": request.param, "height": 844}, reduced_motion="reduce"
    )
    context.set_default_timeout(PATIENCE_MS)
    watched = Watched(context.new_page(), url)
    watched.page.goto(url)
    yield Shown(watched, request.param)
    context.close()


def go_to(shown: Shown, name: str) -> None:
    """Go to a page as people do, by the navigation."""
    page = shown.page
    link = page.get_by_role("link", name=name, exact=True)
    if shown.width < 640:
        page.get_by_test_id("stExpandSidebarButton").click()
        link = page.get_by_test_id("stSidebar").get_by_role("link", name=name, exact=True)
    link.first.click()
    expect(page).to_have_title(re.compile(re.escape(name)))
    settled(page)
    if shown.width < 640 and page.get_by_test_id("stSidebarCollapseButton").is_visible():
        page.get_by_test_id("stSidebarCollapseButton").locator("button").click()


def settled(page: Page) -> None:
    page.wait_for_function(
        "document.querySelector('[data-testid=stApp]').dataset.testScriptState === 'notRunning'"
    )


def open_all(page: Page) -> None:
    """Open whatever is folded, so that it is judged too; a page drawn anew may fold it again."""
    page.wait_for_function(
        """() => {
            const folded = document.querySelectorAll("[data-testid=stMain] details:not([open])");
            folded.forEach((each) => each.querySelector("summary").click());
            return !folded.length;
        }""",
        polling=500,
    )
    settled(page)


def axe(page: Page) -> list[str]:
    """Return what axe complains of, one line each."""
    source = find_spec("axe_playwright_python")
    assert source is not None
    assert source.origin is not None
    page.evaluate((Path(source.origin).parent / "axe.min.js").read_text("utf-8"))
    result: dict[str, Any] = page.evaluate("axe.run()")
    return [
        f"{rule['id']}: {node['html'][:300]} {[each['message'] for each in node['any']]}"
        for rule in result["violations"]
        for node in rule["nodes"]
        if not _is_streamlits(rule["id"], node["html"])
    ]


def _is_streamlits(rule: str, html: str) -> bool:
    return any(part in html for part in STREAMLITS_OWN.get(rule, ()))


@pytest.mark.parametrize("name", PAGES)
def test_axe_finds_nothing_and_nothing_scrolls_sideways(shown: Shown, name: str) -> None:
    page = shown.page
    go_to(shown, name)
    open_all(page)
    for scheme in SCHEMES:
        page.emulate_media(color_scheme="dark" if scheme == "dark" else "light")
        page.wait_for_function(
            "want => getComputedStyle(document.querySelector('.stApp')).colorScheme === want",
            arg=scheme,
        )
        page.wait_for_function(
            "document.getAnimations().every(each => !(each instanceof CSSTransition))"
        )
        if scheme == JUDGED_IN[shown.width]:
            assert axe(page) == []
    widths = page.evaluate(
        "[document.documentElement, document.querySelector('[data-testid=stMain]')]"
        ".map((part) => part.scrollWidth)"
    )
    assert max(widths) <= shown.width
    expect(page.get_by_text(common.PURPOSE)).to_be_visible()


def test_the_navigation_has_every_page(shown: Shown) -> None:
    links = shown.page.locator("[data-testid=stTopNavLink], [data-testid=stSidebarNavLink]")
    assert [link.strip() for link in links.all_inner_texts()] == list(PAGES)


def tab_to(page: Page, wanted: Locator) -> None:
    """Press Tab until the wanted control has the focus."""
    passed = []
    for _ in range(80):
        page.keyboard.press("Tab")
        if wanted.evaluate("wanted => wanted.contains(document.activeElement)"):
            return
        passed.append(page.evaluate("document.activeElement.textContent.slice(0, 20)"))
    pytest.fail(f"Tab does not reach it, only {passed}")


@WIDE
def test_the_first_tab_leads_past_the_navigation_and_the_next_ones_through_it(
    shown: Shown, url: str
) -> None:
    page = shown.page
    page.goto(url)
    skip = page.get_by_role("link", name=common.SKIP)
    expect(skip).to_be_attached()
    page.keyboard.press("Tab")
    expect(skip).to_be_focused()
    expect(skip).to_be_in_viewport()
    page.keyboard.press("Enter")
    expect(page.locator("#main")).to_be_focused()
    page.goto(url)
    expect(skip).to_be_attached()
    tab_to(page, page.get_by_role("link", name=common.LEARN, exact=True))
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name=learn.TITLE)).to_be_visible()


@WIDE
def test_one_key_opens_when_to_seek_help_from_every_page(shown: Shown) -> None:
    page = shown.page
    go_to(shown, common.SETTINGS)
    page.get_by_test_id("stBottom").get_by_role("link", name=common.SEEK_HELP).focus()
    page.keyboard.press("Enter")
    expect(page).to_have_title(re.compile(common.SEEK_HELP))


@WIDE
def test_the_keyboard_searches_a_word_and_opens_a_section(shown: Shown) -> None:
    page = shown.page
    go_to(shown, common.LEARN)
    tab_to(page, page.get_by_label(learn.SEARCH))
    page.keyboard.type("gabapentin")
    expect(page.get_by_text("Anticonvulsants")).to_be_visible()
    expect(page.locator("summary")).to_have_count(1)
    page.keyboard.press("Control+a")
    page.keyboard.press("Delete")
    expect(page.locator("summary")).to_have_count(len(learn.SECTIONS))
    stress = page.locator("summary").filter(has_text="Stress")
    tab_to(page, stress)
    page.keyboard.press("Enter")
    expect(page.get_by_text("cortisol")).to_be_visible()


@WIDE
def test_the_keyboard_searches_sensors_and_cancels(shown: Shown) -> None:
    page = shown.page
    go_to(shown, common.DEVICES)
    tab_to(page, page.get_by_role("button", name=devices.FIND))
    page.keyboard.press("Enter")
    tab_to(page, page.get_by_role("button", name=devices.CANCEL))
    page.keyboard.press("Enter")
    expect(page.get_by_text(devices.CANCELLED)).to_be_visible(timeout=PATIENCE_MS)


@WIDE
def test_the_keyboard_changes_and_resets_a_setting(shown: Shown, home: Path) -> None:
    page = shown.page
    go_to(shown, common.SETTINGS)
    switch = page.get_by_role("switch", name=settings.NIGHT)
    tab_to(page, switch)
    page.keyboard.press("Space")
    undo = page.get_by_role("button", name=settings.UNDO)
    expect(undo).to_be_enabled()
    assert read_preferences(home).preferences.night_mode
    undo.focus()
    page.keyboard.press("Enter")
    expect(undo).to_be_disabled()
    assert not read_preferences(home).preferences.night_mode


@WIDE
def test_the_keyboard_starts_a_recording(shown: Shown) -> None:
    go_to(shown, common.LIVE)
    tab_to(shown.page, shown.page.get_by_role("button", name=live.START, exact=True))


def test_no_request_to_other_machines_and_no_console_error(shown: Shown) -> None:
    assert shown.watched.foreign == []
    assert shown.watched.complaints == []
