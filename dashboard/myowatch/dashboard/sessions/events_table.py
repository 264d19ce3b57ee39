"""The events of a stream, a page of them at a time: a busy night has two hundred thousand."""

from collections.abc import Sequence
from datetime import timedelta

import pandas as pd
import streamlit as st

from myowatch.dashboard.sessions.event_panel import why
from myowatch.dashboard.sessions.shown import Shown
from myowatch.dashboard.words import sessions as words
from myowatch.dashboard.words.common import KINDS, REASONS, UNITS
from myowatch.recordings.labels import key_of
from myowatch.recordings.store import Store
from myowatch.recordings.store_windows import select_page
from myowatch.signal.events import UNSCORABLE, Event

A_PAGE = 200
ROWS_SHOWN = 7
_UNSCORABLE = {reason.value for reason in UNSCORABLE}


def events_table(store: Store, shown: Shown) -> Event | None:
    """Draw the table; returns the event chosen in it."""
    st.markdown(f"**{words.EVENTS}**")
    with st.container(horizontal=True, vertical_alignment="bottom"):
        with_rejected = st.toggle(words.WITH_REJECTED, key="with_rejected")
        kinds = [k for k in shown.kinds if k[1] not in _UNSCORABLE and (with_rejected or not k[1])]
        found, page = _page(store, shown, kinds)
    if not found:
        return None
    picked = st.dataframe(
        _rows(shown, found, with_rejected=with_rejected),
        hide_index=True,
        on_select="rerun",
        selection_mode="single-row",
        height="auto" if len(found) <= ROWS_SHOWN else 280,
        key=f"events {shown.place} {with_rejected} {page}",
        column_config={
            words.EVENT_COLUMNS["time"]: st.column_config.DatetimeColumn(format="HH:mm:ss.SSS"),
            words.EVENT_COLUMNS["confidence"]: st.column_config.NumberColumn(format="%.2f"),
        },
    )
    rows = picked.selection.rows
    return found[rows[0]] if rows and rows[0] < len(found) else None


def _page(store: Store, shown: Shown, kinds: list[tuple[str, str]]) -> tuple[list[Event], int]:
    total = sum(shown.kinds[kind] for kind in kinds)
    page = 1
    if total > A_PAGE:
        pages = -(-total // A_PAGE)
        page = st.number_input(
            words.PAGE.format(pages=pages, total=total),
            1,
            pages,
            key=f"page {shown.place}",
            width=260,
        )
    if not total:
        return [], page
    with store.reading() as connection:
        found, _ = select_page(connection, shown.place, kinds, (page - 1) * A_PAGE, A_PAGE)
    return found, page


def _rows(shown: Shown, events: Sequence[Event], *, with_rejected: bool) -> pd.DataFrame:
    names, rate = words.EVENT_COLUMNS, shown.stream.sampling_rate
    peak = f"{names['peak']} ({UNITS.get(shown.stream.unit, shown.stream.unit.value)})"
    started = shown.started.replace(tzinfo=None)
    rows = [
        {
            names["time"]: started + timedelta(seconds=event.onset / rate),
            names["onset_s"]: round(event.onset / rate, 4),
            names["length_ms"]: round(1000 * (event.offset - event.onset) / rate, 1),
            names["kind"]: KINDS[event.kind.value],
            names["reason"]: REASONS.get(event.reason or "", ""),
            names["why"]: why(event) if event.reason else "",
            names["label"]: _label(shown, event),
            peak: event.peak,
            names["confidence"]: event.confidence,
        }
        for event in events
    ]
    table = pd.DataFrame(rows)
    unused = [] if with_rejected else [names["reason"], names["why"]]
    return table.drop(columns=unused if shown.labels else [*unused, names["label"]])


def _label(shown: Shown, event: Event) -> str:
    label = shown.labels.get(key_of(event))
    if label is None:
        return ""
    said = [
        words.WORDS_OF_LABELS[label.kind.value] if label.kind else "",
        "" if label.felt is None else words.FELT_SAID[label.felt].lower(),
        label.note,
    ]
    return ", ".join(part for part in said if part)
