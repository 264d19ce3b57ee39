"""The Python of the documentation runs and prints what it says; files that it names exist."""

import contextlib
import io
import re
from importlib import import_module
from pathlib import Path

import matplotlib as mpl
import pytest
from click.testing import CliRunner

from myowatch.cli import commands

ROOT = Path(__file__).parent.parent
LISTED = r"auto(?:class|function|exception):: {}\.(\w+)$"
BLOCK = re.compile(r"^```(\w+)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
PAGES = ("README.md", "docs/how-to/python.md")
README_LINES = 80


@pytest.mark.parametrize("page", PAGES)
def test_the_python_of_a_page_prints_what_the_page_shows(
    page: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    mpl.use("agg")
    names: dict[str, object] = {}
    printed = None
    for language, text in BLOCK.findall((ROOT / page).read_text("utf-8")):
        if language == "sh" and text.startswith("myowatch simulate"):
            done = CliRunner().invoke(commands, text.split()[1:])
            assert done.exit_code == 0, done.output
        elif language == "python":
            with contextlib.redirect_stdout(io.StringIO()) as printed:
                exec(text, names)
        elif language == "text":
            assert printed is not None
            assert printed.getvalue().splitlines() == text.splitlines()


def test_the_readme_is_short() -> None:
    assert len((ROOT / "README.md").read_text("utf-8").splitlines()) <= README_LINES


@pytest.mark.parametrize("package", ["myowatch.signal", "myowatch.recordings"])
def test_the_reference_lists_every_public_name(package: str) -> None:
    page = (ROOT / "docs/reference/python_api.md").read_text("utf-8")
    listed = re.findall(LISTED.format(re.escape(package)), page, re.MULTILINE)
    assert sorted(listed) == sorted(import_module(package).__all__)
