"""What was pressed while a source is recorded, put where in its signal it was pressed."""

import time
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from myowatch.acquisition.timing.clock_comparison import now_s
from myowatch.recordings.bdf.bdf_reader import ClockMap
from myowatch.recordings.model.recording import Marker
from myowatch.recordings.storage.problem import StorageProblem
from myowatch.recordings.wearer.marker_presses import RECORDED_AFTER_S, Press, Presses


@dataclass(frozen=True, slots=True)
class Heard:
    """A press, by the clock that samples are placed by."""

    press: Press
    at_s: float


class Listening:
    """Hears what is pressed during one session.

    Attributes
    ----------
    heard
        All that was, as of the last `listen`; read by other threads at any time.
    """

    def __init__(self, home: Path, session_id: str) -> None:
        self._presses, self._session_id = Presses(home), session_id
        self.heard: tuple[Heard, ...] = ()

    def listen(self) -> None:
        """Look into the journal; that costs next to nothing when nothing was pressed."""
        try:
            if not self._presses.poll():
                return
        except StorageProblem:  # what cannot be read now is in the journal still
            return
        known = {heard.press.id: heard for heard in self.heard}
        # The clock of the wall may be set at any time; what was pressed just now was so long ago.
        since = time.time() - now_s()
        presses = self._presses.for_session(self._session_id)
        self.heard = tuple(known.get(p.id, Heard(p, p.at - since)) for p in presses)


class Marking:
    """Makes markers of presses, in one recording."""

    def __init__(self) -> None:
        self._clock = ClockMap()
        self._taken: set[str] = set()

    def came(self, signal_s: float) -> None:
        """Note that the signal is so long now."""
        self._clock.add(now_s(), signal_s)

    def due(self, heard: Sequence[Heard]) -> list[Marker]:
        """Markers for what can no longer be undone and whose place is settled."""
        now = now_s()
        return self._take(
            each
            for each in heard
            if now - each.at_s >= RECORDED_AFTER_S and self._clock.covers(each.at_s)
        )

    def rest(self, heard: Sequence[Heard]) -> list[Marker]:
        """Markers for all that is left at the end of the recording."""
        return self._take(heard)

    def _take(self, heard: Iterable[Heard]) -> list[Marker]:
        markers = []
        for each in heard:
            at = self._clock.signal_at(each.at_s)
            if each.press.id not in self._taken and at is not None:
                self._taken.add(each.press.id)
                # What was pressed while the sensor was still looked for has no place here.
                markers += [Marker(at, each.press.text)] if at >= 0 else []
        return markers
