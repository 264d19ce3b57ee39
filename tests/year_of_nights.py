"""Fill a session store with a year of nights, without their recordings."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from pathlib import Path

import numpy as np
from recorded_sessions import STARTED
from sqlalchemy import Connection

from myowatch.recordings.store.session_info import FileInfo, SessionInfo
from myowatch.recordings.store.store import Store
from myowatch.recordings.store.store_rebuild import end_session, insert_session, write_progress
from myowatch.signal.model.samples import Modality, Stream, Unit
from myowatch.signal.statistics.counts import Summary

SITES = ("left-thigh", "right-thigh", "left-calf", "right-arm")
RATES = (4.0, 0.2, 0.3, 0.1)
NIGHT_S = 8 * 3600.0
Counted = Mapping[Stream, tuple[int, float]]
"""Twitches and scorable seconds of each stream."""


def store_session(
    home: Path, session_id: str, started: datetime, counted: Counted, *, source: str = "ble:WEAR"
) -> None:
    """Add one session to the store."""
    with Store(home) as store, store.transaction() as connection:
        _insert(connection, session_id, started, counted, source)


def record_year(
    home: Path, nights: int = 365, *, last: datetime = STARTED, source: str = "ble:WEAR"
) -> None:
    """Add nights with four sensors to the store; the last one starts at `last`."""
    rng = np.random.default_rng(5)
    with Store(home) as store, store.transaction() as connection:
        for back in range(nights - 1, -1, -1):
            started = last - timedelta(days=back)
            mood = rng.gamma(9, 1 / 9)
            counted = {
                _stream(site): (int(rng.poisson(rate * mood * NIGHT_S / 60)), NIGHT_S)
                for site, rate in zip(SITES, RATES, strict=True)
            }
            _insert(connection, f"{started:%Y%m%d-%H%M%S}-aaa", started, counted, source)


def _stream(site: str) -> Stream:
    return Stream(f"EMG {site}", Modality.EMG, Unit.MICROVOLT, 1000.0, ("EMG",), 0.1, site)


def _insert(
    connection: Connection, session_id: str, started: datetime, counted: Counted, source: str
) -> None:
    file = f"sessions/{session_id}/wear.bdf"
    info = FileInfo(file, source, started, tuple(counted), "{}")
    insert_session(connection, SessionInfo(session_id, [info], ""))
    for stream, (twitches, scorable_s) in counted.items():
        summary = Summary(
            stream=stream.name,
            n_samples=int(scorable_s * stream.sampling_rate),
            sampling_rate=stream.sampling_rate,
            scorable_s=scorable_s,
            unscorable={},
            twitches=twitches,
            cramps=0,
            movements=0,
            twitches_per_min=None,
            ci95=None,
        )
        write_progress(connection, session_id, file, summary, [])
    end_session(connection, session_id)
