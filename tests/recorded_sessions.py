"""Record sessions into a data folder as a recorder does."""

from collections.abc import Sequence
from datetime import datetime, timedelta, timezone
from pathlib import Path

import numpy as np

from myowatch.recordings.bdf.bdf_writer import BdfWriter
from myowatch.recordings.model.recording import Marker
from myowatch.recordings.storage.data_folder import private_folder, session_folder
from myowatch.recordings.store.session_info import FileInfo, SessionInfo
from myowatch.recordings.store.store import Store
from myowatch.signal.model.events import Event, Kind, Reason
from myowatch.signal.model.samples import Modality, SampleBlock, Stream, Unit

STARTED = datetime(2026, 11, 23, 22, 4, 11, 123456, timezone(timedelta(hours=1)))
EMG = Stream("EMG", Modality.EMG, Unit.MICROVOLT, 1000.0, ("EMG",), 0.025, "left-thigh")
ACC = Stream(
    "ACC", Modality.ACCELEROMETER, Unit.G, 104.0, ("ACC.x", "ACC.y", "ACC.z"), 2e-6, "left-thigh"
)
EVENTS = (
    Event("EMG", Kind.ARTEFACT, 0, 1000, reason=Reason.EDGE),
    Event("EMG", Kind.TWITCH, 1234, 1252, 132.123456, 18.2123, 0.98123, count=2),
    Event("ACC", Kind.TWITCH, 130, 150, 0.0123456, 12.34, 0.7),
    Event("EMG", Kind.CRAMP, 61_000, 69_000, 500.0, 30.0, 0.5),
    Event("EMG", Kind.MOVEMENT, 70_000, 71_000, 300.0, 25.0),
)
MARKERS = (Marker(1.5, "felt"), Marker(62.0, "cramp"))


def record_session(
    home: Path,
    session_id: str,
    *,
    started: datetime = STARTED,
    seconds: int = 75,
    names: Sequence[str] = ("sim-twitchy.bdf",),
    end: bool = True,
) -> Path:
    """Record noise and events; without `end`, like a killed recorder."""
    folder = private_folder(session_folder(home, session_id))
    files = [
        FileInfo(f"sessions/{session_id}/{name}", f"sim:{name}", started, (EMG, ACC), "{}")
        for name in names
    ]
    with Store(home) as store:
        store.begin_session(SessionInfo(session_id, files, "before going to bed"))
        for info in files:
            _record(home, store, session_id, info, seconds, end=end)
        if end:
            store.end_session(session_id)
    return folder


def _record(
    home: Path, store: Store, session_id: str, info: FileInfo, seconds: int, *, end: bool
) -> None:
    writer = BdfWriter(
        home / info.file,
        info.streams,
        started=info.started,
        session_id=session_id,
        source=info.source,
        note="before going to bed",
        settings=info.settings,
    )
    rng = np.random.default_rng(0)
    for second in range(seconds):
        for stream in info.streams:
            n = int(stream.sampling_rate)
            samples = np.rint(rng.normal(0, 100, (n, len(stream.channels)))) * stream.resolution
            writer.write(SampleBlock(stream, second * n, samples))
        for event in EVENTS:
            rate = next(s.sampling_rate for s in info.streams if s.name == event.stream)
            if second == int(event.offset / rate):
                writer.add_event(event)
        for marker in MARKERS:
            if second == int(marker.time_s):
                writer.add_marker(marker)
                store.add_marker(session_id, info.file, marker)
        store.add_events(session_id, info.file, writer.sync())
        if second % 20 == 0:
            store.set_progress(session_id, writer.n_samples, file=info.file)
    if end:
        store.add_events(session_id, info.file, writer.close())
    store.set_progress(session_id, writer.n_samples, file=info.file)
