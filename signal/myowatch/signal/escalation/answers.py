"""The wearer's latest answer about a threshold, and how it counts today."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from myowatch.signal.escalation.escalation_settings import EscalationSettings
from myowatch.signal.escalation.evidence import Answer, Standing, Threshold
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
    """Find the latest answer; of two on one day, the yes.

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
