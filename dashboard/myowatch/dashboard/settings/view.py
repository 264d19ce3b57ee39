"""Drawing the Settings page."""

from datetime import UTC, datetime
from pathlib import Path

import streamlit as st

from myowatch.dashboard.plain_text import plain
from myowatch.dashboard.settings import data
from myowatch.dashboard.settings.changing import bound, reset_button, undo_button
from myowatch.dashboard.words import settings as words
from myowatch.recordings.preferences import EARLIEST_BIRTH, LIMITS, Preferences
from myowatch.recordings.preferences_file import read_preferences

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
    """Draw number fields two by two, each with its limits, its default and where that is from."""
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
