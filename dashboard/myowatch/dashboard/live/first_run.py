"""From nothing to a live trace in three steps, with or without a sensor."""

from pathlib import Path

import streamlit as st

from myowatch.dashboard.devices import placement
from myowatch.dashboard.live import live_text as live_words
from myowatch.dashboard.live import live_text as words
from myowatch.dashboard.live import start_panel
from myowatch.recordings.storage.data_folder import sessions_folder
from myowatch.recordings.wearer.preferences import KnownDevice, read_preferences

COLUMNS = (3, 2)


def is_first(home: Path) -> bool:
    """Whether nothing has ever been recorded here."""
    folder = sessions_folder(home)
    return not folder.is_dir() or next(folder.iterdir(), None) is None


def show(home: Path) -> None:
    """Draw the three steps."""
    st.title(words.TITLE)
    st.write(words.ABOUT)
    st.header(words.CHOOSE)
    kind = st.segmented_control(
        live_words.SOURCE,
        list(live_words.SOURCES),
        format_func=live_words.SOURCES.__getitem__,
        default="sim",
        required=True,
        label_visibility="collapsed",
        key="source_kind",
    )
    st.write(words.MEANS[kind])
    source, site = _sensor(home) if kind == "device" else (_SOURCES[kind](), "")
    st.header(words.WHERE)
    left, right = st.columns(COLUMNS)
    with left:
        site = _site(site)
    with right:
        st.caption(words.WHY_WHERE)
    if kind == "device":
        with st.expander(words.DRAWINGS):
            placement.show(site)
    st.header(words.WATCH)
    st.write(words.THEN)
    if st.button(live_words.START, type="primary", key="start"):
        start_panel.start(home, source, site, needs=live_words.NEEDS[kind])


_SOURCES = {"sim": start_panel.scene, "file": start_panel.file}


def _sensor(home: Path) -> tuple[str, str]:
    """Choose among the sensors that are known, or type an address: source and site."""
    known = read_preferences(home).preferences.devices
    st.page_link("devices.py", label=words.TO_DEVICES, icon="🔎")
    if not known:
        return start_panel.device(), ""
    chosen: KnownDevice = st.selectbox(
        words.WHICH, known, format_func=lambda device: device.name or device.source
    )
    return chosen.source, chosen.site


def _site(known: str) -> str:
    sites = list(live_words.SITES)
    said = known.replace("-", " ")
    if said and said not in sites:
        sites.append(said)
    site: str | None = st.selectbox(
        live_words.SITE,
        sites,
        index=sites.index(said) if said else None,
        placeholder=live_words.SITE_EMPTY,
        accept_new_options=True,
        key=f"site {known}" if known else "site",  # another sensor brings its own place
    )
    return site or ""
