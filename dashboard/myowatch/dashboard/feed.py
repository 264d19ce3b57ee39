"""What a viewer of one recorder sees, made from the growing recording and the recorder's status.

The recording itself is the feed: it is appended a tenth of a second at a time, and followed
without a lock. A frame is a whole window, so a viewer that missed some has missed nothing.
"""

import json
import struct
import time
from collections import deque
from pathlib import Path
from typing import Any

from myowatch.dashboard.lane import Lane
from myowatch.recordings.problem import Problem
from myowatch.recordings.recorder_status import RecorderStatus, read_statuses
from myowatch.recordings.tail import RecordingTail
from myowatch.signal.events import Event

WINDOWS = (5, 10, 30, 60)
STATUS_EVERY_S = 0.25
NO_RECORDER = "none"


class Feed:
    """The newest minute of one recorder, whichever recording it is writing.

    Parameters
    ----------
    home
        The data folder.
    recorder
        Key of the recorder's device (`RecorderStatus.key`).
    """

    def __init__(self, home: Path, recorder: str) -> None:
        self._home = home
        self._recorder = recorder
        self._status: RecorderStatus | None = None
        self._status_read = -STATUS_EVERY_S
        self._file = ""
        self._problem = ""
        self._tail: RecordingTail | None = None
        self._lanes: dict[str, Lane] = {}
        self._events: deque[Event] = deque()

    def poll(self) -> bool:
        """Read whatever is new; False if nothing is."""
        changed = self._read_status()
        if self._status and self._status.file and self._status.file != self._file:
            changed |= self._open(self._status.file)
        return self._read_tail() or changed

    def frame(self, window: int) -> bytes:
        """Return one window: a length, a JSON head, then float32 low and high of every stream."""
        end = self._end_s()
        started = self._tail.started if self._tail else None
        streams, payload = [], []
        for lane in self._lanes.values():
            first, bin_s, low_high = lane.window(window)
            payload.append(low_high.astype("<f4").tobytes())
            streams.append(
                {
                    "name": lane.stream.name,
                    "site": lane.stream.site,
                    "unit": lane.stream.unit.value,
                    "modality": lane.stream.modality.value,
                    "first_bin": first,
                    "bin_s": bin_s,
                    "n_bins": low_high.shape[1],
                    **self._condition(lane.stream.name),
                }
            )
        head = {
            "session": self._status.session_id if self._status else "",
            "state": state_of(self._status),
            "window": window,
            "end": end,
            "problem": self._problem,
            "host": started.timestamp() + end if started else None,
            "streams": streams,
            "events": self._events_since(end - window),
        }
        text = json.dumps(head, separators=(",", ":"), allow_nan=False).encode()
        text += b" " * (-len(text) % 4)
        return b"".join((struct.pack("<I", len(text)), text, *payload))

    def close(self) -> None:
        """Let go of the recording and forget what was read of it."""
        if self._tail is not None:
            self._tail.close()
        self._tail = None
        self._lanes.clear()
        self._events.clear()

    def _read_status(self) -> bool:
        if time.monotonic() - self._status_read < STATUS_EVERY_S:
            return False
        self._status_read = time.monotonic()
        before = state_of(self._status), self._status and self._status.session_id
        self._status = status_of(self._home, self._recorder)
        return before != (state_of(self._status), self._status and self._status.session_id)

    def _open(self, file: str) -> bool:
        self.close()
        self._problem = ""
        try:
            tail = RecordingTail(self._home / file, from_seconds_before_end=float(max(WINDOWS)))
        except Problem:  # the recorder says its file's name a moment before it makes it
            return False
        self._file, self._tail = file, tail
        return True

    def _read_tail(self) -> bool:
        if self._tail is None:
            return False
        try:
            blocks, events, _ = self._tail.poll()
        except Problem as problem:
            self._problem = str(problem)
            self.close()
            return True
        for stream in self._tail.streams:
            if stream.name not in self._lanes:
                self._lanes[stream.name] = Lane(stream, WINDOWS)
        for block in blocks:
            self._lanes[block.stream.name].add(block)
        self._events.extend(events)
        oldest = self._end_s() - max(WINDOWS)
        while self._events and self._offset_s(self._events[0]) < oldest:
            self._events.popleft()
        return bool(blocks or events)

    def _end_s(self) -> float:
        return max((lane.end_s for lane in self._lanes.values()), default=0.0)

    def _condition(self, name: str) -> dict[str, Any]:
        conditions = self._status.conditions if self._status else ()
        found = next((c for c in conditions if c["name"] == name), {})
        return {
            "quality": found.get("quality"),
            "threshold": found.get("threshold") or None,  # 0 while unknown
            "unscorable_since_s": found.get("unscorable_since_s"),
        }

    def _offset_s(self, event: Event) -> float:
        return event.offset / self._lanes[event.stream].stream.sampling_rate

    def _events_since(self, since: float) -> list[list[Any]]:
        order = {name: number for number, name in enumerate(self._lanes)}
        return [
            [
                order[event.stream],
                event.kind.value,
                round(event.onset / self._lanes[event.stream].stream.sampling_rate, 4),
                round(self._offset_s(event), 4),
                event.peak,
                event.reason.value if event.reason else None,
            ]
            for event in self._events
            if self._offset_s(event) >= since
        ]


def status_of(home: Path, recorder: str) -> RecorderStatus | None:
    """Return what the recorder of a device says of itself; None if there never was one."""
    return next((s for s in read_statuses(home) if s.key == recorder), None)


def state_of(status: RecorderStatus | None) -> str:
    """Return the recorder's state in one word; `lost` once its heartbeat has stopped."""
    if status is None:
        return NO_RECORDER
    return "lost" if status.is_stale(time.time()) else status.state.value
