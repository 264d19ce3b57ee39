"""The state of each sensor, its counts, and advice for its contact, beside the live trace."""

import os
import time
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from myowatch.dashboard.live import live_text as words
from myowatch.dashboard.live.cramp_questions import FollowedLabels, questions
from myowatch.dashboard.recorders import ShownRecorder, clock, recorders_of_session, shown_recorder
from myowatch.dashboard.text.common_text import UNITS, amplitude
from myowatch.recordings.storage.data_folder import database_path
from myowatch.recordings.storage.problem import StorageProblem
from myowatch.recordings.store.event_windows import select_unsure
from myowatch.recordings.store.recorder_status import RecorderStatus
from myowatch.recordings.store.store import Store
from myowatch.recordings.wearer.marker_presses import UNDO_S, Press
from myowatch.recordings.wearer.preferences import Preferences, read_preferences
from myowatch.signal.model.events import Event
from myowatch.signal.model.samples import Stream
from myowatch.signal.statistics.counts import ENOUGH_S, Minute, poisson_interval

TEN_MINUTES = 10


@dataclass(frozen=True, slots=True)
class Counts:
    """Counts of one stream.

    Parameters
    ----------
    this_minute
        Twitches in the session's newest minute.
    last_ten_minutes
        Twitches in that minute and the nine before it.
    rate, interval
        Twitches per scored minute of the session and its exact 95 % interval; None before two
        scored minutes, and for an envelope.
    shows_twitches
        Whether they can be told in this stream.
    """

    stream: str
    this_minute: int
    last_ten_minutes: int
    twitches: int
    cramps: int
    movements: int
    scorable_s: float
    rate: float | None
    interval: tuple[float, float] | None
    shows_twitches: bool = True


def counts_of(store: Store, session_id: str, file: str) -> list[Counts]:
    """Return the counts of every stream of a recording, in its order."""
    minutes = store.minutes(session_id, file)
    return [
        counted(stream.name, minutes, shows_twitches=stream.modality.shows_twitches)
        for stream in store.streams(session_id, file)
    ]


def counted(stream: str, minutes: Iterable[Minute], *, shows_twitches: bool = True) -> Counts:
    """Return the sum of one stream's minutes."""
    mine = [minute for minute in minutes if minute.stream == stream]
    now = max((minute.minute for minute in mine), default=0)
    twitches = sum(minute.twitches for minute in mine)
    scorable_s = sum(minute.scorable_s for minute in mine)
    enough = scorable_s >= ENOUGH_S and shows_twitches
    low, high = poisson_interval(twitches)
    return Counts(
        stream=stream,
        this_minute=sum(m.twitches for m in mine if m.minute == now),
        last_ten_minutes=sum(m.twitches for m in mine if m.minute > now - TEN_MINUTES),
        twitches=twitches,
        cramps=sum(minute.cramps for minute in mine),
        movements=sum(minute.movements for minute in mine),
        scorable_s=scorable_s,
        rate=60 * twitches / scorable_s if enough else None,
        interval=(60 * low / scorable_s, 60 * high / scorable_s) if enough else None,
        shows_twitches=shows_twitches,
    )


HOLDS_S = 2.0
"""A new word must have held so long before it is said."""
STAYS_S = 6.0
"""And what was said stays so long: about as long as it takes to read it and to look down."""


class DelayedWord:
    """Follows a word, and changes it only after a delay.

    Parameters
    ----------
    at_once
        Words that are left as soon as there is another: they say that nothing is known yet.
    """

    def __init__(self, at_once: frozenset[str] = frozenset()) -> None:
        self._at_once = at_once
        self._said, self._said_at = "", 0.0
        self._next, self._next_at = "", 0.0

    def of(self, word: str, now_s: float) -> str:
        """Return the word to show when the current word is this."""
        if not self._said or self._said in self._at_once:
            self._said, self._said_at = word, now_s
        elif word == self._said:
            self._next = ""
        elif word != self._next:
            self._next, self._next_at = word, now_s
        elif now_s - self._next_at >= HOLDS_S and now_s - self._said_at >= STAYS_S:
            self._said, self._said_at, self._next = word, now_s, ""
        return self._said


ANOTHER_DATABASE_S = 2.0
"""Largest age of counts from a database server, whose changes cannot be seen."""


class SharedCounts:
    """One open store for all viewers.

    Parameters
    ----------
    home
        The data folder.
    """

    def __init__(self, home: Path) -> None:
        self._home = home
        self._store: Store | None = None
        self._seen: object = None
        self._counts: dict[tuple[str, str], list[Counts]] = {}
        self._unsure: dict[str, list[tuple[str, Stream, datetime, Event]]] = {}

    def of(self, session_id: str, file: str) -> list[Counts]:
        """Return the counts of every stream of a recording, in its order.

        Raises
        ------
        StorageProblem
            If the store cannot be read.
        """
        self._notice_changes()
        if (session_id, file) not in self._counts:
            self._counts[session_id, file] = counts_of(self._opened(), session_id, file)
        return self._counts[session_id, file]

    def unsure(self, session_id: str) -> list[tuple[str, Stream, datetime, Event]]:
        """Return the events that may be cramps or contractions.

        Returns
        -------
        file, stream and start of its recording, and the event

        Raises
        ------
        StorageProblem
            If the store cannot be read.
        """
        self._notice_changes()
        if session_id not in self._unsure:
            store = self._opened()
            with store.transaction() as connection:
                found = select_unsure(connection, session_id)
            streams = {
                (file, stream.name): (stream, store.started(session_id, file))
                for file in {file for file, _ in found}
                for stream in store.streams(session_id, file)
            }
            self._unsure[session_id] = [
                (file, *streams[file, event.stream], event) for file, event in found
            ]
        return self._unsure[session_id]

    def _notice_changes(self) -> None:
        seen = self._state()
        if seen != self._seen:
            self._counts.clear()
            self._unsure.clear()
            self._seen = seen

    def _opened(self) -> Store:
        if self._store is None:
            self._store = Store(self._home)
        return self._store

    def close(self) -> None:
        """Close the store."""
        if self._store is not None:
            self._store.close()
        self._store = None

    def _state(self) -> object:
        if os.environ.get("MYOWATCH_DATABASE"):
            return time.monotonic() // ANOTHER_DATABASE_S
        path = database_path(self._home)
        return [_stamp(path), _stamp(path.with_name(f"{path.name}-wal"))]


def _has_store(home: Path) -> bool:
    return database_path(home).exists()


def _detectable(peak: float | None, unit: str) -> str:
    return words.DETECTABLE.format(peak=amplitude(peak, unit)) if peak else ""


def _stamp(path: Path) -> tuple[int, int] | None:
    try:
        found = path.stat()
    except OSError:
        return None
    return found.st_mtime_ns, found.st_size


Json = dict[str, Any]
HEART_BEATS = 15
"""So many events set aside as heart beats in the newest minute: a heart beats four times as often,
and one or two are somebody else's."""
QUIET = frozenset({"good", "starting"})


class Board:
    """Makes the board of one session.

    Parameters
    ----------
    home
        The data folder.
    """

    def __init__(self, home: Path) -> None:
        self._home, self._counting = home, SharedCounts(home)
        self._labels = FollowedLabels(home)
        self._steady: dict[tuple[str, str], DelayedWord] = {}

    def make(
        self,
        key: str,
        *,
        heart_beats: Mapping[tuple[str, str], int],
        presses: Sequence[Press],
    ) -> Json:
        """Return the board as it is now.

        Parameters
        ----------
        key
            Of the recorder that was chosen.
        heart_beats
            Events of the newest minute set aside as such, by file and stream.
        presses
            Of the session.
        """
        shown = shown_recorder(self._home, key)
        everyone = recorders_of_session(self._home, shown)
        running = any(each.is_running for each in everyone)
        return {
            "session": shown.layout.session_id,
            "layout": layout_of(everyone),
            "running": running,
            "sensors": [self._sensor(each, heart_beats) for each in everyone],
            "questions": self._questions(shown.layout.session_id),
            "undo": _undo(presses) if running else None,
            **_chosen(self._home),
        }

    def close(self) -> None:
        """Close the store."""
        self._counting.close()

    def _questions(self, session_id: str) -> list[Json]:
        # Before the first recording there is no store to look into, and no page makes one.
        if not session_id or not (os.environ.get("MYOWATCH_DATABASE") or _has_store(self._home)):
            return []
        try:
            unsure = self._counting.unsure(session_id)
            return questions(unsure, self._labels.of(session_id)) if unsure else []
        except StorageProblem:  # the sensors say what is wrong
            return []

    def _sensor(self, shown: ShownRecorder, heart_beats: Mapping[tuple[str, str], int]) -> Json:
        status = shown.status
        colour, name = words.STATES[shown.state]
        site = status.site.replace("-", " ") if status else ""
        streams, problem = self._streams(shown, heart_beats) if status else ([], "")
        return {
            "key": shown.key,
            "state": name,
            "colour": colour,
            "site": site,
            "about": shown.about,
            "to_do": " ".join(part for part in (shown.to_do, problem) if part),
            "link": status.link.get("words", "") if status and shown.is_running else "",
            "running": shown.is_running,
            "streams": streams,
        }

    def _streams(
        self, shown: ShownRecorder, heart_beats: Mapping[tuple[str, str], int]
    ) -> tuple[list[Json], str]:
        status = shown.status
        if status is None or not (self._home / status.file).exists():
            return [], ""
        try:
            counts = {count.stream: count for count in self._counting.of(*_file_of(status))}
        except StorageProblem as problem:
            return [], str(problem)
        conditions = {each["name"]: each for each in status.conditions}
        made = []
        for name in {**conditions, **counts}:
            heart = heart_beats.get((status.file, name), 0) >= HEART_BEATS
            signal = self._signal(status.file, conditions.get(name), heart=heart)
            made.append(
                {
                    "name": name,
                    **(_counted(counts[name]) if name in counts else _NOTHING),
                    **(signal if shown.is_running else {}),
                }
            )
        return made, ""

    def _signal(self, file: str, condition: Mapping[str, Any] | None, *, heart: bool) -> Json:
        """Return how good a stream's signal is, and what would make it better."""
        if condition is None:
            return {}
        steady = self._steady.setdefault(
            (file, condition["name"]), DelayedWord(frozenset({"starting"}))
        )
        now = condition["quality"]
        word = steady.of("heart" if heart and now == "good" else now, time.monotonic())
        name, advice = words.QUALITY.get(word, (word, ""))
        mains = condition.get("mains_hz")
        unit = UNITS.get(condition["unit"], condition["unit"])
        parts = [
            words.ACTIVE.get(condition.get("active") or "", ""),
            advice,
        ]
        levels = words.LEVELS.format(
            noise=condition["noise_floor"], threshold=condition["threshold"], unit=unit
        )
        return {
            "quality": name,
            "good": word in QUIET,
            "advice": " ".join(part for part in parts if part),
            "levels": f"{levels} {words.MAINS.format(hz=mains)}" if mains else levels,
            "detectable": _detectable(condition.get("detectable_peak"), condition["unit"]),
        }


def layout_of(everyone: Sequence[ShownRecorder]) -> str:
    """Return a key of the page's parts; when it changes, the page is drawn again."""
    running = any(each.is_running for each in everyone)
    return f"{everyone[0].layout.session_id if everyone else ''} {running}"


_NOTHING: Json = {"metrics": [], "rate": ""}


def _counted(count: Counts) -> Json:
    twitches = [
        (words.THIS_MINUTE, str(count.this_minute)),
        (words.LAST_TEN, str(count.last_ten_minutes)),
        (words.SESSION, str(count.twitches)),
    ]
    metrics = [
        *(twitches if count.shows_twitches else []),
        (words.CRAMPS, str(count.cramps)),
        (words.MOVEMENTS, str(count.movements)),
        (words.SCORABLE, clock(count.scorable_s)),
    ]
    return {"metrics": metrics, "rate": _rate(count)}


def _rate(count: Counts) -> str:
    if not count.shows_twitches:
        return words.ENVELOPE
    if count.rate is None or count.interval is None:
        return words.RATE_LATER
    low, high = count.interval
    return words.RATE.format(rate=count.rate, low=low, high=high)


def _undo(presses: Sequence[Press]) -> Json | None:
    """Return the newest marker while it can be undone."""
    if not presses or not 0 <= time.time() - presses[-1].at < UNDO_S:
        return None
    return {"id": presses[-1].id, "text": words.PRESSED[presses[-1].text]}


def _chosen(home: Path) -> Json:
    try:
        chosen = read_preferences(home).preferences
    except StorageProblem:
        chosen = Preferences()
    return {"night_mode": chosen.night_mode, "sound": chosen.sound.value}


def _file_of(status: RecorderStatus) -> tuple[str, str]:
    return status.session_id, status.file
