"""Sessions and their files, as the store takes and returns them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from myowatch.signal.model.samples import Stream


@dataclass(frozen=True, slots=True)
class FileInfo:
    """One recording of a session, as known at its start.

    Parameters
    ----------
    file
        Relative to the data folder, with forward slashes: `sessions/ID/NAME.bdf`.
    source
        As typed.
    started
        Time of the first sample, with its offset from UTC.
    settings
        Detection settings as JSON.
    """

    file: str
    source: str
    started: datetime
    streams: Sequence[Stream]
    settings: str = ""


@dataclass(frozen=True, slots=True)
class SessionInfo:
    """A session as known at its start: one recording for each source."""

    id: str
    files: Sequence[FileInfo]
    note: str = ""


@dataclass(frozen=True, slots=True)
class SessionSummary:
    """One line of the list of sessions.

    Parameters
    ----------
    ended
        None while it is recorded, and if its recorder was killed.
    duration_s
        Duration of the longest stream.
    scorable_s
        Longest scorable time of a stream whose events are counted.
    twitches, cramps
        Sum over the EMG streams, for cramps over envelopes too. Accelerometers count only if there
        is neither, so that a muscle with both sensors does not count twice.
    shows_twitches
        False if all streams are envelopes.
    """

    id: str
    started: datetime
    ended: datetime | None
    sites: tuple[str, ...]
    source: str
    note: str
    duration_s: float
    scorable_s: float
    twitches: int
    cramps: int
    files: tuple[str, ...]
    shows_twitches: bool = True


@dataclass(frozen=True, slots=True)
class RebuildReport:
    """What a rebuild of the store found.

    Parameters
    ----------
    unreadable
        One line for each file that was left out.
    """

    sessions: int
    files: int
    events: int
    unreadable: tuple[str, ...]
