"""The live trace as a Streamlit component.

Streamlit finds a packaged component's files only in an installed wheel, never in an editable
install of a namespace package. So the server hands out the files itself, and the component is a
loader of a few lines. It returns its clean-up at once: a promise would never be called.
"""

from typing import Any

import streamlit as st

from myowatch.dashboard.words.trace import LEGEND, NOT_SCORED, WORDS

_HTML = """
<link rel="stylesheet" href="/trace/vendor/uplot/uPlot.min.css">
<link rel="stylesheet" href="/trace/trace.css">
<section class="trace"></section>
"""
_LOADER = """
export default function (component) {
  let left = false;
  let leave = () => {};
  import(window.location.origin + "/trace/trace.js").then((module) => {
    if (!left) leave = module.default(component);
  });
  return () => {
    left = true;
    leave();
  };
}
"""


def live_trace(recorder: str) -> Any:
    """Draw the live trace of one recorder (`RecorderStatus.key`) here."""
    component = st.components.v2.component("myowatch_trace", html=_HTML, js=_LOADER)
    words = {**WORDS, "legend": LEGEND, "reasons": NOT_SCORED}
    return component(key="trace", data={"recorder": recorder, "words": words})
