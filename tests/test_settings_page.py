"""The Settings page: what is typed is kept at once, can be taken back, and says its source."""

from dataclasses import replace
from pathlib import Path

import pytest
from recorded_sessions import record_session
from streamlit.testing.v1 import AppTest

from myowatch.dashboard.settings import settings_text as words
from myowatch.dashboard.settings.data_section import size_of
from myowatch.recordings.wearer.preferences import (
    LIMITS,
    Preferences,
    Sound,
    change_preferences,
    preferences_path,
    read_preferences,
)

MAIN = Path(__file__).parent.parent / "dashboard/myowatch/dashboard/pages/main.py"


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("MYOWATCH_HOME", str(tmp_path))
    return tmp_path


def page() -> AppTest:
    app = AppTest.from_file(MAIN, default_timeout=60).run()
    app.switch_page("settings.py").run()
    assert not app.exception
    return app


def chosen(home: Path) -> Preferences:
    return read_preferences(home).preferences


def texts(app: AppTest) -> str:
    found = [*app.markdown, *app.caption, *app.warning, *app.text]
    return "\n".join(str(element.value) for element in found)


def test_every_setting_is_kept_at_once_taken_back_one_by_one_and_reset(home: Path) -> None:
    app = page()
    assert app.button(key="undo preference").disabled
    app.text_input(key="preference wearer").set_value("  Ada  Lovelace ").run()
    app.number_input(key="preference born").set_value(1975).run()
    app.button_group(key="preference mains_hz").set_value("60 Hz").run()
    app.button_group(key="preference sound").set_value("quiet").run()
    app.toggle(key="preference night_mode").set_value(True).run()
    app.number_input(key="preference emg_twitch_max_s").set_value(0.3).run()
    app.number_input(key="preference weeks").set_value(4).run()
    all_of_it = Preferences(
        wearer="Ada Lovelace",
        born=1975,
        mains_hz=60.0,
        sound=Sound.QUIET,
        night_mode=True,
        emg_twitch_max_s=0.3,
        weeks=4,
    )
    assert chosen(home) == all_of_it
    app.button(key="reset mains_hz").click().run()
    assert chosen(home) == replace(all_of_it, mains_hz=None, emg_twitch_max_s=0.25)
    app.button(key="undo preference").click().run()
    assert chosen(home) == all_of_it
    assert app.number_input(key="preference emg_twitch_max_s").value == 0.3
    app.button(key="undo preference").click().run()
    app.button(key="undo preference").click().run()
    assert chosen(home) == replace(all_of_it, weeks=3, emg_twitch_max_s=0.25)
    assert not app.exception


def test_changes_of_another_tab_are_shown_and_kept(home: Path) -> None:
    app = page()
    change_preferences(home, lambda p: replace(p, born=1980))
    app.toggle(key="preference night_mode").set_value(True).run()
    assert chosen(home) == Preferences(born=1980, night_mode=True)
    assert app.number_input(key="preference born").value == 1980


def test_numbers_that_do_not_go_together_are_refused_in_words(home: Path) -> None:
    app = page()
    app.number_input(key="preference separate_days").set_value(6).run()
    assert "separate_days" in texts(app)
    assert chosen(home) == Preferences()
    assert app.number_input(key="preference separate_days").value == 2


def test_each_number_is_shown_with_its_unit_limits_default_and_source(home: Path) -> None:
    app = page()
    for name, limits in LIMITS.items():
        field = app.number_input(key=f"preference {name}")
        assert limits.unit in field.label
        assert (field.min, field.max) == (limits.low, limits.high)
    assert "Hallegraeff et al" in texts(app)


def test_a_damaged_file_is_reported_until_a_setting_changes(home: Path) -> None:
    preferences_path(home).write_text("{")
    app = page()
    assert "damaged" in app.warning[0].value
    app.toggle(key="preference night_mode").set_value(True).run()
    assert not app.warning


def test_the_page_says_how_large_the_folder_is_and_makes_its_index_again(home: Path) -> None:
    record_session(home, "20261123-220411-k3f")
    app = page()
    assert f"{words.FOLDER.partition(':')[0]}: 1." in texts(app)
    assert size_of(home) > 100_000
    (home / "myowatch.db").unlink()
    app.button(key="rebuild").click().run(timeout=60)
    assert "1 sessions, 1 recordings" in texts(app)
    assert (home / "myowatch.db").exists()


def test_everything_is_deleted_by_a_typed_word_undone_on_the_page_and_gone_when_it_is_left(
    home: Path,
) -> None:
    folder = record_session(home, "20261123-220411-k3f")
    app = page()

    def erase(typed: str) -> None:
        app.text_input(key="erase word").set_value(typed)
        next(b for b in app.button if b.label == words.ERASE_BUTTON).click().run()

    erase("delete")
    assert folder.exists()
    erase("Delete everything ")
    assert not folder.exists()
    app.button(key="undo erase").click().run()
    assert folder.exists()
    erase(words.ERASE_WORD)
    app.switch_page("learn.py").run()
    assert not app.exception
    assert [path.name for path in home.rglob("*") if path.suffix == ".bdf"] == []
    assert not (home / "deleted").exists()
