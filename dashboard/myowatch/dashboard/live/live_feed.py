"""What a viewer of one session receives, and may request."""

import json
import struct
import time
from collections import Counter
from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path
from typing import Any

from myowatch.dashboard.live.cramp_questions import FollowedLabels, answer
from myowatch.dashboard.live.live_board import Board
from myowatch.dashboard.live.trace_lanes import Follower, look
from myowatch.dashboard.recorders import state_of
from myowatch.recordings.model.recording import Marker
from myowatch.recordings.storage.problem import Problem, StorageProblem
from myowatch.recordings.store.recorder_status import RecorderStatus, read_statuses, request_stop
from myowatch.recordings.wearer.labels import apply_labels
from myowatch.recordings.wearer.marker_presses import (
    UNDO_S,
    Button,
    Presses,
    add_press,
    undo_press,
    unmatched_markers,
)
from myowatch.recordings.wearer.preferences import Sound, change_preferences
from myowatch.signal.model.events import Event, Reason

LATEST_S = 3600.0
"""How old a press may be that comes only now: it waited in a page whose server was away."""


def parse_request(message: str) -> dict[str, Any]:
    """Return a viewer's request; empty if the message is invalid."""
    try:
        asked = json.loads(message)
    except (ValueError, RecursionError):
        return {}
    return asked if isinstance(asked, dict) else {}


def carry_out(home: Path, statuses: list[RecorderStatus], asked: dict[str, Any]) -> None:
    """Carry out a viewer's request.

    Parameters
    ----------
    statuses
        Of all recorders of the session that is shown.

    Raises
    ------
    StorageProblem
        If it cannot be written.
    """
    if "press" in asked:
        _press(home, statuses, asked)
    elif "answer" in asked and statuses:
        answer(home, statuses[0].session_id, {status.file for status in statuses}, asked)
    elif "undo" in asked and statuses:
        _undo(home, statuses[0].session_id, asked["undo"])
    elif "stop" in asked:
        for status in statuses:
            if asked["stop"] is True or asked["stop"] == status.key:
                request_stop(home, status.key)
    elif isinstance(asked.get("night_mode"), bool):
        change_preferences(home, lambda p: replace(p, night_mode=asked["night_mode"]))
    elif asked.get("sound") in [sound.value for sound in Sound]:
        change_preferences(home, lambda p: replace(p, sound=Sound(asked["sound"])))


def _press(home: Path, statuses: list[RecorderStatus], asked: dict[str, Any]) -> None:
    text, ago = asked["press"], asked.get("ago")
    if not isinstance(ago, int | float) or isinstance(ago, bool) or not 0 <= ago <= LATEST_S:
        return
    if statuses and text in [each.value for each in Button]:
        add_press(home, statuses[0].session_id, Button(text), time.time() - ago)


def _undo(home: Path, session_id: str, press_id: object) -> None:
    presses = Presses(home)
    presses.poll()
    for made in presses.for_session(session_id):
        if made.id == press_id and time.time() - made.at < UNDO_S + 1:
            undo_press(home, made.id)


STATUS_EVERY_S = 0.25


class Feed:
    """The newest minute of one session, for its viewers.

    Parameters
    ----------
    home
        The data folder.
    recorder
        Key of a recorder's device (`RecorderStatus.key`); shown with it are all that record into
        the same session.
    """

    def __init__(self, home: Path, recorder: str) -> None:
        self._home = home
        self._recorder = recorder
        self._status: RecorderStatus | None = None
        self._statuses: list[RecorderStatus] = []
        self._status_read = -STATUS_EVERY_S
        self._followers: dict[str, Follower] = {}
        self._presses = Presses(home)
        self._board = Board(home)
        self._labels = FollowedLabels(home)

    def poll(self) -> bool:
        """Read what is new; return False if nothing is."""
        changed = self._read_statuses()
        for file in [s.file for s in self._statuses if s.file]:
            if file not in self._followers:
                changed |= self._open(file)
        for follower in self._followers.values():
            changed |= follower.poll()
        return changed

    def frame(self, window: int) -> bytes:
        """Return one window: a length, a JSON head, then float32 low and high of every stream."""
        end = self._end_s()
        streams, payload = [], []
        for file, follower in self._in_order():
            status = next((s for s in self._statuses if s.file == file), None)
            for lane in follower.lanes.values():
                first, bin_s, low_high = lane.window(window)
                payload.append(low_high.astype("<f4").tobytes())
                streams.append(
                    {
                        "name": lane.stream.name,
                        "site": lane.stream.site,
                        "unit": lane.stream.unit.value,
                        "modality": lane.stream.modality.value,
                        "file": file,
                        "state": state_of(status),
                        "begins": self._begins_s(follower),
                        "first_bin": first,
                        "bin_s": bin_s,
                        "n_bins": low_high.shape[1],
                        **_condition(status, lane.stream.name),
                    }
                )
        began = self._began()
        problems = [follower.problem for follower in self._followers.values() if follower.problem]
        head = {
            "session": self._status.session_id if self._status else "",
            "state": state_of(self._status),
            "window": window,
            "end": end,
            "problem": next(iter(problems), ""),
            "host": began + end if began is not None else None,
            "streams": streams,
            "events": self._events_since(end - window),
            "presses": self._presses_since(end - window),
        }
        text = json.dumps(head, separators=(",", ":"), allow_nan=False).encode()
        text += b" " * (-len(text) % 4)
        return b"".join((struct.pack("<I", len(text)), text, *payload))

    def board(self) -> str:
        """Return states, counts and advice as JSON."""
        heart: Counter[tuple[str, str]] = Counter()
        for file, follower in self._followers.items():
            heart.update((file, e.stream) for e in follower.events if e.reason is Reason.ECG)
        made = self._board.make(self._recorder, heart_beats=heart, presses=self._pressed())
        return json.dumps(made, separators=(",", ":"), allow_nan=False)

    def carry_out(self, asked: dict[str, Any]) -> None:
        """Carry out a viewer's request.

        Raises
        ------
        StorageProblem
            If it cannot be written.
        """
        # A page that comes back sends what it has kept before anything was read for it.
        statuses = self._statuses or self._find_statuses()[1]
        carry_out(self._home, statuses, asked)
        self._status_read = -STATUS_EVERY_S  # this runs beside `poll`, which is to look at once

    def close(self) -> None:
        """Close the recordings and the store."""
        self._let_go()
        self._board.close()

    def _let_go(self) -> None:
        for follower in self._followers.values():
            follower.close()
        self._followers.clear()

    def _read_statuses(self) -> bool:
        if time.monotonic() - self._status_read < STATUS_EVERY_S:
            return False
        self._status_read = time.monotonic()
        before = [(s.session_id, state_of(s)) for s in self._statuses]
        session_before = self._status.session_id if self._status else ""
        self._status, self._statuses = self._find_statuses()
        session = self._status.session_id if self._status else ""
        if session != session_before:
            self._let_go()
        return self._listen() or before != [(s.session_id, state_of(s)) for s in self._statuses]

    def _find_statuses(self) -> tuple[RecorderStatus | None, list[RecorderStatus]]:
        """Return the status of the recorder, and of all that record into its session."""
        found = read_statuses(self._home)
        status = next((s for s in found if s.key == self._recorder), None)
        session = status.session_id if status else ""
        return status, [s for s in found if s.session_id == session]

    def _listen(self) -> bool:
        try:
            return self._presses.poll()
        except StorageProblem:
            return False

    def _open(self, file: str) -> bool:
        try:
            self._followers[file] = Follower(self._home / file)
        except Problem:  # the recorder says its file's name a moment before it makes it
            return False
        return True

    def _in_order(self) -> list[tuple[str, Follower]]:
        return sorted(self._followers.items())

    def _began(self) -> float | None:
        began = [f.began for f in self._followers.values() if f.began is not None]
        return min(began, default=None)

    def _begins_s(self, follower: Follower) -> float:
        """Seconds by which a recording began after the first one of the session."""
        began = self._began()
        return follower.began - began if follower.began is not None and began is not None else 0.0

    def _end_s(self) -> float:
        return max((self._begins_s(f) + f.end_s for f in self._followers.values()), default=0.0)

    def _events_since(self, since: float) -> list[list[Any]]:
        order: dict[tuple[str, str], int] = {}
        for file, follower in self._in_order():
            for name in follower.lanes:
                order[file, name] = len(order)
        found = []
        for file, follower in self._in_order():
            begins = self._begins_s(follower)
            for event in self._labelled(file, follower.events):
                onset, offset = (begins + at for at in follower.seconds(event))
                if offset >= since:
                    found.append(
                        [
                            order[file, event.stream],
                            event.kind.value,
                            round(onset, 4),
                            round(offset, 4),
                            event.peak,
                            event.reason.value if event.reason else None,
                            look(event),
                        ]
                    )
        return found

    def _labelled(self, file: str, events: Iterable[Event]) -> list[Event]:
        """Return the events, those that the detector was unsure of as the wearer answered."""
        found = [*events]
        if self._status is None or not any(event.is_unsure for event in found):
            return found
        try:
            labels = self._labels.of(self._status.session_id)
        except StorageProblem:
            return found
        return [
            each
            for event in found
            for each in apply_labels([event], labels.for_stream(file, event.stream))
        ]

    def _pressed(self) -> tuple[Any, ...]:
        return self._presses.for_session(self._status.session_id) if self._status else ()

    def _presses_since(self, since: float) -> list[list[Any]]:
        """Return the markers, at the place where the recorder has put or will put them."""
        if not (followers := self._in_order()):
            return []
        follower = followers[0][1]
        begins = self._begins_s(follower)
        waiting = []
        for pressed in self._pressed():
            at = follower.clock.signal_at(pressed.at)
            if at is not None and at >= max(since - begins, 0.0):
                waiting.append(Marker(at, pressed.text))
        markers = [*follower.markers, *unmatched_markers(follower.markers, waiting)]
        return [[m.text, begins + m.time_s] for m in markers if begins + m.time_s >= since]


def _condition(status: RecorderStatus | None, name: str) -> dict[str, Any]:
    conditions = status.conditions if status else ()
    found = next((c for c in conditions if c["name"] == name), {})
    return {
        "quality": found.get("quality"),
        "threshold": found.get("threshold") or None,  # 0 while unknown
        "unscorable_since_s": found.get("unscorable_since_s"),
    }
