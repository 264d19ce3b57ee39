"""The Learn page holds every fact of the article, and finds what is looked for.

The facts are those of the article "Why Is My Muscle Twitching In My Thigh? Causes & Relief", by the
numbers of its sections; each line here is one row or item of it, by the words that must be there.
"""

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from streamlit.testing.v1 import AppTest

from myowatch.dashboard.learn import learn_text as words
from myowatch.dashboard.learn.sections import Section, search_sections
from myowatch.signal.escalation.evidence import ARTICLE

MAIN = Path(__file__).parent.parent / "dashboard/myowatch/dashboard/pages/main.py"
BY_KEY = {section.key: section for section in words.SECTIONS}
ROWS = {
    "twitch-or-cramp": [
        "duration, brief, prolonged",
        "strength, small, intense",
        "pain, often none, typically painful",
        "extent, one spot, groups of muscles",
        "causes, stress, caffeine, dehydration, electrolyte, overexertion",
    ],
    "seek-help": [
        "several weeks, does not get better",
        "weakness, smaller",
        "pain, numbness, tingling",
        "spreads, other parts",
        "reflexes, coordination",
        "nervous system, family",
    ],
    "causes": [
        "dehydration, twitching, cramp, tired, dizziness, water, electrolyte",
        "sodium, potassium, calcium, magnesium, weakness, irregular heartbeat, diet, supplements",
        "caffeine, alcohol, anxiety, insomnia, less",
        "stress, anxiety, irritability, concentration, relaxation, therapy",
        "exercise, fatigue, soreness, stiffness, rest, stretching, water, food",
        "nutrient, magnesium, calcium, potassium, vitamin d, weakness, fatigue, diet, supervision",
        "diuretics, asthma, side effects, doctor",
        "bfs, stays, tingling, numbness, fatigue, anxiety, no disorder, reassurance, stress, "
        "exercise, medication",
        "pinched nerve, stenosis, herniated disc, arthritis, same motion, pain, numbness, "
        "tingling, weakness, physical therapy, pain medication, surgery",
        "rls, urge to move, unpleasant, at rest, at night, movement, habits, medication, iron",
        "rare, als, multiple sclerosis, sma, weakness, wasting, evaluation, treatment",
    ],
    "neurological": [
        "als, weakness, twitching, atrophy",
        "ms, twitching, weakness, numbness, vision",
        "sma, weakness, twitching, atrophy",
    ],
    "self-care": [
        "drink, exercise",
        "electrolytes, bananas, oranges, coconut water",
        "leafy greens, nuts, seeds, dairy, lean protein",
        "quadriceps, hamstring, calf, lunges, squats",
        "meditation, deep breathing, yoga, sleep, counselling",
        "less caffeine and alcohol",
        "magnesium, glycinate, citrate, asking a professional",
        "warm compress, massage",
    ],
    "treatments": [
        "muscle relaxants, cyclobenzaprine",
        "anticonvulsants, gabapentin",
        "beta-blockers, propranolol, tremor, anxiety",
        "physical therapy",
        "nerve blocks",
        "surgery, severe compression, structure",
    ],
    "electrolytes": [
        "sodium, fluid, nerve impulses",
        "potassium, contraction, nerve function",
        "calcium, contraction, nerve function",
        "magnesium, relax",
        "vitamin d, calcium",
    ],
    "tests": [
        "emg, electrical activity",
        "nerve conduction",
        "mri",
        "blood, electrolytes, nutrients",
    ],
}
ITEMS = {
    "right-now": ["stretch, gently", "warm compress", "massage", "water", "rest"],
    "prevention": ["water", "diet", "stretching", "stress", "caffeine, alcohol"],
    "nerves": ["electrolytes", "dehydration", "compression", "neurological conditions"],
}
SAID = {
    "twitch-or-cramp": "without being wanted, harmless",
    "stress": "cortisol, adrenaline, tighten, reflexes stronger, slow recovery",
    "electrolytes": "dehydration lowers, volume of the blood, oxygen, nutrients",
    "nerves": "motor nerves, contract, twitches",
    "benign-fasciculation": "no disorder, tingling, numbness, fatigue, anxiety, exercise",
    "restless-legs": "urge to move, rest, night, iron, relief",
    "seek-help": "early",
}
CITED = {1, 2, 3, 4, 5, 6, 7, 9, 10, 11, 15, 16, 17, 18, 19, 20}


@pytest.mark.parametrize("key", ROWS)
def test_every_row_of_the_articles_tables_is_there(key: str) -> None:
    table = BY_KEY[key].table
    assert table is not None
    assert len(table.rows) == len(ROWS[key])
    for row, fact in zip(table.rows, ROWS[key], strict=True):
        assert len(row) == len(table.columns)
        assert_holds(" ".join(row), fact)


@pytest.mark.parametrize("key", ITEMS)
def test_every_item_of_the_articles_lists_is_there(key: str) -> None:
    points = BY_KEY[key].points
    assert len(points) == len(ITEMS[key])
    for point, fact in zip(points, ITEMS[key], strict=True):
        assert_holds(point, fact)


@pytest.mark.parametrize("key", SAID)
def test_the_sentences_of_the_article_are_there(key: str) -> None:
    section = BY_KEY[key]
    assert_holds(" ".join([*section.says, *section.notes]), SAID[key])


def assert_holds(text: str, fact: str) -> None:
    missing = [word for word in fact.split(", ") if word not in text.casefold()]
    assert not missing, f"{text!r} lacks {missing}"


def test_every_section_says_where_it_is_from_and_none_is_left_out() -> None:
    assert {number for section in words.SECTIONS for number in section.article} == CITED
    assert len(BY_KEY) == len(words.SECTIONS)


@pytest.mark.parametrize(
    ("sought", "keys"),
    [
        ("coconut", ["self-care"]),
        ("propranolol", ["treatments"]),
        ("VITAMIN D", ["causes", "electrolytes"]),
        ("cortisol", ["stress"]),
        ("coffee", ["causes", "self-care", "prevention"]),
    ],
)
def test_a_word_finds_the_sections_that_have_it(sought: str, keys: list[str]) -> None:
    assert [section.key for section in search_sections(words.SECTIONS, sought)] == keys


def test_a_table_shows_only_the_rows_with_the_word() -> None:
    (tests,) = search_sections(words.SECTIONS, "conduction")
    assert tests.table is not None
    assert [row[0] for row in tests.table.rows] == ["Nerve conduction studies"]


def test_words_that_stand_in_a_section_but_not_together_find_it_whole() -> None:
    assert BY_KEY["self-care"] in search_sections(words.SECTIONS, "yoga bananas")


@settings(deadline=None)
@given(st.text(max_size=12))
def test_every_result_contains_the_search_text(sought: str) -> None:
    for section in search_sections(words.SECTIONS, sought):
        text = text_of(section).casefold()
        assert all(word in text for word in sought.casefold().split())


def text_of(section: Section) -> str:
    rows = section.table.rows if section.table else ()
    cells = [cell for row in rows for cell in row]
    parts = [section.title, section.also, *section.says, *cells, *section.points, *section.notes]
    return " ".join(parts)


def test_the_page_shows_every_section_and_finds_a_word(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MYOWATCH_HOME", str(tmp_path))
    app = AppTest.from_file(MAIN, default_timeout=30).run()
    app.switch_page("learn.py").run()
    assert [expander.label for expander in app.expander] == [s.title for s in words.SECTIONS]
    assert sum(ARTICLE in str(caption.value) for caption in app.caption) == len(words.SECTIONS)
    app.text_input(key="sought").set_value("gabapentin").run()
    assert [expander.label for expander in app.expander] == [BY_KEY["treatments"].title]
    assert "**gabapentin**" in app.expander[0].markdown[0].value
    app.text_input(key="sought").set_value("[x](y) * zzz").run()
    assert not app.expander
    assert not app.exception
