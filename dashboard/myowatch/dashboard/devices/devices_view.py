"""The Devices page: the search for sensors, and a card for each."""

from collections.abc import Sequence
from pathlib import Path

import streamlit as st

from myowatch.dashboard.devices import devices_text as words
from myowatch.dashboard.devices import sensor_card as card
from myowatch.dashboard.devices.sensor_search import FoundSensor, Search, read_found, start_search
from myowatch.dashboard.text.common_text import plain
from myowatch.recordings.storage.data_folder import device_key
from myowatch.recordings.wearer.preferences import KnownDevice, change_preferences, read_preferences

REFRESH_S = 0.5
FEWEST_TOGETHER = 2


def show(home: Path) -> None:
    """Draw the page."""
    st.title(words.TITLE)
    st.write(words.ABOUT)
    search: Search | None = st.session_state.get("search")
    if search is None:
        if st.button(words.FIND, type="primary", key="find"):
            st.session_state["search"] = start_search()
            st.rerun()
        _said()
    else:
        _progress()
    found: list[FoundSensor] = st.session_state.get("found", [])
    mine = read_preferences(home).preferences.devices
    if mine:
        st.header(words.MINE)
        for device in mine:
            seen = (f for f in found if f.source and is_same_device(f.source, device.source))
            card.show(home, device, next(seen, None), is_mine=True)
        _together(home, mine)
    others = [
        f for f in found if not any(is_same_device(f.source, device.source) for device in mine)
    ]
    heard = [each for each in others if each.source]
    if heard:
        st.header(words.FOUND)
        for each in heard:
            card.show(home, KnownDevice(each.source), each, is_mine=False)
    _silent([each for each in others if not each.source])
    _forgotten(home)
    _add(home)


def is_same_device(one: str, other: str) -> bool:
    """Return whether two source texts name the same device."""
    return bool(one) and device_key(one) == device_key(other)


def _said() -> None:
    """Show the result of the last search, until the next."""
    for line in st.session_state.get("search_said", []):
        st.info(plain(line))


@st.fragment(run_every=REFRESH_S)
def _progress() -> None:
    search: Search | None = st.session_state.get("search")
    if search is None:
        st.rerun()
    elif not search.running:
        _take(search)
        del st.session_state["search"]
        st.rerun()
    elif st.session_state.get("cancelled"):
        st.progress(search.progress, words.CANCELLING)
    else:
        st.progress(search.progress, words.TESTING if search.source else words.FINDING)
        if st.button(words.CANCEL, key="cancel"):
            search.cancel()
            st.session_state["cancelled"] = True
            st.rerun()


def _take(search: Search) -> None:
    """Keep what a search found, and its errors."""
    said, complained = search.output()
    if st.session_state.pop("cancelled", False):
        st.session_state["search_said"] = [words.CANCELLED]
        return
    found, others = read_found(said)
    complaints = [_clean(line) for line in complained.splitlines() if line.strip()]
    if search.source:
        tested = found[0] if found else None
        st.session_state.setdefault("tested", {})[search.source] = tested
        st.session_state["search_said"] = [] if tested else complaints
        return
    st.session_state["found"] = found
    if not found:
        complaints.insert(0, words.NOTHING)
    if others:
        complaints.append(words.OTHERS[others > 1].format(n=others))
    st.session_state["search_said"] = complaints


def _clean(line: str) -> str:
    line = line.strip().removeprefix("myowatch: ").removeprefix("Error: ")
    return line[:1].upper() + line[1:]


def _together(home: Path, mine: Sequence[KnownDevice]) -> None:
    """Offer to record several sensors in one session: spreading is seen from two places."""
    if len(mine) < FEWEST_TOGETHER:
        return
    with st.container(border=True):
        st.markdown(f"**{words.TOGETHER}**")
        st.write(words.TOGETHER_ABOUT)
        chosen = st.pills(
            words.TOGETHER,
            range(len(mine)),
            format_func=lambda number: _called(mine[number]),
            selection_mode="multi",
            label_visibility="collapsed",
            key="devices together",
        )
        too_few = len(chosen) < FEWEST_TOGETHER
        if st.button(words.TOGETHER_START, key="start together", disabled=too_few):
            card.start(home, [mine[number] for number in chosen])


def _called(device: KnownDevice) -> str:
    site = device.site.replace("-", " ")
    return plain(", ".join(part for part in (device.name or device.source, site) if part))


def _silent(found: list[FoundSensor]) -> None:
    """Explain briefly each port at which nothing was understood."""
    if found:
        with st.expander(words.SILENT):
            for each in found:
                st.write(plain(each.problem))


def _forgotten(home: Path) -> None:
    device: KnownDevice | None = st.session_state.get("forgotten")
    if device is None:
        return
    with st.container(horizontal=True, vertical_alignment="center"):
        st.caption(
            plain(words.FORGOTTEN.format(name=device.name or device.source)), width="content"
        )
        if st.button(words.UNDO, key="undo forget"):
            change_preferences(home, lambda p: p.with_device(device))
            del st.session_state["forgotten"]
            st.rerun()


def _add(home: Path) -> None:
    with st.expander(words.ADD):
        with st.form("add", border=False, clear_on_submit=True):
            address = st.text_input(words.ADDRESS, help=words.ADDRESS_HELP).strip()
            added = st.form_submit_button(words.ADD_BUTTON)
        if added and not address.startswith(words.KINDS):
            st.warning(words.WRONG_ADDRESS)
        elif added:
            change_preferences(home, lambda p: p.with_device(p.device(address)))
            st.rerun()
