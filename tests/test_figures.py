"""The page that explains detection and the script that draws for it name the same figures."""

import re
import subprocess
import sys
from pathlib import Path

sys.path.append(str(Path(__file__).parent.parent / "docs"))
from drawing import constants

DOCS = Path(__file__).parent.parent / "docs"
PAGE = DOCS / "explanation" / "detection.md"


def test_the_page_shows_every_figure_that_the_script_makes_and_each_is_there() -> None:
    shown = re.findall(r"\]\(\.\./figures/([a-z-]+)\.svg\)", PAGE.read_text("utf-8"))
    script = [sys.executable, str(DOCS / "make_figures.py"), "--list"]
    made = subprocess.run(script, capture_output=True, text=True, check=True).stdout.split()
    assert shown == made
    assert {path.stem for path in (DOCS / "figures").iterdir()} == set(made)


def test_the_page_gives_each_constant_as_it_is_in_the_code() -> None:
    page = PAGE.read_text("utf-8")
    # `python docs/make_figures.py --values` writes them anew.
    assert constants.written(page) == page
