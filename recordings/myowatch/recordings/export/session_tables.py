"""Write sessions as CSV: the samples, and the events in a second table."""

import csv
from collections.abc import Mapping, Sequence
from pathlib import Path

from myowatch.recordings.export.analysis_json import events_as_json
from myowatch.recordings.formats.csv_header import escape_formula
from myowatch.recordings.formats.csv_writer import CsvWriter
from myowatch.recordings.formats.opening import open_recording
from myowatch.recordings.storage.disk import new_text_file, remove_on_error
from myowatch.recordings.store.session_info import SessionSummary
from myowatch.recordings.store.store import Store
from myowatch.recordings.wearer.labels import Labels, read_labels
from myowatch.signal.model.events import Event
from myowatch.signal.model.samples import Stream

_EVENT_COLUMNS = (
    *("stream", "kind", "reason", "onset_s", "offset_s", "peak", "unit", "snr_db"),
    *("confidence", "count", "label", "felt", "note", "cramp_probability"),
)


def export_csv(home: Path, store: Store, session: SessionSummary, out: Path) -> list[Path]:
    """Write the samples as plain CSV, one file for each recording and rate, and the events.

    Returns
    -------
    the files written

    Raises
    ------
    UnreadableRecording
        If a recording is missing or damaged.
    StorageProblem
        If a file exists or cannot be written.
    """
    written: list[Path] = []
    with remove_on_error(lambda: written):
        _export_files(home, store, session, out, written)
    return written


def _export_files(
    home: Path, store: Store, session: SessionSummary, out: Path, written: list[Path]
) -> None:
    for file in session.files:
        target = out if len(session.files) == 1 else out.with_stem(f"{out.stem}-{Path(file).stem}")
        with open_recording(home / file) as recording:
            with CsvWriter(target, recording.streams, started=recording.started) as writer:
                for block in recording.blocks():
                    writer.write(block)
            written += writer.paths
        table = target.with_stem(f"{target.stem}-events")
        all_labels = read_labels(home, session.id).by_stream
        labels = {stream: all_labels[of, stream] for of, stream in all_labels if of == file}
        events, streams = store.events(session.id, file), store.streams(session.id, file)
        write_events_csv(table, events, streams, labels)
        written.append(table)


def write_events_csv(
    path: Path,
    events: Sequence[Event],
    streams: Sequence[Stream],
    labels: Mapping[str, Labels] | None = None,
) -> None:
    """Write accepted and rejected events as a table for spreadsheets.

    Raises
    ------
    StorageProblem
        If the file exists or cannot be written.
    """
    found = events_as_json(events, streams, labels=labels)
    with new_text_file(path) as file:
        table = csv.writer(file)
        table.writerow(_EVENT_COLUMNS)
        for event in sorted([*found["events"], *found["rejected"]], key=lambda e: e["onset_s"]):
            row = event | event.get("label", {"label": ""})
            row = row if isinstance(row["label"], str) else row | {"label": ""}
            table.writerow([_cell(row.get(column, "")) for column in _EVENT_COLUMNS])


def _cell(value: object) -> object:
    if isinstance(value, bool):
        return "yes" if value else "no"
    return escape_formula(value) if isinstance(value, str) else value
