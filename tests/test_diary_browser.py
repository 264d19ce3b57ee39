"""The Diary page in a real Chromium: whatever is reloaded, killed or opened twice, what was typed
is there. The tests tell one story in order, on one server that is killed once.
"""

import re
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import ExitStack
from datetime import timedelta
from functools import cached_property
from pathlib import Path

import pytest
from browser import chromium, dashboard, free_port
from playwright.sync_api import BrowserContext, Locator, Page, expect

from myowatch.dashboard.diary import diary_text as words
from myowatch.recordings.wearer.diary import Change, read_diary, today, write_changes

PATIENCE_MS = 60_000
expect.set_options(timeout=PATIENCE_MS)


class Story:
    """One data folder, its server, and a browser that outlives the server."""

    def __init__(self, home: Path, context: BrowserContext) -> None:
        self.home, self.context = home, context
        self.port = free_port()
        self.server = ExitStack()
        self.start()

    def start(self) -> None:
        self.url = self.server.enter_context(dashboard(self.home, self.port))

    def kill(self) -> None:
        self.server.close()

    @cached_property
    def page(self) -> Page:
        return self.tab()

    @cached_property
    def other(self) -> Page:
        return self.tab()

    def tab(self) -> Page:
        page = self.context.new_page()
        page.goto(f"{self.url}/diary")
        expect(note(page)).to_be_visible()
        return page

    def said(self, name: str) -> object:
        return read_diary(self.home).days().get(today(), {}).get(name)


@pytest.fixture(scope="module")
def story(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Story]:
    with chromium() as browser:
        context = browser.new_context(viewport={"width": 1280, "height": 900})
        context.set_default_timeout(PATIENCE_MS)
        told = Story(tmp_path_factory.mktemp("home"), context)
        yield told
        context.close()
        told.kill()


def note(page: Page) -> Locator:
    return page.get_by_label(words.LABELS["note"], exact=True)


def number(page: Page, name: str) -> Locator:
    return page.get_by_label(words.LABELS[name], exact=True)


def choice(page: Page, legend: str, answer: str) -> Locator:
    return page.get_by_role("group", name=legend, exact=True).get_by_label(answer, exact=True)


def saved(page: Page) -> None:
    begin = words.FORM["saved"].partition("{")[0]
    expect(page.locator(".state").filter(has_text=re.compile(f"^{begin}"))).to_be_visible()


def looked_at(page: Page) -> None:
    """The browser says so when somebody comes back to a tab."""
    page.evaluate("window.dispatchEvent(new Event('focus'))")


def test_text_typed_just_before_a_reload_is_saved(story: Story) -> None:
    page = story.page
    note(page).focus()
    page.keyboard.type("calf twitched <script>alert(1)</script> all evening")
    page.reload()
    expect(note(page)).to_have_value("calf twitched <script>alert(1)</script> all evening")
    saved(page)


def test_text_is_saved_when_the_tab_is_closed(story: Story) -> None:
    tab = story.tab()
    number(tab, "sleep_h").focus()
    tab.keyboard.type("6,5")
    tab.close()
    looked_at(story.page)
    expect(number(story.page, "sleep_h")).to_have_value("6.5")
    assert story.said("sleep_h") == 6.5


def test_two_tabs_never_overwrite_each_other_and_see_each_other(story: Story) -> None:
    one, other = story.page, story.other
    choice(one, words.LABELS["stress"], "4").check()
    saved(one)
    number(other, "caffeine_drinks").fill("3")
    choice(other, words.QUESTIONS["weakness"][0], "Yes").check()
    choice(other, words.LABELS["weakness_severity"], "2").check()
    saved(other)
    looked_at(one)
    expect(number(one, "caffeine_drinks")).to_have_value("3")
    expect(choice(one, words.LABELS["weakness_severity"], "2")).to_be_checked()
    assert (story.said("stress"), story.said("caffeine_drinks")) == (4, 3)


def test_the_keyboard_answers_undoes_and_redoes(story: Story) -> None:
    page = story.page
    four, five = (choice(page, words.LABELS["stress"], point) for point in "45")
    four.focus()
    page.keyboard.press("ArrowRight")
    expect(five).to_be_checked()
    stress = words.STEP.format(field=words.LABELS["stress"], day="").rstrip(", ")
    expect(page.get_by_text(words.LAST_CHANGE.format(what=stress, time="")[:-2])).to_be_visible()
    number(page, "sleep_h").fill("8")
    saved(page)
    page.get_by_role("button", name=words.UNDO, exact=True).click()  # the very last word first
    expect(number(page, "sleep_h")).to_have_value("6.5")
    page.get_by_role("button", name=words.UNDO, exact=True).press("Enter")
    expect(four).to_be_checked()
    page.get_by_role("button", name=words.REDO, exact=True).press("Enter")
    expect(five).to_be_checked()


def test_no_other_site_can_write_into_the_diary(story: Story) -> None:
    request = urllib.request.Request(
        f"{story.url}/api/diary", b"{}", {"Origin": "https://example.org"}, method="POST"
    )
    with pytest.raises(urllib.error.HTTPError, match="403"):
        urllib.request.urlopen(request)


def test_another_day_is_reached_in_the_month_by_the_keyboard_and_kept_by_a_reload(
    story: Story,
) -> None:
    page, yesterday = story.page, today() - timedelta(days=1)
    write_changes(story.home, [Change(yesterday, "note", "the day before")])
    looked_at(page)
    days = page.get_by_role("table").get_by_role("button")
    days.and_(page.locator("[aria-current=date]")).focus()
    if yesterday.month != today().month:
        page.get_by_role("button", name=words.PREVIOUS_DAY, exact=True).press("Enter")
    else:
        page.keyboard.press("ArrowLeft")
        page.keyboard.press("Enter")
    expect(note(page)).to_have_value("the day before")
    page.reload()
    expect(note(page)).to_have_value("the day before")
    page.get_by_role("button", name=words.TODAY, exact=True).click()
    expect(note(page)).to_have_value(re.compile("calf"))


def test_text_typed_while_the_server_is_gone_is_saved_later(story: Story) -> None:
    refused = story.page.get_by_role("alert").filter(has_text="from 0 to 200, got 999")
    number(story.page, "cramps").fill("999")
    expect(refused).to_be_visible()
    story.kill()
    note(story.page).fill("written without a server")
    expect(story.page.get_by_role("status").filter(has_text=words.FORM["unsaved"])).to_be_visible()
    story.page.close()
    other = story.other
    number(other, "alcohol_drinks").fill("1")
    expect(other.get_by_role("status").filter(has_text=words.FORM["unsaved"])).to_be_visible()
    story.start()
    saved(other)
    assert story.said("alcohol_drinks") == 1
    page = story.tab()
    expect(note(page)).to_have_value("written without a server")
    expect(number(page, "cramps")).to_have_value("999")  # refused, and still as it was typed
    number(page, "cramps").fill("2")
    saved(page)
    assert (story.said("note"), story.said("cramps")) == ("written without a server", 2)
    left = "Object.keys(localStorage).filter(key => key.startsWith('myowatch'))"
    assert page.evaluate(left) == []
