"""Choosing a source and starting its recorder."""

from pathlib import Path

import streamlit as st

from myowatch.dashboard.launching import launches, start_recorder
from myowatch.dashboard.words import live as words
from myowatch.recordings.home import device_key
from myowatch.recordings.problem import Problem


def show(home: Path) -> None:
    """Draw the choice of source and site, and the Start button."""
    kind = st.segmented_control(
        words.SOURCE,
        list(words.SOURCES),
        format_func=words.SOURCES.__getitem__,
        default="sim",
        required=True,
        key="source_kind",
    )
    left, right = st.columns(2)
    with left:
        source = {"sim": scene, "file": file, "device": device}[kind]()
    with right:
        site = st.selectbox(
            words.SITE,
            words.SITES,
            index=None,
            placeholder=words.SITE_EMPTY,
            accept_new_options=True,
            key="site",
        )
    if st.button(words.START, type="primary", key="start"):
        start(home, source, site or "", needs=words.NEEDS[kind])


def scene() -> str:
    """Draw the choice of a simulated wearer; return its source."""
    picked = st.selectbox(
        words.SCENE, list(words.SCENES), format_func=words.SCENES.__getitem__, key="scene"
    )
    return f"sim:{picked}"


def file() -> str:
    """Draw the choice of a recorded file; return its source, empty if none was typed."""
    path = st.text_input(words.FILE, help=words.FILE_HELP, key="file").strip()
    speed = st.selectbox(
        words.SPEED, list(words.SPEEDS), format_func=words.SPEEDS.__getitem__, key="speed"
    )
    return f"file:{path}?speed={speed}" if path else ""


def device() -> str:
    """Draw the field for a sensor's address; return what was typed."""
    return st.text_input(words.DEVICE, help=words.DEVICE_HELP, key="device").strip()


def start(home: Path, source: str, site: str, *, needs: str) -> None:
    """Start the recorder of a source, and show it; without a source say what is needed."""
    if not source:
        st.warning(needs)
        return
    try:
        launch = start_recorder(home, source, "-".join(site.lower().split()))
    except (Problem, OSError) as problem:
        st.warning(str(problem))
        return
    key = device_key(source)
    launches()[key] = launch
    st.session_state["recorder"] = key
    st.rerun()
