"""What was counted on a day, below what was said; and how felt and detected agree."""

from datetime import date

import streamlit as st

from myowatch.dashboard.diary import diary_text as words
from myowatch.dashboard.diary.diary_dates import short_day
from myowatch.dashboard.diary.felt_sentences import felt_sentences
from myowatch.dashboard.recorders import clock
from myowatch.dashboard.text.plain_text import plain
from myowatch.recordings.store.session_info import SessionSummary
from myowatch.recordings.store.store import Store
from myowatch.signal.statistics.felt_agreement import felt_agreement

FELT = "felt"


def counted_on(store: Store, day: date) -> None:
    """Draw a line a session begun on that day; nothing if there was none."""
    sessions = [s for s in store.sessions() if s.started.date() == day]
    if not sessions:
        return
    st.subheader(words.COUNTED.format(day=short_day(day)))
    for session in sessions:
        st.markdown(_line(session))
        for sentence in _felt(store, session):
            st.caption(plain(sentence))


def _line(session: SessionSummary) -> str:
    line = words.SESSION.format(
        time=f"{session.started:%H:%M}",
        site=", ".join(session.sites).replace("-", " ") or words.NO_SITE,
        scorable=clock(session.scorable_s),
        twitches=session.twitches,
        cramps=session.cramps,
    )
    return plain(line)


def _felt(store: Store, session: SessionSummary) -> list[str]:
    said = []
    for file in session.files:
        presses = [m.time_s for m in store.markers(session.id, file) if m.text == FELT]
        if not presses:
            continue
        events, lengths = store.events(session.id, file), store.n_samples(session.id, file)
        for stream in store.streams(session.id, file):
            felt = felt_agreement(stream, lengths[stream.name], events, presses)
            said += [f"{stream.name}: {sentence}" for sentence in felt_sentences(felt)]
    return said
