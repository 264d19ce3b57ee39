"""The frame of every page: navigation, style, and the line at the bottom."""

import streamlit as st

from myowatch.dashboard.components import skip_link
from myowatch.dashboard.sessions import session_list as removing
from myowatch.dashboard.settings import data_section as erasing
from myowatch.dashboard.text import common_text as common
from myowatch.recordings.storage.data_folder import data_home

STYLE = """
<style>
.stMainBlockContainer { padding-top: 4.25rem; padding-bottom: 1rem; max-width: 84rem; }
[data-testid="stBottomBlockContainer"] { padding-block: 0.35rem 0.5rem; max-width: 84rem; }
@media (max-width: 640px) { [data-testid="stMarkdownContainer"] :is(td, th) { padding: 0.35rem; } }
@media (min-width: 640px) { [data-testid="stBottomBlockContainer"] { padding-left: 5rem; } }
[data-testid="stMetricValue"] { font-variant-numeric: tabular-nums; font-size: 1.75rem; }
/* As they come, captions are too faint to read on white, and white on the light blue of dark. */
[data-testid="stCaptionContainer"] { color: inherit; opacity: 0.8; }
[data-testid="stBaseButton-primary"] p { color: light-dark(#fff, #0c1a26); }
[data-testid="stBottom"] a { padding: 0; min-height: 0; }
[data-testid="stBottom"] a p { text-decoration: underline; font-size: 0.875rem; }
</style>
"""

PAGES = [
    st.Page("live.py", title=common.LIVE, default=True),
    sessions := st.Page("sessions.py", title=common.SESSIONS),
    seek_help := st.Page("seek_help.py", title=common.SEEK_HELP),
    st.Page("diary.py", title=common.DIARY),
    st.Page("learn.py", title=common.LEARN),
    st.Page("devices.py", title=common.DEVICES),
    settings := st.Page("settings.py", title=common.SETTINGS),
]

page = st.navigation(PAGES, position="top")
st.set_page_config(page_title=f"{page.title} · {common.NAME}", page_icon="〰️", layout="wide")
st.html(STYLE)
with st.bottom, st.container(horizontal=True, vertical_alignment="center", gap="xsmall"):
    st.caption(common.PURPOSE, width="content")
    st.page_link(seek_help, label=common.SEEK_HELP)
    st.caption(common.PRIVATE, width="content")
    skip_link()
if page is not settings:
    erasing.finish(data_home())
if page is not sessions:
    removing.finish(data_home())
page.run()
