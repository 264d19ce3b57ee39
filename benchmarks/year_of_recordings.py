"""Make the data folder of a year of nights in a minute or two, to measure the pages with it.

    python benchmarks/year_of_recordings.py FOLDER [--nights 365] [--real 1] [--busy 200000]

365 nights of 8 h at 4 x 1 kHz are in the session store, events, minutes and all. The recordings
of the newest `real` nights are there as well (415 MB each), with a twitch in the signal where the
store has one; of the others only the index is: a year of them would be 126 GB. One night, the
second newest, is a busy one. The diary has a line or two for most days.
"""

import argparse
import json
import sqlite3
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import numpy as np

from myowatch.recordings.analysis.analyze import settings_as_text
from myowatch.recordings.bdf.bdf_writer import BdfWriter
from myowatch.recordings.storage.data_folder import database_path, private_folder
from myowatch.recordings.storage.journal import Journal
from myowatch.recordings.store import store_rows as rows
from myowatch.recordings.store.session_info import FileInfo
from myowatch.recordings.store.store import Store
from myowatch.recordings.store.store_rows import tables
from myowatch.signal.model.events import Event, Kind, Reason
from myowatch.signal.model.samples import Modality, SampleBlock, Stream, Unit
from myowatch.signal.model.settings import DetectionSettings
from myowatch.signal.statistics.counts import Tally

NIGHTS = 365
HOURS = 8
BUSY = 200_000
"""Events of the busy night, all streams together."""
NEWEST = datetime(2026, 11, 23, 22, 30, tzinfo=UTC)
RATE = 1000
MINUTE = 60 * RATE
SITES = ("left-calf", "right-calf", "left-thigh", "left-foot")
STREAMS = tuple(
    Stream(
        f"EMG {i + 1}", Modality.EMG, Unit.MICROVOLT, float(RATE), (f"EMG {i + 1}",), 0.025, site
    )
    for i, site in enumerate(SITES)
)
SOURCE = "serial:/dev/ttyUSB0"  # the escalation ignores simulated sessions
SETTINGS = settings_as_text(DetectionSettings())
A_MINUTE = (2.0, 1.2, 0.5, 3.0)
"""Twitches a minute of each stream, on a usual night."""
OTHERS = (
    (Kind.MOVEMENT, None, 0.15, (300, 3000)),
    (Kind.ARTEFACT, Reason.TAP, 0.2, (20, 80)),
    (Kind.ARTEFACT, Reason.ELECTRODE_POP, 0.05, (300, 900)),
    (Kind.ARTEFACT, Reason.CROSSTALK, 0.3, (10, 40)),
    (Kind.ARTEFACT, Reason.NOISE, 0.01, (2000, 20_000)),
    (Kind.CRAMP, None, 0.001, (20_000, 90_000)),
)
"""Kind, reason, how many a minute, and from how many to how many samples."""
TWITCH_MS = (8, 40)


def make_year(
    home: Path,
    *,
    nights: int = NIGHTS,
    hours: int = HOURS,
    real: int = 1,
    busy: int = BUSY,
    newest: datetime = NEWEST,
) -> list[str]:
    """Fill a new data folder; return the ids of the sessions, oldest first."""
    rng = np.random.default_rng(0)
    with Store(home):  # makes the tables
        pass
    ids = []
    with sqlite3.connect(database_path(home)) as connection:
        connection.execute("PRAGMA synchronous = OFF")
        for back in range(nights - 1, -1, -1):
            started = newest - timedelta(days=back, minutes=int(rng.integers(0, 90)))
            info = FileInfo(_file(started), SOURCE, started, STREAMS, SETTINGS)
            # A year in which it grows a little less, night by night, with good and bad weeks.
            level = (0.6 + 0.8 * back / nights) * rng.gamma(6, 1 / 6)
            events = [*_events(rng, hours, busy if back == 1 and busy else 0, level)]
            n_samples = hours * 3600 * RATE
            if back < real:
                n_samples = _record(home, info, hours, events, rng)
            ids.append(started.strftime("%Y%m%d-%H%M%S-yea"))
            _insert(connection, ids[-1], info, n_samples, events)
    connection.close()
    _write_diary(home, newest, nights, rng)
    return ids


def _file(started: datetime) -> str:
    return f"sessions/{started:%Y%m%d-%H%M%S}-yea/serial-ttyUSB0.bdf"


def _events(rng: np.random.Generator, hours: int, busy: int, level: float) -> Iterator[Event]:
    """Give the events of one night, by stream and onset."""
    minutes = 60 * hours
    for stream, a_minute in zip(STREAMS, A_MINUTE, strict=True):
        twitches = busy / len(STREAMS) if busy else a_minute * level * minutes
        wanted = [
            (Kind.TWITCH, None, twitches, TWITCH_MS),
            *((kind, why, each * minutes, ms) for kind, why, each, ms in OTHERS),
        ]
        found: dict[tuple[int, str], Event] = {}
        for kind, reason, expected, (shortest, longest) in wanted:
            n = int(rng.poisson(expected))
            onsets = rng.integers(RATE, minutes * MINUTE - 100 * RATE, n).tolist()
            lengths = rng.integers(shortest, longest, n).tolist()
            peaks = np.round(60 * rng.lognormal(0, 0.5, n), 1).tolist()
            for onset, length, peak in zip(onsets, lengths, peaks, strict=True):
                event = Event(stream.name, kind, onset, onset + length, peak, 14.0, 0.9, reason)
                found[onset, kind] = event
        yield Event(stream.name, Kind.ARTEFACT, 0, RATE, reason=Reason.EDGE)
        yield from sorted(found.values(), key=lambda event: event.onset)


def _record(
    home: Path, info: FileInfo, hours: int, events: Sequence[Event], rng: np.random.Generator
) -> int:
    """Write the night itself: noise, and a potential where the store has an event."""
    path = home / info.file
    private_folder(path.parent)
    noise = rng.normal(0, 6, (MINUTE + RATE, len(STREAMS)))
    waiting = sorted(events, key=lambda event: event.onset, reverse=True)
    details = {"session_id": path.parent.name, "source": info.source, "settings": info.settings}
    with BdfWriter(path, STREAMS, started=info.started, **details) as writer:
        for first in range(0, hours * 60 * MINUTE, MINUTE):
            turn = int(rng.integers(0, RATE))
            samples = noise[turn : turn + MINUTE].copy()
            while waiting and waiting[-1].onset < first + MINUTE:
                event = waiting.pop()
                _add(samples, event, event.onset - first)
                writer.add_event(event)
            counts = np.rint(samples / STREAMS[0].resolution) * STREAMS[0].resolution
            for number, stream in enumerate(STREAMS):
                writer.write(SampleBlock(stream, first, counts[:, [number]]))
        writer.sync()
        return writer.n_samples[STREAMS[0].name]


def _add(samples: np.ndarray[Any, np.dtype[np.float64]], event: Event, at: int) -> None:
    part = samples[at : at + event.offset - event.onset, int(event.stream[-1]) - 1]
    t = np.arange(len(part)) / len(part)
    cycles = 2 if event.kind is Kind.TWITCH else len(part) / 12
    part += event.peak * np.sin(2 * np.pi * cycles * t) * np.sin(np.pi * t)


def _insert(
    connection: sqlite3.Connection,
    session: str,
    info: FileInfo,
    n_samples: int,
    events: Sequence[Event],
) -> None:
    """Insert one night past SQLAlchemy, which would take minutes for a year of them."""
    ended = info.started + timedelta(seconds=n_samples / RATE)
    _many(connection, "sessions", [{"id": session, "note": "", "ended": ended.isoformat()}])
    _many(connection, "files", [rows.file_row(session, info)])
    _many(connection, "events", [rows.event_row(session, info.file, event) for event in events])
    for position, stream in enumerate(STREAMS):
        counted = Tally(stream)
        for event in events:
            if event.stream == stream.name:
                counted.add(event)
        summary = counted.summary(n_samples)
        row = rows.stream_row(session, info.file, position, stream) | {
            "n_samples": n_samples,
            "scorable_s": summary.scorable_s,
            "twitches": summary.twitches,
            "cramps": summary.cramps,
            "movements": summary.movements,
        }
        _many(connection, "streams", [row])
        minutes = counted.minutes(n_samples)
        _many(connection, "minutes", [rows.minute_row(session, info.file, m) for m in minutes])


def _many(connection: sqlite3.Connection, table: str, found: Sequence[dict[str, Any]]) -> None:
    names = [column.name for column in tables.tables[table].columns]
    quoted = ", ".join(f'"{name}"' for name in names)  # one of them is `offset`
    said = f"INSERT OR IGNORE INTO {table} ({quoted})"
    marks = ", ".join("?" for _ in names)
    values = [tuple(row[name] for name in names) for row in found]
    connection.executemany(f"{said} VALUES ({marks})", values)


def _write_diary(home: Path, newest: datetime, nights: int, rng: np.random.Generator) -> None:
    """Write a year of days; through the diary each line would be a flush of the disk."""
    path = Journal(home, "diary").path
    private_folder(path.parent)
    lines = []
    for back in range(nights - 1, -1, -1):
        evening = newest - timedelta(days=back, hours=2)
        said: dict[str, object] = {
            "caffeine_drinks": int(rng.integers(0, 5)),
            "stress": int(rng.integers(0, 9)),
            "sleep_h": float(rng.integers(10, 18)) / 2,
        }
        if not back % 30:
            said |= {"weakness": False, "spread": False}
        day = evening.date().isoformat()
        line = {
            "at": evening.isoformat(),
            "step": f"year{back}",
            "by": "page",
            "set": [(day, field, value) for field, value in said.items()],
        }
        lines.append(json.dumps(line))
    path.write_text("\n".join(lines) + "\n", "utf-8")
    path.chmod(0o600)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("home", type=Path)
    parser.add_argument("--nights", type=int, default=NIGHTS)
    parser.add_argument("--hours", type=int, default=HOURS)
    parser.add_argument("--real", type=int, default=1)
    parser.add_argument("--busy", type=int, default=BUSY)
    asked = parser.parse_args()
    made = make_year(
        asked.home, nights=asked.nights, hours=asked.hours, real=asked.real, busy=asked.busy
    )
    print(f"{len(made)} nights, the newest is {made[-1]}: MYOWATCH_HOME={asked.home}")


if __name__ == "__main__":
    main()
