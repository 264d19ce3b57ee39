"""A session as pictures: what happened when, and how often in each minute."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

import altair as alt
import pandas as pd

from myowatch.dashboard.words import sessions as words
from myowatch.dashboard.words.common import KINDS
from myowatch.signal.events import UNSCORABLE, Event, Kind
from myowatch.signal.samples import Stream
from myowatch.signal.summary import Minute

MARKS_A_ROW = 1000  # more than a screen has pixels for
KIND_OF_ROW = {Kind.TWITCH: "twitch", Kind.MOVEMENT: "movement", Kind.CRAMP: "cramp"}
SHORT = timedelta(minutes=20)
Span = tuple[datetime, datetime]
# Clear on light and dark, and none of them a warning: a count is not an alarm.
NO_ALARM = ("#3b82c4", "#1f8a5b", "#8a5cc2", "#8a8f98")


def timeline_rows(stream: Stream, started: datetime, events: Sequence[Event]) -> pd.DataFrame:
    """Return one row a mark: from, to (time of day) and what; thinned where marks would overlap."""
    rate = stream.sampling_rate
    mine = [event for event in events if event.stream == stream.name]
    length = max((event.offset for event in mine), default=1) / rate
    seen: set[tuple[str, int]] = set()
    rows = []
    for event in mine:
        what = _row_of(event)
        slot = (what, int(event.onset / rate / length * MARKS_A_ROW))
        if not what or slot in seen:
            continue
        seen.add(slot)
        rows.append((_at(started, event.onset / rate), _at(started, event.offset / rate), what))
    return pd.DataFrame(rows, columns=["from", "to", "what"])


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


def timeline(rows: pd.DataFrame, span: Span) -> alt.Chart:
    """Draw every event as a mark in the row of its kind."""
    order = [KINDS["twitch"], KINDS["movement"], KINDS["cramp"], words.UNSCORED]
    colours = alt.Scale(domain=order, range=NO_ALARM)
    chart: alt.Chart = (
        alt.Chart(rows)
        .mark_bar(height=18, strokeWidth=1)
        .encode(
            x=_time(span),
            x2="to:T",
            y=alt.Y("what:N", title=None, sort=order, scale=alt.Scale(domain=order)),
            fill=alt.Fill("what:N", legend=None, scale=colours),
            # The outline keeps a twitch of 20 ms in sight of a whole night.
            stroke=alt.Stroke("what:N", legend=None, scale=colours),
            tooltip=[
                alt.Tooltip("what:N", title=words.EVENT_COLUMNS["kind"]),
                alt.Tooltip("utchoursminutesseconds(from):T", title=words.EVENT_COLUMNS["time"]),
            ],
        )
        .properties(height=170)
    )
    return chart


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


def _row_of(event: Event) -> str:
    if event.kind is Kind.ARTEFACT:
        return words.UNSCORED if event.reason in UNSCORABLE else ""
    return KINDS[KIND_OF_ROW[event.kind]]


def _at(started: datetime, seconds: float) -> datetime:
    return started.replace(tzinfo=None) + timedelta(seconds=seconds)
