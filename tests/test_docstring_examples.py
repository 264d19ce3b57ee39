"""Every example in a docstring runs and prints what it says."""

import doctest
import importlib
import pkgutil
from collections.abc import Iterator
from types import ModuleType

import pytest

PACKAGES = ("signal", "recordings", "acquisition", "dashboard", "cli")
SCRIPTS = "myowatch.dashboard.pages"  # Streamlit runs these; they are no modules


def modules() -> Iterator[str]:
    for package in PACKAGES:
        root = importlib.import_module(f"myowatch.{package}")
        yield root.__name__
        for found in pkgutil.walk_packages(root.__path__, f"{root.__name__}."):
            if not found.name.startswith(SCRIPTS):
                yield found.name


def examples(module: ModuleType) -> list[doctest.DocTest]:
    finder = doctest.DocTestFinder(exclude_empty=True)
    return [test for test in finder.find(module) if test.examples]


FOUND = {test.name: test for name in modules() for test in examples(importlib.import_module(name))}


def test_the_public_functions_have_examples() -> None:
    public = {
        *("signal.detector.detect.detect", "signal.detector.detector.Detector"),
        *("recordings.formats.opening.open_recording", "recordings.analysis.analyze.analyze"),
        "recordings.store.store.Store",
    }
    assert {f"myowatch.{name}" for name in public} <= FOUND.keys()


@pytest.mark.parametrize("name", FOUND)
def test_an_example_prints_what_it_says(name: str) -> None:
    runner = doctest.DocTestRunner(optionflags=doctest.ELLIPSIS)
    report: list[str] = []
    runner.run(FOUND[name], out=report.append)
    assert runner.summarize(verbose=False).failed == 0, "".join(report)
