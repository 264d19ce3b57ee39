"""How often three weeks are correctly called an improvement: `python benchmarks/persistence.py`.

The true rate of a day is its level times a gamma variate of mean one (counts are then negative
binomial), times a half at night; a day is worn by chance, in every week on three days at least, for
five to eight hours at night and for up to two by day. Prints the tables of
docs/explanation/escalation.md.
"""

from dataclasses import dataclass, replace
from datetime import date, timedelta

import numpy as np

from myowatch.signal.escalation.escalation_settings import EscalationSettings
from myowatch.signal.escalation.evidence import Standing, Wear
from myowatch.signal.escalation.persistence import courses
from myowatch.signal.model.samples import Modality, Samples

WEEKS, LEAST_WORN = 3, 3
DAYS = 7 * WEEKS
TODAY = date(2026, 11, 23)
RUNS = 2000


@dataclass(frozen=True, slots=True)
class Course:
    """A model of three weeks.

    Parameters
    ----------
    falls_to
        Rate after the three weeks, relative to the rate before.
    scatter
        Standard deviation of a day's rate, relative to its mean.
    alike
        Correlation of a day with the day before.
    worn
        Share of the days.
    from_day_to_night
        Whether wear moves from the day to the night over the weeks, instead of by chance.
    """

    falls_to: float = 1.0
    scatter: float = 0.5
    alike: float = 0.0
    worn: float = 0.85
    from_day_to_night: bool = False


STEADY = {
    "no scatter": Course(scatter=0.0),
    "scatter 0.5": Course(),
    "scatter 1": Course(scatter=1.0),
    "worn on 45 % of days": Course(worn=0.45),
    "by day first, then by night": Course(from_day_to_night=True),
    "a day like the day before (0.3)": Course(alike=0.3),
    "bouts of days (0.6)": Course(alike=0.6),
}
FALLING = {
    "to a half, scatter 0.3": Course(0.5, 0.3),
    "to a half, scatter 0.5": Course(0.5),
    "to a half, scatter 0.5, worn on 45 %": Course(0.5, worn=0.45),
    "to a quarter, scatter 0.5": Course(0.25),
    "to a quarter, scatter 1": Course(0.25, 1.0),
    "to a tenth, scatter 0.5": Course(0.1),
}


def wears(course: Course, rng: np.random.Generator, rate: float = 6.0) -> list[Wear]:
    """Return simulated wear times and counts."""
    day = _days_worn(course, rng)
    nights = np.where(day < DAYS / 2, 0.2, 0.9) if course.from_day_to_night else 0.7
    night = rng.random(len(day)) < nights
    hours = np.where(night, rng.uniform(5, 8, len(day)), rng.uniform(0.2, 2, len(day)))
    level = rate * np.where(night, 0.5, 1.0) * course.falls_to ** (day / DAYS)
    counts = rng.poisson(60 * level * _moods(course, rng)[day] * hours)
    return [
        Wear(
            "left-thigh",
            TODAY - timedelta(days=DAYS - 1 - int(d)),
            Modality.EMG,
            int(n),
            float(3600 * h),
            night=bool(at_night),
        )
        for d, n, h, at_night in zip(day, counts, hours, night, strict=True)
    ]


def _days_worn(course: Course, rng: np.random.Generator) -> np.ndarray:
    while True:
        worn = rng.random(DAYS) < course.worn
        if worn.reshape(WEEKS, 7).sum(axis=1).min() >= LEAST_WORN:
            return np.flatnonzero(worn)


def _moods(course: Course, rng: np.random.Generator) -> Samples:
    """Draw a factor of mean one for each day."""
    variance = course.scatter**2
    if not variance:
        return np.ones(DAYS)
    if not course.alike:
        return rng.gamma(1 / variance, variance, DAYS)
    walk = rng.normal(size=DAYS)
    for i in range(1, DAYS):
        walk[i] = course.alike * walk[i - 1] + np.sqrt(1 - course.alike**2) * walk[i]
    log_variance = np.log1p(variance)
    moods: Samples = np.exp(np.sqrt(log_variance) * walk - log_variance / 2)
    return moods


def called_improved(course: Course, runs: int, seed: int = 0) -> float:
    """Share of the runs in which the weeks are called an improvement."""
    rng = np.random.default_rng(seed)
    return sum(_standing(wears(course, rng)) is Standing.NOT_MET for _ in range(runs)) / runs


def turned_by_wearing_less(left: float, runs: int, seed: int = 0) -> float:
    """Share of steady courses, met as worn, that are called improved if some days are left out."""
    rng = np.random.default_rng(seed)
    met = turned = 0
    while met < runs:
        worn = wears(replace(Course(), worn=1.0), rng)
        if _standing(worn) is Standing.MET:
            met += 1
            fewer = [wear for wear in worn if rng.random() < left]
            turned += _standing(fewer) is Standing.NOT_MET
    return turned / runs


def _standing(worn: list[Wear]) -> Standing:
    (course,) = courses(worn, TODAY, EscalationSettings())
    return course.standing


def main() -> None:
    for title, found in (("steady", STEADY), ("falling", FALLING)):
        print(f"| {title} | called improved |\n| --- | --- |")
        for name, course in found.items():
            print(f"| {name} | {100 * called_improved(course, RUNS):.1f} % |")
        print()
    for left in (0.9, 0.7, 0.5):
        print(f"of {left:.0%} of the days: {100 * turned_by_wearing_less(left, RUNS // 2):.1f} %")


if __name__ == "__main__":
    main()
