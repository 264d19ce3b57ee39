"""The structure that CONTRIBUTING.md describes: no import cycles, unique names, small folders."""

import ast
import sys
from collections import Counter
from collections.abc import Iterator
from graphlib import CycleError, TopologicalSorter
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
SOURCE_ROOTS = ("signal", "recordings", "acquisition", "dashboard", "cli")
MOST_MODULES_IN_A_FOLDER = 16


def modules(root: str) -> Iterator[Path]:
    return (ROOT / root / "myowatch").rglob("*.py")


def name_of(path: Path) -> str:
    parts = path.relative_to(ROOT).with_suffix("").parts[1:]
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def imported(path: Path, known: set[str]) -> set[str]:
    """Modules of ours that a file imports anywhere, also inside functions."""
    found: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            members = {f"{node.module}.{alias.name}" for alias in node.names}
            found |= members & known or {node.module}
    return found & known - {name_of(path)}


def test_imports_have_no_cycle() -> None:
    paths = {name_of(path): path for root in SOURCE_ROOTS for path in modules(root)}
    graph = {name: imported(path, set(paths)) for name, path in paths.items()}
    assert sum(map(len, graph.values())) > len(graph)
    try:
        TopologicalSorter(graph).prepare()
    except CycleError as error:
        pytest.fail(f"import cycle: {' -> '.join(error.args[1])}")


@pytest.mark.parametrize("root", SOURCE_ROOTS)
def test_no_module_name_comes_twice_in_a_source_root(root: str) -> None:
    names = Counter(path.stem for path in modules(root) if path.stem != "__init__")
    assert [name for name, times in names.items() if times > 1] == []


@pytest.mark.parametrize("root", SOURCE_ROOTS)
def test_no_folder_has_too_many_modules(root: str) -> None:
    sizes = Counter(path.parent for path in modules(root) if path.stem != "__init__")
    assert {str(f): n for f, n in sizes.items() if n > MOST_MODULES_IN_A_FOLDER} == {}


@pytest.mark.parametrize("root", SOURCE_ROOTS)
def test_no_module_has_the_name_of_a_standard_module(root: str) -> None:
    names = {path.stem for path in modules(root)} - {"__init__", "__main__"}
    assert names & sys.stdlib_module_names == set()
