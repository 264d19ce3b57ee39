"""Sentences about the findings, to the wearer: the evidence and the rule of each threshold."""

from collections.abc import Sequence
from datetime import date
from math import inf

from myowatch.signal.escalation.escalation_settings import EscalationSettings
from myowatch.signal.escalation.evidence import Standing, Threshold
from myowatch.signal.escalation.findings import AnswerState, CurrentAnswer, Finding
from myowatch.signal.escalation.persistence import SiteCourse
from myowatch.signal.escalation.spread import TWO, SiteDays, twitching
from myowatch.signal.escalation.trend import Trend
from myowatch.signal.escalation.weeks import Week, WeekState
from myowatch.signal.model.samples import Modality

_SENSORS = {Modality.EMG: "electrode", Modality.ACCELEROMETER: "accelerometer"}
_RULES = {
    Threshold.PERSISTENT: (
        "Met when each of the last {weeks} weeks was worn on {days_a_week} days or more "
        "({minutes_a_day:g} scored minutes each), twitching stood out on {separate_days} of them "
        "or more, and the rate has not clearly fallen over these weeks (rank test, days compared "
        "with days and nights with nights, {level:g} %). Weeks worn less are no improvement. "
        "{standing_out} Your yes in the diary is enough by itself; a no does not outweigh a count."
    ),
    Threshold.SPREAD: (
        "Met when twitching stood out at two sites or more, on {separate_days} separate days at "
        "each, within the last {spread_weeks} weeks. {standing_out} Your yes in the diary is "
        "enough by itself; a no does not outweigh a count."
    ),
    Threshold.FAMILY_HISTORY: "Met when you said yes. Asked once; the latest answer counts.",
}
_ASKED = (
    "Met when you said yes, until you say no. A no counts for {answer_weeks} weeks. No sensor "
    "can tell."
)
_STANDING_OUT = (
    "A day stands out when it has more twitches than the detector reports by mistake at most "
    "({emg_false_alarms:g} an hour from an electrode, {accelerometer_false_alarms:g} from an "
    "accelerometer; one-sided Poisson test, {day_level:g} %)."
)
_ANSWERS = {
    AnswerState.YES: "You said yes on {day}{details}.",
    AnswerState.NO: "You said no on {day}.",
    AnswerState.NO_LONG_AGO: "You last said no on {day}, which is {weeks} weeks ago.",
    AnswerState.YES_TAKEN_BACK_LONG_AGO: (
        "You said yes once, and last said no on {day}, which is {weeks} weeks ago."
    ),
    AnswerState.NOTHING: "You have not answered this yet.",
}
_NO_WEAR = "No sensor was worn in the last {weeks} weeks."
_DECIDING = (WeekState.LITTLE_WORN, WeekState.QUIET, WeekState.OPEN, WeekState.TWITCHING)
"""What a site's weeks say together: the first of these that one of them shows."""
_OVER = "over {days} days, {worn} of them worn{rate}"
_RATE = "; {rate:.1f} a minute{interval}"
_INTERVAL = ", 95 % interval {low:.1f} to {high:.1f}"
_STEADY = "The rate on {site} has not clearly fallen {over}{change}."
_FALLING = "The rate on {site} has fallen {over}{change}."
_CHANGE = "; change a week {change:+.0f} %{interval}"
_CHANGE_INTERVAL = " ({low} to {high})"
_QUIET = (
    "In at least one of the last {weeks} weeks there was no more on {sites} than the detector "
    "reports by mistake (at most {most:.1f} a minute in that week)."
)
_LITTLE = "Worn too little to tell: {sites}; every week takes {needed} days."
_LITTLE_SITE = "{site} on {worn} in the week from {first}"
_OPEN = (
    "On {site} the week from {first} leaves it open: twitching stood out on {above} of {worn} days "
    "({needed} are needed), and on some there was more than by mistake, but not surely so."
)
_OPEN_ONE = (
    "On {site} the week from {first} leaves it open: twitching stood out on {above} of {worn} "
    "days, and {needed} are needed."
)
_TWITCHED = "{site} (on {days}, first on {first})"
_SPREAD = "Twitching stood out on {sites}."
_ONE_SITE = (
    "Only {site} was worn on {needed} days or more in the last {weeks} weeks; it takes a second "
    "site to see whether twitching spreads."
)
_NO_SITE = "No site was worn on {needed} days or more in the last {weeks} weeks."
_ALONE = "Twitching stood out on {site} and at no other of the {n} sites worn."
_NOWHERE = "Twitching stood out at none of the {n} sites worn in the last {weeks} weeks."
_PERHAPS = (
    "Twitching stood out, or perhaps did, on {sites}; at a second site it takes {needed} days "
    "that stand out."
)
_PERHAPS_SITE = "{site} (on {above}, perhaps on {perhaps} more)"
_HEALTHY = "Healthy muscle twitches there too, most of all in the feet."
_HEALTHY_SITES = ("foot", "sole", "hallucis", "calf", "gastrocnemius", "feet", "calves")


def evidence(finding: Finding) -> str:
    """Return the evidence for a finding, what decides first."""
    answered = of_answer(finding.own, finding.today)
    if finding.threshold is Threshold.PERSISTENT:
        measured = of_courses(finding.courses, finding.settings)
    elif finding.threshold is Threshold.SPREAD:
        measured = of_sites(finding.sites, finding.settings)
    else:
        return answered
    if finding.own.state is AnswerState.YES:
        return f"{answered} {measured}"
    return f"{measured} {answered}"


def rule(finding: Finding) -> str:
    """Return the rule by which a finding was judged, with its settings."""
    settings = finding.settings
    standing_out = _STANDING_OUT.format(
        emg_false_alarms=settings.emg_false_alarms,
        accelerometer_false_alarms=settings.accelerometer_false_alarms,
        day_level=100 * settings.day_level,
    )
    return _RULES.get(finding.threshold, _ASKED).format(
        weeks=settings.weeks,
        days_a_week=settings.days_a_week,
        minutes_a_day=settings.minutes_a_day,
        separate_days=settings.separate_days,
        level=100 * settings.level,
        spread_weeks=settings.spread_weeks,
        answer_weeks=settings.answer_weeks,
        standing_out=standing_out,
    )


def of_answer(own: CurrentAnswer, today: date) -> str:
    """Return the wearer's answer in words."""
    if own.answer is None:
        return _ANSWERS[own.state]
    since = own.answer.since
    details = [f"since {day_name(since)}"] if since else []
    details += [site_name(side) for side in own.answer.sides]
    if own.answer.severity is not None:
        details.append(f"severity {own.answer.severity} of 10")
    return _ANSWERS[own.state].format(
        day=day_name(own.answer.day),
        weeks=(today - own.answer.day).days // 7,
        details=f" ({', '.join(details)})" if details else "",
    )


def of_courses(courses: Sequence[SiteCourse], settings: EscalationSettings) -> str:
    """Return what the weeks of each place show; what decides comes first."""
    if not courses:
        return _NO_WEAR.format(weeks=settings.spread_weeks)
    by_state: dict[WeekState, list[SiteCourse]] = {state: [] for state in _DECIDING}
    for course in courses:
        states = {week.state for week in course.weeks}
        by_state[next(state for state in _DECIDING if state in states)].append(course)
    named = {id(course): _place(course, courses) for course in courses}
    going_on = [*by_state[WeekState.TWITCHING], *by_state[WeekState.OPEN]]
    told = [_going_on(course, named[id(course)], settings) for course in going_on]
    if quiet := by_state[WeekState.QUIET]:
        sites = _and([named[id(course)] for course in quiet])
        most = max(_last(course, WeekState.QUIET).rate or 0 for course in quiet)
        told.append(_QUIET.format(sites=sites, weeks=settings.weeks, most=most))
    if little := by_state[WeekState.LITTLE_WORN]:
        sites = _and([_little(c, named[id(c)]) for c in little])
        told.append(_LITTLE.format(sites=sites, needed=settings.days_a_week))
    return " ".join(told)


def of_sites(sites: Sequence[SiteDays], settings: EscalationSettings) -> str:
    """Return at which sites twitching stood out."""
    sure, needed = twitching(sites, settings), settings.separate_days
    worn = [site for site in sites if site.days_worn >= needed]
    suspected = [site for site in sites if site.above or site.perhaps]
    weeks = settings.spread_weeks
    if len(sure) >= TWO:
        named = [
            _TWITCHED.format(
                site=with_article(site.site),
                days=_n_days(len(site.above)),
                first=day_name(site.above[0]),
            )
            for site in sure
        ]
        return _SPREAD.format(sites=_and(named)) + _healthy(sure)
    if not worn:
        return _NO_SITE.format(needed=needed, weeks=weeks)
    if len(worn) < TWO:
        return _ONE_SITE.format(site=with_article(worn[0].site), needed=needed, weeks=weeks)
    if len(suspected) >= TWO:
        named = [
            _PERHAPS_SITE.format(
                site=with_article(s.site), above=_n_days(len(s.above)), perhaps=s.perhaps
            )
            for s in suspected
        ]
        return _PERHAPS.format(sites=_and(named), needed=needed) + _healthy(suspected)
    if sure:
        return _ALONE.format(site=with_article(sure[0].site), n=len(worn))
    return _NOWHERE.format(n=len(worn), weeks=weeks)


def site_name(site: str) -> str:
    """Return a site in words."""
    return site.replace("-", " ") or "a site without a name"


def with_article(site: str) -> str:
    """Return a site for use within a sentence."""
    return f"the {site_name(site)}" if site else site_name(site)


def day_name(day: date) -> str:
    """Return a day in words.

    Examples
    --------
    >>> day_name(date(2026, 11, 2))
    '2 November 2026'
    """
    return f"{day.day} {day:%B %Y}"


def _going_on(course: SiteCourse, site: str, settings: EscalationSettings) -> str:
    if course.standing is Standing.NOT_ENOUGH_DATA:
        return _open(course, site, settings)
    words = _STEADY if course.standing is Standing.MET else _FALLING
    change = _change(course.trend) if course.trend else ""
    return words.format(site=site, over=_over(course), change=change)


def _open(course: SiteCourse, site: str, settings: EscalationSettings) -> str:
    week = _last(course, WeekState.OPEN)
    words = _OPEN_ONE if week.days_above else _OPEN
    return words.format(
        site=site,
        above=week.days_above,
        worn=week.days_worn,
        first=day_name(week.first),
        needed=settings.separate_days,
    )


def _little(course: SiteCourse, site: str) -> str:
    week = _last(course, WeekState.LITTLE_WORN)
    return _LITTLE_SITE.format(site=site, worn=_n_days(week.days_worn), first=day_name(week.first))


def _last(course: SiteCourse, state: WeekState) -> Week:
    return next(week for week in reversed(course.weeks) if week.state is state)


def _over(course: SiteCourse) -> str:
    rate = ""
    if course.rate is not None:
        interval = ""
        if course.ci95 is not None:
            interval = _INTERVAL.format(low=course.ci95[0], high=course.ci95[1])
        rate = _RATE.format(rate=course.rate, interval=interval)
    return _OVER.format(days=course.days, worn=course.days_worn, rate=rate)


def _change(found: Trend) -> str:
    if found.a_week is None or found.ci95 is None:
        return ""
    low, high = (_percent(end) for end in found.ci95)
    interval = _CHANGE_INTERVAL.format(low=low, high=high)
    return _CHANGE.format(change=100 * found.a_week, interval=interval)


def _percent(share: float) -> str:
    if share == inf:
        return "any rise"
    return f"{100 * share:+.0f} %"


def _place(course: SiteCourse, courses: Sequence[SiteCourse]) -> str:
    """Return the site, with the kind of sensor if the site wore both."""
    both = sum(other.site == course.site for other in courses) > 1
    return with_article(course.site) + (
        f" ({_SENSORS.get(course.modality, course.modality)})" if both else ""
    )


def _healthy(sites: Sequence[SiteDays]) -> str:
    words = {word for site in sites for word in site.site.split("-")}
    return f" {_HEALTHY}" if words & set(_HEALTHY_SITES) else ""


def _n_days(n: int) -> str:
    return "1 day" if n == 1 else f"{n} days"


def _and(parts: Sequence[str]) -> str:
    return parts[0] if len(parts) == 1 else f"{', '.join(parts[:-1])} and {parts[-1]}"
