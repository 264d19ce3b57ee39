"""Export and import of the diary: exact, safe in spreadsheets, all or nothing."""

import contextlib
import csv
import io
import json
from collections.abc import Callable
from pathlib import Path

import pytest
from diary_values import MONDAY, changes
from hypothesis import given
from hypothesis import strategies as st

from myowatch.cli import main
from myowatch.recordings.formats.csv_header import escape_formula, unescape_formula
from myowatch.recordings.storage.problem import Problem
from myowatch.recordings.wearer.diary import (
    Change,
    Days,
    Diary,
    read_diary,
    replay_diary,
    undo_step,
    write_changes,
)
from myowatch.recordings.wearer.diary_exchange import (
    compare_import,
    diary_csv,
    diary_json,
    import_diary,
)
from myowatch.recordings.wearer.diary_fields import as_json

AT = "2024-11-18T22:04:11.123+01:00"


def diary_with(said: list[Change]) -> Diary:
    settings = [
        [
            change.day.isoformat() if change.day else None,
            change.field,
            None if change.value is None else as_json(change.value),
        ]
        for change in said
    ]
    return replay_diary([{"at": AT, "step": "a", "by": "page", "set": settings}])


@pytest.mark.parametrize("write_out", [diary_csv, diary_json])
@given(said=st.lists(changes(), max_size=12))
def test_an_exported_diary_is_imported_exactly(
    write_out: Callable[[Days], str], said: list[Change]
) -> None:
    days = diary_with(said).days()
    found = compare_import(write_out(days).encode(), Diary())
    assert found.bad == ()
    again = diary_with(found.changes).days()
    assert again == days
    assert write_out(again) == write_out(days)


@given(st.lists(changes(), max_size=8))
def test_no_cell_starts_like_a_formula(said: list[Change]) -> None:
    for row in csv.reader(io.StringIO(diary_csv(diary_with(said).days()), newline="")):
        assert not any(cell.startswith(tuple("=+-@\t\r")) for cell in row)


@given(st.text("='+-@ab\t") | st.text())
def test_an_escaped_formula_is_unescaped(text: str) -> None:
    assert unescape_formula(escape_formula(text)) == text


def test_an_import_reports_its_changes_and_is_one_step(
    tmp_path: Path,
) -> None:
    write_changes(tmp_path, [Change(MONDAY, "stress", 3), Change(MONDAY, "sleep_h", 7.5)])
    before = read_diary(tmp_path).days()
    found = import_diary(
        tmp_path, b"day,stress,sleep_h,cramps\n2024-11-18,5,7.5,1\n2024-11-19,4,,\n"
    )
    assert found.added == (Change(MONDAY, "cramps", 1), Change(MONDAY.replace(day=19), "stress", 4))
    assert found.changed == ((Change(MONDAY, "stress", 5), 3),)
    assert found.unchanged == 1
    assert read_diary(tmp_path).days()[MONDAY] == {"sleep_h": 7.5, "stress": 5, "cramps": 1}
    undo_step(tmp_path, read_diary(tmp_path).steps(1)[0].id)
    assert read_diary(tmp_path).days() == before


def test_bad_rows_are_reported_and_stop_the_import_unless_skipped(
    tmp_path: Path,
) -> None:
    table = (
        b'day,stress,note,mood\n2024-11-18,11,"two\nlines",\n2024-11-32,1,,\n'
        b"2024-11-19,2,,3\n2024-11-19,5,,,extra\n9999-01-01,1,,\n"
    )
    found = import_diary(tmp_path, table)
    assert [row.where for row in found.bad] == [f"line {n}" for n in (2, 4, 5, 6, 6, 7)]
    assert "stress: need a whole number from 0 to 10, got 11" in found.bad[0].why
    assert "no field is called 'mood'" in found.bad[2].why
    assert "stress of 2024-11-19 is given twice" in {row.why for row in found.bad}
    assert read_diary(tmp_path).days() == {}
    import_diary(tmp_path, table, skip_bad=True)
    assert read_diary(tmp_path).days() == {
        MONDAY: {"note": "two\nlines"},
        MONDAY.replace(day=19): {"stress": 2},
    }


def test_semicolons_and_decimal_commas_are_read(tmp_path: Path) -> None:
    found = import_diary(tmp_path, '\ufeffday;sleep_h;note\n2024-11-18;7,5;"a; b, c"\n'.encode())
    assert not found.bad
    assert read_diary(tmp_path).days() == {MONDAY: {"sleep_h": 7.5, "note": "a; b, c"}}


@pytest.mark.parametrize(
    "data",
    [
        b"\xff\xfe",
        b"",
        b"date,stress\n",
        b'day,note\n2024-11-18,"open',
        b"{",
        b'{"diary": 3}',
        b"[" * 100_000,
    ],
    ids=["no text", "empty", "no day", "open quote", "no json", "no list", "deep"],
)
def test_a_file_that_is_not_a_diary_raises_a_problem(data: bytes) -> None:
    with pytest.raises(Problem):
        compare_import(data, Diary())


@given(st.binary(max_size=60) | st.text("day,;\n\"'=2024-18x{}[]:", max_size=60).map(str.encode))
def test_any_file_is_imported_or_raises_a_problem(data: bytes) -> None:
    with contextlib.suppress(Problem):
        compare_import(data, Diary())


def test_the_command_line_adds_lists_undoes_and_exports(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("MYOWATCH_HOME", str(tmp_path / "home"))

    def diary(*arguments: str, status: int = 0) -> str:
        monkeypatch.setattr("sys.argv", ["myowatch", "diary", *arguments])
        with pytest.raises(SystemExit) as ended:
            main()
        said = capsys.readouterr()
        assert ended.value.code == status, said.err
        return said.out if status == 0 else said.err

    diary("add", "--day", "2024-11-18", "--weakness", "yes", "--weakness-where", "left calf; toes",
          "--note", "=1+1 <script>alert(1)</script>")  # fmt: skip
    diary("add", "--day", "2024-11-18", "--stress", "4")
    assert "stress  (open)" in diary("undo")
    assert "stress  4" in diary("redo")
    assert json.loads(diary("list", "--json")) == [
        {
            "day": "2024-11-18",
            "weakness": True,
            "weakness_where": ["left calf", "toes"],
            "stress": 4,
            "note": "=1+1 <script>alert(1)</script>",
        }
    ]
    table = tmp_path / "diary.csv"
    diary("export", "--to", "csv", "--out", str(table))
    assert "exists already" in diary("export", "--to", "csv", "--out", str(table), status=1)
    assert "0 added, 0 changed, 4 as before" in diary("import", str(table))
    assert "from 0 to 10, got 14" in diary("add", "--stress", "14", status=2)
    table.write_text("day,stress\n2024-11-18,x\n")
    assert "line 2: stress: need a number, got 'x'" in diary("import", str(table), status=1)
