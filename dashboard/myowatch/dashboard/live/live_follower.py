"""One growing recording as the live trace wants it: its newest minute, and what was found in it."""

import time
from collections import deque
from pathlib import Path

from myowatch.dashboard.live.trace_lanes import Lane
from myowatch.recordings.bdf.bdf_growing import RecordingTail
from myowatch.recordings.bdf.bdf_reader import ClockMap
from myowatch.recordings.model.recording import Marker
from myowatch.recordings.storage.problem import Problem
from myowatch.signal.model.events import Event

WINDOWS = (5, 10, 30, 60)


class Follower:
    """Follows one recording.

    Parameters
    ----------
    path
        A recording that is being made, or was.

    Attributes
    ----------
    lanes
        By the stream's name.
    events, markers
        Of the newest minute.
    problem
        Why it cannot be read; empty if it can.
    clock
        The computer's clock, seconds since 1970, against the seconds of the recording.

    Raises
    ------
    Problem
        If it cannot be opened, as a recorder says its file's name a moment before it makes it.
    """

    def __init__(self, path: Path) -> None:
        self._tail = RecordingTail(path, from_seconds_before_end=float(max(WINDOWS)))
        self.lanes: dict[str, Lane] = {}
        self.events: deque[Event] = deque()
        self.markers: deque[Marker] = deque()
        self.problem = ""
        self.clock = ClockMap()

    @property
    def began(self) -> float | None:
        """When its first sample was taken, seconds since 1970; None until that is known."""
        return self._tail.started.timestamp() if self._tail.started else None

    @property
    def end_s(self) -> float:
        """Seconds of it that were read."""
        return max((lane.end_s for lane in self.lanes.values()), default=0.0)

    def poll(self) -> bool:
        """Read whatever is new; False if nothing is."""
        if self.problem:
            return False
        try:
            blocks, events, markers = self._tail.poll()
        except Problem as problem:
            self.problem = str(problem)
            self.close()
            return True
        for stream in self._tail.streams:
            if stream.name not in self.lanes:
                self.lanes[stream.name] = Lane(stream, WINDOWS)
        for block in blocks:
            self.lanes[block.stream.name].add(block)
        if blocks:
            self.clock.add(time.time(), self.end_s)
        self.events.extend(events)
        self.markers.extend(markers)
        self._forget(self.end_s - max(WINDOWS))
        return bool(blocks or events)

    def seconds(self, event: Event) -> tuple[float, float]:
        """Give onset and offset of an event in seconds of the recording."""
        rate = self.lanes[event.stream].stream.sampling_rate
        return event.onset / rate, event.offset / rate

    def close(self) -> None:
        """Let go of the recording and forget what was read of it."""
        self._tail.close()
        self.lanes.clear()
        self.events.clear()
        self.markers.clear()

    def _forget(self, oldest: float) -> None:
        while self.events and self.seconds(self.events[0])[1] < oldest:
            self.events.popleft()
        while self.markers and self.markers[0].time_s < oldest:
            self.markers.popleft()
