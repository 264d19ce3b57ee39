"""A report from its request to the bytes of a file: HTML, or PDF by Typst."""

import json
import tempfile
from collections.abc import Callable
from dataclasses import asdict, replace
from datetime import datetime
from enum import StrEnum
from html import escape
from pathlib import Path

from myowatch.dashboard.report.contents import ReportRequest
from myowatch.dashboard.report.document import Block, Document, Drawing, Paragraph, Section, Table
from myowatch.dashboard.report.gathering import gather
from myowatch.dashboard.report.wording import document_of
from myowatch.recordings.wearer.preferences import read_preferences

# What is in the file may do nothing at all but look: no script runs and nothing is fetched.
_POLICY = "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'"
_STYLE = """
:root { color-scheme: light; }
body { font: 15px/1.4 "Libertinus Serif", Georgia, "Times New Roman", "Liberation Serif", serif;
  color: #000; background: #fff; max-width: 54rem; margin: 1.5rem auto; padding: 0 1rem; }
h1 { font-size: 1.75em; margin: 0 0 .2em; } h2 { font-size: 1.15em; margin: 1em 0 .3em; }
p { margin: .25em 0; } .small { font-size: .87em; }
.head { display: flex; flex-wrap: wrap; justify-content: space-between; gap: .2em 1.5em; }
.banner { border: 2px solid; padding: .4em .7em; font-weight: bold; }
section.box { border: 1.5px solid; padding: .5em .8em; margin: .8em 0; }
section.box h2 { margin-top: 0; }
.scroll { overflow-x: auto; }
table { border-collapse: collapse; width: 100%; font-size: .93em; }
td, th { text-align: left; vertical-align: top; padding: .15em .35em; font-weight: normal;
  border-bottom: 1px solid #888; overflow-wrap: break-word; }
thead th { font-weight: bold; border-bottom: 1.5px solid #000; }
th.number, td.number { text-align: right; }
.row { display: flex; flex-wrap: wrap; gap: .5em; }
figure { flex: 1 1 18rem; margin: .2em 0; min-width: 0; font-size: .9em; text-align: center; }
figure svg { width: 100%; height: auto; }
figure:only-child { display: flex; flex-flow: row-reverse wrap; gap: 0 1em; align-items: center; }
figure:only-child > * { flex: 1 1 40%; min-width: 16rem; text-align: left; }
footer { border-top: 1px solid #888; margin-top: 1em; padding-top: .3em; font-size: .87em; }
@page { margin: 12mm 16mm 14mm; @bottom-right { content: counter(page) " / " counter(pages);
  font: 8pt serif; } }
@media print {
  body { font-size: 9pt; line-height: 1.2; max-width: none; margin: 0; padding: 0; }
  tr, figure, p, .box { break-inside: avoid; } h2 { break-after: avoid; margin-top: .8em; }
  .scroll { overflow: visible; } figure { flex-basis: 40%; } td, th { padding: .08em .3em; }
}
@media screen and (max-width: 40rem) { .wide table { min-width: 36rem; } }
"""

_FIT_A_PHONE = 4
"""Columns."""


def as_html(document: Document) -> str:
    """Return a document as HTML."""
    banner = f'<p class="banner">{escape(document.banner)}</p>' if document.banner else ""
    return f"""<!DOCTYPE html>
<html lang="{escape(document.language)}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="{_POLICY}">
<meta name="referrer" content="no-referrer">
<title>{escape(document.title)}</title>
<style>{_STYLE}</style>
</head>
<body>
<main>
<h1>{escape(document.title)}</h1>
<div class="head"><span>{escape(document.who)}</span><span>{escape(document.when)}</span></div>
{banner}
{"".join(map(_section, document.sections))}
</main>
<footer>{escape(document.footer)}</footer>
</body>
</html>
"""


def _section(section: Section) -> str:
    of_style = {"box": "box", "small": "small-print", "plain": ""}[section.style]
    title = f"<h2>{escape(section.title)}</h2>\n" if section.title else ""
    blocks = "\n".join(_block(block, section.title) for block in section.blocks)
    return f'<section class="{of_style}">\n{title}{blocks}\n</section>\n'


def _block(block: Block, label: str) -> str:
    match block:
        case Paragraph():
            strong = f"<strong>{escape(block.label)}</strong> " if block.label else ""
            small = ' class="small"' if block.small else ""
            return f"<p{small}>{strong}{escape(block.words)}</p>"
        case Table():
            return _table(block, label)
        case _:
            return f'<div class="row">{"".join(map(_drawing, block.drawings))}</div>'


def _table(table: Table, label: str) -> str:
    widths = "".join(f"<col{_width(share, sum(table.widths))}>" for share in table.widths)
    head = "".join(
        f'<th scope="col"{_number(table, i)}>{escape(words)}</th>'
        for i, words in enumerate(table.headings)
    )
    rows = "\n".join(f"<tr>{_cells(table, row)}</tr>" for row in table.rows)
    # What is wider than a telephone is moved aside, by keys as well.
    wide = len(table.headings) > _FIT_A_PHONE
    place = f'class="scroll wide" tabindex="0" role="group" aria-label="{escape(label)}"'
    return (
        f"<div {place if wide else ''}><table><colgroup>{widths}</colgroup>\n"
        f"<thead><tr>{head}</tr></thead>\n<tbody>\n{rows}\n</tbody></table></div>"
    )


def _cells(table: Table, row: tuple[str, ...]) -> str:
    name, *others = row
    cells = (f"<td{_number(table, i)}>{escape(cell)}</td>" for i, cell in enumerate(others, 1))
    return f'<th scope="row">{escape(name)}</th>{"".join(cells)}'


def _number(table: Table, column: int) -> str:
    return ' class="number"' if column in table.right else ""


def _width(share: float, whole: float) -> str:
    return f' style="width: {100 * share / whole:.0f}%"' if share else ""


def _drawing(drawing: Drawing) -> str:
    caption = f"<figcaption>{escape(drawing.caption)}</figcaption>"
    labelled = f'<svg role="img" aria-label="{escape(drawing.alt)}" '
    svg = drawing.svg.replace("<svg ", labelled, 1)
    return f"<figure>{caption}{svg}</figure>"


TEMPLATE = Path(__file__).with_name("report.typ")


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
    template = TEMPLATE.read_bytes()
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
