"""Names, comments, messages and documentation use plain English and short Markdown lines."""

import re
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
KINDS = ("*.py", "*.md", "*.js", "*.html", "*.toml", "*.c", "*.h", "*.ino", "*.sh")
MAX_MARKDOWN_LINE = 119
CODE_BLOCK = re.compile(r"^```.*?^```$", re.MULTILINE | re.DOTALL)

PHRASES = (
    "nobody", "whoever", "who stops", "of which", "is told", "are told", "is had", "to be had",
    "goes by", "aloud", "what is left", "the one that", "a bug flies", "forgets? the past",
    "the house", "house's", "if told[,;.]", "what a night brings", "taken over", "samples a frame",
    "keeps nobody", "costs nobody", "is no y", "of its own accord", "so to speak",
    r"contract\.md", r"\.\./shared",
)  # fmt: skip
BANNED = re.compile(rf"\b(?:{'|'.join(PHRASES)})\b|(?<!\w)\.\./shared\b")
WRAPPED = re.compile(r"[\s_]*\n\s*(?:#|//|\*)?\s*|[\s_]+")
"""Between two words: a space, an underscore of a name, or a line break in a comment."""


def tracked_files() -> list[str]:
    listed = subprocess.run(
        ["git", "ls-files", *KINDS], cwd=ROOT, capture_output=True, text=True, check=False
    )
    if listed.returncode:
        pytest.skip("needs a git checkout")
    own = Path(__file__).relative_to(ROOT).as_posix()
    return [name for name in listed.stdout.splitlines() if "/vendor/" not in name and name != own]


def complaints(name: str) -> list[str]:
    """Return what a reader would stumble over in a file."""
    if not (ROOT / name).exists():
        return []
    text = (ROOT / name).read_text("utf-8")
    found = [f"{name}: {hit[0]!r}" for hit in BANNED.finditer(WRAPPED.sub(" ", text.lower()))]
    if name.endswith(".md"):
        found += long_lines(name, text)
    return found


def long_lines(name: str, text: str) -> list[str]:
    """Return the lines that are too long, outside code blocks; a wide table needs shorter cells."""
    outside = CODE_BLOCK.sub(lambda block: "\n" * block[0].count("\n"), text)
    return [
        f"{name}:{number}: {len(line)} characters"
        for number, line in enumerate(outside.splitlines(), start=1)
        if len(line) > MAX_MARKDOWN_LINE
    ]


def test_names_comments_and_texts_use_no_banned_phrase() -> None:
    assert [line for name in tracked_files() for line in complaints(name)] == []


def test_finds_a_banned_phrase_in_a_name_and_across_lines() -> None:
    for text in ("def test_nobody_waits", "# the file\n    # of  which", "see ../shared/a.md"):
        assert BANNED.search(WRAPPED.sub(" ", text))
