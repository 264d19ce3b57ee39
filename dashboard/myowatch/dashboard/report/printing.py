"""A report from its request to the bytes of a file: HTML, or PDF by Typst."""

import json
import tempfile
from collections.abc import Callable
from dataclasses import asdict, replace
from datetime import datetime
from enum import StrEnum
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from myowatch.dashboard.report.contents import ReportRequest
from myowatch.dashboard.report.document import Block, Document, Paragraph, Table
from myowatch.dashboard.report.gathering import gather
from myowatch.dashboard.report.wording import document_of
from myowatch.recordings.wearer.preferences import read_preferences

_TEMPLATES = Path(__file__).parent
PDF_TEMPLATE = _TEMPLATES / "report.typ"
_HTML = Environment(
    loader=FileSystemLoader(_TEMPLATES),
    autoescape=True,
    undefined=StrictUndefined,
    keep_trailing_newline=True,
)


def as_html(document: Document) -> str:
    """Return a document as one HTML file that loads nothing and runs no script."""
    return _HTML.get_template("report.html.jinja").render(document=document)


class Paper(StrEnum):
    """Paper sizes, by Typst's names."""

    A4 = "a4"
    LETTER = "us-letter"


def as_pdf(document: Document, made: datetime, paper: Paper = Paper.A4) -> bytes:
    """Return a document as PDF.

    Parameters
    ----------
    made
        Stands in the file, so that the same document is the same file.
    """
    # Its library has 80 MB: only who prints waits for it.
    from typst import TypstError

    inputs = {"document": _as_json(document), "paper": paper.value}
    template = PDF_TEMPLATE.read_bytes()
    try:
        return compile_typst(template, inputs, made)
    except TypstError:
        # Some letter is in none of its fonts (Latin, Greek, Cyrillic, Hebrew): perhaps in one of
        # this computer's. What no font has is an empty box, which no standard of PDF allows.
        return compile_typst(template, inputs, made, own_fonts=False)


def compile_typst(
    template: bytes, inputs: dict[str, str], made: datetime, *, own_fonts: bool = True
) -> bytes:
    """Compile a Typst template, alone in an empty folder.

    Parameters
    ----------
    own_fonts
        Take Typst's own alone and hold the file to PDF/UA, that of accessible documents; else also
        this computer's, without a standard.

    Raises
    ------
    TypstError
        If it cannot be printed so.
    """
    import typst

    with tempfile.TemporaryDirectory() as nothing:
        compiler = typst.Compiler(
            template,
            root=nothing,
            ignore_system_fonts=own_fonts,
            package_path=nothing,
            package_cache_path=nothing,
            sys_inputs=inputs,
        )
        printed = compiler.compile(
            format="pdf",
            pdf_standards="ua-1" if own_fonts else [],
            timestamp=made.replace(microsecond=0),
        )
    assert isinstance(printed, bytes)
    return printed


def _as_json(document: Document) -> str:
    said = asdict(document)
    for section, of_document in zip(said["sections"], document.sections, strict=True):
        section["blocks"] = [{"kind": _kind(block)} | asdict(block) for block in of_document.blocks]
    return json.dumps(said)


def _kind(block: Block) -> str:
    match block:
        case Paragraph():
            return "paragraph"
        case Table():
            return "table"
        case _:
            return "row"


class Form(StrEnum):
    """File format; also the suffix of the file's name."""

    PDF = "pdf"
    HTML = "html"


def make(
    home: Path,
    asked: ReportRequest,
    form: Form,
    now: datetime,
    *,
    paper: Paper = Paper.A4,
    on_progress: Callable[[float], None] = lambda _: None,
) -> bytes:
    """Return the bytes of a report.

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


def with_name(home: Path, asked: ReportRequest) -> ReportRequest:
    """Return the request with name and year of birth from the preferences, where missing."""
    known = read_preferences(home).preferences
    return replace(asked, wearer=asked.wearer or known.wearer, born=asked.born or known.born)
