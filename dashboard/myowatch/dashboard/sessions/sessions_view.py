"""The Sessions page: the list, and the chosen session in one of four views."""

import json
import tempfile
from functools import partial
from pathlib import Path

import streamlit as st

from myowatch.dashboard.report.report_panel import report_panel
from myowatch.dashboard.sessions import patterns
from myowatch.dashboard.sessions import session_list as removing
from myowatch.dashboard.sessions import sessions_text as words
from myowatch.dashboard.sessions.comparison import beside_another, beside_diary
from myowatch.dashboard.sessions.session_data import (
    ShownStream,
    chosen_stream,
    look_up,
    statistics_of,
)
from myowatch.dashboard.sessions.session_list import chosen_in
from myowatch.dashboard.sessions.session_overview import session_overview
from myowatch.recordings.export.analysis_json import session_analysis, session_export_as_json
from myowatch.recordings.export.session_tables import write_events_csv
from myowatch.recordings.store.session_info import SessionSummary
from myowatch.recordings.store.store import Store
from myowatch.signal.model.events import Kind


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


def show(home: Path) -> None:
    """Draw the table, and the chosen session."""
    removing.undo_bar(home)
    with Store(home) as store:
        sessions = store.sessions()[::-1]
        if not sessions:
            st.info(words.EMPTY)
            return
        chosen = chosen_in(sessions)
        if chosen is None:
            st.caption(words.PICK)
            return
        _session(store, home, chosen, sessions)


def _session(
    store: Store, home: Path, session: SessionSummary, sessions: list[SessionSummary]
) -> None:
    way = st.segmented_control(
        words.WAY,
        list(words.WAYS),
        format_func=words.WAYS.__getitem__,
        default="glance",
        required=True,
        key="way",
        label_visibility="collapsed",
    )
    chosen = chosen_stream(store, session, "stream")
    if way == "glance":
        session_overview(home, session, *chosen)
    else:
        _in_another_way(store, look_up(store, home, session, *chosen), way, sessions)
    _take_or_delete(home, session)
    report_panel(home, session.id)


def _in_another_way(
    store: Store, shown: ShownStream, way: str, sessions: list[SessionSummary]
) -> None:
    if way == "patterns":
        _patterns(shown)
    elif way == "another":
        beside_another(store, shown, sessions)
    else:
        beside_diary(store, shown)


def _patterns(shown: ShownStream) -> None:
    found = statistics_of(shown, shapes=(shown.home / shown.place.file).exists())
    twitches = shown.corrected[Kind.TWITCH]
    rows = patterns.rows(found, shown.stream, twitches, running=shown.running)
    if not rows:
        st.caption(words.NO_PATTERNS)
        return
    lines = [words.PATTERN_COLUMNS, ("---", "---"), *rows]
    st.markdown("\n".join(f"| {name} | {sentence} |" for name, sentence in lines))


def _take_or_delete(home: Path, session: SessionSummary) -> None:
    with st.container(horizontal=True):
        for label, suffix, mime, make in (
            (words.TAKE_CSV, "-events.csv", "text/csv", as_csv),
            (words.TAKE_JSON, ".json", "application/json", as_json),
        ):
            st.download_button(
                label,
                partial(make, home, session),
                file_name=f"{session.id}{suffix}",
                mime=mime,
                on_click="ignore",
            )
        removing.delete_button(home, session)
