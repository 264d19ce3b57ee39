"""What the session store holds, as values."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from myowatch.signal.model.samples import Stream


@dataclass(frozen=True, slots=True)
class FileInfo:
    """One recording of a session, as its recorder began it.

    Parameters
    ----------
    file
        Relative to the data folder, with forward slashes: `sessions/ID/NAME.bdf`.
    source
        As typed.
    started
        When its first sample was taken, with its offset from UTC.
    settings
        Of the detection, as JSON.
    """

    file: str
    source: str
    started: datetime
    streams: Sequence[Stream]
    settings: str = ""


@dataclass(frozen=True, slots=True)
class SessionInfo:
    """A session as its recorder began it: one recording a source."""

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
        Of the longest stream.
    scorable_s
        Of the counted stream that could be scored the longest.
    twitches, cramps
        Summed over the EMG streams, cramps over envelopes too; over the accelerometers if there is
        neither, so that a muscle that wears both is not counted twice.
    shows_twitches
        False if all that was worn gives an envelope.
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
    """What was found when the store was made again from the recordings.

    Parameters
    ----------
    unreadable
        One line a file that was left out.
    """

    sessions: int
    files: int
    events: int
    unreadable: tuple[str, ...]
