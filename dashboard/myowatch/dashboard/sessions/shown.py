"""The stream of a session that is shown, and what is known of it without reading every event."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from pathlib import Path

import streamlit as st

from myowatch.dashboard.plain_text import plain
from myowatch.dashboard.words import sessions as words
from myowatch.recordings.labels import Labels, SessionLabels, corrections, read_labels
from myowatch.recordings.sessions import SessionSummary
from myowatch.recordings.store import Store
from myowatch.recordings.store_windows import Place, count_kinds, select_unscorable
from myowatch.signal.events import Kind
from myowatch.signal.samples import Stream
from myowatch.signal.summary import ENOUGH_S, Minute, poisson_interval
from myowatch.signal.tally import tally


@dataclass(frozen=True)
class Shown:
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
    place: Place
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
        """Whether the recording goes on."""
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
        """What the wearer says of events of this stream."""
        return self.all_labels.of(self.place.file, self.place.stream)

    @cached_property
    def detected(self) -> dict[Kind, int]:
        """Counts as detected."""
        return {kind: self.kinds.get((kind.value, ""), 0) for kind in COUNTED}

    @cached_property
    def corrected(self) -> dict[Kind, int]:
        """Counts as the wearer has them."""
        more = corrections(self.labels)
        return {kind: max(0, self.detected[kind] + more[kind]) for kind in COUNTED}

    def rate(self, twitches: int) -> tuple[float, float, float] | None:
        """So many twitches a minute, and the limits; None before two scored minutes."""
        if self.scorable_s < ENOUGH_S:
            return None
        minutes = self.scorable_s / 60
        low, high = poisson_interval(twitches)
        return twitches / minutes, low / minutes, high / minutes


COUNTED = (Kind.TWITCH, Kind.CRAMP, Kind.MOVEMENT)


def chosen_stream(store: Store, session: SessionSummary, key: str) -> tuple[str, Stream]:
    """Let one stream of a session be chosen, if it has several; return it with its file."""
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


def look_up(store: Store, home: Path, session: SessionSummary, file: str, stream: Stream) -> Shown:
    """Look one stream up: a few rows, however busy the night."""
    place = Place(session.id, file, stream.name)
    with store.reading() as connection:
        kinds = count_kinds(connection, place)
        lost = select_unscorable(connection, place)
    n_samples = store.n_samples(session.id, file)[stream.name]
    summary = tally(stream, lost).summary(n_samples)
    return Shown(
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
