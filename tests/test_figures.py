"""The figures and constants of the page about detection match the code."""

import io
import re
import subprocess
import sys
from pathlib import Path

import pytest

sys.path.append(str(Path(__file__).parent.parent / "docs"))
from drawing import FIGURES, constants

DOCS = Path(__file__).parent.parent / "docs"
PAGE = DOCS / "explanation" / "detection.md"


def test_the_page_shows_every_figure_of_the_script() -> None:
    shown = re.findall(r"\]\(\.\./figures/([a-z-]+)\.svg\)", PAGE.read_text("utf-8"))
    script = [sys.executable, str(DOCS / "make_figures.py"), "--list"]
    made = subprocess.run(script, capture_output=True, text=True, check=True).stdout.split()
    assert shown == made
    assert {path.stem for path in (DOCS / "figures").iterdir()} == set(made)


def test_the_page_gives_each_constant_as_in_the_code() -> None:
    page = PAGE.read_text("utf-8")
    # `python docs/make_figures.py --values` writes them anew.
    assert constants.written(page) == page


# The figures read private attributes of the stages: these four read most of them.
@pytest.mark.parametrize("name", ["thresholds", "electrode-pop", "tap", "limb"])
def test_figures_can_be_drawn(name: str) -> None:
    FIGURES[name]().savefig(io.BytesIO(), format="svg")
