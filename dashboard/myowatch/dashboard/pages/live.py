"""The Live page: trace, counts, state of recorder and signal, start and stop."""

from pathlib import Path

import streamlit as st

from myowatch.dashboard.components import live_trace
from myowatch.dashboard.live import live_text as words
from myowatch.dashboard.live import start_panel
from myowatch.dashboard.live import start_panel as first_run
from myowatch.dashboard.live.live_board import layout_of
from myowatch.dashboard.recorders import (
    NO_RECORDER,
    first_of_each,
    launches,
    name_of,
    recorders_of_session,
    running,
    shown_recorder,
)
from myowatch.recordings.storage.data_folder import data_home
from myowatch.recordings.store.recorder_status import read_statuses


def show(home: Path) -> None:
    """Draw the page; the browser updates it, and asks to draw it again when its parts change."""
    shown = shown_recorder(home, _chosen(home))
    if shown.state == NO_RECORDER and first_run.is_first(home):
        first_run.show_first_run(home)
        return
    live_trace(shown.key, layout_of(recorders_of_session(home, shown)))
    if shown.is_running:
        with st.expander(words.START_ANOTHER):
            start_panel.show(home)
    else:
        st.subheader(words.START_TITLE)
        start_panel.show(home)


def _chosen(home: Path) -> str:
    """Return the key of the recorder to show: the one started or chosen here, else the newest."""
    known = {status.key: status for status in read_statuses(home)}
    alive = [key for key, status in known.items() if running(status)]
    mine = st.session_state.get("recorder", "")
    if mine and mine not in known and mine not in launches():
        mine = ""
    options = first_of_each([known[key] for key in known if key in alive or key == mine], mine)
    if len(options) > 1:
        picked = st.selectbox(
            words.RECORDER,
            options,
            index=options.index(mine) if mine in options else 0,
            format_func=lambda key: name_of(home, known[key]),
        )
        st.session_state["recorder"] = picked
        return picked
    return mine or next(iter(alive or known), "")


show(data_home())
