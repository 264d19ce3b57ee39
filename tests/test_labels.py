"""Labels of events are stored, undone, and kept apart from the detector's results."""

import csv
import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from recorded_sessions import EVENTS, record_session

from myowatch.recordings.export.analysis_json import session_analysis, session_export_as_json
from myowatch.recordings.export.session_tables import write_events_csv
from myowatch.recordings.storage.journal import Journal
from myowatch.recordings.store.store import Store
from myowatch.recordings.wearer.labels import (
    LONGEST_NOTE,
    Label,
    LabelKind,
    add_label,
    apply_labels,
    count_changes,
    event_key,
    read_labels,
    undo_label,
)
from myowatch.signal.model.events import Event, Kind

SESSION, OTHER = "20261123-220411-k3f", "20261124-220411-abc"
FILE = f"sessions/{SESSION}/sim-twitchy.bdf"
EDGE, TWITCH, _, CRAMP, MOVEMENT = EVENTS


def test_the_last_label_counts_and_an_undo_removes_only_its_step(tmp_path: Path) -> None:
    add_label(tmp_path, SESSION, FILE, TWITCH, Label(LabelKind.MOVEMENT))
    step = add_label(tmp_path, SESSION, FILE, TWITCH, Label(LabelKind.CRAMP, felt=True, note="ow"))
    add_label(tmp_path, OTHER, FILE, TWITCH, Label(LabelKind.NOT_AN_EVENT))
    found = read_labels(tmp_path, SESSION)
    assert found.for_stream(FILE, "EMG") == {
        event_key(TWITCH): Label(LabelKind.CRAMP, felt=True, note="ow")
    }
    undo_label(tmp_path, SESSION, step)
    assert read_labels(tmp_path, SESSION).for_stream(FILE, "EMG")[event_key(TWITCH)] == Label(
        LabelKind.MOVEMENT
    )
    add_label(tmp_path, SESSION, FILE, TWITCH, Label())
    assert read_labels(tmp_path, SESSION).for_stream(FILE, "EMG") == {}


def test_lines_of_another_version_are_skipped_and_kept(tmp_path: Path) -> None:
    journal = Journal(tmp_path, "labels")
    journal.append({"session": SESSION, "step": "x", "label": "spasm"})
    journal.append({"session": SESSION, "step": "y", "onset": "soon"})
    add_label(tmp_path, SESSION, FILE, CRAMP, Label(LabelKind.MOVEMENT))
    assert len(read_labels(tmp_path, SESSION).for_stream(FILE, "EMG")) == 1
    assert len(journal.entries()) == 3


def test_a_note_that_is_too_long_is_refused() -> None:
    with pytest.raises(ValueError, match=str(LONGEST_NOTE)):
        Label(note="x" * (LONGEST_NOTE + 1))


events = st.builds(
    lambda onset, kind: Event("EMG", kind, onset, onset + 5),
    st.integers(0, 1000),
    st.sampled_from([Kind.TWITCH, Kind.CRAMP, Kind.MOVEMENT]),
)


@given(
    st.dictionaries(events, st.builds(Label, st.none() | st.sampled_from(LabelKind)), max_size=20)
)
def test_count_changes_agree_with_the_relabelled_events(said: dict[Event, Label]) -> None:
    labels = {event_key(event): label for event, label in said.items()}
    after = apply_labels(said, labels)
    for kind, more in count_changes(labels).items():
        before = sum(event.kind is kind for event in said)
        assert sum(event.kind is kind for event in after) == before + more


def test_a_rebuild_of_the_store_keeps_all_labels(tmp_path: Path) -> None:
    record_session(tmp_path, SESSION)
    add_label(tmp_path, SESSION, FILE, CRAMP, Label(LabelKind.MOVEMENT))
    with Store(tmp_path) as store:
        store.rebuild(tmp_path)
        stored = store.events(SESSION, FILE)
    labels = read_labels(tmp_path, SESSION).for_stream(FILE, "EMG")
    (event,) = (event for event in stored if event_key(event) in labels and event.stream == "EMG")
    assert event.kind is Kind.CRAMP


def test_an_export_shows_both_kinds_and_escapes_the_note(tmp_path: Path) -> None:
    record_session(tmp_path, SESSION)
    note = '=HYPERLINK("http://x","y")'
    add_label(tmp_path, SESSION, FILE, CRAMP, Label(LabelKind.MOVEMENT, felt=True, note=note))
    add_label(tmp_path, SESSION, FILE, TWITCH, Label(LabelKind.NOT_AN_EVENT))
    with Store(tmp_path) as store:
        session = store.find(SESSION)
        said = json.loads(json.dumps(session_export_as_json(store, session)))
        found = session_analysis(store, session, shapes=False)
    write_events_csv(tmp_path / "e.csv", found.events, found.streams, found.labels)
    by_onset = {(e["stream"], e["onset_s"]): e for e in said["events"]}
    cramp = by_onset["EMG", 61.0]
    assert (cramp["kind"], cramp["label"]) == (
        "cramp",
        {"label": "movement", "felt": True, "note": note},
    )
    assert by_onset["EMG", 1.234]["label"] == {"label": "not_an_event"}
    assert "label" not in by_onset["EMG", 70.0]
    emg, acc = said["summary"]
    assert (emg["twitches"], emg["cramps"], emg["movements"]) == (1, 1, 1)
    assert emg["corrected"]["twitches"] == 0
    assert emg["corrected"]["cramps"] == 0
    assert emg["corrected"]["movements"] == 2
    assert "corrected" not in acc
    with (tmp_path / "e.csv").open() as file:
        rows = list(csv.DictReader(file))
    (row,) = (row for row in rows if row["kind"] == "cramp")
    assert (row["label"], row["felt"]) == ("movement", "yes")
    assert not row["note"].startswith("=")
    assert note in row["note"]


def test_a_wearer_who_is_not_sure_changes_no_count() -> None:
    labels = {event_key(CRAMP): Label(LabelKind.NOT_SURE)}
    assert apply_labels([CRAMP], labels) == [CRAMP]
    assert set(count_changes(labels).values()) == {0}


def test_an_answer_replaces_what_the_detector_was_unsure_of() -> None:
    unsure = Event("EMG", Kind.CRAMP, 100, 900, cramp_probability=0.4)
    for kind in (LabelKind.CRAMP, LabelKind.MOVEMENT, LabelKind.TWITCH):
        (answered,) = apply_labels([unsure], {event_key(unsure): Label(kind)})
        assert answered.kind == kind.value
