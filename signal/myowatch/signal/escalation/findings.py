"""The six thresholds, judged by what was worn and answered."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from myowatch.signal.escalation import persistence, spread
from myowatch.signal.escalation.escalation_settings import EscalationSettings
from myowatch.signal.escalation.evidence import Answer, Standing, Threshold, Wear
from myowatch.signal.escalation.persistence import SiteCourse
from myowatch.signal.escalation.spread import SiteDays
from myowatch.signal.escalation.weeks import DAYS


class AnswerState(StrEnum):
    """How the latest answer counts today."""

    YES = "yes"
    NO = "no"
    NO_LONG_AGO = "no, long ago"
    YES_TAKEN_BACK_LONG_AGO = "yes, then no, long ago"
    NOTHING = "nothing"


STANDINGS = {
    AnswerState.YES: Standing.MET,
    AnswerState.NO: Standing.NOT_MET,
    AnswerState.NO_LONG_AGO: Standing.NOT_ANSWERED,
    # Something was answered, and that it is gone was said too long ago to be relied on.
    AnswerState.YES_TAKEN_BACK_LONG_AGO: Standing.NOT_ENOUGH_DATA,
    AnswerState.NOTHING: Standing.NOT_ANSWERED,
}


@dataclass(frozen=True, slots=True)
class CurrentAnswer:
    """The latest answer to a question, and how it counts today."""

    state: AnswerState
    answer: Answer | None = None


def current_answer(
    answers: Iterable[Answer], threshold: Threshold, today: date, settings: EscalationSettings
) -> CurrentAnswer:
    """Return the latest answer; of two on one day, the yes.

    A yes stays until it is taken back. A no stays for `answer_weeks`, but for the family's
    history, which is asked once.
    """
    mine = [a for a in answers if a.threshold is threshold and a.day <= today]
    if not mine:
        return CurrentAnswer(AnswerState.NOTHING)
    latest = max(mine, key=lambda a: (a.day, a.yes, a.severity or 0, a.sides))
    if latest.yes:
        return CurrentAnswer(AnswerState.YES, latest)
    age = (today - latest.day).days
    if threshold is Threshold.FAMILY_HISTORY or age <= DAYS * settings.answer_weeks:
        return CurrentAnswer(AnswerState.NO, latest)
    taken_back = any(answer.yes for answer in mine)
    return CurrentAnswer(
        AnswerState.YES_TAKEN_BACK_LONG_AGO if taken_back else AnswerState.NO_LONG_AGO, latest
    )


@dataclass(frozen=True, slots=True)
class Finding:
    """The state of one threshold, and the numbers it rests on.

    Parameters
    ----------
    own
        The wearer's latest answer.
    today, settings
        Day and rule of the judgement.
    courses
        Every place worn, for `persistent`; else empty.
    sites
        Every site worn, for `spread`; else empty.
    """

    threshold: Threshold
    standing: Standing
    own: CurrentAnswer
    today: date
    settings: EscalationSettings
    courses: tuple[SiteCourse, ...] = ()
    sites: tuple[SiteDays, ...] = ()

    @property
    def answer(self) -> Answer | None:
        """The latest answer, if there is one."""
        return self.own.answer


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
    own = current_answer(answers, threshold, today, settings)
    if threshold is Threshold.PERSISTENT:
        courses = persistence.courses(wears, today, settings)
        standing = _with_answer(persistence.standing_of(courses), own)
        return Finding(threshold, standing, own, today, settings, courses=courses)
    if threshold is Threshold.SPREAD:
        sites = spread.site_days(wears, today, settings)
        standing = _with_answer(spread.standing_of(sites, settings), own)
        return Finding(threshold, standing, own, today, settings, sites=sites)
    return Finding(threshold, STANDINGS[own.state], own, today, settings)


def _with_answer(by_sensors: Standing, own: CurrentAnswer) -> Standing:
    # A no decides nothing: what people with ALS noticed of their twitches had a coefficient of
    # variation of 303 % where what was counted held still (Bashford et al. 2020).
    return Standing.MET if own.state is AnswerState.YES else by_sensors
