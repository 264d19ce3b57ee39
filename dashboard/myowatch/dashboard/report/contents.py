"""The contents of a report as numbers, without text."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime

from myowatch.recordings.wearer.diary_fields import Value
from myowatch.signal.escalation.escalation_settings import EscalationSettings
from myowatch.signal.escalation.findings import Finding
from myowatch.signal.escalation.trend import Trend
from myowatch.signal.model.samples import Modality, Samples, Stream, Unit
from myowatch.signal.model.settings import DetectionSettings
from myowatch.signal.statistics.reference_rates import Reference

Interval = tuple[float, float]


@dataclass(frozen=True, slots=True)
class ReportRequest:
    """What a report is requested of.

    Parameters
    ----------
    session
        Its id; empty for a period.
    since
        The first day of a period; None for a session.
    wearer, born
        Printed if they are given: name, and year of birth.
    notes
        Whether what the wearer wrote in free words is printed.

    Raises
    ------
    ValueError
        Unless it is either a session or a period.
    """

    session: str = ""
    since: date | None = None
    wearer: str = ""
    born: int | None = None
    notes: bool = False

    def __post_init__(self) -> None:
        if bool(self.session) == (self.since is not None):
            raise ValueError(f"need a session or the first day of a period, got {self}")


@dataclass(frozen=True, slots=True)
class Point:
    """The rate in one part of the period.

    Parameters
    ----------
    at
        Where on the axis: minutes since the session began, or days since the period's first.
    rate, ci95
        A minute; None where it cannot be told, or where nothing was worn.
    sure
        Whether it was worn long enough to be relied on.
    """

    at: float
    rate: float | None
    ci95: Interval | None
    sure: bool = True


@dataclass(frozen=True, slots=True)
class Course:
    """A rate over the period.

    Parameters
    ----------
    begins
        When the axis begins.
    length
        Of the axis, in its own unit.
    by_day
        Whether `Point.at` is days, each point a day or a week; else minutes.
    step
        Of one point, in that unit.
    """

    begins: datetime
    length: float
    by_day: bool
    step: float
    points: tuple[Point, ...]


@dataclass(frozen=True, slots=True)
class Periodic:
    """Series of periodic movements by one set of rules; `per_hour` None under a scorable hour."""

    rules: str
    series: int
    movements: int
    per_hour: float | None


@dataclass(frozen=True, slots=True)
class Site:
    """What was found at one place, with one kind of sensor.

    Parameters
    ----------
    days, sessions
        On which it was worn, in which.
    worn_s, scorable_s
        Seconds.
    twitches
        None for a sensor that cannot show them.
    rate, exact, widened
        Twitches a minute with the exact Poisson interval, and with that which allows for days or
        minutes that differ by more than chance; None where it cannot be told, or need not be.
    trend
        Over the days worn; None for less than two weeks of them.
    cramps_s
        Durations of what was taken for cramps, longest first.
    unsure
        Of them and of the movements, so many may be either: the detector could not tell, and the
        wearer has not said.
    unit, detectable_peak
        Smallest twitch that would have been found, peak to peak: the median over all minutes;
        None if unknown.
    """

    site: str
    modality: Modality
    days: int
    sessions: int
    worn_s: float
    scorable_s: float
    twitches: int | None
    rate: float | None
    exact: Interval | None
    widened: Interval | None
    trend: Trend | None
    course: Course | None
    cramps_s: tuple[float, ...]
    movements: int
    periodic: tuple[Periodic, ...]
    reference: Reference | None
    unit: Unit
    detectable_peak: float | None = None
    unsure: int = 0


@dataclass(frozen=True, slots=True, eq=False)
class Twitch:
    """A typical twitch.

    Parameters
    ----------
    stream
        In which it was recorded.
    at
        When it began.
    times_s, samples
        What the detector listens to: seconds from the onset, and the stream's unit.
    duration_s, peak
        As detected.
    compared
        With so many of the clearest.
    """

    stream: Stream
    at: datetime
    times_s: Samples
    samples: Samples
    duration_s: float
    peak: float
    compared: int


@dataclass(frozen=True, slots=True)
class Spread:
    """Numbers that were written on several days: median, smallest and largest."""

    days: int
    median: float
    least: float
    most: float


@dataclass(frozen=True, slots=True)
class DiarySummary:
    """A summary of the diary in the period.

    Parameters
    ----------
    days
        On which anything was said.
    numbers
        By field.
    cramps
        Felt, all days together; None if unknown.
    latest
        Of what changes seldom (medicines, measures): the field's last answer and its day.
    first
        Of measures, the first answer and its day, where there are two or more.
    changed
        Days on which medicines changed.
    family
        Who in the family has what; empty if unknown.
    notes
        In the wearer's words, oldest first, with their day.
    """

    days: int = 0
    numbers: Mapping[str, Spread] = field(default_factory=dict)
    cramps: int | None = None
    latest: Mapping[str, tuple[date, Value]] = field(default_factory=dict)
    first: Mapping[str, tuple[date, Value]] = field(default_factory=dict)
    changed: tuple[date, ...] = ()
    family: str = ""
    notes: tuple[tuple[date, str], ...] = ()


@dataclass(frozen=True, slots=True, eq=False)
class Report:
    """All contents of a report.

    Parameters
    ----------
    made
        When.
    first, last
        Days of the period.
    session
        Its id where the report is of one; else empty.
    running
        Whether a session still goes on.
    played
        Whether all of it was simulated or replayed.
    left_out
        Sessions of the period that were simulated or replayed, and are left out.
    findings
        The six thresholds as they stand on the day it is made.
    detection
        Settings of the latest session; None if they are not stored.
    settings_changed
        Whether others were used before within the period.
    felt
        How often "I felt it" was pressed.
    relabelled
        Of how many single events the wearer said something; counts are corrected by it.
    """

    made: datetime
    wearer: str
    born: int | None
    first: date
    last: date
    session: str
    sessions: int
    running: bool
    played: bool
    left_out: int
    sites: tuple[Site, ...]
    twitch: Twitch | None
    findings: tuple[Finding, ...]
    diary: DiarySummary
    detection: DetectionSettings | None
    settings_changed: bool
    escalation: EscalationSettings
    felt: int
    relabelled: int
    software: str
