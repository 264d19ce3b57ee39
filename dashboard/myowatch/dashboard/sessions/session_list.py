"""The list of sessions, of which one is chosen."""

import pandas as pd
import streamlit as st

from myowatch.dashboard.recorders import clock
from myowatch.dashboard.sessions import sessions_text as words
from myowatch.recordings.store.session_info import SessionSummary
from myowatch.signal.statistics.counts import ENOUGH_S

ROWS_SHOWN = 7


def chosen_in(sessions: list[SessionSummary]) -> SessionSummary | None:
    """Draw the table; returns the session chosen in it."""
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
    """Where the sensors sat, in words."""
    return ", ".join(site.replace("-", " ") for site in session.sites)


def title(session: SessionSummary) -> str:
    """Return when and where, for people."""
    where = sites(session)
    return f"{session.started:%Y-%m-%d %H:%M}" + (f", {where}" if where else "")


def _rate(session: SessionSummary) -> str:
    enough = session.scorable_s >= ENOUGH_S
    return f"{60 * session.twitches / session.scorable_s:.1f}" if enough else ""
