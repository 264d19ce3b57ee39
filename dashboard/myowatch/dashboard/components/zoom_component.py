"""The zoomed trace as a Streamlit component."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

import streamlit as st

from myowatch.dashboard.text.trace_text import LEGEND, NOT_SCORED
from myowatch.dashboard.zoom.zoom_text import SPANS, WORDS
from myowatch.recordings.store.event_windows import StreamKey
from myowatch.signal.model.samples import Stream

_HTML = """
<link rel="stylesheet" href="/trace/vendor/uplot/uPlot.min.css">
<link rel="stylesheet" href="/trace/trace.css">
<link rel="stylesheet" href="/trace/zoom/zoom.css">
<section class="trace zoom"></section>
"""
_LOADER = """
export default function (component) {
  let left = false;
  let leave = () => {};
  import(window.location.origin + "/trace/zoom/zoom.js").then((module) => {
    if (!left) leave = module.default(component);
  });
  return () => {
    left = true;
    leave();
  };
}
"""


def zoomed_trace(
    place: StreamKey,
    stream: Stream,
    started: datetime,
    duration_s: float,
    *,
    labels: int,
    event: Mapping[str, Any] | None,
) -> Any:
    """Draw a recorded stream here; gives `event`, the one selected in it.

    Parameters
    ----------
    labels
        How many steps of labels there are: with another one, events are asked for again.
    event
        One to show and select: onset and offset in seconds, sample, kind, and a token that is
        another one each time.
    """
    component = st.components.v2.component("myowatch_zoom", html=_HTML, js=_LOADER)
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
            "words": {**WORDS, "spans": SPANS, "legend": LEGEND, "reasons": NOT_SCORED},
        },
        on_event_change=lambda: None,
    )
