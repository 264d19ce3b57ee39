"""What was worn where and when, from the session store: what thresholds are judged by."""

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from myowatch.recordings.wearer.labels import SessionLabels, corrections
from myowatch.signal.escalation.evidence import Wear
from myowatch.signal.escalation.wear_time import site_key
from myowatch.signal.model.events import Kind
from myowatch.signal.model.samples import Modality

if TYPE_CHECKING:
    from sqlalchemy import Connection

PLAYED = ("sim:", "file:", "brainflow:synthetic", "brainflow:playback")
"""Sources that nobody wears while they are recorded: a simulated wearer's muscles are nobody's,
and of a file that is played again neither the day nor the person is known."""
TWITCHES = (Modality.EMG, Modality.ACCELEROMETER)
"""What twitches can be counted in; the best first."""
NIGHT_FROM, NIGHT_TO = 22, 6
"""Hours between which the middle of a recording lies that is called one of a night."""


def select_wears(
    connection: "Connection", labels: Mapping[str, SessionLabels], *, played: bool = False
) -> list[Wear]:
    """One for each site, day and session, oldest first.

    Of several sensors at one site of a session, the electrodes count, so that no twitch counts
    twice; of several electrodes, the one that could be scored the longest.

    Parameters
    ----------
    labels
        What the wearer said of single events, by session; counts are corrected by it.
    played
        Take simulated sessions and replayed files for worn ones, to look at a demonstration.
    """
    from sqlalchemy import and_, not_, or_, select

    from myowatch.recordings.store.store_rows import files, streams

    query = (
        select(streams, files.c.started)
        .join(files, and_(files.c.session == streams.c.session, files.c.file == streams.c.file))
        .where(streams.c.modality.in_([modality.value for modality in TWITCHES]))
        .order_by(files.c.started, streams.c.session, streams.c.file, streams.c.position)
    )
    if not played:
        query = query.where(not_(or_(*(files.c.source.startswith(p) for p in PLAYED))))
    return wears_of(connection.execute(query).mappings(), labels)


def wears_of(rows: Iterable[Mapping[Any, Any]], labels: Mapping[str, SessionLabels]) -> list[Wear]:
    """Choose one stream for each session and site, of rows of streams with their start."""
    chosen: dict[tuple[str, str], Mapping[Any, Any]] = {}
    for row in rows:
        key = (row["session"], site_key(row["site"]))
        if key not in chosen or _worth(row) > _worth(chosen[key]):
            chosen[key] = row
    return [_wear(site, row, labels.get(row["session"])) for (_, site), row in chosen.items()]


def _worth(row: Mapping[Any, Any]) -> tuple[int, float]:
    return -TWITCHES.index(Modality(row["modality"])), row["scorable_s"]


def _wear(site: str, row: Mapping[Any, Any], labels: SessionLabels | None) -> Wear:
    said = labels.of(row["file"], row["name"]) if labels else {}
    started = datetime.fromisoformat(row["started"])
    middle = started + timedelta(seconds=row["n_samples"] / row["sampling_rate"] / 2)
    return Wear(
        site=site,
        day=started.date(),
        modality=Modality(row["modality"]),
        twitches=max(0, row["twitches"] + corrections(said)[Kind.TWITCH]),
        scorable_s=row["scorable_s"],
        night=middle.hour >= NIGHT_FROM or middle.hour < NIGHT_TO,
    )
