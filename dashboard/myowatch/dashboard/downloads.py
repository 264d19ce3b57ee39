"""A session as a file to take away, made only when somebody asks for it."""

import json
import tempfile
from pathlib import Path

from myowatch.recordings.export import session_analysis, session_export_as_json
from myowatch.recordings.export_tables import write_events_csv
from myowatch.recordings.sessions import SessionSummary
from myowatch.recordings.store import Store


def as_json(home: Path, session: SessionSummary) -> bytes:
    """Return what `myowatch export --to json` writes."""
    with Store(home) as store:
        return json.dumps(session_export_as_json(store, session), indent=1).encode()


def as_csv(home: Path, session: SessionSummary) -> bytes:
    """Return the session's events, all streams, as `myowatch export --to csv` writes them."""
    with Store(home) as store, tempfile.TemporaryDirectory() as folder:
        table = Path(folder) / "events.csv"
        found = session_analysis(store, session, shapes=False)
        write_events_csv(table, found.events, found.streams, found.labels)
        return table.read_bytes()
