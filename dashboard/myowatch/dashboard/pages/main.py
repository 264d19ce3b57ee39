"""The frame around every page."""

import streamlit as st

from myowatch.dashboard.words import common

STYLE = """
<style>
.stMainBlockContainer { padding-top: 4.25rem; padding-bottom: 1rem; max-width: 84rem; }
[data-testid="stBottomBlockContainer"] { padding-block: 0.35rem 0.5rem; max-width: 84rem; }
@media (min-width: 640px) { [data-testid="stBottomBlockContainer"] { padding-left: 5rem; } }
[data-testid="stMetricValue"] { font-variant-numeric: tabular-nums; font-size: 1.75rem; }
</style>
"""

st.set_page_config(page_title=common.NAME, page_icon="〰️", layout="wide")
page = st.navigation(
    [
        st.Page("live.py", title=common.LIVE, default=True),
        st.Page("sessions.py", title=common.SESSIONS),
    ],
    position="top",
)
st.html(STYLE)
with st.bottom:
    st.caption(f"{common.PURPOSE} {common.PRIVATE}")
page.run()
