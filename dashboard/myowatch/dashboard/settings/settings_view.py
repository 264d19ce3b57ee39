"""The Settings page, and changes of preferences with undo."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import streamlit as st

from myowatch.dashboard.settings import data_section as data
from myowatch.dashboard.settings import settings_text as words
from myowatch.dashboard.text.common_text import plain
from myowatch.recordings.wearer.preferences import (
    EARLIEST_BIRTH,
    LIMITS,
    Preferences,
    change_preferences,
    read_preferences,
)

_TO_UNDO, _REFUSED = "preferences to undo", "preference refused"


def bound(home: Path, name: str, value: Any, *, shown: Callable[[Any], Any] = lambda v: v) -> Any:
    """Bind a widget to a preference: it shows the file's value, and writes what is typed.

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
    """Change several preferences at once; one undo takes them back."""
    before = read_preferences(home).preferences
    taken_back = {name: getattr(before, name) for name in values}
    try:
        change_preferences(home, lambda p: replace(p, **values))
    except ValueError as refused:
        st.session_state[_REFUSED] = str(refused)
        return
    st.session_state.setdefault(_TO_UNDO, []).append(taken_back)


def undo(home: Path) -> None:
    """Take back the last change of this page; later changes elsewhere stay."""
    values = st.session_state[_TO_UNDO].pop()
    change_preferences(home, lambda p: replace(p, **values))


def undo_button(home: Path) -> None:
    """Draw the undo button, and what was refused."""
    count = len(st.session_state.get(_TO_UNDO, []))
    st.button(words.UNDO, key="undo preference", on_click=undo, args=(home,), disabled=count == 0)
    if refused := st.session_state.pop(_REFUSED, ""):
        st.warning(words.REFUSED.format(why=refused))


def reset_button(home: Path, names: list[str], preferences: Preferences) -> None:
    """Draw the button that restores defaults."""
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


DETECTION = [
    "mains_hz",
    "emg_twitch_max_s",
    "emg_cramp_min_s",
    "accelerometer_twitch_max_s",
    "accelerometer_cramp_min_s",
]
JUDGED = [
    "weeks",
    "days_a_week",
    "minutes_a_day",
    "separate_days",
    "spread_weeks",
    "answer_weeks",
]


def show(home: Path) -> None:
    """Draw the page."""
    kept = read_preferences(home)
    chosen = kept.preferences
    with st.container(
        horizontal=True, vertical_alignment="center", horizontal_alignment="distribute"
    ):
        st.title(words.TITLE, width="content")
        undo_button(home)
    if kept.problem:
        st.warning(plain(kept.problem))
    _about_you(home, chosen)
    _live(home, chosen)
    st.header(words.DETECTION)
    st.write(words.DETECTION_ABOUT)
    _choice(home, "mains_hz", chosen)
    _numbers(home, DETECTION[1:], chosen)
    reset_button(home, DETECTION, chosen)
    st.header(words.JUDGED)
    st.write(words.JUDGED_ABOUT)
    _numbers(home, JUDGED, chosen)
    reset_button(home, JUDGED, chosen)
    data.show(home)


def _about_you(home: Path, chosen: Preferences) -> None:
    st.header(words.YOU)
    st.write(words.YOU_ABOUT)
    left, right = st.columns(2)
    with left:
        st.text_input(words.WEARER, max_chars=100, **bound(home, "wearer", chosen.wearer))
    with right:
        st.number_input(
            words.BORN,
            value=None,
            min_value=EARLIEST_BIRTH,
            max_value=datetime.now(UTC).year,
            step=1,
            placeholder=words.BORN_HINT,
            **bound(home, "born", chosen.born),
        )


def _live(home: Path, chosen: Preferences) -> None:
    st.header(words.LIVE)
    _choice(home, "sound", chosen)
    st.toggle(
        words.NIGHT,
        help=words.NIGHT_HELP,
        **bound(home, "night_mode", chosen.night_mode),
    )


def _choice(home: Path, name: str, chosen: Preferences) -> None:
    options = words.CHOICES[name]
    st.segmented_control(
        words.LABELS[name],
        list(options),
        required=True,
        help=words.HELP.get(name),
        **bound(
            home,
            name,
            getattr(chosen, name),
            shown=lambda value: next(said for said, meant in options.items() if meant == value),
        ),
    )


def _numbers(home: Path, names: list[str], chosen: Preferences) -> None:
    """Draw number fields in pairs, each with limits, default and source."""
    for at in range(0, len(names), 2):
        for column, name in zip(st.columns(2), names[at : at + 2], strict=False):
            with column:
                _number(home, name, chosen)


def _number(home: Path, name: str, chosen: Preferences) -> None:
    limits, default = LIMITS[name], getattr(Preferences(), name)
    kind = type(default)
    step = 1 if kind is int else 0.01 if limits.high < 1 else 0.5
    st.number_input(
        f"{words.LABELS[name]} ({limits.unit})",
        min_value=kind(limits.low),
        max_value=kind(limits.high),
        step=kind(step),
        format="%d" if kind is int else "%.2f" if limits.high < 1 else "%.1f",
        **bound(home, name, getattr(chosen, name)),
    )
    st.caption(
        words.LIMITS.format(
            low=limits.low,
            high=limits.high,
            unit=limits.unit,
            default=default,
            source=plain(limits.source),
        )
    )
