"""The link past the navigation, for people who use the keyboard alone.

Streamlit has none, and what a page draws comes after its header: the link has to be put before it.
"""

import streamlit as st

from myowatch.dashboard.text.common_text import SKIP

_LOADER = """
export default function (component) {
  const script = window.location.origin + "/trace/skip_link.js";
  import(script).then((module) => module.default(component));
}
"""


def skip_link() -> None:
    """Put the link before all else; draws nothing here."""
    component = st.components.v2.component("myowatch_skip_link", html="<i hidden></i>", js=_LOADER)
    component(key="skip_link", data={"label": SKIP}, height=1, width=1)
