"""The recorder: one process, one session, a thread for every source.

The threads never wait for each other, nor for the dashboard: a source that hangs stops neither the
other sources nor the heartbeat.
"""

import logging
import os
import re
import time
from collections.abc import Callable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor, wait
from contextlib import ExitStack, suppress
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from myowatch.acquisition.recorder.destination import Destination
from myowatch.acquisition.recorder.disk_space import ReservedSpace
from myowatch.acquisition.recorder.intake import MarkerReader
from myowatch.acquisition.recorder.recovery import recover
from myowatch.acquisition.recorder.stop_request import Stop, on_signals
from myowatch.acquisition.recorder.track import Track, TrackProgress
from myowatch.acquisition.source.source import Source
from myowatch.recordings.storage.data_folder import (
    device_key,
    new_session_id,
    private_folder,
    recorders_folder,
    session_folder,
)
from myowatch.recordings.storage.log_file import log_to_file
from myowatch.recordings.storage.problem import StorageProblem
from myowatch.recordings.store.recorder_status import (
    RecorderState,
    RecorderStatus,
    hold_device,
    stop_requested,
    write_status,
)
from myowatch.recordings.store.store import Store
from myowatch.signal.model.settings import DetectionSettings

log = logging.getLogger(__name__)

OnProgress = Callable[[Sequence[TrackProgress]], None]

LOOK_S, BEAT_S = 0.1, 0.5
"""How often the recorder looks for stop requests and presses, and writes its heartbeat."""


@dataclass(frozen=True, slots=True)
class RecordingResult:
    """The result of a recording session.

    Parameters
    ----------
    interrupted
        Whether Ctrl-C ended the session.
    """

    session_id: str
    tracks: tuple[TrackProgress, ...]
    interrupted: bool

    @property
    def failed(self) -> bool:
        """Whether a source failed; its samples until then are kept."""
        return any(track.state is RecorderState.FAILED for track in self.tracks)


def record(
    sources: Sequence[Source],
    *,
    home: Path,
    note: str = "",
    duration_s: float | None = None,
    settings: DetectionSettings | None = None,
    on_progress: OnProgress | None = None,
    stop: Stop | None = None,
) -> RecordingResult:
    """Record sources into one session until they end, the time is over or a stop is requested.

    SIGINT and SIGTERM request a stop (in the main thread), and so do the dashboard
    (`request_stop`, for one source) and `stop`.

    Parameters
    ----------
    duration_s
        Of signal; None for no end.
    on_progress
        Called twice a second from this thread, and once at the end.

    Raises
    ------
    DeviceBusy
        If another recorder has one of the sources.
    StorageProblem
        If the data folder cannot be written. During the recording, a full disk ends the track with
        the state `FAILED` instead.
    """
    stop, settings = stop or Stop(), settings or DetectionSettings()
    with ExitStack() as resources:
        resources.enter_context(on_signals(stop))
        recover(home)
        for source in sources:
            resources.enter_context(hold_device(home, source.text))
        key = device_key(sources[0].text)
        log_file = resources.enter_context(log_to_file(home, f"recorder-{key}"))
        spare = resources.enter_context(ReservedSpace(recorders_folder(home) / f"{key}.spare"))
        session = _Session(home, resources.enter_context(Store(home)), spare)
        tracks = [
            Track(
                source,
                session.destination(name, source.text, note, settings),
                session.markers,
                settings=settings,
                duration_s=duration_s,
                log_file=log_file,
            )
            for source, name in zip(sources, _file_names(sources), strict=True)
        ]
        session.run(tracks, stop, on_progress or (lambda _: None))
        done = tuple(track.progress() for track in tracks)
        return RecordingResult(session.session_id, done, stop.interrupted)


class _Session:
    def __init__(self, home: Path, store: Store, spare: ReservedSpace) -> None:
        self._home, self._store, self._spare = home, store, spare
        self._started = datetime.now().astimezone()
        self.session_id = new_session_id(self._started)
        self.markers = MarkerReader(home, self.session_id)

    def destination(
        self, name: str, source: str, note: str, settings: DetectionSettings
    ) -> Destination:
        return Destination(
            session_folder(self._home, self.session_id) / name,
            home=self._home,
            store=self._store,
            session_id=self.session_id,
            source=source,
            note=note,
            settings=settings,
        )

    def run(self, tracks: Sequence[Track], stop: Stop, on_progress: OnProgress) -> None:
        """Record until every track has ended."""
        # The status names the session before its folder exists, so that recovery skips it.
        for track in tracks:
            self._write_status(track)
        private_folder(session_folder(self._home, self.session_id))
        log.info("session %s: %d sources", self.session_id, len(tracks))
        try:
            with ThreadPoolExecutor(len(tracks), "track") as pool:
                running = [pool.submit(track.run) for track in tracks]
                try:
                    self._watch(tracks, running, stop, on_progress)
                finally:
                    for track in tracks:
                        track.request_stop()
        except Exception:
            log.exception("session %s: failed", self.session_id)
            raise
        finally:
            self._end(tracks)
        on_progress([track.progress() for track in tracks])

    def _watch(
        self,
        tracks: Sequence[Track],
        running: Sequence[Future[None]],
        stop: Stop,
        on_progress: OnProgress,
    ) -> None:
        next_beat = time.monotonic()
        while wait(running, LOOK_S).not_done:
            self.markers.poll()
            for track in tracks:
                if stop.requested or stop_requested(self._home, device_key(track.source.text)):
                    track.request_stop()
            if time.monotonic() >= next_beat:
                next_beat = time.monotonic() + BEAT_S
                self._write_statuses(tracks)
                on_progress([track.progress() for track in tracks])

    def _write_statuses(self, tracks: Sequence[Track]) -> None:
        for track in tracks:
            # On a full disk the track itself fails, when it writes samples.
            with suppress(StorageProblem):
                self._write_status(track)

    def _write_status(self, track: Track) -> None:
        seen = track.snapshot
        write_status(
            self._home,
            RecorderStatus(
                device=track.source.text,
                pid=os.getpid(),
                session_id=self.session_id,
                file=track.destination.name,
                site=track.source.site,
                state=track.state,
                message=track.message,
                started=self._started.isoformat(timespec="seconds"),
                updated=time.time(),
                duration_s=seen.duration_s,
                conditions=seen.conditions_as_json(),
                link=seen.link.as_json() if seen.link else {},
            ),
        )

    def _end(self, tracks: Sequence[Track]) -> None:
        """Write the end to status and store, and the true events beside the files."""
        self._spare.release()
        self._write_statuses(tracks)
        for track in tracks:
            try:
                track.finish_index()
            except StorageProblem as problem:  # the next recovery brings the store up to the file
                log.warning("%s: not indexed: %s", track.source.text, problem)
            except Exception as error:
                track.fail(error)
                self._write_statuses([track])
        with suppress(StorageProblem):
            if any(track.destination.is_stored for track in tracks):
                self._store.end_session(self.session_id)
        with suppress(OSError):  # removes the folder only if no source could be read
            session_folder(self._home, self.session_id).rmdir()


def _file_names(sources: Sequence[Source]) -> list[str]:
    """Return a file name for each recording: the site, else the kind of source."""
    names = [source.site or source.text.partition(":")[0] for source in sources]
    plain = [re.sub(r"[^A-Za-z0-9-]+", "-", name).strip("-")[:40] or "source" for name in names]
    if len(plain) == 1:
        return [f"{plain[0]}.bdf"]
    return [f"{number}-{name}.bdf" for number, name in enumerate(plain, 1)]
