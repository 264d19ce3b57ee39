"""Export and import of the diary."""

from pathlib import Path

import streamlit as st

from myowatch.dashboard.diary import diary_text as words
from myowatch.dashboard.text.common_text import plain
from myowatch.recordings.storage.problem import Problem
from myowatch.recordings.wearer.diary import Diary, read_diary
from myowatch.recordings.wearer.diary_exchange import (
    DiaryImport,
    compare_import,
    diary_csv,
    diary_json,
    import_diary,
)
from myowatch.recordings.wearer.diary_fields import as_text

LINES_SHOWN = 20
ROUND = "diary_import_round"
TAKEN = "diary_import_taken"


def downloads(home: Path) -> None:
    """Draw the export buttons; files are made when a button is pressed."""
    with st.container(horizontal=True):
        st.download_button(
            words.TAKE_CSV,
            lambda: diary_csv(read_diary(home).days()),
            file_name="diary.csv",
            mime="text/csv",
            on_click="ignore",
        )
        st.download_button(
            words.TAKE_JSON,
            lambda: diary_json(read_diary(home).days()),
            file_name="diary.json",
            mime="application/json",
            on_click="ignore",
        )


def upload(home: Path, diary: Diary) -> None:
    """Draw the import: a file is compared with the diary first, and imported on request."""
    if taken := st.session_state.pop(TAKEN, ""):
        st.success(taken)
    turn = st.session_state.setdefault(ROUND, 0)
    file = st.file_uploader(words.IMPORT, type=["csv", "json"], key=f"diary_import_{turn}")
    if file is None:
        return
    data = file.getvalue()
    try:
        found = compare_import(data, diary)
    except Problem as problem:
        st.warning(plain(str(problem)))
        return
    _say(found)
    if found.bad:
        st.warning(words.IMPORT_BAD.format(count=len(found.bad)))
        _lines([f"{row.where}: {row.why}" for row in found.bad])
    if found.changes:
        label = words.IMPORT_REST if found.bad else words.IMPORT_TAKE
        st.button(label, type="primary", key="import_take", on_click=_take, args=(home, data))


def _take(home: Path, data: bytes) -> None:
    found = import_diary(home, data, skip_bad=True)
    st.session_state[TAKEN] = words.IMPORT_TAKEN.format(
        added=len(found.added), changed=len(found.changed)
    )
    st.session_state[ROUND] += 1


def _say(found: DiaryImport) -> None:
    st.text(
        words.IMPORT_FOUND.format(
            added=len(found.added), changed=len(found.changed), left=found.unchanged
        )
    )
    _lines(
        [
            words.IMPORT_CHANGED.format(
                day=change.day or words.ONCE,
                field=words.LABELS[change.field],
                before=as_text(before),
                after=as_text(change.value) if change.value is not None else "",
            )
            for change, before in found.changed
        ]
    )


def _lines(lines: list[str]) -> None:
    for line in lines[:LINES_SHOWN]:
        st.caption(plain(line))
    if len(lines) > LINES_SHOWN:
        st.caption(words.MORE.format(count=len(lines) - LINES_SHOWN))
