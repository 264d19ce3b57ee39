"""The pages' JavaScript components, and the one loader for all of them.

Streamlit finds a packaged component's files only in an installed wheel, never in an editable
install of a namespace package. So the server hands out the files itself (`/trace/`), and each
component is a loader of a few lines. The loader returns its clean-up function at once: Streamlit
would never call one that comes from a promise.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

import streamlit as st

from myowatch.dashboard.live import live_text as live
from myowatch.dashboard.text import trace_text as trace
from myowatch.dashboard.text.common_text import SKIP
from myowatch.recordings.store.event_windows import StreamKey
from myowatch.signal.model.samples import Stream

_LOADER = """
export default function (component) {
  let left = false;
  let leave;
  import(window.location.origin + "/trace/MODULE").then((module) => {
    if (!left) leave = module.default(component);
  });
  return () => {
    left = true;
    leave?.();
  };
}
"""
_TRACE_STYLES = ("vendor/uplot/uPlot.min.css", "trace.css")


def load_component(name: str, module: str, *, styles: tuple[str, ...] = (), html: str) -> Any:
    """Return a component that a JavaScript module draws.

    Parameters
    ----------
    name
        Unique among the components.
    module, styles
        Paths below `assets`; the module's default export is called with the component, and may
        return a clean-up function.
    html
        What the module draws into.
    """
    links = "".join(f'<link rel="stylesheet" href="/trace/{style}">' for style in styles)
    return st.components.v2.component(
        f"myowatch_{name}", html=links + html, js=_LOADER.replace("MODULE", module)
    )


def skip_link() -> None:
    """Draw the link past the navigation, for people who use the keyboard alone.

    Streamlit has none, and what a page draws comes after its header: the script puts the link
    before it.
    """
    component = load_component("skip_link", "skip_link.js", html="<i hidden></i>")
    component(key="skip_link", data={"label": SKIP}, height=1, width=1)


def diary_component(name: str, module: str) -> Any:
    """Return the component that `assets/diary/MODULE` draws into an element of class NAME."""
    html = f'<div class="{name}"></div>'
    return load_component(name, f"diary/{module}", styles=("diary/diary.css",), html=html)


def live_trace(recorder: str, layout: str) -> bool:
    """Draw state, counts, trace and buttons of one session.

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
    html = '<section class="live"></section>'
    component = load_component("trace", "trace.js", styles=_TRACE_STYLES, html=html)
    said = {
        **trace.WORDS,
        "legend": {**trace.LEGEND, "pressed": trace.PRESSED},
        "reasons": trace.NOT_SCORED,
        "press": live.PRESS,
        "night": live.NIGHT,
        "questions": live.QUESTIONS,
        "stop": live.STOP,
        "stop_all": live.STOP_ALL,
        "state": live.SENSORS,
    }
    data = {"recorder": recorder, "layout": layout, "words": said}
    result: Any = component(key="trace", data=data, on_layout_change=lambda: None)
    return bool(result.layout)


def zoomed_trace(
    place: StreamKey,
    stream: Stream,
    started: datetime,
    duration_s: float,
    *,
    labels: int,
    event: Mapping[str, Any] | None,
) -> Any:
    """Draw a recorded stream; the result's `event` is the one selected in it.

    Parameters
    ----------
    labels
        How many steps of labels there are: with another one, events are asked for again.
    event
        One to show and select: onset and offset in seconds, sample, kind, and a token that is
        another one each time.
    """
    styles = (*_TRACE_STYLES, "zoom/zoom.css")
    html = '<section class="trace zoom"></section>'
    component = load_component("zoom", "zoom/zoom.js", styles=styles, html=html)
    midnight = started.replace(hour=0, minute=0, second=0, microsecond=0)
    return component(
        key="zoom",
        data={
            "session": place.session,
            "file": place.file,
            "stream": place.stream,
            "unit": stream.unit.value,
            "modality": stream.modality.value,
            "rate": stream.sampling_rate,
            "started_s": (started - midnight).total_seconds(),
            "duration_s": duration_s,
            "labels": labels,
            "event": event,
            "words": {
                **trace.ZOOM_WORDS,
                "spans": trace.SPANS,
                "legend": trace.LEGEND,
                "reasons": trace.NOT_SCORED,
            },
        },
        on_event_change=lambda: None,
    )
