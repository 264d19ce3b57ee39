"""The page When to seek help: with nothing, with a year of nights, and with somebody's answers."""

import re
from datetime import datetime
from math import isnan
from pathlib import Path

import pytest
from browser import Watched, chromium, dashboard
from playwright.sync_api import expect
from recorded_sessions import record_session
from streamlit.testing.v1 import AppTest
from wearing import TODAY, nights, wear
from year_of_nights import record_year

from myowatch.dashboard.seek_help import seek_help_text as words
from myowatch.dashboard.seek_help import weekly_rates as course
from myowatch.dashboard.text import common_text as common
from myowatch.dashboard.text.common_text import plain
from myowatch.recordings.wearer.diary import Change, today, write_changes
from myowatch.signal.escalation.escalation_settings import EscalationSettings
from myowatch.signal.escalation.evidence import Standing, Threshold
from myowatch.signal.escalation.weeks import SiteWeeks, weekly

MAIN = Path(__file__).parent.parent / "dashboard/myowatch/dashboard/pages/main.py"
PATIENCE_MS = 60_000


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("MYOWATCH_HOME", str(tmp_path))
    return tmp_path


@pytest.fixture(scope="module")
def year(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A year of nights; the last one began today."""
    home = tmp_path_factory.mktemp("year")
    record_year(home, last=datetime.now().astimezone())
    return home


def page() -> AppTest:
    app = AppTest.from_file(MAIN, default_timeout=60).run()
    app.switch_page("seek_help.py").run()
    assert not app.exception
    return app


def texts(app: AppTest) -> str:
    return "\n".join(str(element.value) for element in [*app.markdown, *app.caption, *app.info])


def standings(app: AppTest) -> list[str]:
    """Standing of each of the six, in their order on the page."""
    shapes = {f"{words.SHAPES[s]} {words.STANDINGS[s]}": words.STANDINGS[s] for s in Standing}
    shown = [str(m.value) for m in app.markdown]
    return [name for text in shown for mark, name in shapes.items() if text.startswith(f"**{mark}")]


def test_on_the_first_day_no_threshold_is_met_or_denied(home: Path) -> None:
    app = page()
    shown = texts(app)
    assert words.NONE_MET in shown
    assert words.NONE_MET_MORE in shown
    assert all(name in shown for name in words.NAMES.values())
    little, unanswered = "Not enough data", "Not answered"
    assert standings(app) == [little, unanswered, unanswered, little, unanswered, unanswered]
    assert words.NO_COURSE in shown
    assert not app.toggle
    links = [link.proto.label for link in app.get("page_link")]
    assert links.count(words.ASK_DIARY) == len(Threshold)


def test_a_year_of_nights_is_judged_with_its_evidence_its_rules_and_its_weeks(
    year: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MYOWATCH_HOME", str(year))
    app = page()
    shown = texts(app)
    assert standings(app)[0] == "Met"
    assert words.MET[1] in shown
    assert "left thigh has not clearly fallen over 21 days" in shown
    assert plain("(10 scored minutes each)") in shown
    assert not [*app.error, *app.warning]  # met thresholds are text, not an alarm
    assert len(app.get("vega_lite_chart")) == 2
    table = app.dataframe[0].value
    assert len(table) == 12
    assert table[words.COLUMNS["days"]].max() == 7
    app.segmented_control(key="seek_help_span").set_value(52).run()
    assert len(app.dataframe[0].value) == 52
    assert not app.exception


def test_simulated_sessions_do_not_count_but_can_be_shown(home: Path) -> None:
    record_session(home, "20261123-220411-k3f")
    app = page()
    assert words.NO_COURSE in texts(app)
    app.toggle(key="seek_help_played").set_value(True).run()
    assert words.PLAYED_NOTE in texts(app)


def test_an_answer_of_this_week_is_shown_as_a_change(home: Path) -> None:
    write_changes(home, [Change(today(), "weakness", "yes"), Change(today(), "reflexes", "no")])
    app = page()
    assert standings(app)[1] == "Met"
    assert standings(app)[4] == "Not met"
    shown = texts(app)
    assert words.MET[1] in shown
    before = {"before": "not answered", "name": words.NAMES[Threshold.WEAKNESS], "after": "met"}
    assert words.CHANGED_FROM.format(**before) in shown


def weeks() -> SiteWeeks:
    worn = [*nights({0: 4.0, 1: 5.0, 2: 6.0}), wear(20, 2.0)]
    (site,) = weekly(worn, TODAY, EscalationSettings(), 4)
    return site


def test_a_week_not_worn_is_a_gap_in_the_chart() -> None:
    found = course.rows(weeks().weeks)
    assert [isnan(rate) for rate in found["rate"]] == [True, False, True, False]
    assert list(found["hours"]) == [0.0, 8.0, 0.0, 24.0]
    assert list(found["worn"]) == [words.WORN_LITTLE] * 3 + [words.WORN_ENOUGH]
    assert course.table(weeks().weeks)[words.COLUMNS["state"]].iloc[0] == "twitching"


def test_weeks_without_a_rate_keep_their_place_and_break_the_line() -> None:
    # Left out, they came last, and the line ran over the hole as if nothing were missing.
    found = course.rows(weeks().weeks)
    assert found["ends"].tolist() == ["2 Nov", "9 Nov", "16 Nov", "23 Nov"]
    layers = course.rates(found, 1.0).to_dict()["layer"]
    domains = [layer["encoding"]["x"]["scale"]["domain"] for layer in layers[1:]]
    assert domains == [found["ends"].tolist()] * 3
    assert layers[2]["mark"]["invalid"] == "break-paths-show-domains"


def test_the_charts_have_a_text_for_screen_readers() -> None:
    said = course.rates_alt(weeks(), "left thigh")
    assert "left thigh in 2 of 4 weeks worn: 2.0 in the first, 5.0 in the last" in said
    assert "32 in all" in course.hours_alt(weeks(), "left thigh")


def test_the_page_fits_a_phone(year: Path) -> None:
    with chromium() as browser, dashboard(year) as url:
        context = browser.new_context(viewport={"width": 390, "height": 800})
        context.set_default_timeout(PATIENCE_MS)
        seen = Watched(context.new_page(), url)
        page = seen.page
        page.goto(url)
        page.get_by_test_id("stBottom").get_by_role("link").click()
        pictures = page.get_by_test_id("stVegaLiteChart")
        expect(pictures).to_have_count(2, timeout=PATIENCE_MS)
        spoken = re.compile("Twitches a minute on left thigh in 12 of 12 weeks worn")
        expect(pictures.first).to_have_attribute("aria-label", spoken, timeout=PATIENCE_MS)
        expect(page.get_by_role("heading", level=1)).to_have_text(common.SEEK_HELP)
        wide = "document.querySelector('[data-testid=stMain]').scrollWidth"
        assert page.evaluate(wide) <= 390
        page.locator("summary").filter(has_text=words.AS_TABLE).press("Enter")
        expect(page.get_by_test_id("stDataFrame")).to_be_visible(timeout=PATIENCE_MS)
        assert not seen.foreign
        assert not seen.complaints
        context.close()
