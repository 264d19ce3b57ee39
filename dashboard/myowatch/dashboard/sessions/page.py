"""The Sessions page: the list, and the one chosen in it, looked at in one of four ways."""

from functools import partial
from pathlib import Path

import streamlit as st

from myowatch.dashboard import patterns
from myowatch.dashboard.downloads import as_csv, as_json
from myowatch.dashboard.report.panel import report_panel
from myowatch.dashboard.sessions import removing
from myowatch.dashboard.sessions.beside import beside_another, beside_diary
from myowatch.dashboard.sessions.found import statistics_of
from myowatch.dashboard.sessions.glance import glance
from myowatch.dashboard.sessions.shown import Shown, chosen_stream, look_up
from myowatch.dashboard.sessions.table import chosen_in
from myowatch.dashboard.words import sessions as words
from myowatch.recordings.sessions import SessionSummary
from myowatch.recordings.store import Store
from myowatch.signal.events import Kind


def show(home: Path) -> None:
    """Draw the table, and the session chosen in it."""
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
        glance(home, session, *chosen)
    else:
        _in_another_way(store, look_up(store, home, session, *chosen), way, sessions)
    _take_or_delete(home, session)
    report_panel(home, session.id)


def _in_another_way(store: Store, shown: Shown, way: str, sessions: list[SessionSummary]) -> None:
    if way == "patterns":
        _patterns(shown)
    elif way == "another":
        beside_another(store, shown, sessions)
    else:
        beside_diary(store, shown)


def _patterns(shown: Shown) -> None:
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
