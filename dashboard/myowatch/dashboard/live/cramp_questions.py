"""Questions whether an event was a cramp or a contraction, which only the wearer can answer.

An answer is a label of the event, kept beside the session. A question stays until it is answered.
"""

from collections.abc import Iterable
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from myowatch.dashboard.live import live_text as words
from myowatch.recordings.storage.journal import Journal
from myowatch.recordings.wearer.labels import (
    JOURNAL,
    Label,
    LabelKind,
    SessionLabels,
    add_label,
    event_key,
    read_labels,
)
from myowatch.signal.model.events import Event, Kind
from myowatch.signal.model.samples import Stream

Json = dict[str, Any]
MOST = 3
"""So many questions are asked at once, the newest first."""
_ANSWERS = tuple(LabelKind(word) for word in words.CRAMP_ANSWERS)


class FollowedLabels:
    """The labels of a session; the journal is read only when its size has changed.

    Parameters
    ----------
    home
        The data folder.
    """

    def __init__(self, home: Path) -> None:
        self._home = home
        self._seen: tuple[str, int] | None = None
        self._labels = SessionLabels({})

    def of(self, session_id: str) -> SessionLabels:
        """Return the labels of a session.

        Raises
        ------
        StorageProblem
            If the journal exists and cannot be read.
        """
        seen = session_id, Journal(self._home, JOURNAL).size()
        if seen != self._seen:
            self._labels = read_labels(self._home, session_id)
            self._seen = seen
        return self._labels


def is_answered(event: Event, file: str, labels: SessionLabels) -> bool:
    """Return whether the wearer has said what an event was."""
    label = labels.for_stream(file, event.stream).get(event_key(event))
    return label is not None and label.kind is not None


def questions(
    unsure: Iterable[tuple[str, Stream, datetime, Event]], labels: SessionLabels
) -> list[Json]:
    """Return the open questions, the newest first.

    Parameters
    ----------
    unsure
        File, stream and start of its recording, and the event.
    """
    still_open = [one for one in unsure if not is_answered(one[3], one[0], labels)]
    newest_first = sorted(still_open, key=_at, reverse=True)
    return [_question(*one) for one in newest_first[:MOST]]


def _at(asked: tuple[str, Stream, datetime, Event]) -> datetime:
    _, stream, started, event = asked
    return started + timedelta(seconds=event.onset / stream.sampling_rate)


def _question(file: str, stream: Stream, started: datetime, event: Event) -> Json:
    seconds = (event.offset - event.onset) / stream.sampling_rate
    text = words.CRAMP_QUESTION.format(
        time=f"{_at((file, stream, started, event)):%H:%M:%S}",
        seconds=f"{seconds:.3g}",
        sensor=" · ".join(part for part in (stream.site.replace("-", " "), stream.name) if part),
    )
    about = [file, event.stream, event.onset, event.offset, event.kind.value]
    return {"text": text, "about": about}


def answer(home: Path, session_id: str, files: Iterable[str], asked: Json) -> None:
    """Label the event of an answered question; an invalid answer is ignored.

    Parameters
    ----------
    files
        Those of the session.
    asked
        `answer`, a word of `CRAMP_ANSWERS`, and `about` as it came with the question.

    Raises
    ------
    StorageProblem
        If it cannot be written.
    """
    try:
        file, stream, onset, offset, kind = asked["about"]
        event = Event(str(stream), Kind(kind), int(onset), int(offset))
        said = LabelKind(asked["answer"])
    except (KeyError, TypeError, ValueError):
        return
    if file in files and said in _ANSWERS:
        before = read_labels(home, session_id).for_stream(file, event.stream).get(event_key(event))
        kept = before or Label()
        add_label(home, session_id, file, event, Label(said, kept.felt, kept.note))
