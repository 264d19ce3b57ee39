"""The live trace as a Streamlit component.

Streamlit finds a packaged component's files only in an installed wheel, never in an editable
install of a namespace package. So the server hands out the files itself, and the component is a
loader of a few lines. It returns its clean-up at once: a promise would never be called.
"""

from typing import Any

import streamlit as st

from myowatch.dashboard.live import live_text as live
from myowatch.dashboard.text import trace_text as trace

_HTML = """
<link rel="stylesheet" href="/trace/vendor/uplot/uPlot.min.css">
<link rel="stylesheet" href="/trace/trace.css">
<section class="live"></section>
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


def live_trace(recorder: str, layout: str) -> bool:
    """Draw state, counts, trace and buttons of one session here.

    Parameters
    ----------
    recorder
        Key of a recorder of the session (`RecorderStatus.key`).
    layout
        As it was when the page was drawn, see `layout_of`.

    Returns
    -------
    whether another layout was seen, so that the page has to be drawn anew
    """
    component = st.components.v2.component("myowatch_trace", html=_HTML, js=_LOADER)
    said = {
        **trace.WORDS,
        "legend": {**trace.LEGEND, "pressed": trace.PRESSED},
        "reasons": trace.NOT_SCORED,
        "press": live.PRESS,
        "night": live.NIGHT,
        "stop": live.STOP,
        "stop_all": live.STOP_ALL,
        "state": live.SENSORS,
    }
    data = {"recorder": recorder, "layout": layout, "words": said}
    result: Any = component(key="trace", data=data, on_layout_change=lambda: None)
    return bool(result.layout)
