"""Where one source is recorded: its file, and its rows in the store."""

import time
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from pathlib import Path

from myowatch.acquisition.recorder.recovery import index_file
from myowatch.acquisition.simulator.true_events import truth_path, write_truth
from myowatch.recordings.analysis.analyze import settings_as_text
from myowatch.recordings.bdf.bdf_writer import BdfWriter
from myowatch.recordings.model.recording import Marker
from myowatch.recordings.store.session_info import FileInfo, SessionInfo
from myowatch.recordings.store.store import Store
from myowatch.signal.model.events import Event
from myowatch.signal.model.samples import Stream
from myowatch.signal.model.settings import DetectionSettings

LENGTH_EVERY_S = 5.0
"""How often the store gets the length of a recording, and its counts are updated."""


class Destination:
    """One recording of the session in progress.

    Parameters
    ----------
    file
        The recording, below the data folder.
    source
        As typed.
    settings
        Of the detection; stored with its events.

    Attributes
    ----------
    is_stored
        Whether the recording is in the store.
    """

    def __init__(
        self,
        file: Path,
        *,
        home: Path,
        store: Store,
        session_id: str,
        source: str,
        note: str,
        settings: DetectionSettings,
    ) -> None:
        self.file, self._home, self._store = file, home, store
        self._session_id, self._source, self._note = session_id, source, note
        self._settings = settings_as_text(settings)
        self._info: FileInfo | None = None
        self.is_stored = False
        self._n_samples: Mapping[str, int] = {}
        self._next = time.monotonic() + LENGTH_EVERY_S

    @property
    def name(self) -> str:
        """File name in the store and in the status."""
        return self.file.relative_to(self._home).as_posix()

    def create(self, streams: Sequence[Stream], age_s: float = 0.0) -> BdfWriter:
        """Create the file; its first sample was taken `age_s` seconds ago."""
        started = datetime.now().astimezone() - timedelta(seconds=age_s)
        self._info = FileInfo(self.name, self._source, started, streams, self._settings)
        return BdfWriter(
            self.file,
            streams,
            started=started,
            session_id=self._session_id,
            source=self._source,
            note=self._note,
            settings=self._settings,
        )

    def index(
        self,
        events: Sequence[Event],
        n_samples: Mapping[str, int],
        markers: Sequence[Marker] = (),
        settled_until: Mapping[str, int] | None = None,
    ) -> None:
        """Write to the store which events and markers, and how many samples, are in the file.

        Parameters
        ----------
        settled_until
            See `Store.add_events`.
        """
        self._n_samples = n_samples
        if events or markers or settled_until:
            self._begin()
        for marker in markers:
            self._store.add_marker(self._session_id, self.name, marker)
        if events or settled_until:
            self._store.add_events(self._session_id, self.name, events, settled_until)
        if any(n_samples.values()) and time.monotonic() >= self._next:
            self._next = time.monotonic() + LENGTH_EVERY_S
            self.index_length()

    def index_detectable_peak(self, stream: str, minute: int, peak: float) -> None:
        """Write to the store the smallest twitch that would have been found in a minute."""
        self._begin()
        self._store.add_detectable_peaks(self._session_id, self.name, {stream: {minute: peak}})

    def index_length(self) -> None:
        """Write the file's length to the store, with the counts so far."""
        self._begin()
        self._store.set_progress(self._session_id, self._n_samples, file=self.name)

    def index_file(self) -> None:
        """Bring the store up to the file."""
        self.is_stored = self.file.exists() and index_file(self._home, self._store, self.file)

    def _begin(self) -> None:
        # Not at the start: a session without samples should not appear in the store.
        if not self.is_stored and self._info is not None:
            session = SessionInfo(self._session_id, [self._info], self._note)
            self._store.begin_session(session)
            self.is_stored = True

    def write_true_events(
        self, streams: Sequence[Stream], n_samples: Sequence[int], truth: Sequence[Event]
    ) -> None:
        """Write the true events beside the recording."""
        lengths = {stream.name: n for stream, n in zip(streams, n_samples, strict=True)}
        write_truth(truth_path(self.file), self.file, streams, lengths, truth)
