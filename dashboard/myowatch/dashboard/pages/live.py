"""The Live page: the moving trace, the counts, the state of recorder and signal, start and stop."""

from pathlib import Path

import streamlit as st

from myowatch.dashboard import first_run, start_panel
from myowatch.dashboard.counts import Counts, counts_of
from myowatch.dashboard.feed import NO_RECORDER
from myowatch.dashboard.launching import launches
from myowatch.dashboard.plain_text import plain
from myowatch.dashboard.recorders import Shown, clock, running, shown_recorder
from myowatch.dashboard.trace import live_trace
from myowatch.dashboard.words import live as words
from myowatch.dashboard.words.common import UNITS
from myowatch.recordings.home import data_home
from myowatch.recordings.recorder_status import read_statuses, request_stop

REFRESH_S = 1.0


def show(home: Path) -> None:
    """Draw the page once; the fragments keep it fresh."""
    shown = shown_recorder(home, _chosen(home))
    st.session_state["drawn"] = shown.layout
    if shown.state == NO_RECORDER and first_run.is_first(home):
        first_run.show(home)
        return
    state_and_stop(home)
    # A recorder that runs names its file a moment before it makes it.
    file = shown.status.file if shown.status else ""
    if file and (shown.is_running or (home / file).exists()):
        numbers(home)
        live_trace(shown.key)
        signal(home)
    if shown.is_running:
        with st.expander(words.START_ANOTHER):
            start_panel.show(home)
    else:
        st.subheader(words.START_TITLE)
        start_panel.show(home)


def _chosen(home: Path) -> str:
    """Key of the recorder to show: the one started or chosen here, else the newest."""
    known = {status.key: status for status in read_statuses(home)}
    alive = [key for key, status in known.items() if running(status)]
    mine = st.session_state.get("recorder", "")
    if mine and mine not in known and mine not in launches():
        mine = ""
    options = [key for key in known if key in alive or key == mine]
    if len(options) > 1:
        picked = st.selectbox(
            words.RECORDER,
            options,
            index=options.index(mine) if mine in options else 0,
            format_func=lambda key: known[key].device,
        )
        st.session_state["recorder"] = picked
        return picked
    return mine or next(iter(alive or known), "")


def _now(home: Path) -> Shown:
    return shown_recorder(home, st.session_state["drawn"].key)


@st.fragment(run_every=REFRESH_S)
def state_and_stop(home: Path) -> None:
    """Draw the state in a word, what to do about it, and the Stop button."""
    shown = _now(home)
    if shown.layout != st.session_state["drawn"]:
        st.rerun()
    with st.container(horizontal=True, vertical_alignment="center"):
        colour, name = words.STATES[shown.state]
        st.badge(name, color=colour)
        st.text(shown.about, width="stretch")
        if shown.is_running and st.button(words.STOP, key="stop"):
            request_stop(home, shown.key)
    if shown.to_do:
        st.caption(plain(shown.to_do))


@st.fragment(run_every=REFRESH_S)
def numbers(home: Path) -> None:
    """Draw the counts, of one stream at a time: two sensors on one muscle see the same twitch."""
    shown = _now(home)
    counts = counts_of(home, shown.status) if shown.status else []
    if not counts:
        return
    names = [count.stream for count in counts]
    picked = names[0]
    if len(names) > 1:
        picked = st.segmented_control(
            words.STREAM, names, default=names[0], required=True, label_visibility="collapsed"
        )
    count = counts[names.index(picked)] if picked in names else counts[0]
    with st.container(horizontal=True):
        for label, value, hint in _metrics(count):
            st.metric(label, value, help=hint, width=168)
    st.caption(_rate(count))


def _metrics(count: Counts) -> list[tuple[str, str, str | None]]:
    twitches = [
        (words.THIS_MINUTE, str(count.this_minute), None),
        (words.LAST_TEN, str(count.last_ten_minutes), None),
        (words.SESSION, str(count.twitches), None),
    ]
    return [
        *(twitches if count.shows_twitches else []),
        (words.CRAMPS, str(count.cramps), None),
        (words.MOVEMENTS, str(count.movements), None),
        (words.SCORABLE, clock(count.scorable_s), words.SCORABLE_HELP),
    ]


def _rate(count: Counts) -> str:
    if not count.shows_twitches:
        return words.ENVELOPE
    if count.rate is None or count.interval is None:
        return words.RATE_LATER
    low, high = count.interval
    return words.RATE.format(rate=count.rate, low=low, high=high)


@st.fragment(run_every=REFRESH_S)
def signal(home: Path) -> None:
    """Say how good each stream's signal is, and what to do for a better one."""
    shown = _now(home)
    if not shown.status or not shown.status.conditions or not shown.is_running:
        return
    for condition in shown.status.conditions:
        name, advice = words.QUALITY.get(condition["quality"], (condition["quality"], ""))
        unit = UNITS.get(condition["unit"], condition["unit"])
        levels = words.LEVELS.format(
            noise=condition["noise_floor"], threshold=condition["threshold"], unit=unit
        )
        mains = condition.get("mains_hz")
        active = words.ACTIVE.get(condition.get("active") or "", "")
        parts = [active, levels, words.MAINS.format(hz=mains) if mains else "", advice]
        with st.container(horizontal=True, vertical_alignment="center"):
            good = condition["quality"] in {"good", "starting"}
            st.badge(f"{plain(condition['name'])}: {name}", color="gray" if good else "orange")
            st.caption(" ".join(part for part in parts if part), width="stretch")
    if link := shown.status.link.get("words"):
        st.caption(plain(link))


show(data_home())
