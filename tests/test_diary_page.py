"""The Diary page as Streamlit runs it, and the way by which its form saves."""

import asyncio
import json
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from starlette.requests import Request
from starlette.types import Message
from streamlit.testing.v1 import AppTest

from myowatch.dashboard.diary import diary_text as words
from myowatch.dashboard.diary.day_counts import current_day, felt_sentences
from myowatch.dashboard.diary.day_form import LARGEST_BODY, diary_endpoint, diary_key
from myowatch.dashboard.diary.diary_view import beside_table, month_data
from myowatch.recordings.wearer.diary import (
    Change,
    Days,
    read_diary,
    today,
    undo_step,
    write_changes,
)
from myowatch.recordings.wearer.diary_days import diary_days_with_wear
from myowatch.recordings.wearer.diary_fields import FIELDS
from myowatch.signal.escalation.evidence import Wear
from myowatch.signal.model.samples import Modality
from myowatch.signal.statistics.felt_agreement import FeltAgreement, Share

MAIN = Path(__file__).parent.parent / "dashboard/myowatch/dashboard/pages/main.py"
TODAY = today()
YESTERDAY = TODAY - timedelta(days=1)
SCRIPT = "<script>alert(1)</script> [link](https://example.org)"


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("MYOWATCH_HOME", str(tmp_path))
    return tmp_path


def page() -> AppTest:
    app = AppTest.from_file(MAIN, default_timeout=30).run()
    app.switch_page("diary.py").run()
    assert not app.exception
    return app


def shown(app: AppTest) -> dict[str, Any]:
    """What the form was given."""
    found: dict[str, Any] = json.loads(app.get("bidi_component")[0].proto.json)
    return found


def post(home: Path, *changes: dict[str, Any], **other: Any) -> tuple[int, dict[str, Any]]:
    body = json.dumps({"diary": diary_key(home), "changes": list(changes)} | other).encode()
    return post_bytes(home, body)


def post_bytes(home: Path, body: bytes) -> tuple[int, dict[str, Any]]:
    async def receive() -> Message:
        return {"type": "http.request", "body": body, "more_body": False}

    request = Request({"type": "http", "method": "POST", "headers": []}, receive)
    response = asyncio.run(diary_endpoint(home)(request))
    return response.status_code, json.loads(bytes(response.body))


def said(field: str, value: object, step: str = "a1", **other: Any) -> dict[str, Any]:
    return {"day": TODAY.isoformat(), "field": field, "value": value, "step": step} | other


def test_an_empty_diary_asks_everything_without_default_answers(home: Path) -> None:
    app = page()
    given = shown(app)
    assert given["values"] == {}
    assert given["saved"] == ""
    asked = json.dumps(given["groups"])
    assert all(f'"name": "{name}"' in asked for name in FIELDS)
    assert app.button("undo").disabled
    assert app.button("redo").disabled
    assert not (home / "journal").exists()


def test_every_question_says_why_it_is_asked_and_where_the_article_has_it() -> None:
    for question, why in words.QUESTIONS.values():
        assert question.endswith("?")
        assert "ection 4" in why
    assert set(words.LABELS) == set(FIELDS)


def test_a_day_is_turned_undone_redone_and_answered_as_the_one_before(home: Path) -> None:
    write_changes(home, [Change(YESTERDAY, "weakness", value=False)])
    write_changes(home, [Change(YESTERDAY, "note", SCRIPT)])
    app = page()
    assert shown(app)["values"] == {}
    app.button("as_before").click().run()
    assert read_diary(home).days()[TODAY] == {"weakness": False}
    assert shown(app)["values"] == {"weakness": False}
    app.button("undo").click().run()
    app.button("previous_day").click().run()
    assert shown(app)["values"] == {"weakness": False, "note": SCRIPT}
    app.button("undo").click().run()
    assert shown(app)["values"] == {"weakness": False}
    app.button("redo").click().run()
    assert shown(app)["values"]["note"] == SCRIPT
    app.date_input("diary_day").set_value(TODAY).run()
    assert shown(app)["day"] == TODAY.isoformat()
    assert SCRIPT not in "".join(str(e.value) for e in [*app.markdown, *app.caption])


def test_an_entry_after_midnight_belongs_to_the_evening() -> None:
    monday, tuesday = date(2024, 11, 18), date(2024, 11, 19)
    assert current_day(monday, datetime(2024, 11, 18, 23, 59).astimezone()) == monday
    assert current_day(monday, datetime(2024, 11, 19, 3, 59).astimezone()) == monday
    assert current_day(monday, datetime(2024, 11, 19, 4, 0).astimezone()) == tuesday
    assert current_day(monday - timedelta(1), datetime(2024, 11, 19, 1, 0).astimezone()) == tuesday


def test_an_import_is_compared_with_the_diary_first(home: Path) -> None:
    write_changes(home, [Change(TODAY, "stress", 3)])
    app = page()
    table = f"day,stress,cramps\n{TODAY},5,1\n{YESTERDAY},{SCRIPT},\n".encode()
    app.file_uploader[0].upload("diary.csv", table, "text/csv").run()
    told = "\n".join(str(e.value) for e in [*app.text, *app.caption, *app.warning])
    assert words.IMPORT_FOUND.format(added=1, changed=1, left=0) in told
    assert "line 3" in told
    assert "<script>" not in told
    assert read_diary(home).days()[TODAY] == {"stress": 3}
    app.button("import_take").click().run()
    assert not app.exception
    assert read_diary(home).days()[TODAY] == {"stress": 5, "cramps": 1}
    app.button("undo").click().run()
    assert read_diary(home).days()[TODAY] == {"stress": 3}


def test_the_answer_comes_after_the_disk_is_written(home: Path) -> None:
    status, answer = post(home, said("note", SCRIPT), said("stress", 4, "b2"))
    assert (status, answer["refused"]) == (200, [])
    assert answer["size"] == (home / "journal/diary.jsonl").stat().st_size
    assert read_diary(home).days()[TODAY] == {"stress": 4, "note": SCRIPT}
    post(home, said("note", None, "c3"))
    assert read_diary(home).days()[TODAY] == {"stress": 4}


def test_a_repeated_request_is_written_once(home: Path) -> None:
    post(home, said("note", "once"))
    lines = (home / "journal/diary.jsonl").read_bytes()
    post(home, said("note", "once", again=True))
    assert (home / "journal/diary.jsonl").read_bytes() == lines
    undo_step(home, "a1")
    post(home, said("note", "once", again=True))
    assert read_diary(home).days() == {}
    post(home, said("note", "on", again=True))
    assert read_diary(home).days()[TODAY] == {"note": "on"}


def test_an_invalid_change_does_not_affect_the_others(home: Path) -> None:
    bad = [said("stress", 11), said("mood", 1), said("stress", 1, step="../x"), said("stress", {})]
    late = said("stress", 1) | {"day": (TODAY + timedelta(days=2)).isoformat()}
    status, answer = post(home, *bad, late, said("stress", 1) | {"day": 7}, said("cramps", 2))
    assert status == 200
    assert len(answer["refused"]) == len(bad) + 2
    assert "from 0 to 10, got 11" in answer["refused"][0]["why"]
    assert read_diary(home).days() == {TODAY: {"cramps": 2}}


@pytest.mark.parametrize(
    ("body", "status"),
    [(b"", 400), (b"[]", 400), (b'{"changes": [1]}', 400), (b"x" * (LARGEST_BODY + 1), 413)],
    ids=["empty", "list", "no change", "large"],
)
def test_an_invalid_body_is_refused(home: Path, body: bytes, status: int) -> None:
    assert post_bytes(home, body)[0] == status
    assert not (home / "journal").exists()


def test_a_page_of_another_data_folder_does_not_write_into_this_one(home: Path) -> None:
    status, answer = post(home, said("stress", 1), diary="another")
    assert (status, answer["problem"]) == (409, words.OTHER_FOLDER)


def test_a_disk_error_is_reported_and_not_shown_as_saved(home: Path) -> None:
    (home / "journal/diary.jsonl").mkdir(parents=True)
    status, answer = post(home, said("stress", 1))
    assert status == 507
    assert "diary" in answer["problem"]
    assert "saved" not in answer


def test_days_stand_beside_what_was_worn_on_them() -> None:
    days: Days = {
        None: {"family_history": True},
        TODAY: {"stress": 4, "weakness": True, "medicines_changed": False},
    }
    wears = [
        Wear("left-thigh", TODAY, Modality.EMG, 30, 1800.0),
        Wear("left-thigh", TODAY, Modality.EMG, 10, 5400.0, night=True),
        Wear("right-calf", YESTERDAY, Modality.EMG, 1, 60.0),
    ]
    before, now = diary_days_with_wear(days, wears)
    assert (before.day, before.answers) == (YESTERDAY, {})
    assert before.worn[0].twitches_per_hour is None  # a minute tells no rate
    assert now.worn[0].twitches_per_hour == 20.0
    table = beside_table([before, now])
    assert list(table[words.DAY]) == [TODAY.isoformat(), YESTERDAY.isoformat()]
    assert table[words.BESIDE_RATE.format(site="left thigh")][0] == 20.0
    assert table[words.BESIDE_YES][0] == words.LABELS["weakness"]
    month = month_data(TODAY, {day.day: day for day in (before, now)})
    cells = {cell["day"]: cell for week in month["weeks"] for cell in week if cell}
    assert cells[TODAY.isoformat()]["rate"] == "20/h"
    assert "left thigh: 20 twitches an hour" in cells[TODAY.isoformat()]["says"]
    assert diary_days_with_wear({}, []) == []


def test_the_agreement_of_felt_and_detected_has_an_interval() -> None:
    told = felt_sentences(FeltAgreement(Share(12, 14, 0.12), Share(12, 300, 0.05), 2, 2.5))
    assert "14 times" in told[0]
    assert "86%" in told[0]
    assert "12%" in told[0]
    few = felt_sentences(FeltAgreement(Share(3, 4, 0.12), Share(3, 9, 0.05), 0, 2.5))
    assert "%" not in "".join(few)
    assert felt_sentences(FeltAgreement(Share(0, 0, 0.0), Share(0, 9, 0.0), 0, 2.5))
