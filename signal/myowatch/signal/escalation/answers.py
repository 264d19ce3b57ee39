"""What the wearer's own answers say of a threshold."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from myowatch.signal.escalation.escalation_settings import EscalationSettings
from myowatch.signal.escalation.evidence import Answer, Standing, Threshold
from myowatch.signal.escalation.weeks import DAYS


class Said(StrEnum):
    """How the latest answer counts today."""

    YES = "yes"
    NO = "no"
    NO_LONG_AGO = "no, long ago"
    YES_TAKEN_BACK_LONG_AGO = "yes, then no, long ago"
    NOTHING = "nothing"


STANDINGS = {
    Said.YES: Standing.MET,
    Said.NO: Standing.NOT_MET,
    Said.NO_LONG_AGO: Standing.NOT_ANSWERED,
    # Something was answered, and that it is gone was said too long ago to be relied on.
    Said.YES_TAKEN_BACK_LONG_AGO: Standing.NOT_ENOUGH_DATA,
    Said.NOTHING: Standing.NOT_ANSWERED,
}


@dataclass(frozen=True, slots=True)
class Opinion:
    """The latest answer to a question, and how it counts today."""

    said: Said
    answer: Answer | None = None


def opinion(
    answers: Iterable[Answer], threshold: Threshold, today: date, settings: EscalationSettings
) -> Opinion:
    """Find the latest answer; of two on one day, the yes.

    A yes stays until it is taken back. A no stays for `answer_weeks`, but for the family's
    history, which is asked once.
    """
    mine = [a for a in answers if a.threshold is threshold and a.day <= today]
    if not mine:
        return Opinion(Said.NOTHING)
    latest = max(mine, key=lambda a: (a.day, a.yes, a.severity or 0, a.sides))
    if latest.yes:
        return Opinion(Said.YES, latest)
    age = (today - latest.day).days
    if threshold is Threshold.FAMILY_HISTORY or age <= DAYS * settings.answer_weeks:
        return Opinion(Said.NO, latest)
    taken_back = any(answer.yes for answer in mine)
    return Opinion(Said.YES_TAKEN_BACK_LONG_AGO if taken_back else Said.NO_LONG_AGO, latest)
