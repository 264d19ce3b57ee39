"""A report from what is asked to the bytes of a file: what command line and pages call."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from enum import StrEnum
from pathlib import Path

from myowatch.dashboard.report.contents import Asked
from myowatch.dashboard.report.gathering import gather
from myowatch.dashboard.report.report_html import as_html
from myowatch.dashboard.report.report_pdf import Paper, as_pdf
from myowatch.dashboard.report.wording import document_of
from myowatch.recordings.wearer.preferences import read_preferences

__all__ = ["Form", "Paper", "make", "named"]


class Form(StrEnum):
    """How it is printed; also how the file's name ends."""

    PDF = "pdf"
    HTML = "html"


def make(
    home: Path,
    asked: Asked,
    form: Form,
    now: datetime,
    *,
    paper: Paper = Paper.A4,
    on_progress: Callable[[float], None] = lambda _: None,
) -> bytes:
    """Make a report.

    Parameters
    ----------
    now
        By the wearer's clock.
    paper
        For PDF; HTML takes what the printer has.
    on_progress
        Told how much of the work is done, 0 to 1.

    Raises
    ------
    Problem
        If there is nothing to make it of.
    """
    document = document_of(gather(home, asked, now, on_progress))
    made = as_pdf(document, now, paper) if form is Form.PDF else as_html(document).encode()
    on_progress(1.0)
    return made


def named(home: Path, asked: Asked) -> Asked:
    """Add the name and year of birth of the preferences, where none are asked for."""
    known = read_preferences(home).preferences
    return replace(asked, wearer=asked.wearer or known.wearer, born=asked.born or known.born)
