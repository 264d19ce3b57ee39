"""The choice of a source, the start of its recorder, and the three steps of a first run."""

from pathlib import Path
from urllib.parse import quote

import streamlit as st

from myowatch.dashboard.devices import placement
from myowatch.dashboard.live import live_text as live_words
from myowatch.dashboard.live import live_text as words
from myowatch.dashboard.recorders import launches, start_recorder
from myowatch.recordings.storage.data_folder import device_key, sessions_folder
from myowatch.recordings.storage.problem import Problem
from myowatch.recordings.wearer.preferences import KnownDevice, read_preferences


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
        source = {"sim": choose_scene, "file": choose_file, "device": choose_device}[kind]()
    with right:
        site = st.selectbox(
            words.SITE,
            words.SITES,
            index=None,
            placeholder=words.SITE_EMPTY,
            accept_new_options=True,
            key="site",
        )
    _listed()
    with st.container(horizontal=True):
        if st.button(words.START, type="primary", key="start"):
            start_source(home, source, site or "", needs=words.NEEDS[kind])
        if st.button(words.ADD, help=words.ADD_HELP, key="add"):
            _add(source, site or "", needs=words.NEEDS[kind])


def _listed() -> None:
    """Draw the sensors that will be recorded together with the next one."""
    for number, listed in enumerate(st.session_state.get("together", [])):
        with st.container(horizontal=True, vertical_alignment="center"):
            st.text(listed, width="stretch")
            if st.button(words.REMOVE, key=f"remove_{number}"):
                del st.session_state["together"][number]
                st.rerun()


def _add(source: str, site: str, *, needs: str) -> None:
    together = st.session_state.setdefault("together", [])
    added = source_with_site(source, site, len(together))
    if not source:
        st.warning(needs)
    elif added in together:
        st.warning(words.TWICE)
    else:
        together.append(added)
        st.rerun()


def source_with_site(source: str, site: str, number: int) -> str:
    """Return a source text with its site; simulated wearers differ by their seed.

    Examples
    --------
    >>> source_with_site("sim:calm", "left thigh", 1)
    'sim:calm?site=left-thigh&seed=2'
    """
    options = [f"site={quote(site_slug(site))}"] if site.strip() else []
    if number and source.startswith("sim:"):
        options.append(f"seed={number + 1}")
    return source + "".join(
        f"{'&' if n or '?' in source else '?'}{option}" for n, option in enumerate(options)
    )


def site_slug(site: str) -> str:
    """Return a place as sources write it: `left-thigh`."""
    return "-".join(site.lower().split())


def choose_scene() -> str:
    """Draw the choice of a simulated wearer; return its source."""
    picked = st.selectbox(
        words.SCENE, list(words.SCENES), format_func=words.SCENES.__getitem__, key="scene"
    )
    return f"sim:{picked}"


def choose_file() -> str:
    """Draw the choice of a recorded file; return its source, empty if none was typed."""
    path = st.text_input(words.FILE, help=words.FILE_HELP, key="file").strip()
    speed = st.selectbox(
        words.SPEED, list(words.SPEEDS), format_func=words.SPEEDS.__getitem__, key="speed"
    )
    return f"file:{path}?speed={speed}" if path else ""


def choose_device() -> str:
    """Draw the field for a sensor's address; return what was typed."""
    return st.text_input(words.DEVICE, help=words.DEVICE_HELP, key="device").strip()


def start_source(home: Path, source: str, site: str, *, needs: str) -> None:
    """Start the recorder of a source and show it; without a source, show what is needed."""
    if not source:
        st.warning(needs)
        return
    together = st.session_state.get("together", [])
    if together and (last := source_with_site(source, site, len(together))) not in together:
        together = [*together, last]
    sources = together or [source]
    try:
        launch = start_recorder(home, sources[0], "" if together else site_slug(site), sources[1:])
    except (Problem, OSError) as problem:
        st.warning(str(problem))
        return
    for each in sources:
        launches()[device_key(each)] = launch
    st.session_state["recorder"] = device_key(sources[0])
    st.session_state["together"] = []
    st.rerun()


COLUMNS = (3, 2)


def is_first(home: Path) -> bool:
    """Return whether nothing has been recorded yet."""
    folder = sessions_folder(home)
    return not folder.is_dir() or next(folder.iterdir(), None) is None


def show_first_run(home: Path) -> None:
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
        start_source(home, source, site, needs=live_words.NEEDS[kind])


_SOURCES = {"sim": choose_scene, "file": choose_file}


def _sensor(home: Path) -> tuple[str, str]:
    """Draw the choice among known sensors, or the field for an address; return source and site."""
    known = read_preferences(home).preferences.devices
    st.page_link("devices.py", label=words.TO_DEVICES, icon="🔎")
    if not known:
        return choose_device(), ""
    chosen: KnownDevice = st.selectbox(
        words.WHICH,
        known,
        format_func=lambda device: device.name or device.source,
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
