"""The JSON that commands print satisfies the schemas of docs/schema."""

import json
import re
from pathlib import Path
from typing import Any

import pytest
from command_line import run
from jsonschema import Draft202012Validator
from recorded_sessions import EVENTS, record_session
from referencing import Registry, Resource

from myowatch.recordings.wearer.labels import Label, LabelKind, add_label

FOLDER = Path(__file__).parent.parent / "docs" / "schema"
SCHEMAS = {path.name: json.loads(path.read_text("utf-8")) for path in FOLDER.glob("*.json")}
REGISTRY: Registry[Any] = Registry().with_resources(
    (name, Resource.from_contents(schema)) for name, schema in SCHEMAS.items()
)
SESSION = "20261123-220411-k3f"


def validator(command: str) -> Draft202012Validator:
    return Draft202012Validator(SCHEMAS[f"{command}.schema.json"], registry=REGISTRY)


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a data folder with a finished session with labels, and a killed recorder's."""
    home = tmp_path_factory.mktemp("home")
    record_session(home, SESSION)
    record_session(home, "20261124-220411-abc", seconds=3, end=False)
    file = f"sessions/{SESSION}/sim-twitchy.bdf"
    add_label(home, SESSION, file, EVENTS[1], Label(LabelKind.CRAMP, felt=True, note="ow"))
    add_label(home, SESSION, file, EVENTS[0], Label(LabelKind.TWITCH))
    return home


@pytest.fixture(scope="module")
def exported(home: Path, tmp_path_factory: pytest.TempPathFactory) -> Any:
    out = tmp_path_factory.mktemp("out") / "night.json"
    done = run("export", SESSION, "--to", "json", "--out", str(out), MYOWATCH_HOME=str(home))
    assert done.returncode == 0, done.stderr
    return json.loads(out.read_text("utf-8"))


@pytest.mark.parametrize("name", sorted(SCHEMAS))
def test_each_schema_is_a_valid_schema(name: str) -> None:
    Draft202012Validator.check_schema(SCHEMAS[name])


@pytest.mark.parametrize("modality", ["emg", "both"])
def test_analyze_prints_what_its_schema_describes(modality: str, tmp_path: Path) -> None:
    recording = str(tmp_path / "night.bdf")
    made = run(
        *("simulate", "demo", "--out", recording, "--duration", "6m", "--modality", modality)
    )
    assert made.returncode == 0, made.stderr
    done = run("analyze", recording, str(tmp_path / "none.bdf"), "--json")
    analysis, error = map(json.loads, done.stdout.splitlines())
    assert analysis["events"]
    assert "error" in error
    for line in (analysis, error):
        validator("analyze").validate(line)


def test_the_examples_of_the_reference_satisfy_the_schemas() -> None:
    page = (FOLDER.parent / "reference" / "json.md").read_text("utf-8")
    blocks = re.findall(r"^```json\n(.*?)^```$", page, re.MULTILINE | re.DOTALL)
    analysis, error, listed = map(json.loads, blocks)
    validator("analyze").validate(error)
    validator("sessions").validate(listed)
    # The page leaves the statistics empty; the first alternative is an analysis.
    (failed,) = validator("analyze").iter_errors(analysis)
    errors = [e for e in failed.context or () if e.schema_path[0] == 0]
    assert [e.message for e in errors if "statistics" not in e.absolute_path] == []


def test_sessions_prints_what_its_schema_describes(home: Path) -> None:
    done = run("sessions", "--json", MYOWATCH_HOME=str(home))
    listed = json.loads(done.stdout)
    assert len(listed) == 2
    validator("sessions").validate(listed)


def test_export_writes_what_its_schema_describes(exported: Any) -> None:
    assert any("label" in event for event in exported["events"])
    assert any("corrected" in summary for summary in exported["summary"])
    assert exported["markers"]
    validator("export").validate(exported)


@pytest.mark.parametrize("place", ["", "streams", "events", "rejected", "summary", "markers"])
def test_the_schema_refuses_a_key_that_it_does_not_describe(exported: Any, place: str) -> None:
    changed = json.loads(json.dumps(exported))
    (changed[place][0] if place else changed)["surprise"] = 1
    assert not validator("export").is_valid(changed)
