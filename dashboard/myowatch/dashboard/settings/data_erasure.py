"""Deleting everything: a word is typed, and it can be undone until the Settings page is left."""

from pathlib import Path

import streamlit as st

from myowatch.dashboard.settings import settings_text as words
from myowatch.dashboard.text.plain_text import plain
from myowatch.recordings.storage.problem import Problem
from myowatch.recordings.store.deleting import move_everything_to_trash, purge, restore_everything


class SetAside:
    """Whether one viewer set everything aside; purged when that viewer leaves."""

    def __init__(self, home: Path) -> None:
        self.home = home
        self.all = False

    def finish(self) -> None:
        """Delete for good."""
        if self.all:
            self.all = False
            purge(self.home)


# A tab that is closed leaves nothing but this: Streamlit lets go of what was its.
@st.cache_resource(scope="session", show_spinner=False, on_release=SetAside.finish)
def _mine(home: Path) -> SetAside:
    return SetAside(home)


def show(home: Path) -> None:
    """Draw the way to delete everything, or to take that back."""
    if _mine(home).all:
        st.write(words.ERASED)
        with st.container(horizontal=True):
            st.button(words.ERASE_UNDO, key="undo erase", on_click=_bring_back, args=(home,))
            st.button(words.ERASE_NOW, key="erase now", on_click=finish, args=(home,))
        return
    with st.expander(words.ERASE):
        st.write(words.ERASE_ABOUT)
        with st.form("erase", border=False):
            typed = st.text_input(words.ERASE_TYPE.format(word=words.ERASE_WORD), key="erase word")
            sure = st.form_submit_button(words.ERASE_BUTTON)
        if not sure:
            return
        if typed.strip().casefold() != words.ERASE_WORD.casefold():
            st.warning(words.ERASE_MISTYPED.format(word=words.ERASE_WORD))
            return
        try:
            move_everything_to_trash(home)
        except Problem as problem:
            st.warning(plain(str(problem)))
            return
        _mine(home).all = True
        st.rerun()


def finish(home: Path) -> None:
    """Delete for good what was set aside here: the page was left, or that was asked for."""
    _mine(home).finish()


def _bring_back(home: Path) -> None:
    _mine(home).all = False
    restore_everything(home)
