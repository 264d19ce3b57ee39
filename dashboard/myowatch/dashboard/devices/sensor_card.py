"""The card of one sensor: what it is, its name and place, its test, and its start."""

from collections.abc import Sequence
from dataclasses import replace
from functools import reduce
from pathlib import Path

import streamlit as st

from myowatch.dashboard.devices import devices_text as words
from myowatch.dashboard.devices import placement
from myowatch.dashboard.devices.sensor_search import (
    FoundSensor,
    losses_in_words,
    signal_verdicts,
    start_search,
)
from myowatch.dashboard.live import live_text as live_words
from myowatch.dashboard.recorders import launches, source_at_site, start_recorder
from myowatch.dashboard.text.common_text import plain
from myowatch.recordings.storage.data_folder import device_key
from myowatch.recordings.storage.problem import Problem
from myowatch.recordings.wearer.preferences import KnownDevice, Preferences, change_preferences

LISTENED_S = 3.0


def show(home: Path, device: KnownDevice, found: FoundSensor | None, *, is_mine: bool) -> None:
    """Draw the card.

    Parameters
    ----------
    device
        What is known of it from before.
    found
        Result of the last search; None if it was not found or not searched.
    is_mine
        Whether it was used or named before.
    """
    key = device_key(device.source)
    with st.container(border=True):
        _head(device, found)
        device = _name_and_site(home, device, key)
        _buttons(home, device, key, is_mine=is_mine)
        _tested(device)
        with st.expander(words.PLACE):
            placement.show(device.site.replace("-", " "))


def _head(device: KnownDevice, found: FoundSensor | None) -> None:
    title = device.name or (found.title if found else device.source)
    st.markdown(f"**{plain(title)}**")
    parts = [device.source if title != device.source else ""]
    if found:
        parts = [found.about, found.strength, *parts]
    if any(parts):
        st.caption(plain(" · ".join(part for part in parts if part)))
    if found and found.good_for:
        st.write(found.good_for)


def _name_and_site(home: Path, device: KnownDevice, key: str) -> KnownDevice:
    left, right = st.columns(2)
    with left:
        name = st.text_input(
            words.NAME, device.name, placeholder=words.NAME_HINT, max_chars=60, key=f"name {key}"
        )
    site_said = device.site.replace("-", " ") or None
    sites = list(live_words.SITES)
    if site_said and site_said not in sites:
        sites.append(site_said)
    with right:
        site = st.selectbox(
            words.SITE,
            sites,
            index=sites.index(site_said) if site_said else None,
            placeholder=live_words.SITE_EMPTY,
            accept_new_options=True,
            key=f"site {key}",
        )
    told = replace(device, name=(name or "").strip(), site="-".join((site or "").lower().split()))
    if told != device:
        change_preferences(home, lambda p: p.with_device(told))
        st.rerun()
    return told


def _buttons(home: Path, device: KnownDevice, key: str, *, is_mine: bool) -> None:
    with st.container(horizontal=True):
        if st.button(words.START, type="primary", key=f"start {key}"):
            start(home, [device])
        busy = "search" in st.session_state
        if st.button(words.TEST, key=f"test {key}", disabled=busy):
            st.session_state["search"] = start_search(device.source)
            st.rerun()
        if is_mine and st.button(words.FORGET, key=f"forget {key}"):
            change_preferences(home, lambda p: p.without_device(device.source))
            st.session_state["forgotten"] = device
            st.rerun()


def _tested(device: KnownDevice) -> None:
    tests: dict[str, FoundSensor | None] = st.session_state.get("tested", {})
    tested = tests.get(device.source)
    if tested is None:
        return
    if tested.problem:
        st.warning(plain(f"{words.NOT_TESTED} {tested.problem}"))
        return
    said = signal_verdicts(tested)
    for state, good, advice in said:
        with st.container(horizontal=True, vertical_alignment="center"):
            st.badge(plain(state), color="gray" if good else "orange")
            st.caption(plain(advice), width="stretch")
    if link := tested.link.get("words"):
        st.caption(plain(link))
    missing = losses_in_words(tested, LISTENED_S)
    if missing:
        st.write(missing)
    good = all(good for _, good, _ in said) and not missing
    st.write(words.ALL_GOOD if good else words.STILL_RESTLESS)


def start(home: Path, devices: Sequence[KnownDevice]) -> None:
    """Record sensors into one session, and open the page that shows it."""
    alone = devices[0] if len(devices) == 1 else None
    sources = [
        device.source if alone else source_at_site(device.source, device.site) for device in devices
    ]
    try:
        launch = start_recorder(home, sources[0], alone.site if alone else "", sources[1:])
    except (Problem, OSError) as problem:
        st.warning(plain(str(problem)))
        return
    change_preferences(home, lambda p: reduce(Preferences.with_device, devices, p))
    for source in sources:
        launches()[device_key(source)] = launch
    st.session_state["recorder"] = device_key(sources[0])
    st.switch_page("live.py")
