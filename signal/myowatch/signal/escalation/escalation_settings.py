"""The numbers by which the thresholds are judged; the article leaves them open."""

from dataclasses import dataclass

from myowatch.signal.model.samples import Modality


@dataclass(frozen=True, slots=True)
class EscalationSettings:
    """Numbers of the rules, each with its reason.

    Parameters
    ----------
    weeks
        Consecutive weeks up to today: the article says several weeks; three are the fewest.
    days_a_week
        To be worn in each of them: fewer cannot tell a bad night from a bad week.
    minutes_a_day
        Scorable, for a day to count as worn. Sleutjes et al. 2016 (Muscle Nerve 53:227) recorded
        ten minutes; the longest wait for a fasciculation was 81 s where somebody measured it.
    level
        Of the one-sided test for a falling rate: so seldom is a steady one called falling.
    separate_days
        On which twitching has to stand out: at a second site to have spread, and in a week to have
        gone on in it. One day may be a loose electrode.
    day_level
        Of the test by which twitching stands out on one day. So strict because it is asked of each
        day of `spread_weeks`: by chance, two of 84 days stand out in three years of a thousand.
    spread_weeks
        How far back sites are compared; what went away before that is not spreading.
    answer_weeks
        How long a no stays true. A yes stays until it is taken back.
    emg_false_alarms, accelerometer_false_alarms
        An hour, the most that detection made by mistake in any simulated grade and at any sampling
        rate (docs/reference/accuracy.md): EMG in hard scenes at 1 kHz, accelerometers at 50 Hz.
    false_alarm_scatter
        Variance over mean of those: 2.8 for the half hours of six hard scenes of an electrode.

    Raises
    ------
    ValueError
        If one of them is out of its range.
    """

    weeks: int = 3
    days_a_week: int = 3
    minutes_a_day: float = 10.0
    level: float = 0.05
    separate_days: int = 2
    day_level: float = 0.001
    spread_weeks: int = 12
    answer_weeks: int = 4
    emg_false_alarms: float = 66.5
    accelerometer_false_alarms: float = 72.0
    false_alarm_scatter: float = 3.0

    def __post_init__(self) -> None:
        _need("weeks", self.weeks, 2, 52)
        _need("days_a_week", self.days_a_week, 1, 7)
        _need("minutes_a_day", self.minutes_a_day, 2, 1440)
        _need("level", self.level, 0.001, 0.2)
        _need("separate_days", self.separate_days, 1, self.days_a_week)
        _need("day_level", self.day_level, 1e-9, 0.05)
        _need("spread_weeks", self.spread_weeks, self.weeks, 104)
        _need("answer_weeks", self.answer_weeks, 1, 52)
        _need("emg_false_alarms", self.emg_false_alarms, 0, 3600)
        _need("accelerometer_false_alarms", self.accelerometer_false_alarms, 0, 3600)
        _need("false_alarm_scatter", self.false_alarm_scatter, 1, 100)

    def false_alarms(self, modality: Modality) -> float:
        """Return the false twitches an hour of a kind of sensor."""
        if modality is Modality.EMG:
            return self.emg_false_alarms
        return self.accelerometer_false_alarms


def _need(name: str, value: float, low: float, high: float) -> None:
    if not low <= value <= high:
        raise ValueError(f"need {name} from {low:g} to {high:g}, got {value:g}")
