"""The Python code of the documentation prints what the pages show, and named files exist."""

import contextlib
import io
import re
import shlex
import subprocess
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path

import click
import matplotlib as mpl
import pytest
from click.testing import CliRunner

from myowatch.cli import commands

ROOT = Path(__file__).parent.parent
SUFFIX = r"\.(?:py|md|c|h|ino|toml|sh)\b"
FOLDERS = "acquisition|benchmarks|cli|dashboard|docs|firmware_notes|recordings|signal|tests"
NAMED_FILE = re.compile(rf"`([\w./-]+{SUFFIX})`|(?<![\w./-])((?:{FOLDERS})/[\w./-]+{SUFFIX})")
LISTED = r"auto(?:class|function|exception):: {}\.(\w+)$"
BLOCK = re.compile(r"^```(\w+)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
PAGES = ("README.md", "docs/how-to/python.md")
README_LINES = 80


def markdown() -> Iterator[Path]:
    listed = subprocess.run(
        ["git", "ls-files", "-co", "--exclude-standard", "*.md"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    ).stdout
    return (path for line in listed.splitlines() if (path := ROOT / line).exists())


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


def test_files_that_the_documentation_names_exist() -> None:
    names = {path.name for folder in ROOT.iterdir() if _is_ours(folder) for path in _files(folder)}
    missing = []
    for path in markdown():
        if path.name == "CHANGELOG.md":
            continue
        for match in NAMED_FILE.finditer(path.read_text("utf-8")):
            named = match[1] or match[2]
            here = any((folder / named).exists() for folder in (ROOT, path.parent))
            if not here and not ("/" not in named and named in names):
                missing.append(f"{path.relative_to(ROOT)}: {named}")
    assert missing == []


def test_relative_links_lead_to_files() -> None:
    broken = [
        f"{path.relative_to(ROOT)}: {target}"
        for path in markdown()
        for target in re.findall(r"\]\((?![a-z]+:|#)([^)#\s]+)", path.read_text("utf-8"))
        if not (path.parent / target).exists()
    ]
    assert broken == []


def test_commands_of_the_documentation_exist_with_their_options() -> None:
    unknown = []
    lines = [
        (path, line.strip())
        for path in markdown()
        for language, block in BLOCK.findall(path.read_text("utf-8"))
        if language == "sh"
        for line in block.splitlines()
    ]
    for path, line in lines:
        words = shlex.split(line, comments=True)
        if words[:1] == ["myowatch"]:
            known = known_options(words[1:])
            unknown += [
                f"{path.relative_to(ROOT)}: {line}: {word}"
                for word in words
                if word.startswith("--") and word not in known
            ]
    assert unknown == []
    assert len(lines) > 1


def known_options(words: list[str]) -> set[str]:
    """Return the options of a command, and of the command that it belongs to."""
    command: click.Command = commands
    context = click.Context(command)
    for word in words:
        if not isinstance(command, click.Group):
            break
        found = command.get_command(context, word)
        assert found is not None, f"no command {word!r}"
        command = found
    return {option for each in command.params for option in each.opts}


def test_test_modules_that_the_documentation_names_exist() -> None:
    named = {
        name
        for path in markdown()
        if path.is_relative_to(ROOT / "docs")
        for name in re.findall(r"`(test_\w+)`", path.read_text("utf-8"))
    }
    assert named
    assert {name for name in named if not (ROOT / "tests" / f"{name}.py").exists()} == set()


@pytest.mark.parametrize("package", ["myowatch.signal", "myowatch.recordings"])
def test_the_reference_lists_every_public_name(package: str) -> None:
    page = (ROOT / "docs/reference/python_api.md").read_text("utf-8")
    listed = re.findall(LISTED.format(re.escape(package)), page, re.MULTILINE)
    assert sorted(listed) == sorted(import_module(package).__all__)


def _is_ours(folder: Path) -> bool:
    return folder.is_dir() and not folder.name.startswith((".", "_"))


def _files(folder: Path) -> Iterator[Path]:
    return (path for path in folder.rglob("*") if path.is_file())
