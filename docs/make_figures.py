"""Make the figures of docs/explanation/detection.md with the real stages over simulated scenes.

`python docs/make_figures.py [NAME ...]` makes the named figures, or all. `--list` prints the names.
`--values` updates the constants in the tables of the page.
"""

import io
import re
import sys
from pathlib import Path

from drawing import FIGURES, constants

PAGE = Path(__file__).parent / "explanation" / "detection.md"
FOLDER = Path(__file__).parent / "figures"


# A tenth of a point is finer than a screen. Rounding to it makes files a third as large.
_LONG = re.compile(r"(\.\d)\d+")
_PATH = re.compile(r'(?<= d=")[^"]+')


def save(name: str) -> None:
    """Write one figure; the same code writes the same bytes."""
    text = io.StringIO()
    FIGURES[name]().savefig(text, format="svg", metadata={"Date": None})
    shorter = _PATH.sub(lambda path: _LONG.sub(r"\1", path.group()), text.getvalue())
    FOLDER.mkdir(exist_ok=True)
    (FOLDER / f"{name}.svg").write_text(shorter, encoding="utf-8")


if __name__ == "__main__":
    names = sys.argv[1:] or list(FIGURES)
    if names == ["--list"]:
        sys.stdout.write("\n".join(FIGURES) + "\n")
    elif names == ["--values"]:
        PAGE.write_text(constants.written(PAGE.read_text("utf-8")), encoding="utf-8")
    else:
        for name in names:
            save(name)
