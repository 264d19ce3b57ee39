"""Journals keep every entry, after power cuts and with several writers."""

import stat
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from myowatch.recordings.storage.journal import Journal, replay
from myowatch.recordings.storage.problem import StorageProblem


@given(st.lists(st.dictionaries(st.text(), st.text() | st.integers() | st.booleans()), max_size=5))
def test_entries_are_read_in_the_order_of_writing(
    tmp_path_factory: pytest.TempPathFactory, entries: list[dict[str, object]]
) -> None:
    journal = Journal(tmp_path_factory.mktemp("home"), "diary")
    for entry in entries:
        journal.append(entry)
    assert journal.entries() == entries


def test_a_damaged_line_does_not_affect_other_lines(tmp_path: Path) -> None:
    journal = Journal(tmp_path, "diary")
    journal.append({"day": 1})
    journal.append({"day": 2})
    journal.path.write_bytes(journal.path.read_bytes()[:-4])
    journal.append({"day": 3})
    assert journal.entries() == [{"day": 1}, {"day": 3}]


def test_concurrent_writers_keep_all_lines(tmp_path: Path) -> None:
    writing = (
        "import sys; from pathlib import Path\n"
        "from myowatch.recordings.storage.journal import Journal\n"
        "journal = Journal(Path(sys.argv[1]), 'diary')\n"
        "for n in range(40): journal.append({'who': sys.argv[2], 'n': n})"
    )
    writers = [
        subprocess.Popen([sys.executable, "-c", writing, str(tmp_path), who]) for who in "ab"
    ]
    assert [writer.wait() for writer in writers] == [0, 0]
    entries = Journal(tmp_path, "diary").entries()
    assert [e["n"] for e in entries if e["who"] == "a"] == list(range(40))
    assert [e["n"] for e in entries if e["who"] == "b"] == list(range(40))


def test_only_the_owner_can_read_the_file(tmp_path: Path) -> None:
    journal = Journal(tmp_path / "home", "diary")
    journal.append({"sleep": "bad"})
    assert stat.S_IMODE(journal.path.stat().st_mode) == 0o600
    assert stat.S_IMODE(journal.path.parent.stat().st_mode) == 0o700


def test_a_folder_in_place_of_the_file_raises_a_storage_problem(tmp_path: Path) -> None:
    journal = Journal(tmp_path, "diary")
    journal.path.mkdir(parents=True)
    with pytest.raises(StorageProblem, match="diary"):
        journal.append({"day": 1})


@pytest.mark.parametrize(
    ("commands", "standing", "can_redo"),
    [
        ("a b", "a b", ""),
        ("a b -a", "b", "a"),
        ("a b -a +a", "a b", ""),
        ("a -a a", "a", ""),
        ("a b -a -b", "", "a b"),
        ("a b -b -a +b", "b", "a"),
        ("-a a", "a", ""),
        ("a -a b", "b", ""),
    ],
)
def test_an_undo_takes_back_what_its_step_wrote_before(
    commands: str, standing: str, can_redo: str
) -> None:
    words = {"-": "undo", "+": "redo"}
    entries = [
        {words[c[0]]: c[1:]} if c[0] in words else {"step": c, "number": n}
        for n, c in enumerate(commands.split())
    ]
    found, undone = replay(entries)
    assert ([e["step"] for e in found], undone) == (standing.split(), tuple(can_redo.split()))
