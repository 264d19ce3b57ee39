"""The six thresholds of the article's section 4, and how each can stand."""

from enum import StrEnum

ARTICLE = "Why Is My Muscle Twitching In My Thigh? Causes & Relief (WHY.EDU.VN)"


class Threshold(StrEnum):
    """What the article says to see a professional for."""

    PERSISTENT = "persistent"
    WEAKNESS = "weakness"
    PAIN_NUMBNESS = "pain_numbness"
    SPREAD = "spread"
    REFLEXES = "reflexes"
    FAMILY_HISTORY = "family_history"


class Standing(StrEnum):
    """Where a threshold stands; none of them is a diagnosis."""

    MET = "met"
    NOT_MET = "not met"
    NOT_ENOUGH_DATA = "not enough data"
    NOT_ANSWERED = "not answered"
