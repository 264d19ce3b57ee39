"""The list of sessions, the chosen one, and deletion with undo."""

from pathlib import Path

import pandas as pd
import streamlit as st

from myowatch.dashboard.recorders import clock
from myowatch.dashboard.sessions import sessions_text as words
from myowatch.dashboard.text.common_text import plain
from myowatch.recordings.storage.problem import Problem
from myowatch.recordings.store.deleting import move_to_trash, purge, restore_session
from myowatch.recordings.store.session_info import SessionSummary
from myowatch.signal.statistics.counts import ENOUGH_S

ROWS_SHOWN = 7


def chosen_in(sessions: list[SessionSummary]) -> SessionSummary | None:
    """Draw the table; return the session chosen in it."""
    names = words.COLUMNS
    rows = [
        {
            names["started"]: session.started.replace(tzinfo=None),
            names["sites"]: sites(session),
            names["source"]: session.source,
            names["duration"]: clock(session.duration_s),
            names["scorable"]: clock(session.scorable_s),
            names["twitches"]: session.twitches,
            names["rate"]: _rate(session),
            names["cramps"]: session.cramps,
        }
        for session in sessions
    ]
    picked = st.dataframe(
        pd.DataFrame(rows),
        hide_index=True,
        on_select="rerun",
        selection_mode="single-row-required",
        selection_default={"selection": {"rows": [0]}},
        height="auto" if len(rows) <= ROWS_SHOWN else 280,
        key=f"sessions {len(sessions)}",  # of a list that grew or shrank, the newest again
        column_config={
            names["started"]: st.column_config.DatetimeColumn(format="YYYY-MM-DD HH:mm"),
            names["rate"]: st.column_config.TextColumn(alignment="right"),
        },
    )
    rows_picked = picked.selection.rows
    return sessions[rows_picked[0]] if rows_picked else None


def sites(session: SessionSummary) -> str:
    """Return the sites of the sensors, in words."""
    return ", ".join(site.replace("-", " ") for site in session.sites)


def title(session: SessionSummary) -> str:
    """Return time and place of a session, in words."""
    where = sites(session)
    return f"{session.started:%Y-%m-%d %H:%M}" + (f", {where}" if where else "")


def _rate(session: SessionSummary) -> str:
    enough = session.scorable_s >= ENOUGH_S
    return f"{60 * session.twitches / session.scorable_s:.1f}" if enough else ""


class DeletedSessions:
    """Sessions that one viewer deleted; they are purged when that viewer leaves."""

    def __init__(self, home: Path) -> None:
        self.home = home
        self.titles: dict[str, str] = {}

    def finish(self) -> None:
        """Delete them for good."""
        gone, self.titles = list(self.titles), {}
        if gone:
            purge(self.home, gone)


# A tab that is closed leaves nothing but this: Streamlit lets go of what was its.
@st.cache_resource(scope="session", show_spinner=False, on_release=DeletedSessions.finish)
def _mine(home: Path) -> DeletedSessions:
    return DeletedSessions(home)


def undo_bar(home: Path) -> None:
    """Draw an undo button for each deleted session."""
    for session_id, name in _mine(home).titles.items():
        with st.container(horizontal=True, vertical_alignment="center"):
            st.text(words.DELETED.format(session=name), width="content")
            st.button(
                words.UNDO_DELETE,
                key=f"undo delete {session_id}",
                on_click=_undo,
                args=(home, session_id),
            )
    if said := st.session_state.pop("delete said", ""):
        st.warning(plain(said))


def delete_button(home: Path, session: SessionSummary) -> None:
    """Draw the button that deletes a session."""
    with st.popover(words.DELETE):
        st.write(words.DELETE_ABOUT)
        st.button(
            words.DELETE_SURE, key=f"delete {session.id}", on_click=_delete, args=(home, session)
        )


def finish(home: Path) -> None:
    """Delete for good what was deleted on this page, when the page is left."""
    _mine(home).finish()


def _delete(home: Path, session: SessionSummary) -> None:
    try:
        move_to_trash(home, session.id)
    except Problem as problem:
        st.session_state["delete said"] = str(problem)
    else:
        _mine(home).titles[session.id] = title(session)


def _undo(home: Path, session_id: str) -> None:
    _mine(home).titles.pop(session_id, None)
    if not restore_session(home, session_id):
        st.session_state["delete said"] = words.UNDO_LATE
