"""Libraries that come with an extra: in CI they are there, elsewhere their tests may be skipped."""

import importlib
import os
from typing import Any

import pytest


def optional(library: str, extra: str) -> Any:
    """Import a library; without it, skip the module aloud, or fail where everything is tested."""
    if os.environ.get("CI") == "true":
        return importlib.import_module(library)
    reason = f"needs {library}: .venv/bin/pip install -e .[{extra}]"
    return pytest.importorskip(library, reason=reason)
