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
    inputs = {"document": _as_json(document), "paper": paper.value}
    return compiled(TEMPLATE.read_bytes(), inputs, made)


def compiled(template: bytes, inputs: dict[str, str], made: datetime) -> bytes:
    """Let Typst print a template, alone in an empty folder."""
    # Its library has 80 MB: only who prints waits for it.
    import typst

    with tempfile.TemporaryDirectory() as nothing:
        compiler = typst.Compiler(
            template,
            root=nothing,
            ignore_system_fonts=True,
            package_path=nothing,
            package_cache_path=nothing,
            sys_inputs=inputs,
        )
        stamp = made.replace(microsecond=0)
        printed = compiler.compile(format="pdf", pdf_standards="ua-1", timestamp=stamp)
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
