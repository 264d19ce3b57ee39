"""The six thresholds, and what they are judged by: what was worn, counted and answered."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from math import inf

from myowatch.signal.model.samples import Modality

ARTICLE = "Why Is My Muscle Twitching In My Thigh? Causes & Relief (WHY.EDU.VN)"


class Threshold(StrEnum):
    """The six reasons of the article to see a professional."""

    PERSISTENT = "persistent"
    WEAKNESS = "weakness"
    PAIN_NUMBNESS = "pain_numbness"
    SPREAD = "spread"
    REFLEXES = "reflexes"
    FAMILY_HISTORY = "family_history"


class Standing(StrEnum):
    """State of a threshold; no state is a diagnosis."""

    MET = "met"
    NOT_MET = "not met"
    NOT_ENOUGH_DATA = "not enough data"
    NOT_ANSWERED = "not answered"


WORST = 10


@dataclass(frozen=True, slots=True)
class Wear:
    """What was counted at one site in one recording.

    Parameters
    ----------
    site
        Where the sensor was, such as `left-thigh`.
    day
        On which the recording began, by the wearer's clock.
    scorable_s
        Seconds in which twitches could be counted.
    night
        Whether it was worn at night: muscles twitch otherwise then, so that nights are compared
        with nights.

    Raises
    ------
    ValueError
        If there are fewer twitches, or seconds, than none.
    """

    site: str
    day: date
    modality: Modality
    twitches: int
    scorable_s: float
    night: bool = False

    def __post_init__(self) -> None:
        if self.twitches < 0 or not 0 <= self.scorable_s < inf:
            raise ValueError(
                f"need twitches and seconds of 0 or more, got {self.twitches}, {self.scorable_s}"
            )


@dataclass(frozen=True, slots=True)
class Answer:
    """The wearer's answer to the question of one threshold.

    Parameters
    ----------
    day
        For which it was said.
    yes
        Whether it holds.
    sides
        Where, in the wearer's or the page's words: `left`, `right`, `left-calf`.
    severity
        From 0 to 10; None if it was not said.
    since
        The day on which it began, in the wearer's words; None if it was not said.

    Raises
    ------
    ValueError
        If the severity is outside of 0 to 10.
    """

    threshold: Threshold
    day: date
    yes: bool
    sides: tuple[str, ...] = ()
    severity: int | None = None
    since: date | None = None

    def __post_init__(self) -> None:
        if self.severity is not None and not 0 <= self.severity <= WORST:
            raise ValueError(f"need a severity from 0 to {WORST}, got {self.severity}")
