"""The panel that requests a report: period, options, and the button that makes it."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from functools import partial
from pathlib import Path

import streamlit as st

from myowatch.dashboard.report import report_text as words
from myowatch.dashboard.report.contents import ReportRequest
from myowatch.dashboard.report.printing import Form, Paper, make, with_name
from myowatch.dashboard.text.common_text import plain
from myowatch.recordings.store.session_info import SessionSummary
from myowatch.recordings.store.store import Store
from myowatch.recordings.wearer.diary import today
from myowatch.recordings.wearer.preferences import read_preferences

_SESSION, _ALL, _SINCE = "session", "all", "since"
_MIME = {Form.PDF: "application/pdf", Form.HTML: "text/html"}


def report_panel(home: Path, session: str = "") -> None:
    """Draw the panel.

    Parameters
    ----------
    session
        Id of the session that the page shows; empty if it shows none.
    """
    with st.expander(words.PANEL_TITLE, key=f"report_panel {session}"):
        st.caption(words.ABOUT)
        with Store(home) as store:
            sessions = store.sessions()
        if not sessions:
            st.write(words.NOTHING)
            return
        with st.container(horizontal=True, vertical_alignment="bottom"):
            first = _first_day(sessions, session)
            form = _form()
            paper = _paper(form)
        named_one, notes = _name(home), st.checkbox(words.WITH_NOTES, key="report_notes")
        if first is not None and sessions[-1].started.date() < first:
            st.write(words.NOT_THEN.format(day=first))
            return
        asked = ReportRequest("" if first else session, first, notes=notes)
        if named_one:
            asked = with_name(home, asked)
        _download(home, asked, form, paper)


def _first_day(sessions: Sequence[SessionSummary], session: str) -> date | None:
    """Draw the choice of the period; None for the session itself."""
    of_session = {_SESSION: words.THIS_SESSION} if session else {}
    weeks = {str(n): label for n, label in words.WEEKS.items()}
    spans = of_session | weeks | {_ALL: words.ALL, _SINCE: words.PANEL_SINCE}
    span = st.selectbox(
        words.OF, list(spans), format_func=spans.__getitem__, key=f"report_span {bool(session)}"
    )
    if span == _SESSION:
        return None
    oldest = sessions[0].started.date()
    if span == _ALL:
        return oldest
    if span == _SINCE:
        latest = max(today(), oldest)
        chosen = st.date_input(
            words.FIRST_DAY, oldest, min_value=oldest, max_value=latest, key="report_since"
        )
        return chosen if isinstance(chosen, date) else oldest
    return today() - timedelta(weeks=int(span), days=-1)


def _form() -> Form:
    labels = words.FORMS
    chosen = st.selectbox(words.FORM, list(Form), format_func=labels.__getitem__, key="report_form")
    return chosen or Form.PDF


def _paper(form: Form) -> Paper:
    if form is not Form.PDF:
        return Paper.A4
    labels = words.PAPERS
    chosen = st.selectbox(
        words.PAPER, list(Paper), format_func=labels.__getitem__, key="report_paper"
    )
    return chosen or Paper.A4


def _name(home: Path) -> bool:
    known = read_preferences(home).preferences
    if not known.wearer:
        st.checkbox(words.NO_NAME, disabled=True, key="report_no_name")
        return False
    name = words.WITH_YEAR.format(name=known.wearer, year=known.born) if known.born else None
    label = words.WITH_NAME.format(name=plain(name or known.wearer))
    return st.checkbox(label, key="report_name")


def _download(home: Path, asked: ReportRequest, form: Form, paper: Paper) -> None:
    st.download_button(
        words.MAKE,
        partial(_made, home, asked, form, paper),
        file_name=words.FILE_NAME.format(day=today(), form=form),
        mime=_MIME[form],
        on_click="ignore",
        type="primary",
        key="report_make",
    )


def _made(home: Path, asked: ReportRequest, form: Form, paper: Paper) -> bytes:
    return make(home, asked, form, datetime.now().astimezone(), paper=paper)
