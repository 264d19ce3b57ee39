"""The Sessions page: everything recorded, and one session at a glance."""

from collections.abc import Mapping
from datetime import timedelta
from functools import partial
from pathlib import Path

import pandas as pd
import streamlit as st

from myowatch.dashboard import charts, patterns
from myowatch.dashboard.downloads import as_csv, as_json
from myowatch.dashboard.plain_text import plain
from myowatch.dashboard.recorders import clock
from myowatch.dashboard.report.panel import report_panel
from myowatch.dashboard.words import live as live_words
from myowatch.dashboard.words import sessions as words
from myowatch.dashboard.words.common import KINDS, REASONS, UNITS
from myowatch.recordings.home import data_home
from myowatch.recordings.sessions import SessionSummary
from myowatch.recordings.shape_numbers import shape_numbers
from myowatch.recordings.store import Store
from myowatch.signal.events import UNSCORABLE, Event, Kind
from myowatch.signal.samples import Stream
from myowatch.signal.statistics import Statistics, statistics
from myowatch.signal.summary import ENOUGH_S, Summary
from myowatch.signal.tally import tally

ROWS_SHOWN = 7


def show(home: Path) -> None:
    """Draw the table, and the session chosen in it."""
    with Store(home) as store:
        sessions = store.sessions()[::-1]
        if not sessions:
            st.info(words.EMPTY)
            return
        chosen = _table(sessions)
        if chosen is None:
            st.caption(words.PICK)
            return
        _session(store, home, chosen)


def _table(sessions: list[SessionSummary]) -> SessionSummary | None:
    names = words.COLUMNS
    rows = [
        {
            names["started"]: session.started.replace(tzinfo=None),
            names["sites"]: ", ".join(site.replace("-", " ") for site in session.sites),
            names["source"]: session.source,
            names["duration"]: clock(session.duration_s),
            names["scorable"]: clock(session.scorable_s),
            names["twitches"]: session.twitches,
            names["rate"]: _rate(session),
            names["cramps"]: session.cramps,
        }
        for session in sessions
    ]
    picked = st.dataframe(
        pd.DataFrame(rows),
        hide_index=True,
        on_select="rerun",
        selection_mode="single-row-required",
        selection_default={"selection": {"rows": [0]}},
        height="auto" if len(rows) <= ROWS_SHOWN else 280,
        key="sessions",
        column_config={
            names["started"]: st.column_config.DatetimeColumn(format="YYYY-MM-DD HH:mm"),
            names["rate"]: st.column_config.TextColumn(alignment="right"),
        },
    )
    rows_picked = picked.selection.rows
    return sessions[rows_picked[0]] if rows_picked else None


def _rate(session: SessionSummary) -> str:
    enough = session.scorable_s >= ENOUGH_S
    return f"{60 * session.twitches / session.scorable_s:.1f}" if enough else ""


def _session(store: Store, home: Path, session: SessionSummary) -> None:
    file, stream = _stream(store, session)
    events = [e for e in store.events(session.id, file) if e.stream == stream.name]
    n_samples = store.n_samples(session.id, file)[stream.name]
    minutes = [m for m in store.minutes(session.id, file) if m.stream == stream.name]
    span = charts.span_of(session.started, minutes)
    summary = tally(stream, events).summary(n_samples)
    running = session.ended is None
    numbers = None if running else _numbers_of_shapes(home / file, stream.name, n_samples, events)
    found = statistics(stream, n_samples, events, numbers)
    _numbers(summary, found, running=running)
    _patterns(patterns.rows(found, stream, summary.twitches, running=running))
    st.markdown(f"**{words.TIMELINE}**")
    length = clock(n_samples / stream.sampling_rate)
    st.altair_chart(
        charts.timeline(charts.timeline_rows(stream, session.started, events), span),
        alt=words.TIMELINE_ALT.format(
            twitches=summary.twitches,
            movements=summary.movements,
            cramps=summary.cramps,
            duration=length,
        ),
    )
    st.markdown(f"**{words.PER_MINUTE}**")
    most = max((minute.twitches for minute in minutes), default=0)
    st.altair_chart(
        charts.per_minute(charts.minute_rows(session.started, minutes), span),
        alt=words.PER_MINUTE_ALT.format(minutes=len(minutes), most=most),
    )
    _events(session, stream, events)
    _downloads(home, session)
    report_panel(home, session.id)


def _stream(store: Store, session: SessionSummary) -> tuple[str, Stream]:
    choices = [(file, s) for file in session.files for s in store.streams(session.id, file)]
    if len(choices) == 1:
        return choices[0]
    number = st.segmented_control(
        words.STREAM,
        range(len(choices)),
        format_func=lambda i: plain(choices[i][1].name),
        default=0,
        required=True,
        key=f"stream {session.id}",
    )
    return choices[number]


@st.cache_data(show_spinner=words.COMPARING, max_entries=16)
def _numbers_of_shapes(
    path: Path, name: str, n_samples: int, _events: list[Event]
) -> Mapping[int, int | None] | None:
    """Numbers of one stream's shapes; its length tells one state of the recording from another."""
    return shape_numbers(path, _events).get(name)


def _patterns(rows: list[patterns.Row]) -> None:
    if not rows:
        return
    st.markdown(f"**{words.PATTERNS}**")
    lines = [words.PATTERN_COLUMNS, ("---", "---"), *rows]
    st.markdown("\n".join(f"| {name} | {sentence} |" for name, sentence in lines))


def _numbers(summary: Summary, found: Statistics, *, running: bool) -> None:
    with st.container(horizontal=True):
        for label, value in (
            (words.COLUMNS["twitches"], str(summary.twitches) if summary.shows_twitches else "-"),
            (live_words.CRAMPS, str(summary.cramps)),
            (live_words.MOVEMENTS, str(summary.movements)),
            (live_words.SCORABLE, clock(summary.scorable_s)),
        ):
            st.metric(label, value, width=150)
    rate = live_words.RATE_LATER if summary.shows_twitches else live_words.ENVELOPE
    if summary.twitches_per_min is not None and summary.ci95 is not None:
        low, high = summary.ci95
        rate = live_words.RATE.format(rate=summary.twitches_per_min, low=low, high=high)
    lost = ", ".join(
        f"{REASONS.get(reason, reason)} {clock(seconds)}"
        for reason, seconds in summary.unscorable.items()
    )
    parts = [
        rate,
        patterns.scatter(found),
        f"{words.UNSCORED}: {lost}." if lost else "",
        words.RUNNING if running else "",
    ]
    st.caption(" ".join(part for part in parts if part))
    if found.reference is not None:
        st.caption(patterns.reference(found.reference))


def _events(session: SessionSummary, stream: Stream, events: list[Event]) -> None:
    st.markdown(f"**{words.EVENTS}**")
    with_rejected = st.toggle(words.WITH_REJECTED, key="with_rejected")
    names = words.EVENT_COLUMNS
    unit = UNITS.get(stream.unit, stream.unit.value)
    rate = stream.sampling_rate
    peak = f"{names['peak']} ({unit})"
    rows = [
        {
            names["time"]: session.started.replace(tzinfo=None)
            + timedelta(seconds=event.onset / rate),
            names["onset_s"]: round(event.onset / rate, 4),
            names["length_ms"]: round(1000 * (event.offset - event.onset) / rate, 1),
            names["kind"]: KINDS[event.kind.value],
            names["reason"]: REASONS.get(event.reason or "", event.reason),
            peak: event.peak,
            names["confidence"]: event.confidence,
        }
        for event in events
        if event.kind is not Kind.ARTEFACT or (with_rejected and event.reason not in UNSCORABLE)
    ]
    columns = [names["time"], names["onset_s"], names["length_ms"], names["kind"], names["reason"]]
    table = pd.DataFrame(rows, columns=[*columns, peak, names["confidence"]])
    if not with_rejected:
        table = table.drop(columns=names["reason"])
    st.dataframe(
        table,
        hide_index=True,
        height="auto" if len(rows) <= ROWS_SHOWN else 280,
        key="events",
        column_config={
            names["time"]: st.column_config.DatetimeColumn(format="HH:mm:ss.SSS"),
            names["confidence"]: st.column_config.NumberColumn(format="%.2f"),
        },
    )


def _downloads(home: Path, session: SessionSummary) -> None:
    with st.container(horizontal=True):
        for label, suffix, mime, make in (
            (words.TAKE_CSV, "-events.csv", "text/csv", as_csv),
            (words.TAKE_JSON, ".json", "application/json", as_json),
        ):
            st.download_button(
                label,
                partial(make, home, session),
                file_name=f"{session.id}{suffix}",
                mime=mime,
                on_click="ignore",
            )


show(data_home())
