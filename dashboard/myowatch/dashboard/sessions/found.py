"""Patterns of one stream's events: they need every event, so they are kept once found."""

from collections.abc import Mapping
from pathlib import Path

import streamlit as st

from myowatch.dashboard.sessions.shown import Shown
from myowatch.dashboard.words import sessions as words
from myowatch.recordings.labels import corrected
from myowatch.recordings.shape_numbers import shape_numbers
from myowatch.recordings.store import Store
from myowatch.signal.events import Event
from myowatch.signal.statistics import Statistics, statistics


def statistics_of(shown: Shown, *, shapes: bool) -> Statistics:
    """Return the patterns of a stream as the wearer has corrected it.

    Parameters
    ----------
    shapes
        Compare the shapes of twitches too, for which the recording itself is read.
    """
    steps = shown.all_labels.steps
    key = shown.place, shown.n_samples, steps
    return _found(shown, key, with_shapes=shapes and not shown.running)


@st.cache_data(show_spinner=words.COMPARING, max_entries=32)
def _found(_shown: Shown, key: object, *, with_shapes: bool) -> Statistics:
    place = _shown.place
    with Store(_shown.home) as store:
        events = [e for e in store.events(place.session, place.file) if e.stream == place.stream]
    numbers = _numbers(_shown.home / place.file, place.stream, events) if with_shapes else None
    return statistics(_shown.stream, _shown.n_samples, corrected(events, _shown.labels), numbers)


def _numbers(path: Path, name: str, events: list[Event]) -> Mapping[int, int | None] | None:
    return shape_numbers(path, events).get(name)
