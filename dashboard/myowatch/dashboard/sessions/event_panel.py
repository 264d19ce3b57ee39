"""The event that is selected: what it is taken to be and why, and what the wearer says of it."""

from datetime import timedelta
from pathlib import Path

import streamlit as st

from myowatch.dashboard.plain_text import plain
from myowatch.dashboard.sessions.shown import Shown
from myowatch.dashboard.words import sessions as words
from myowatch.dashboard.words.common import KINDS, UNITS
from myowatch.recordings.labels import (
    LONGEST_NOTE,
    Label,
    Word,
    add_label,
    key_of,
    read_labels,
    undo_label,
)
from myowatch.signal.events import Event, Kind


def event_panel(shown: Shown, event: Event | None) -> None:
    """Draw what is known of an event, and the way to say otherwise."""
    if event is None:
        st.caption(words.NO_EVENT)
    else:
        with st.container(border=True):
            st.markdown(f"**{about(shown, event)}**")
            st.markdown(plain(why(event)))
            _form(shown, event)
    _undo_line(shown)


def about(shown: Shown, event: Event) -> str:
    """Name an event with its time, length and size; safe for Markdown."""
    rate = shown.stream.sampling_rate
    at = shown.started + timedelta(seconds=event.onset / rate)
    return plain(
        words.EVENT_IS.format(
            kind=KINDS[event.kind.value],
            time=at.strftime("%H:%M:%S.%f")[:-3],
            length=_length((event.offset - event.onset) / rate),
            peak=f"{event.peak:.3g}",
            unit=UNITS.get(shown.stream.unit, shown.stream.unit.value),
        )
    )


def why(event: Event) -> str:
    """Say in a sentence why an event is what it is taken to be."""
    if event.reason is not None:
        return words.WHY_NOT.get(event.reason.value, words.WHY_NOT_OTHER)
    return words.WHY[event.kind.value].format(
        snr=event.snr_db, percent=round(100 * event.confidence)
    )


def _form(shown: Shown, event: Event) -> None:
    label = shown.labels.get(key_of(event), Label())
    # Where something else stands the widget is a new one, and shows it; the others stay as they
    # are, for somebody may be typing in them.
    name = f"{event.stream} {event.onset} {event.kind}"
    with st.container(horizontal=True, vertical_alignment="bottom"):
        kind = st.selectbox(
            words.WAS,
            [None, *Word],
            index=[None, *Word].index(label.kind),
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


def _called(word: Word | None, event: Event) -> str:
    if word is None:
        return words.AS_DETECTED.format(kind=KINDS[event.kind.value].lower())
    return words.WORDS_OF_LABELS[word.value]


def _undo_line(shown: Shown) -> None:
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


def is_shown(event: Event) -> bool:
    """Whether an event is one of those that are counted."""
    return event.kind is not Kind.ARTEFACT
