"""One stream of a session: its numbers, its charts, the zoomed night, each event."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from statistics import median
from typing import Any

import altair as alt
import pandas as pd
import streamlit as st

from myowatch.dashboard.components import zoomed_trace
from myowatch.dashboard.live import live_text as live_words
from myowatch.dashboard.recorders import clock
from myowatch.dashboard.sessions import patterns
from myowatch.dashboard.sessions import sessions_text as words
from myowatch.dashboard.sessions.events_table import event_panel, events_table
from myowatch.dashboard.sessions.session_data import COUNTED, ShownStream, look_up
from myowatch.dashboard.text.common_text import REASONS, amplitude
from myowatch.recordings.store.event_windows import select_event
from myowatch.recordings.store.session_info import SessionSummary
from myowatch.recordings.store.store import Store
from myowatch.signal.model.events import Event, Kind
from myowatch.signal.model.samples import Stream
from myowatch.signal.statistics.counts import Minute, detectable_peaks, dispersion
from myowatch.signal.statistics.reference_rates import reference_of

SHORT = timedelta(minutes=20)
Span = tuple[datetime, datetime]
# Clear on light and dark, and none of them a warning: a count is not an alarm.
NO_ALARM = ("#3b82c4", "#1f8a5b", "#8a5cc2", "#8a8f98")


def span_of(started: datetime, minutes: Sequence[Minute]) -> Span:
    """Return begin and end of a session's time axis (time of day), in whole minutes."""
    return _at(started, 0), _at(started, 60 * max(len(minutes), 1))


def minute_rows(started: datetime, minutes: Sequence[Minute]) -> pd.DataFrame:
    """Return one row a minute: from, to (time of day), twitches, scored seconds."""
    return pd.DataFrame(
        [
            (
                _at(started, 60 * m.minute),
                _at(started, 60 * m.minute + 60),
                m.twitches,
                round(m.scorable_s, 1),
            )
            for m in minutes
        ],
        columns=["from", "to", "twitches", "scored"],
    )


def per_minute(rows: pd.DataFrame, span: Span) -> alt.Chart:
    """Draw the twitches of each minute as bars."""
    chart: alt.Chart = (
        alt.Chart(rows)
        .mark_bar(color=NO_ALARM[0], x2Offset=-1)
        .encode(
            x=_time(span),
            x2="to:T",
            y=alt.Y("twitches:Q", title=words.COUNT_AXIS, axis=alt.Axis(tickMinStep=1)),
            y2=alt.datum(0),
            tooltip=[
                alt.Tooltip("utchoursminutes(from):T", title=words.EVENT_COLUMNS["time"]),
                alt.Tooltip("twitches:Q", title=words.COLUMNS["twitches"]),
                alt.Tooltip("scored:Q", title=words.SCORED_SECONDS),
            ],
        )
        .properties(height=200)
    )
    return chart


def elapsed_rows(name: str, minutes: Sequence[Minute]) -> pd.DataFrame:
    """Return one row a minute: hours since the start, twitches, and the session."""
    return pd.DataFrame(
        [(m.minute / 60, (m.minute + 1) / 60, m.twitches, name) for m in minutes],
        columns=["from", "to", "twitches", "session"],
    )


def elapsed(rows: pd.DataFrame, names: Sequence[str]) -> alt.Chart:
    """Draw the twitches of each minute of several sessions on one axis of time and one of count."""
    chart: alt.Chart = (
        alt.Chart(rows)
        .mark_bar(x2Offset=-1)
        .encode(
            x=alt.X("from:Q", title=words.ELAPSED_AXIS),
            x2="to:Q",
            y=alt.Y("twitches:Q", title=words.COUNT_AXIS, axis=alt.Axis(tickMinStep=1)),
            y2=alt.datum(0),
            row=alt.Row("session:N", title=None, sort=[*names], header=alt.Header(orient="top")),
            color=alt.Color(
                "session:N", legend=None, sort=[*names], scale=alt.Scale(range=NO_ALARM[:2])
            ),
            tooltip=[alt.Tooltip("twitches:Q", title=words.COLUMNS["twitches"])],
        )
        .properties(height=120, width="container")
    )
    return chart


def _time(span: Span) -> alt.X:
    # Streamlit hands times over as UTC; read so, the axis says what the clock on the wall said.
    domain = [moment.replace(tzinfo=UTC).timestamp() * 1000 for moment in span]
    with_seconds = span[1] - span[0] < SHORT
    return alt.X(
        "from:T",
        title=words.TIME_AXIS_SHORT if with_seconds else words.TIME_AXIS,
        scale=alt.Scale(type="utc", domain=domain),
        axis=alt.Axis(format="%H:%M:%S" if with_seconds else "%H:%M", labelSeparation=12),
    )


def _at(started: datetime, seconds: float) -> datetime:
    return started.replace(tzinfo=None) + timedelta(seconds=seconds)


_NAMES = {
    Kind.TWITCH: words.COLUMNS["twitches"],
    Kind.CRAMP: live_words.CRAMPS,
    Kind.MOVEMENT: live_words.MOVEMENTS,
}


@st.fragment
def session_overview(home: Path, session: SessionSummary, file: str, stream: Stream) -> None:
    """Draw the overview; an action in it redraws only the overview."""
    with Store(home) as store:
        shown = look_up(store, home, session, file, stream)
        _numbers(shown)
        if shown.n_samples and (shown.home / shown.place.file).exists():
            above, below = st.container(), st.container()
            with below:  # first, for the row chosen in the table is shown in the trace above
                _minutes(shown)
                picked = events_table(store, shown)
            with above:
                _zoom(store, shown, picked)
        else:
            st.info(words.RECORDING_GONE)
            _minutes(shown)
            events_table(store, shown)


def _numbers(shown: ShownStream) -> None:
    with st.container(horizontal=True):
        for kind in COUNTED:
            unknown = kind is Kind.TWITCH and not shown.shows_twitches
            st.metric(_NAMES[kind], "-" if unknown else str(shown.detected[kind]), width=150)
        st.metric(live_words.SCORABLE, clock(shown.scorable_s), width=150)
    lost = ", ".join(
        f"{REASONS.get(reason, reason)} {clock(seconds)}"
        for reason, seconds in shown.unscorable.items()
    )
    spread = dispersion(shown.minutes).ci95
    parts = [
        rate_in_words(shown, shown.detected[Kind.TWITCH]),
        words.SCATTER.format(low=spread[0], high=spread[1]) if spread else "",
        _detectable(shown),
        f"{words.UNSCORED}: {lost}." if lost else "",
        words.RUNNING if shown.running else "",
    ]
    st.caption(" ".join(part for part in parts if part))
    if any(label.corrects for label in shown.labels.values()):
        counts = {kind.value: shown.corrected[kind] for kind in COUNTED}
        rate = rate_in_words(shown, shown.corrected[Kind.TWITCH])
        st.markdown(f"{words.CORRECTED.format(**counts)} {rate}")
    if (known := reference_of(shown.stream)) is not None:
        st.caption(patterns.reference(known))


def _detectable(shown: ShownStream) -> str:
    """Return which twitches would have been seen; empty if unknown."""
    peaks = detectable_peaks(shown.minutes, shown.stream.name)
    if not peaks:
        return ""
    return words.DETECTABLE.format(peak=amplitude(median(peaks.values()), shown.stream.unit))


def rate_in_words(shown: ShownStream, twitches: int) -> str:
    """Return the rate with its interval, or that it is too early for one."""
    if not shown.shows_twitches:
        return live_words.ENVELOPE
    rate = shown.rate(twitches)
    if rate is None:
        return live_words.RATE_LATER
    return live_words.RATE.format(rate=rate[0], low=rate[1], high=rate[2])


def _zoom(store: Store, shown: ShownStream, picked: Event | None) -> None:
    row = _to_show(shown, picked)
    result = zoomed_trace(
        shown.place,
        shown.stream,
        shown.started,
        shown.duration_s,
        labels=len(shown.all_labels.steps) + 1,
        event=row,
    )
    key = "row shown"
    if row is not None and st.session_state.get(key) != row["token"]:
        st.session_state[key] = row["token"]  # the row was picked after whatever the trace says
        event_panel(shown, picked)
        return
    said = result.event if isinstance(result.event, Mapping) else None
    event_panel(shown, _event(store, shown, said) or (picked if said is None else None))


def _to_show(shown: ShownStream, picked: Event | None) -> Mapping[str, Any] | None:
    if picked is None:
        return None
    rate = shown.stream.sampling_rate
    return {
        "sample": picked.onset,
        "kind": picked.kind.value,
        "onset": picked.onset / rate,
        "offset": picked.offset / rate,
        "token": f"{shown.place} {picked.onset} {picked.kind}",
    }


def _event(store: Store, shown: ShownStream, said: Mapping[str, Any] | None) -> Event | None:
    """Return the event that the trace selected, if this stream has it."""
    try:
        if said is None:
            return None
        onset, kind = int(said["sample"]), Kind(said["kind"])
    except (KeyError, ValueError, TypeError):
        return None
    with store.transaction() as connection:
        return select_event(connection, shown.place, onset, kind)


def _minutes(shown: ShownStream) -> None:
    st.markdown(f"**{words.PER_MINUTE}**")
    most = max((minute.twitches for minute in shown.minutes), default=0)
    span = span_of(shown.started, shown.minutes)
    st.altair_chart(
        per_minute(minute_rows(shown.started, shown.minutes), span),
        alt=words.PER_MINUTE_ALT.format(minutes=len(shown.minutes), most=most),
    )
