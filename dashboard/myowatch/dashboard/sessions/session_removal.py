"""Deleting one session for good, with an undo until the page is left."""

from pathlib import Path

import streamlit as st

from myowatch.dashboard.sessions import sessions_text as words
from myowatch.dashboard.sessions.session_list import title
from myowatch.dashboard.text.plain_text import plain
from myowatch.recordings.storage.problem import Problem
from myowatch.recordings.store.deleting import move_to_trash, purge, restore_session
from myowatch.recordings.store.session_info import SessionSummary


class SetAside:
    """What one viewer deleted, by id, with its title; purged when that viewer leaves."""

    def __init__(self, home: Path) -> None:
        self.home = home
        self.titles: dict[str, str] = {}

    def finish(self) -> None:
        """Delete for good."""
        gone, self.titles = list(self.titles), {}
        if gone:
            purge(self.home, gone)


# A tab that is closed leaves nothing but this: Streamlit lets go of what was its.
@st.cache_resource(scope="session", show_spinner=False, on_release=SetAside.finish)
def _mine(home: Path) -> SetAside:
    return SetAside(home)


def undo_bar(home: Path) -> None:
    """Say what was deleted, each with its undo; nothing if nothing was."""
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
    """Draw the way to delete a session."""
    with st.popover(words.DELETE):
        st.write(words.DELETE_ABOUT)
        st.button(
            words.DELETE_SURE, key=f"delete {session.id}", on_click=_delete, args=(home, session)
        )


def finish(home: Path) -> None:
    """Delete for good what was deleted on this page: it was left."""
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
