"""One source being recorded, from its first sample to its last, in a thread of its own."""

import logging
import math
import time
from contextlib import ExitStack, suppress
from dataclasses import dataclass
from pathlib import Path

from myowatch.acquisition.recorder.destination import Destination
from myowatch.acquisition.recorder.disk_space import check_margin
from myowatch.acquisition.recorder.intake import Intake, MarkerReader, Snapshot
from myowatch.acquisition.recorder.stop_request import Stop
from myowatch.acquisition.source.source import Source, SourceLost
from myowatch.acquisition.timing.clock_comparison import now_s
from myowatch.recordings.analysis.analyze import make_detector
from myowatch.recordings.model.link_quality import LinkQuality
from myowatch.recordings.storage.problem import Problem, StorageProblem
from myowatch.recordings.store.recorder_status import RecorderState
from myowatch.signal.model.settings import DetectionSettings
from myowatch.signal.statistics.counts import Summary

log = logging.getLogger(__name__)

FIRST_RETRY_S = 0.25
LAST_RETRY_S = 1.0
"""The delay before a lost device is tried again: it doubles from the first value to the last, so
that a device that is plugged in is found soon."""
LOOK_S = 0.25
"""How often a track updates its snapshot; the heartbeat reads it half as often."""


@dataclass(frozen=True, slots=True)
class TrackProgress:
    """How far the recording of one source has come.

    Parameters
    ----------
    file
        The recording; it exists once the source is open.
    message
        For users: what is wrong and what to do; else empty.
    duration_s
        Seconds of signal recorded.
    progress
        Share of the source that was read; None if it has no end.
    link
        Link quality; None without a device.
    """

    device: str
    site: str
    file: Path
    state: RecorderState
    message: str
    duration_s: float
    progress: float | None
    counts: tuple[Summary, ...]
    link: LinkQuality | None


class Track:
    """Records one source into its destination; `run` blocks until it ends.

    Parameters
    ----------
    markers
        Pressed during the session.
    duration_s
        Of signal, exact to the sample; None for no end.
    log_file
        Named in the message when the track fails by a fault of this program.

    Attributes
    ----------
    state, message, snapshot
        Read by other threads at any time.
    stop
        Set to end the track.
    """

    def __init__(
        self,
        source: Source,
        destination: Destination,
        markers: MarkerReader,
        *,
        settings: DetectionSettings,
        duration_s: float | None = None,
        log_file: Path,
    ) -> None:
        self.source, self.destination = source, destination
        self._log_file = log_file
        self._markers = markers
        self.state, self.message = RecorderState.CONNECTING, ""
        self.snapshot = Snapshot()
        self.stop = Stop()
        self._settings, self._duration_s = settings, duration_s
        self._began = now_s()
        self._next_look = time.monotonic()
        self._no_room: StorageProblem | None = None

    def progress(self) -> TrackProgress:
        """Return how far the track has come."""
        return TrackProgress(
            self.source.text,
            self.source.site,
            self.destination.file,
            self.state,
            self.message,
            self.snapshot.duration_s,
            self.snapshot.progress,
            self.snapshot.counts,
            self.snapshot.link,
        )

    def request_stop(self) -> None:
        """Request a stop from another thread, also while the source is being opened."""
        self.stop.request()
        if self.state in (RecorderState.CONNECTING, RecorderState.LOST):
            self.source.cancel_open()

    def run(self) -> None:
        """Record until the source ends, the duration is over or a stop is requested.

        Any exception ends the track with the state `FAILED` and a message, and closes the file.
        An exception other than `Problem` is a fault of this program: its traceback is logged.
        """
        try:
            self._record()
        except Problem as problem:
            if self.stop.requested and self.state is RecorderState.CONNECTING:
                self.state = RecorderState.ENDED
                return
            log.warning("%s: failed: %s", self.source.text, problem)
            self.state, self.message = RecorderState.FAILED, str(problem)
        except Exception as error:
            self.fail(error)

    def fail(self, error: Exception) -> None:
        """End with the state `FAILED` because of a fault of this program, and log it."""
        log.error("%s: failed", self.source.text, exc_info=error)
        self.message = (
            f"{self.source.text} failed: fault in this program ({type(error).__name__}); "
            f"what was recorded is kept; please report it with {self._log_file}"
        )
        self.state = RecorderState.FAILED

    def _record(self) -> None:
        with ExitStack() as resources:
            resources.callback(self.source.close)
            streams = self.source.open()
            log.info("%s: opened, %d streams", self.source.text, len(streams))
            detector = make_detector(streams, self._settings)
            writer = resources.enter_context(self.destination.create(streams, self._age_s()))
            intake = Intake(
                streams,
                writer,
                detector,
                self.destination,
                self._markers,
                duration_s=self._duration_s,
            )
            self.snapshot = self._look(intake)
            self.state = RecorderState.RECORDING
            try:
                while not self.stop.requested and self._step(intake):
                    pass
                self.state = RecorderState.STOPPING
                intake.finish(self.source.link)
            except Exception:
                with suppress(Exception):  # the first exception is the one to report
                    intake.save_samples()
                raise
            finally:
                self.snapshot = self._look(intake)
            if self._no_room is not None:
                raise self._no_room
            self.state = RecorderState.ENDED
            log.info("%s: ended after %.1f s", self.source.text, self.snapshot.duration_s)

    def finish_index(self) -> None:
        """Bring the store up to the file, and write the true events beside it.

        Raises
        ------
        StorageProblem
            If the disk is full.
        """
        seen, truth = self.snapshot, self.source.truth()
        if not seen.streams:
            return
        if self.state is RecorderState.FAILED:
            self.destination.index_file()
        else:
            self.destination.index_length()
        if truth is not None:
            self.destination.write_true_events(seen.streams, seen.n_samples, truth)

    def _step(self, intake: Intake) -> bool:
        """Record what has arrived; return whether there is more to come."""
        try:
            blocks = self.source.read()
        except SourceLost as lost:
            return self._find_again(lost)
        intake.process(blocks or [])
        if time.monotonic() >= self._next_look:
            self._next_look = time.monotonic() + LOOK_S
            self.snapshot = self._look(intake)
            self._look_for_room()
        return blocks is not None and not intake.is_over and self._no_room is None

    def _look_for_room(self) -> None:
        try:
            check_margin(self.destination.file.parent)
        except StorageProblem as problem:
            self._no_room = problem

    def _look(self, intake: Intake) -> Snapshot:
        return intake.snapshot(self.source.progress, self.source.link)

    def _find_again(self, lost: SourceLost) -> bool:
        """Try to open the source until it is back; return whether it is."""
        self.state, self.message = RecorderState.LOST, str(lost)
        log.warning("%s: lost: %s", self.source.text, lost)
        wait_s = FIRST_RETRY_S
        while not self.stop.wait(min(wait_s, self._left_s())) and self._left_s():
            self.source.close()
            try:
                streams = self.source.open()
            except Problem as problem:
                self.message = str(problem)
                wait_s = min(2 * wait_s, LAST_RETRY_S)
                continue
            if streams != self.snapshot.streams:
                raise Problem(
                    f"{self.source.text} came back with other streams", "begin a new session"
                )
            self.state, self.message = RecorderState.RECORDING, ""
            log.info("%s: found again", self.source.text)
            return True
        return False

    def _age_s(self) -> float:
        """Return the seconds since the first sample was taken."""
        began_s = self.source.began_s
        return 0.0 if began_s is None else max(now_s() - began_s, 0.0)

    def _left_s(self) -> float:
        """Return how long a lost device may stay away; missing signal counts as duration."""
        if self._duration_s is None:
            return math.inf
        return max(self._began + self._duration_s - now_s(), 0.0)
