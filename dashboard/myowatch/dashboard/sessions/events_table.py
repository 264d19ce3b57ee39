"""The table of a stream's events, and the panel of the selected one."""

from collections.abc import Sequence
from datetime import timedelta
from pathlib import Path

import pandas as pd
import streamlit as st

from myowatch.dashboard.sessions import sessions_text as words
from myowatch.dashboard.sessions.session_data import ShownStream
from myowatch.dashboard.text.common_text import CRAMP_OR_CONTRACTION, KINDS, REASONS, UNITS, plain
from myowatch.recordings.store.event_windows import select_page
from myowatch.recordings.store.store import Store
from myowatch.recordings.wearer.labels import (
    LONGEST_NOTE,
    Label,
    LabelKind,
    Labels,
    add_label,
    event_key,
    read_labels,
    undo_label,
)
from myowatch.signal.model.events import UNSCORABLE, Event


def event_panel(shown: ShownStream, event: Event | None) -> None:
    """Draw what is known of an event, and the ways to correct it."""
    if event is None:
        st.caption(words.NO_EVENT)
    else:
        with st.container(border=True):
            st.markdown(f"**{about(shown, event)}**")
            st.markdown(plain(why(event)))
            _form(shown, event)
    _undo_line(shown)


def about(shown: ShownStream, event: Event) -> str:
    """Return an event's kind, time, length and size, safe for Markdown."""
    rate = shown.stream.sampling_rate
    at = shown.started + timedelta(seconds=event.onset / rate)
    return plain(
        words.EVENT_IS.format(
            kind=kind_in_words(event, shown.labels),
            time=at.strftime("%H:%M:%S.%f")[:-3],
            length=_length((event.offset - event.onset) / rate),
            peak=f"{event.peak:.3g}",
            unit=UNITS.get(shown.stream.unit, shown.stream.unit.value),
        )
    )


def kind_in_words(event: Event, labels: Labels) -> str:
    """Return the name of a kind; both names where only the wearer can tell and has not."""
    label = labels.get(event_key(event))
    answered = label is not None and label.corrects
    return CRAMP_OR_CONTRACTION if event.is_unsure and not answered else KINDS[event.kind.value]


def why(event: Event) -> str:
    """Return in one sentence why an event has its kind."""
    if event.is_unsure and event.cramp_probability is not None:
        return words.WHY_UNSURE.format(
            snr=event.snr_db, percent=round(100 * event.cramp_probability)
        )
    if event.reason is not None:
        return words.WHY_NOT.get(event.reason.value, words.WHY_NOT_OTHER)
    return words.WHY[event.kind.value].format(
        snr=event.snr_db, percent=round(100 * event.confidence)
    )


def _form(shown: ShownStream, event: Event) -> None:
    label = shown.labels.get(event_key(event), Label())
    # Where something else stands the widget is a new one, and shows it; the others stay as they
    # are, for somebody may be typing in them.
    name = f"{event.stream} {event.onset} {event.kind}"
    with st.container(horizontal=True, vertical_alignment="bottom"):
        kind = st.selectbox(
            words.WAS,
            [None, *LabelKind],
            index=[None, *LabelKind].index(label.kind),
            format_func=lambda word: _called(word, event),
            key=f"kind {name} {label.kind}",
            width=260,
        )
        felt = st.selectbox(
            words.FELT,
            [None, True, False],
            index=[None, True, False].index(label.felt),
            format_func=lambda said: words.FELT_SAID[said],
            key=f"felt {name} {label.felt}",
            width=160,
        )
        note = st.text_input(
            words.NOTE,
            label.note,
            max_chars=LONGEST_NOTE,
            key=f"note {name} {label.note}",
            width=320,
        )
    said = Label(kind, felt, note.strip())
    if said != label:
        add_label(shown.home, shown.session.id, shown.place.file, event, said)
        st.rerun()


def _called(word: LabelKind | None, event: Event) -> str:
    if word is None:
        return words.AS_DETECTED.format(kind=KINDS[event.kind.value].lower())
    return words.WORDS_OF_LABELS[word.value]


def _undo_line(shown: ShownStream) -> None:
    steps = shown.all_labels.steps
    if not steps:
        return
    with st.container(horizontal=True, vertical_alignment="center"):
        st.button(
            words.UNDO_LABEL,
            key="undo label",
            on_click=_undo,
            args=(shown.home, shown.session.id),
        )
        st.caption(
            words.LABELS_STAND.format(count=sum(map(len, shown.all_labels.by_stream.values())))
        )


def _undo(home: Path, session_id: str) -> None:
    # The newest as it is now: a second press may come before the page was drawn after the first.
    if steps := read_labels(home, session_id).steps:
        undo_label(home, session_id, steps[-1])


def _length(seconds: float) -> str:
    return f"{seconds:.1f} s" if seconds >= 1 else f"{1000 * seconds:.0f} ms"


A_PAGE = 200
ROWS_SHOWN = 7
_UNSCORABLE = {reason.value for reason in UNSCORABLE}


def events_table(store: Store, shown: ShownStream) -> Event | None:
    """Draw the table; return the event chosen in it."""
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


def _page(
    store: Store, shown: ShownStream, kinds: list[tuple[str, str]]
) -> tuple[list[Event], int]:
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
    with store.transaction() as connection:
        found, _ = select_page(connection, shown.place, kinds, (page - 1) * A_PAGE, A_PAGE)
    return found, page


def _rows(shown: ShownStream, events: Sequence[Event], *, with_rejected: bool) -> pd.DataFrame:
    names, rate = words.EVENT_COLUMNS, shown.stream.sampling_rate
    peak = f"{names['peak']} ({UNITS.get(shown.stream.unit, shown.stream.unit.value)})"
    started = shown.started.replace(tzinfo=None)
    rows = [
        {
            names["time"]: started + timedelta(seconds=event.onset / rate),
            names["onset_s"]: round(event.onset / rate, 4),
            names["length_ms"]: round(1000 * (event.offset - event.onset) / rate, 1),
            names["kind"]: kind_in_words(event, shown.labels),
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


def _label(shown: ShownStream, event: Event) -> str:
    label = shown.labels.get(event_key(event))
    if label is None:
        return ""
    said = [
        words.WORDS_OF_LABELS[label.kind.value] if label.kind else "",
        "" if label.felt is None else words.FELT_SAID[label.felt].lower(),
        label.note,
    ]
    return ", ".join(part for part in said if part)
