"""Two sessions side by side, and a session beside the diary of its day."""

from datetime import date, timedelta

import pandas as pd
import streamlit as st

from myowatch.dashboard.diary import diary_text as diary_words
from myowatch.dashboard.diary.day_counts import felt_sentences
from myowatch.dashboard.live import live_text as live_words
from myowatch.dashboard.recorders import clock
from myowatch.dashboard.sessions import patterns
from myowatch.dashboard.sessions import session_overview as charts
from myowatch.dashboard.sessions import sessions_text as words
from myowatch.dashboard.sessions.session_data import (
    COUNTED,
    ShownStream,
    chosen_stream,
    look_up,
    statistics_of,
)
from myowatch.dashboard.sessions.session_list import title
from myowatch.dashboard.sessions.session_overview import rate_in_words
from myowatch.dashboard.text.common_text import plain
from myowatch.recordings.store.session_info import SessionSummary
from myowatch.recordings.store.store import Store
from myowatch.recordings.wearer.diary import read_diary
from myowatch.recordings.wearer.diary_fields import as_text
from myowatch.signal.model.events import Kind
from myowatch.signal.statistics.felt_agreement import felt_agreement


def beside_another(store: Store, shown: ShownStream, sessions: list[SessionSummary]) -> None:
    """Draw a session beside another one: numbers, patterns, minutes."""
    others = [session for session in sessions if session.id != shown.session.id]
    if not others:
        st.caption(words.NO_OTHER)
        return
    same = [o for o in others if set(o.sites) == set(shown.session.sites)]
    earlier = [o for o in same if o.started < shown.session.started]
    first = (earlier or same or others)[0]
    other = st.selectbox(
        words.COMPARE_WITH, others, index=others.index(first), format_func=title, key="other"
    )
    second = look_up(store, shown.home, other, *chosen_stream(store, other, "other stream"))
    both = (shown, second)
    rows = [charts.elapsed_rows(_when(each), each.minutes) for each in both]
    st.altair_chart(
        charts.elapsed(pd.concat(rows), [_when(each) for each in both]),
        alt=words.COMPARE_ALT.format(one=title(shown.session), other=title(second.session)),
    )
    st.markdown(_table(*both))


def _table(one: ShownStream, other: ShownStream) -> str:
    """Return the numbers of two streams as a table."""
    columns = [_numbers(each) for each in (one, other)]
    names = dict.fromkeys([*columns[0], *columns[1]])
    lines = [
        (" ", _when(one), _when(other)),
        ("---", "---", "---"),
        *((name, *(column.get(name, "") for column in columns)) for name in names),
    ]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def _when(shown: ShownStream) -> str:
    return f"{shown.session.started:%Y-%m-%d %H:%M}"


def _numbers(shown: ShownStream) -> dict[str, str]:
    counts = shown.corrected
    found = statistics_of(shown, shapes=False)
    said = {
        words.COLUMNS["sites"]: plain(shown.stream.site.replace("-", " ") or shown.stream.name),
        words.COLUMNS["scorable"]: clock(shown.scorable_s),
        words.COLUMNS["twitches"]: str(counts[Kind.TWITCH]),
        words.COLUMNS["rate"]: rate_in_words(shown, counts[Kind.TWITCH]),
        live_words.CRAMPS: str(counts[Kind.CRAMP]),
        live_words.MOVEMENTS: str(counts[Kind.MOVEMENT]),
    }
    table = patterns.rows(found, shown.stream, counts[Kind.TWITCH], running=shown.running)
    return said | dict(table)


def beside_diary(store: Store, shown: ShownStream) -> None:
    """Draw the diary of a session's days, and how felt and detected twitches agree."""
    counts = {kind.value: shown.corrected[kind] for kind in COUNTED}
    rate = rate_in_words(shown, shown.corrected[Kind.TWITCH])
    st.markdown(f"{words.COUNTED.format(**counts)} {rate}")
    started = shown.session.started
    ended = started + timedelta(seconds=shown.duration_s)
    said = read_diary(shown.home).days()
    for day in dict.fromkeys((started.date(), ended.date())):
        _day(day, {name: as_text(value) for name, value in said.get(day, {}).items()})
    _felt(store, shown)


def _day(day: date, said: dict[str, str]) -> None:
    st.markdown(f"**{words.DIARY_OF.format(day=day.isoformat())}**")
    if not said:
        st.caption(words.NO_DIARY)
        return
    rows = [
        f"| {diary_words.LABELS.get(name, name)} | {plain(value)} |" for name, value in said.items()
    ]
    st.markdown("\n".join([f"| {words.SAID} | |", "| --- | --- |", *rows]))


def _felt(store: Store, shown: ShownStream) -> None:
    place = shown.place
    markers = store.markers(place.session, place.file)
    presses = [marker.time_s for marker in markers if marker.text == "felt"]
    if not presses:
        st.caption(words.NOTHING_PRESSED)
        return
    events = [e for e in store.events(place.session, place.file) if e.stream == place.stream]
    st.markdown(f"**{words.FELT_TITLE}**")
    for sentence in felt_sentences(felt_agreement(shown.stream, shown.n_samples, events, presses)):
        st.markdown(plain(sentence))
