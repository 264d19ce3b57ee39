"""A session as pictures: what happened when, and how often in each minute."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

import altair as alt
import pandas as pd

from myowatch.dashboard.sessions import sessions_text as words
from myowatch.signal.statistics.counts import Minute

SHORT = timedelta(minutes=20)
Span = tuple[datetime, datetime]
# Clear on light and dark, and none of them a warning: a count is not an alarm.
NO_ALARM = ("#3b82c4", "#1f8a5b", "#8a5cc2", "#8a8f98")


def span_of(started: datetime, minutes: Sequence[Minute]) -> Span:
    """Return the begin and end of a session's time axis (time of day), in whole minutes."""
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
    """Return one row a minute: hours since the start, twitches, and of which session."""
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
