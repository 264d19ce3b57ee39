"""The numbers of a report, from the store, the diary and the recordings."""

from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime
from importlib.metadata import version
from pathlib import Path
from statistics import median

from myowatch.dashboard.report.contents import DiarySummary, Report, ReportRequest, Spread
from myowatch.dashboard.report.report_twitches import typical_twitch
from myowatch.dashboard.report.site_counts import sites_of
from myowatch.recordings.analysis.analyze import settings_from_text
from myowatch.recordings.storage.problem import Problem
from myowatch.recordings.store.counted_streams import (
    CountedStream,
    select_counted_streams,
    select_long_events,
)
from myowatch.recordings.store.session_info import SessionSummary
from myowatch.recordings.store.store import Store
from myowatch.recordings.wearer.diary import Days, read_diary
from myowatch.recordings.wearer.diary_days import answers_from
from myowatch.recordings.wearer.diary_fields import Value
from myowatch.recordings.wearer.labels import read_all_labels
from myowatch.recordings.wearer.preferences import read_preferences
from myowatch.signal.escalation.findings import assess

NUMBERS = (
    *("caffeine_drinks", "alcohol_drinks", "fluids_l", "sleep_h", "sleep_quality", "stress"),
    *("exercise_min", "exercise_effort"),
)
MEASURES = ("thigh_left_cm", "thigh_right_cm", "chair_stands")


def summarise(days: Days, first: date, last: date, *, notes: bool) -> DiarySummary:
    """Return a summary of the diary between two days, both included.

    Parameters
    ----------
    notes
        Whether what was written in free words is taken along.
    """
    said = {day: of_day for day, of_day in days.items() if day and first <= day <= last}
    family = days.get(None, {}).get("family_history_who", "")
    cramps = [v for _, v in _answers(said, "cramps") if isinstance(v, int | float)]
    ends = {name: found for name in ("medicines", *MEASURES) if (found := _answers(said, name))}
    return DiarySummary(
        days=len(said),
        numbers={name: spread for name in NUMBERS if (spread := _spread(said, name))},
        cramps=int(sum(cramps)) if cramps else None,
        latest={name: found[-1] for name, found in ends.items()},
        first={name: found[0] for name, found in ends.items() if len(found) > 1},
        changed=tuple(day for day, value in _answers(said, "medicines_changed") if value is True),
        family=family if isinstance(family, str) else "",
        notes=tuple((day, str(v)) for day, v in _answers(said, "note")) if notes else (),
    )


def _answers(said: Mapping[date, Mapping[str, Value]], name: str) -> list[tuple[date, Value]]:
    return [(day, said[day][name]) for day in sorted(said) if name in said[day]]


def _spread(said: Mapping[date, Mapping[str, Value]], name: str) -> Spread | None:
    values = [float(v) for _, v in _answers(said, name) if isinstance(v, int | float)]
    if not values:
        return None
    return Spread(len(values), median(values), min(values), max(values))


FELT = "felt"


def gather(
    home: Path,
    asked: ReportRequest,
    now: datetime,
    on_progress: Callable[[float], None] = lambda _: None,
) -> Report:
    """Return the contents of a report.

    What a simulated wearer or a replayed file played is left out of a period in which anything was
    worn; where nothing was, the report is of what was played, and says so.

    Parameters
    ----------
    now
        By the wearer's clock.
    on_progress
        Told how much of the work is done, 0 to 1.

    Raises
    ------
    Problem
        If nothing was recorded in the period.
    UnknownSession
        If there is no such session.
    """
    settings = read_preferences(home).preferences.escalation
    diary = read_diary(home)
    with Store(home) as store:
        sessions = _sessions(store, asked)
        with store.transaction() as connection:
            recorded = select_counted_streams(
                connection, [session.id for session in sessions], read_all_labels(home)
            )
        played = all(one.played for one in recorded)
        found = [one for one in recorded if played or not one.played]
        chosen = {one.session for one in found}
        on_progress(0.2)
        first, last = _days(asked, found, now.date())
        with store.transaction() as connection:
            events = select_long_events(connection, found)
        on_progress(0.5)
        sites = sites_of(store, found, events, last, settings)
        on_progress(0.6)
        return Report(
            made=now,
            wearer=asked.wearer,
            born=asked.born,
            first=first,
            last=last,
            session=asked.session and sessions[0].id,
            sessions=len(chosen),
            running=any(session.ended is None for session in sessions),
            played=played,
            left_out=len({one.session for one in recorded} - chosen),
            sites=sites,
            twitch=typical_twitch(store, found, lambda done: on_progress(0.6 + 0.3 * done)),
            findings=assess(store.wears(played=played), answers_from(diary), now.date(), settings),
            diary=summarise(diary.days(), first, last, notes=asked.notes),
            detection=settings_from_text(found[-1].settings) if found else None,
            settings_changed=len({settings_from_text(one.settings) for one in found}) > 1,
            escalation=settings,
            felt=_felt(store, chosen),
            relabelled=sum(len(one.labels) for one in found),
            software=version("myowatch"),
        )


def _sessions(store: Store, asked: ReportRequest) -> list[SessionSummary]:
    if asked.session:
        return [store.find(asked.session)]
    assert asked.since is not None
    since = [session for session in store.sessions() if session.started.date() >= asked.since]
    if not since:
        raise Problem(
            f"nothing was recorded since {asked.since}", "`myowatch sessions` lists everything"
        )
    return since


def _days(asked: ReportRequest, found: Sequence[CountedStream], today: date) -> tuple[date, date]:
    """Return the first and last day: a period runs until today, a session has its own."""
    days = [one.started.date() for one in found] or [today]
    if asked.session:
        return min(days), max(days)
    return min(days), max(today, *days)


def _felt(store: Store, sessions: set[str]) -> int:
    from sqlalchemy import func, select

    from myowatch.recordings.store.store_rows import markers

    query = select(markers.c.session, func.count()).where(markers.c.text == FELT)
    with store.transaction() as connection:
        rows = connection.execute(query.group_by(markers.c.session)).all()
    return sum(count for session, count in rows if session in sessions)
