"""The counts of a day, dates in words, and how felt and detected twitches agree."""

from datetime import date, datetime

import streamlit as st

from myowatch.dashboard.diary import diary_text as words
from myowatch.dashboard.recorders import clock
from myowatch.dashboard.text.common_text import plain
from myowatch.recordings.store.session_info import SessionSummary
from myowatch.recordings.store.store import Store
from myowatch.recordings.wearer.diary import now, today
from myowatch.recordings.wearer.diary_fields import EARLIEST
from myowatch.signal.statistics.felt_agreement import FeltAgreement, Share, felt_agreement

EVENING_ENDS = 4
"""O'clock until which a page that was opened in the evening stays with that day."""
OPENED = "diary_opened"


def long_day(day: date) -> str:
    """Return a day in full: `Monday, 23 November 2026`."""
    return words.LONG_DAY.format(
        weekday=words.WEEKDAYS[day.weekday()], day=short_day(day), year=day.year
    )


def short_day(day: date) -> str:
    """Return a day of this year: `23 November`."""
    return f"{day.day} {words.MONTHS[day.month - 1]}"


def day_shown() -> date:
    """Return today, unless the address names another day."""
    moment = now()
    opened = current_day(st.session_state.get(OPENED, moment.date()), moment)
    st.session_state[OPENED] = opened
    try:
        named = date.fromisoformat(st.query_params.get("day", ""))
    except ValueError:
        return opened
    return min(max(named, EARLIEST), moment.date())


def current_day(opened: date, moment: datetime) -> date:
    """Return the day that a page is about; after midnight it is still the evening before.

    Parameters
    ----------
    opened
        The day the page was about before.
    """
    passed = (moment.date() - opened).days
    return opened if passed == 1 and moment.hour < EVENING_ENDS else moment.date()


def turn_to(day: date) -> None:
    """Show another day, up to today."""
    st.session_state[OPENED] = today()
    if day >= today():
        st.query_params.pop("day", None)
    else:
        st.query_params["day"] = day.isoformat()


def felt_sentences(felt: FeltAgreement) -> list[str]:
    """Return what `felt_agreement` found, one fact a sentence."""
    if not felt.presses.of and not felt.unscored:
        return [words.NONE]
    said = []
    if felt.presses.of:
        of_presses = words.PRESSES.format(
            of=felt.presses.of, count=felt.presses.count, reaction=felt.reaction_s
        )
        of_twitches = words.TWITCHES.format(of=felt.twitches.of, count=felt.twitches.count)
        said = [of_presses + _beside_chance(felt.presses)]
        if felt.twitches.of:
            said.append(of_twitches + _beside_chance(felt.twitches))
    if felt.unscored:
        said.append(words.UNSCORED.format(count=felt.unscored))
    return said


def _beside_chance(share: Share) -> str:
    if share.interval is None:
        return words.VERDICTS[share.verdict]
    low, high = share.interval
    found = words.SHARE.format(
        share=f"{share.count / share.of:.0%}",
        low=f"{low:.0%}",
        high=f"{high:.0%}",
        chance=f"{share.chance:.0%}",
    )
    return found + words.VERDICTS[share.verdict]


FELT = "felt"


def counted_on(store: Store, day: date) -> None:
    """Draw one line for each session that began on that day."""
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
