"""Recovery after a recorder died: repair its files, end its sessions."""

from contextlib import suppress
from pathlib import Path

from myowatch.recordings.bdf.bdf_reader import BdfRecording
from myowatch.recordings.bdf.edf_header import read_header, repair
from myowatch.recordings.formats.opening import open_recording
from myowatch.recordings.storage.data_folder import recorders_folder, sessions_folder
from myowatch.recordings.storage.problem import UnreadableRecording
from myowatch.recordings.store.recorder_status import hold_lock, running_sessions
from myowatch.recordings.store.session_info import FileInfo, SessionInfo
from myowatch.recordings.store.store import Store
from myowatch.recordings.wearer.marker_presses import markers_with_presses, presses_of

FOR_EVER = -1.0


def recover(home: Path) -> list[str]:
    """Repair the recordings of recorders that were killed, and end their sessions in the store.

    Sessions of a running recorder are skipped. The call is cheap when there is nothing to do. A
    file that cannot be read is not changed.

    Returns
    -------
    the sessions that were recovered

    Raises
    ------
    StorageProblem
        If the data folder cannot be written.
    """
    if not sessions_folder(home).is_dir():
        return []
    lock = recorders_folder(home) / "recovery.lock"
    with hold_lock(lock, timeout_s=FOR_EVER), Store(home) as store:
        # In this order: a recorder states its session before it creates the folder, so each
        # folder seen here belongs to a session that is alive, has ended, or has lost its recorder.
        folders = sorted(f for f in sessions_folder(home).iterdir() if f.is_dir())
        alive = running_sessions(home)
        ended = {session.id for session in store.sessions() if session.ended is not None}
        left = [f for f in folders if f.name not in ended | alive]
        return [folder.name for folder in left if _recover_session(home, store, folder)]


def _recover_session(home: Path, store: Store, folder: Path) -> bool:
    recovered = [_recover_file(home, store, path) for path in sorted(folder.glob("*.bdf"))]
    if any(recovered):
        store.end_session(folder.name)
    elif not any(folder.iterdir()):
        folder.rmdir()
    return any(recovered)


def _recover_file(home: Path, store: Store, path: Path) -> bool:
    """Repair one file and index it; return False if it is not a recording."""
    try:
        with open_recording(path) as recording:
            is_ours = isinstance(recording, BdfRecording)
            torn = isinstance(recording, BdfRecording) and not recording.is_closed
    except UnreadableRecording:
        _remove_if_empty(path)
        return False
    # A file that was closed is left as it is, whatever is wrong with it: it may be a copy of one
    # that somebody is making at this moment.
    if torn:
        repair(path)
    return is_ours and index_file(home, store, path)


def _remove_if_empty(path: Path) -> None:
    """Remove a recording without a data record: its recorder died too soon."""
    with suppress(UnreadableRecording), path.open("rb") as file:
        header = read_header(file, path)
        if header.n_records < 0 and header.whole_records(path.stat().st_size) == 0:
            path.unlink()


def index_file(home: Path, store: Store, path: Path) -> bool:
    """Write all that is in one of our recordings to the store; existing rows stay.

    Provisional events that the detector had not settled when its recorder was killed stay as they
    are, so that nothing is lost.

    Returns
    -------
    False if the file is no recording
    """
    try:
        with open_recording(path) as recording:
            if not isinstance(recording, BdfRecording):
                return False
            session_id, file = path.parent.name, path.relative_to(home).as_posix()
            said = {key: recording.metadata.get(key, "") for key in ("source", "note", "settings")}
            info = FileInfo(
                file, said["source"], recording.started, recording.streams, said["settings"]
            )
            store.begin_session(SessionInfo(session_id, [info], said["note"]))
            store.drop_provisional(session_id, file)
            store.add_events(session_id, file, recording.events())
            store.add_detectable_peaks(session_id, file, recording.detectable_peaks())
            for marker in markers_with_presses(recording, presses_of(home, session_id)):
                store.add_marker(session_id, file, marker)
            store.set_progress(session_id, recording.n_samples, file=file)
    except UnreadableRecording:
        return False
    return True
