"""The Learn page: sections that open where the searched words are."""

import re
from collections.abc import Sequence

import streamlit as st

from myowatch.dashboard.learn import learn_text as words
from myowatch.dashboard.learn.sections import Section, Table, search_sections
from myowatch.signal.escalation.evidence import ARTICLE


def show() -> None:
    """Draw the page."""
    st.title(words.TITLE)
    st.write(words.ABOUT.format(article=ARTICLE))
    sought = st.text_input(
        words.SEARCH, placeholder=words.SEARCH_HINT, type="search", live=True, key="sought"
    )
    sought = (sought or "").strip()
    sections = search_sections(words.SECTIONS, sought)
    if sought:
        st.caption(_count(sections) if sections else words.NOTHING)
    asked_for = st.query_params.get("about", "")
    for section in sections:
        is_open = bool(sought) or section.key == asked_for
        with st.expander(section.title, expanded=is_open, key=f"{section.key} {is_open}"):
            _section(section, sought.split())


def _count(sections: Sequence[Section]) -> str:
    return words.ONE_FOUND if len(sections) == 1 else words.FOUND.format(n=len(sections))


def _section(section: Section, sought: Sequence[str]) -> None:
    for said in section.says:
        st.write(_marked(said, sought))
    if section.table:
        st.markdown(_table(section.table, sought))
    if section.points:
        st.markdown("\n".join(f"- {_marked(point, sought)}" for point in section.points))
    for note in section.notes:
        st.write(_marked(note, sought))
    st.caption(words.CITED.format(article=ARTICLE, sections=_numbers(section.article)))


def _table(table: Table, sought: Sequence[str]) -> str:
    rows = [[_marked(cell, sought) for cell in row] for row in table.rows]
    lines = [table.columns, ["---"] * len(table.columns), *rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def _numbers(numbers: Sequence[int]) -> str:
    if len(numbers) == 1:
        return words.SECTION.format(number=numbers[0])
    *most, last = map(str, numbers)
    return words.MANY_SECTIONS.format(most=", ".join(most), last=last)


def _marked(text: str, sought: Sequence[str]) -> str:
    """Return the text with the searched words in bold."""
    if not sought:
        return text
    either = "|".join(re.escape(word) for word in sorted(sought, key=len, reverse=True))
    return re.sub(either, r"**\g<0>**", text, flags=re.IGNORECASE)
