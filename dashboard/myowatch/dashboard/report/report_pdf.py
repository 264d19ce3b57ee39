"""A document as PDF, by Typst.

The template is constant and is handed the document as JSON: no word of it is ever read as markup,
whatever a note or a site's name may hold. Typst sees an empty folder instead of the disk; it would
ask the net only for packages, and the template imports none.
"""

import json
import tempfile
from dataclasses import asdict
from datetime import datetime
from enum import StrEnum
from pathlib import Path

from myowatch.dashboard.report.document import Block, Document, Paragraph, Table

TEMPLATE = Path(__file__).with_name("report.typ")


class Paper(StrEnum):
    """What is printed on; Typst's names."""

    A4 = "a4"
    LETTER = "us-letter"


def as_pdf(document: Document, made: datetime, paper: Paper = Paper.A4) -> bytes:
    """Print a document.

    Parameters
    ----------
    made
        Stands in the file, so that the same document is the same file.
    """
    # Its library has 80 MB: only who prints waits for it.
    from typst import TypstError

    inputs = {"document": _as_json(document), "paper": paper.value}
    template = TEMPLATE.read_bytes()
    try:
        return compiled(template, inputs, made)
    except TypstError:
        # Some letter is in none of its fonts (Latin, Greek, Cyrillic, Hebrew): perhaps in one of
        # this computer's. What no font has is an empty box, which no standard of PDF allows.
        return compiled(template, inputs, made, own_fonts=False)


def compiled(
    template: bytes, inputs: dict[str, str], made: datetime, *, own_fonts: bool = True
) -> bytes:
    """Let Typst print a template, alone in an empty folder.

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
