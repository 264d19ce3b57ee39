"""Optional libraries: CI installs them; elsewhere their tests may be skipped."""

import importlib
import os
from typing import Any

import pytest


def optional(library: str, extra: str) -> Any:
    """Import a library; if it is missing, skip the module with a reason, or fail in CI."""
    if os.environ.get("CI") == "true":
        return importlib.import_module(library)
    reason = f"needs {library}: .venv/bin/pip install -e .[{extra}]"
    return pytest.importorskip(library, reason=reason)
