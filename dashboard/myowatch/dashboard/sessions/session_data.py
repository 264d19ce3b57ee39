"""The stream of a session that is shown, and what is known of it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from pathlib import Path

import streamlit as st

from myowatch.dashboard.sessions import sessions_text as words
from myowatch.dashboard.text.common_text import plain
from myowatch.recordings.analysis.analyze import shape_numbers
from myowatch.recordings.store.event_windows import StreamKey, count_kinds, select_unscorable
from myowatch.recordings.store.session_info import SessionSummary
from myowatch.recordings.store.store import Store
from myowatch.recordings.wearer.labels import (
    Labels,
    SessionLabels,
    apply_labels,
    count_changes,
    read_labels,
)
from myowatch.signal.model.events import Event, Kind
from myowatch.signal.model.samples import Stream
from myowatch.signal.statistics.counts import ENOUGH_S, Minute, poisson_interval, tally
from myowatch.signal.statistics.stream_statistics import Statistics, statistics


@dataclass(frozen=True)
class ShownStream:
    """One stream of one session.

    Parameters
    ----------
    started
        When its first sample was taken.
    n_samples
        Its length, missing ones counted.
    """

    home: Path
    session: SessionSummary
    place: StreamKey
    stream: Stream
    started: datetime
    n_samples: int
    minutes: Sequence[Minute]
    kinds: dict[tuple[str, str], int]
    unscorable: dict[str, float]
    scorable_s: float
    all_labels: SessionLabels

    @property
    def running(self) -> bool:
        """Whether the recording continues."""
        return self.session.ended is None

    @property
    def shows_twitches(self) -> bool:
        """Whether twitches can be told in this stream."""
        return self.stream.modality.shows_twitches

    @property
    def duration_s(self) -> float:
        """Length in seconds."""
        return self.n_samples / self.stream.sampling_rate

    @property
    def labels(self) -> Labels:
        """The wearer's labels of this stream's events."""
        return self.all_labels.for_stream(self.place.file, self.place.stream)

    @cached_property
    def detected(self) -> dict[Kind, int]:
        """Counts as detected."""
        return {kind: self.kinds.get((kind.value, ""), 0) for kind in COUNTED}

    @cached_property
    def corrected(self) -> dict[Kind, int]:
        """Counts with the wearer's corrections."""
        more = count_changes(self.labels)
        return {kind: max(0, self.detected[kind] + more[kind]) for kind in COUNTED}

    def rate(self, twitches: int) -> tuple[float, float, float] | None:
        """Twitches a minute with limits; None before two scored minutes."""
        if self.scorable_s < ENOUGH_S:
            return None
        minutes = self.scorable_s / 60
        low, high = poisson_interval(twitches)
        return twitches / minutes, low / minutes, high / minutes


COUNTED = (Kind.TWITCH, Kind.CRAMP, Kind.MOVEMENT)


def chosen_stream(store: Store, session: SessionSummary, key: str) -> tuple[str, Stream]:
    """Draw the choice of a stream, if there are several; return it with its file."""
    choices = [(file, s) for file in session.files for s in store.streams(session.id, file)]
    number = 0
    if len(choices) > 1:
        number = st.segmented_control(
            words.STREAM,
            range(len(choices)),
            format_func=lambda i: plain(_name(choices[i][1])),
            default=0,
            required=True,
            key=f"{key} {session.id}",
        )
    return choices[number]


def look_up(
    store: Store, home: Path, session: SessionSummary, file: str, stream: Stream
) -> ShownStream:
    """Return what is known of a stream: a few rows, however many events it has."""
    place = StreamKey(session.id, file, stream.name)
    with store.transaction() as connection:
        kinds = count_kinds(connection, place)
        lost = select_unscorable(connection, place)
    n_samples = store.n_samples(session.id, file)[stream.name]
    summary = tally(stream, lost).summary(n_samples)
    return ShownStream(
        home=home,
        session=session,
        place=place,
        stream=stream,
        started=store.started(session.id, file),
        n_samples=n_samples,
        minutes=[m for m in store.minutes(session.id, file) if m.stream == stream.name],
        kinds=kinds,
        unscorable=dict(summary.unscorable),
        scorable_s=summary.scorable_s,
        all_labels=read_labels(home, session.id),
    )


def _name(stream: Stream) -> str:
    return f"{stream.name}, {stream.site.replace('-', ' ')}" if stream.site else stream.name


def statistics_of(shown: ShownStream, *, shapes: bool) -> Statistics:
    """Return the statistics of a stream, with the wearer's corrections.

    Parameters
    ----------
    shapes
        Compare the shapes of twitches too, for which the recording itself is read.
    """
    steps = shown.all_labels.steps
    key = shown.place, shown.n_samples, steps
    return _found(shown, key, with_shapes=shapes and not shown.running)


@st.cache_data(show_spinner=words.COMPARING, max_entries=32)
def _found(_shown: ShownStream, key: object, *, with_shapes: bool) -> Statistics:
    place = _shown.place
    with Store(_shown.home) as store:
        events = [e for e in store.events(place.session, place.file) if e.stream == place.stream]
    numbers = _numbers(_shown.home / place.file, place.stream, events) if with_shapes else None
    return statistics(_shown.stream, _shown.n_samples, apply_labels(events, _shown.labels), numbers)


def _numbers(path: Path, name: str, events: list[Event]) -> Mapping[int, int | None] | None:
    return shape_numbers(path, events).get(name)
