"""Changing a preference from the page, and taking it back."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import streamlit as st

from myowatch.dashboard.words import settings as words
from myowatch.recordings.preferences import Preferences
from myowatch.recordings.preferences_file import change_preferences, read_preferences

_TO_UNDO, _REFUSED = "preferences to undo", "preference refused"


def bound(home: Path, name: str, value: Any, *, shown: Callable[[Any], Any] = lambda v: v) -> Any:
    """Bind a widget to a preference: what the file says is shown, what is typed goes to the file.

    Parameters
    ----------
    name
        Of the preference.
    value
        Of it now.
    shown
        Makes what the widget shows of it.

    Returns
    -------
    The widget's `key`, `on_change` and `args`.
    """
    key = f"preference {name}"
    st.session_state[key] = shown(value)
    return {"key": key, "on_change": _take, "args": (home, name)}


def set_all(home: Path, values: dict[str, Any]) -> None:
    """Change several preferences at once; they can be taken back at once."""
    before = read_preferences(home).preferences
    taken_back = {name: getattr(before, name) for name in values}
    try:
        change_preferences(home, lambda p: replace(p, **values))
    except ValueError as refused:
        st.session_state[_REFUSED] = str(refused)
        return
    st.session_state.setdefault(_TO_UNDO, []).append(taken_back)


def undo(home: Path) -> None:
    """Take back the last change of this page; others made elsewhere since are left alone."""
    values = st.session_state[_TO_UNDO].pop()
    change_preferences(home, lambda p: replace(p, **values))


def undo_button(home: Path) -> None:
    """Draw the button that takes back the last change, and what was refused if something was."""
    count = len(st.session_state.get(_TO_UNDO, []))
    st.button(words.UNDO, key="undo preference", on_click=undo, args=(home,), disabled=count == 0)
    if refused := st.session_state.pop(_REFUSED, ""):
        st.warning(words.REFUSED.format(why=refused))


def reset_button(home: Path, names: list[str], preferences: Preferences) -> None:
    """Draw the button that gives some preferences their defaults again."""
    defaults = {name: getattr(Preferences(), name) for name in names}
    at_default = all(getattr(preferences, name) == value for name, value in defaults.items())
    st.button(
        words.RESET,
        key=f"reset {names[0]}",
        on_click=set_all,
        args=(home, defaults),
        disabled=at_default,
    )


def _take(home: Path, name: str) -> None:
    value = st.session_state[f"preference {name}"]
    kind = type(getattr(Preferences(), name))
    if name in words.CHOICES:
        value = words.CHOICES[name][value]
    elif kind in (int, float) and value is not None:
        value = kind(value)
    elif kind is str:
        value = " ".join((value or "").split())
    set_all(home, {name: value})
