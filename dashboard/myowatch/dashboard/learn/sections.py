"""Sections of the Learn page, and the search in them."""

from collections.abc import Sequence
from dataclasses import dataclass, replace


@dataclass(frozen=True, slots=True)
class Table:
    """Facts in rows; the first column names the row."""

    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


@dataclass(frozen=True, slots=True)
class Section:
    """One topic, in our own words.

    Parameters
    ----------
    key
        As it stands in a link to it.
    article
        The article's sections that it is from.
    says
        Paragraphs before the table and the points.
    notes
        Paragraphs after them; what is not from the article says where it is from.
    also
        Words that people look for and that do not stand in the text.
    """

    key: str
    title: str
    article: tuple[int, ...]
    says: tuple[str, ...] = ()
    table: Table | None = None
    points: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    also: str = ""


def search_sections(sections: Sequence[Section], sought: str) -> list[Section]:
    """Return the sections that contain all of the words, reduced to the parts that do.

    A section is whole if its title has them, or if they stand in it but not together. Nothing
    sought finds everything.
    """
    words = sought.casefold().split()
    cut = (_cut(section, words) for section in sections)
    return [section for section in cut if section is not None]


def _cut(section: Section, words: Sequence[str]) -> Section | None:
    if _has(f"{section.title} {section.also}", words):
        return section
    rows = (
        tuple(row for row in section.table.rows if _has(" ".join(row), words))
        if (section.table)
        else ()
    )
    points = tuple(point for point in section.points if _has(point, words))
    says = tuple(said for said in section.says if _has(said, words))
    notes = tuple(note for note in section.notes if _has(note, words))
    if rows or points or says or notes:
        table = Table(section.table.columns, rows) if section.table and rows else None
        return replace(section, says=says, table=table, points=points, notes=notes)
    return section if _has(_text(section), words) else None


def _text(section: Section) -> str:
    rows = section.table.rows if section.table else ()
    cells = (cell for row in rows for cell in row)
    parts = (section.title, section.also, *section.says, *cells, *section.points, *section.notes)
    return " ".join(parts)


def _has(text: str, words: Sequence[str]) -> bool:
    folded = text.casefold()
    return all(word in folded for word in words)
