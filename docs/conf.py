"""Sphinx configuration of the documentation site (`make docs`)."""

import os
import re
from importlib.metadata import version as installed_version
from pathlib import Path
from typing import Any

from sphinx.application import Sphinx

DOCS = Path(__file__).parent
ROOT = DOCS.parent
LINK = re.compile(r"(?<!!)\[([^\]]+)\]\((?![a-z]+:|#)([^)#\s]+)(#[^)\s]*)?\)")

suppress_warnings = ["misc.highlighting_failure"]  # Pygments has no lexer for jsonl

SIGNATURES = {
    r"\S*_Buffer \|.* \| str\]": "ArrayLike",
    r"= _DEFAULT_UNIT\b": "= 'uV'",
    r"<factory>": "...",
    r"= _DEFAULT\b": "= DetectionSettings()",
}

project = "Myowatch"
author = "The Myowatch maintainers"
release = installed_version("myowatch")
extensions = ["myst_parser", "numpydoc", "sphinx_design", "sphinx.ext.autodoc", "sphinx_click"]
exclude_patterns = ["_build"]

default_role = "code"
smartquotes = False  # would turn the two hyphens of an option into a dash

myst_enable_extensions = ["colon_fence"]
myst_heading_anchors = 4

autodoc_member_order = "bysource"
autodoc_typehints = "signature"
autodoc_typehints_format = "short"
autodoc_preserve_defaults = True
# Types of the standard library and NumPy have no page here, nor have our internal types.
nitpick_ignore_regex = [
    ("py:.*", r"ArrayLike|(collections|contextlib|datetime|numpy|pathlib|sqlalchemy|typing)\b.*"),
    ("py:.*", r"myowatch\.\w+\.\w+\..*"),
]
numpydoc_show_class_members = False

html_static_path = ["_static"]
html_css_files = ["tables.css"]
html_theme = "pydata_sphinx_theme"
html_title = f"Myowatch {release}"
html_theme_options = {
    "navbar_align": "left",
    "show_toc_level": 2,
    "navigation_with_keys": False,
    "secondary_sidebar_items": ["page-toc"],
}
html_show_sourcelink = False
html_copy_source = False


def page_of(path: Path) -> Path:
    """Return the page that shows a Markdown file; the file itself if it is a page."""
    if path.parent == ROOT / "firmware_notes":
        return DOCS / "firmware" / path.name.replace("README", "index")
    if path.parent == ROOT:
        return DOCS / "project" / path.name.lower()
    return path


def place_links(text: str, source: Path) -> str:
    """Return a file's Markdown with its relative links turned into links between pages.

    Links work in the repository as they are written. A link to a file without a page becomes code.
    """
    page = page_of(source)

    def placed(link: re.Match[str]) -> str:
        words, target, anchor = link.groups(default="")
        path = Path(os.path.normpath(source.parent / target))
        if not path.exists():
            return link.group()  # Sphinx reports it
        path = page_of(path) if path.suffix == ".md" else path
        if not path.is_file() or DOCS not in path.parents:
            return words if words.startswith("`") else f"`{words}`"
        return f"[{words}]({os.path.relpath(path, page.parent)}{anchor})"

    return LINK.sub(placed, text)


def _on_source(_: Sphinx, name: str, content: list[str]) -> None:
    content[0] = place_links(content[0], DOCS / f"{name}.md")


def _on_signature(_: Sphinx, *of: Any) -> tuple[str, str | None] | None:
    """Replace what NumPy's ArrayLike and private constants expand to in a signature."""
    signature, returns = of[-2:]
    if signature is None:
        return None
    for pattern, short in SIGNATURES.items():
        signature = re.sub(pattern, short, signature)
    return signature, returns


def _on_epilog(_: Sphinx, _context: Any, lines: list[str]) -> None:
    """Show the examples at the end of a command's help as code."""
    text = " ".join(lines).strip()
    if text.startswith("Example: myowatch "):
        first, *rest = text.removeprefix("Example: ").split(". ", 1)
        examples = re.split(r"\s+or\b[^:]*: ", first)
        lines[:] = ["Example::", "", *(f"    {example}" for example in examples), "", *rest]


def _on_include(_: Sphinx, path: Path, _parent: str, content: list[str]) -> None:
    content[0] = place_links(content[0], Path(os.path.normpath(DOCS / path)))


def setup(app: Sphinx) -> None:
    """Connect the handlers."""
    app.connect("autodoc-process-signature", _on_signature)
    app.connect("sphinx-click-process-epilog", _on_epilog)
    app.connect("source-read", _on_source)
    app.connect("include-read", _on_include)
