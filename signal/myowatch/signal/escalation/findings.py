"""The six thresholds held against what was worn and answered."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from myowatch.signal.escalation import persistence, sentences, spread
from myowatch.signal.escalation.answers import STANDINGS, Opinion, Said, opinion
from myowatch.signal.escalation.escalation_settings import EscalationSettings
from myowatch.signal.escalation.evidence import Answer, Standing, Threshold, Wear
from myowatch.signal.escalation.persistence import SiteCourse
from myowatch.signal.escalation.spread import SiteDays


@dataclass(frozen=True, slots=True)
class Finding:
    """Where one threshold stands, and why.

    Parameters
    ----------
    evidence
        In plain words, with the numbers.
    rule
        By which it was judged, with its settings.
    section
        Of the article.
    answer
        The latest one, if there is any.
    courses
        Of every place worn, for `persistent`; else empty.
    sites
        Every site worn, for `spread`; else empty.
    """

    threshold: Threshold
    standing: Standing
    evidence: str
    rule: str
    section: str
    answer: Answer | None = None
    courses: tuple[SiteCourse, ...] = ()
    sites: tuple[SiteDays, ...] = ()


def assess(
    wears: Iterable[Wear],
    answers: Iterable[Answer],
    today: date,
    settings: EscalationSettings | None = None,
) -> tuple[Finding, ...]:
    """Judge the thresholds of the article's section 4, in the order of `Threshold`.

    How many twitches there are decides nothing by itself: they only have to be more than detection
    reports by mistake. What is dated after today is passed over, so that any day can be looked at.

    Parameters
    ----------
    wears
        In any order; several of one site and day are added.
    answers
        In any order.
    today
        By the wearer's clock.
    settings
        By default those of `EscalationSettings`.
    """
    settings = settings or EscalationSettings()
    worn, said = list(wears), list(answers)
    return tuple(_finding(threshold, worn, said, today, settings) for threshold in Threshold)


def _finding(
    threshold: Threshold,
    wears: list[Wear],
    answers: list[Answer],
    today: date,
    settings: EscalationSettings,
) -> Finding:
    own = opinion(answers, threshold, today, settings)
    answered = sentences.of_opinion(own, today)
    rule = sentences.rule(threshold, settings)
    if threshold is Threshold.PERSISTENT:
        courses = persistence.courses(wears, today, settings)
        standing = _with_answer(persistence.standing_of(courses), own)
        evidence = _ordered(own, answered, sentences.of_courses(courses, settings))
        return _make(threshold, standing, evidence, rule, own, courses=courses)
    if threshold is Threshold.SPREAD:
        sites = spread.site_days(wears, today, settings)
        standing = _with_answer(spread.standing_of(sites, settings), own)
        evidence = _ordered(own, answered, sentences.of_sites(sites, settings))
        return _make(threshold, standing, evidence, rule, own, sites=sites)
    return _make(threshold, STANDINGS[own.said], answered, rule, own)


def _with_answer(by_sensors: Standing, own: Opinion) -> Standing:
    # A no decides nothing: what people with ALS noticed of their twitches had a coefficient of
    # variation of 303 % where what was counted held still (Bashford et al. 2020).
    return Standing.MET if own.said is Said.YES else by_sensors


def _ordered(own: Opinion, answered: str, measured: str) -> str:
    """Put first what decides."""
    first, second = (answered, measured) if own.said is Said.YES else (measured, answered)
    return f"{first} {second}"


def _make(
    threshold: Threshold,
    standing: Standing,
    evidence: str,
    rule: str,
    own: Opinion,
    *,
    courses: tuple[SiteCourse, ...] = (),
    sites: tuple[SiteDays, ...] = (),
) -> Finding:
    section = sentences.SECTION
    return Finding(threshold, standing, evidence, rule, section, own.answer, courses, sites)
