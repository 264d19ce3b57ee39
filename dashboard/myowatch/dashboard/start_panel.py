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
        source = {"sim": _scene, "file": _file, "device": _device}[kind]()
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
        _start(home, source, site or "", needs=words.NEEDS[kind])


def _scene() -> str:
    scene = st.selectbox(
        words.SCENE, list(words.SCENES), format_func=words.SCENES.__getitem__, key="scene"
    )
    return f"sim:{scene}"


def _file() -> str:
    path = st.text_input(words.FILE, help=words.FILE_HELP, key="file").strip()
    speed = st.selectbox(
        words.SPEED, list(words.SPEEDS), format_func=words.SPEEDS.__getitem__, key="speed"
    )
    return f"file:{path}?speed={speed}" if path else ""


def _device() -> str:
    return st.text_input(words.DEVICE, help=words.DEVICE_HELP, key="device").strip()


def _start(home: Path, source: str, site: str, *, needs: str) -> None:
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
