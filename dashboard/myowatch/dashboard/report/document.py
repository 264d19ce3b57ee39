"""A document of texts, tables and drawings, independent of its file format."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True, slots=True)
class Paragraph:
    """Text; `label` comes before it in bold, `small` is small print."""

    words: str
    label: str = ""
    small: bool = False


@dataclass(frozen=True, slots=True)
class Table:
    """Cells of words.

    Parameters
    ----------
    rows
        The first cell of a row names it.
    right
        Columns whose cells are numbers.
    widths
        Share of each column in the table's width; 0 takes what it needs.
    """

    headings: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    widths: tuple[float, ...]
    right: tuple[int, ...] = ()

    def without_empty(self, nothing: str) -> "Table":
        """Return the table without columns that are empty in every row."""
        kept = [i for i, cells in enumerate(zip(*self.rows, strict=True)) if {*cells} != {nothing}]
        return Table(
            tuple(self.headings[i] for i in kept),
            tuple(tuple(row[i] for i in kept) for row in self.rows),
            tuple(self.widths[i] for i in kept),
            tuple(kept.index(i) for i in self.right if i in kept),
        )


@dataclass(frozen=True, slots=True)
class Drawing:
    """A drawing as SVG, with its caption, and a description for screen readers."""

    svg: str
    alt: str
    caption: str = ""


@dataclass(frozen=True, slots=True)
class Row:
    """Drawings beside each other."""

    drawings: tuple[Drawing, ...]


Block = Paragraph | Table | Row


@dataclass(frozen=True, slots=True)
class Section:
    """A heading and its contents; a `box` is framed, `small` is small print."""

    title: str
    blocks: tuple[Block, ...]
    style: Literal["box", "plain", "small"] = "plain"


@dataclass(frozen=True, slots=True)
class Document:
    """A whole document.

    Parameters
    ----------
    who, when
        Under the title: left and right.
    banner
        What must not be overlooked; empty if there is nothing.
    footer
        On every page, beside its number.
    page
        How pages are numbered, with `{number}` and `{of}`.
    """

    language: str
    title: str
    who: str
    when: str
    banner: str
    sections: tuple[Section, ...]
    footer: str
    page: str

    def texts(self) -> Iterator[str]:
        """Return all text, except what is in drawings."""
        yield from (self.title, self.who, self.when, self.banner, self.footer)
        for section in self.sections:
            yield section.title
            for block in section.blocks:
                yield from _texts(block)


def _texts(block: Block) -> Iterator[str]:
    match block:
        case Paragraph():
            yield from (block.label, block.words)
        case Table():
            yield from block.headings
            for row in block.rows:
                yield from row
        case Row():
            for drawing in block.drawings:
                yield drawing.caption
