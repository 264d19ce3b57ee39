"""How the Diary page's components are loaded; see `trace` for why so."""

from typing import Any

import streamlit as st

_LOADER = """
export default function (component) {
  let left = false;
  let leave = () => {};
  import(window.location.origin + "/trace/diary/MODULE").then((module) => {
    if (!left) leave = module.default(component);
  });
  return () => {
    left = true;
    leave();
  };
}
"""
_HTML = """
<link rel="stylesheet" href="/trace/diary/diary.css">
<div class="NAME"></div>
"""


def component(name: str, module: str) -> Any:
    """Return the component that `assets/diary/MODULE` draws into an element of class NAME."""
    return st.components.v2.component(
        f"myowatch_{name}",
        html=_HTML.replace("NAME", name),
        js=_LOADER.replace("MODULE", module),
    )
