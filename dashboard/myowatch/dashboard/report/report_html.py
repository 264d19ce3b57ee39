"""A document as one HTML file: no script, nothing asked from elsewhere, right when printed."""

from html import escape

from myowatch.dashboard.report.document import Block, Document, Drawing, Paragraph, Section, Table

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
    """Print a document."""
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
    named = f'<svg role="img" aria-label="{escape(drawing.alt)}" '
    svg = drawing.svg.replace("<svg ", named, 1)
    return f"<figure>{caption}{svg}</figure>"
