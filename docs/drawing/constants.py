"""Write the constants in the tables of docs/explanation/detection.md from the code.

A row begins with the path of a constant, `folder.module.NAME` or `folder.module.Class.field`. Its
second cell is the value. A test compares it with the code.
"""

import re
from dataclasses import is_dataclass
from importlib import import_module
from typing import Any

ROW = re.compile(r"^\| `(\w+(?:\.\w+)+)` \|([^|]*)\|", re.MULTILINE)


def value(place: str) -> str:
    """Return the value of a constant as the page writes it."""
    folder, module, *names = place.split(".")
    found: Any = import_module(f"myowatch.signal.{folder}.{module}")
    for name in names:
        found = getattr(found, name)
        if isinstance(found, type) and is_dataclass(found):
            found = found()
    return _written(found)


def written(page: str) -> str:
    """Return the page with every value updated from the code."""
    return ROW.sub(lambda row: f"| `{row[1]}` | {value(row[1])} |", page)


def _written(found: object) -> str:
    if isinstance(found, tuple):
        return ", ".join(_written(one) for one in found)
    return f"{found:.4g}" if isinstance(found, int | float) else str(found)
