"""The article's six thresholds: every boundary, and what more or less evidence may do."""

import re
from collections.abc import Sequence
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import persistence
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from wearing import TODAY, every_night, nights, wear

from myowatch.dashboard.seek_help.threshold_sentences import evidence, rule
from myowatch.signal.escalation.escalation_settings import EscalationSettings
from myowatch.signal.escalation.evidence import Answer, Standing, Threshold, Wear
from myowatch.signal.escalation.findings import Finding, assess
from myowatch.signal.escalation.wear_time import StandoutTest, standout
from myowatch.signal.escalation.weeks import weekly
from myowatch.signal.model.samples import Modality

MET, NOT_MET = Standing.MET, Standing.NOT_MET
LITTLE, UNANSWERED = Standing.NOT_ENOUGH_DATA, Standing.NOT_ANSWERED
ASKED = (
    Threshold.WEAKNESS,
    Threshold.PAIN_NUMBNESS,
    Threshold.REFLEXES,
    Threshold.FAMILY_HISTORY,
)


def found(
    threshold: Threshold,
    wears: Sequence[Wear] = (),
    answers: Sequence[Answer] = (),
    today: date = TODAY,
    **chosen: Any,
) -> Finding:
    findings = assess(wears, answers, today, EscalationSettings(**chosen))
    assert [finding.threshold for finding in findings] == list(Threshold)
    return next(finding for finding in findings if finding.threshold is threshold)


def said(threshold: Threshold, back: int, *, yes: bool, **more: Any) -> Answer:
    return Answer(threshold, TODAY - timedelta(days=back), yes, **more)


# ---- nothing, and counts alone


def test_without_wear_and_answers_nothing_is_met_and_nothing_is_denied() -> None:
    standings = [finding.standing for finding in assess([], [], TODAY)]
    assert standings == [LITTLE, UNANSWERED, UNANSWERED, LITTLE, UNANSWERED, UNANSWERED]


@given(st.floats(1.0, 1000.0), st.integers(1, 13))
def test_no_count_however_high_meets_anything_by_itself(rate: float, n_nights: int) -> None:
    # Healthy feet can pass 100 a minute (van der Heijden et al. 1994).
    for finding in assess(every_night(rate, n_nights, "left-foot"), [], TODAY):
        assert finding.standing in {LITTLE, UNANSWERED}


def test_three_weeks_decide_and_not_how_many_twitches() -> None:
    for rate in (3.0, 300.0):
        assert found(Threshold.PERSISTENT, every_night(rate)).standing is MET


# ---- persistent


def test_the_evidence_says_in_numbers_what_the_standing_rests_on() -> None:
    finding = found(Threshold.PERSISTENT, every_night(4.0, 19))
    assert finding.standing is MET
    assert "left thigh has not clearly fallen over 21 days, 19 of them worn" in evidence(finding)
    assert "4.0 a minute, 95 % interval 4.0 to 4.0" in evidence(finding)
    (course,) = finding.courses
    assert (course.days, course.days_worn) == (21, 19)
    assert course.rate == pytest.approx(4.0)
    assert course.trend is not None
    assert "3 weeks" in rule(finding)
    assert "66.5 an hour" in rule(finding)


def test_three_weeks_are_needed_and_the_first_day_of_the_first_is_the_last_that_counts() -> None:
    wanted = dict.fromkeys((0, 1, 2, 7, 8, 9, 14, 15, 20), 5.0)
    assert found(Threshold.PERSISTENT, nights(wanted)).standing is MET
    too_early = {21 if back == 20 else back: rate for back, rate in wanted.items()}
    assert found(Threshold.PERSISTENT, nights(too_early)).standing is LITTLE
    assert found(Threshold.PERSISTENT, nights(wanted), weeks=4).standing is LITTLE
    assert found(Threshold.PERSISTENT, every_night(5.0, 28), weeks=4).standing is MET


def test_a_day_counts_from_ten_scored_minutes_on() -> None:
    worn = [wear(back, 20.0, hours=1 / 6) for back in range(21)]
    assert found(Threshold.PERSISTENT, worn).standing is MET
    short = [Wear(w.site, w.day, w.modality, w.twitches, w.scorable_s - 1) for w in worn]
    assert found(Threshold.PERSISTENT, short).standing is LITTLE


@pytest.mark.parametrize("week", [0, 1, 2])
def test_a_week_worn_too_little_is_never_an_improvement(week: int) -> None:
    worn = {back: 5.0 for back in range(21) if back // 7 != week or back % 7 < 2}
    finding = found(Threshold.PERSISTENT, nights(worn))
    assert finding.standing is LITTLE
    assert "on 2 days in the week" in evidence(finding)
    silent = {back: 0.0 if back // 7 == week else rate for back, rate in worn.items()}
    assert found(Threshold.PERSISTENT, nights(silent)).standing is LITTLE


def test_a_rate_that_falls_night_after_night_is_not_persistent() -> None:
    falling = {back: 4.0 * 1.08**back for back in range(21)}
    finding = found(Threshold.PERSISTENT, nights(falling))
    assert finding.standing is NOT_MET
    assert "has fallen over 21 days" in evidence(finding)
    trend = finding.courses[0].trend
    assert trend is not None
    assert trend.a_week == pytest.approx(1.08**-7 - 1, abs=0.01)
    rising = {20 - back: rate for back, rate in falling.items()}
    assert found(Threshold.PERSISTENT, nights(rising)).standing is MET


def test_a_rate_falls_exactly_when_the_test_says_so_at_the_level_that_is_set() -> None:
    rough = {back: 5.0 + (back * 7 % 11) / 4 + 0.05 * back for back in range(21)}
    trend = found(Threshold.PERSISTENT, nights(rough)).courses[0].trend
    assert trend is not None
    assert 0.001 < trend.p < 0.2
    assert found(Threshold.PERSISTENT, nights(rough), level=trend.p).standing is NOT_MET
    assert found(Threshold.PERSISTENT, nights(rough), level=trend.p * 0.999).standing is MET


def test_from_days_to_nights_is_no_improvement() -> None:
    # Muscles may twitch less at night: three weeks of one, then of the other, tell nothing.
    worn = [wear(back, 5.0 if back > 10 else 2.5, night=back <= 10) for back in range(21)]
    assert found(Threshold.PERSISTENT, worn).standing is MET
    sooner = [wear(back, 5.0 if back > 10 else 2.5 + 0.1 * back) for back in range(21)]
    assert found(Threshold.PERSISTENT, sooner).standing is NOT_MET


def test_no_more_than_false_alarms_for_a_week_is_not_persistent() -> None:
    quiet = {back: 0.5 if back < 7 else 5.0 for back in range(21)}
    finding = found(Threshold.PERSISTENT, nights(quiet))
    assert finding.standing is NOT_MET
    assert "than the detector reports by mistake" in evidence(finding)


def test_one_twitching_day_in_a_week_leaves_it_open_and_two_do_not() -> None:
    for days, standing in ((1, LITTLE), (2, MET)):
        worn = {back: 5.0 if back >= 7 or back < days else 0.0 for back in range(21)}
        assert found(Threshold.PERSISTENT, nights(worn)).standing is standing


def test_a_fall_into_what_may_be_false_alarms_is_an_improvement_too() -> None:
    falling = {back: 1.05 * 1.12**back for back in range(21)}  # a minute; false alarms are 1.1
    finding = found(Threshold.PERSISTENT, nights(falling))
    assert finding.standing is NOT_MET
    assert "has fallen" in evidence(finding)


def test_a_site_that_twitched_and_is_not_worn_any_more_keeps_the_threshold_open() -> None:
    calm = every_night(0.2, site="left-thigh")
    assert found(Threshold.PERSISTENT, calm).standing is NOT_MET
    given_up = nights({30: 5.0}, "right-calf")
    assert found(Threshold.PERSISTENT, calm + given_up).standing is LITTLE
    tried = nights({30: 0.0}, "right-calf")
    assert found(Threshold.PERSISTENT, calm + tried).standing is NOT_MET


def test_an_electrode_and_an_accelerometer_are_not_put_into_one_trend() -> None:
    worn = [wear(back, 9.0) for back in range(7, 21)]
    worn += [wear(back, 2.0, modality=Modality.ACCELEROMETER) for back in range(7)]
    finding = found(Threshold.PERSISTENT, worn)
    assert finding.standing is LITTLE
    assert "left thigh (electrode)" in evidence(finding)
    assert "left thigh (accelerometer)" in evidence(finding)


def test_a_site_is_the_same_however_it_is_spelt() -> None:
    worn = [
        wear(back, 5.0, ("Left thigh", "left_thigh", "left-thigh")[back % 3]) for back in range(21)
    ]
    assert found(Threshold.PERSISTENT, worn).standing is MET
    assert found(Threshold.SPREAD, worn).standing is LITTLE


def test_the_wearers_own_yes_is_enough_and_a_no_does_not_outweigh_the_count() -> None:
    yes, no = (said(Threshold.PERSISTENT, 3, yes=yes) for yes in (True, False))
    finding = found(Threshold.PERSISTENT, every_night(0.1), [yes])
    assert finding.standing is MET
    assert evidence(finding).startswith("You said yes on 20 November 2026.")
    assert found(Threshold.PERSISTENT, every_night(5.0), [no]).standing is MET
    assert found(Threshold.PERSISTENT, every_night(0.1), [no]).standing is NOT_MET
    assert found(Threshold.PERSISTENT, [], [no]).standing is LITTLE


# ---- a day that stands out


def test_a_day_stands_out_at_the_level_that_is_set() -> None:
    poisson = EscalationSettings(false_alarm_scatter=1.0)
    emg = Modality.EMG
    # Of Poisson counts of mean 66.5, 92 and more have a chance of 0.0018; 94 and more, of 0.0009.
    assert standout(66, 3600, emg, poisson) is StandoutTest.QUIET
    assert standout(67, 3600, emg, poisson) is StandoutTest.OPEN
    assert standout(93, 3600, emg, poisson) is StandoutTest.OPEN
    assert standout(94, 3600, emg, poisson) is StandoutTest.ABOVE
    assert standout(94, 3600, emg, EscalationSettings()) is StandoutTest.OPEN
    assert standout(0, 0, emg, poisson) is StandoutTest.QUIET


# ---- spread


def test_two_separate_days_at_a_second_site_are_a_spread_and_one_is_not() -> None:
    thigh = every_night(5.0)
    finding = found(Threshold.SPREAD, thigh + nights({0: 5.0, 9: 5.0}, "right-arm"))
    assert finding.standing is MET
    assert "the left thigh (on 21 days" in evidence(finding)
    assert "right arm (on 2 days, first on 14 November 2026)" in evidence(finding)
    assert "Healthy" not in evidence(finding)
    assert found(Threshold.SPREAD, thigh + nights({0: 5.0, 9: 0.0}, "right-arm")).standing is LITTLE
    assert (
        found(Threshold.SPREAD, thigh + nights({0: 0.0, 9: 0.0}, "right-arm")).standing is NOT_MET
    )
    assert found(Threshold.SPREAD, thigh + nights({0: 0.0}, "right-arm")).standing is LITTLE
    twice_a_day = [wear(0, 5.0, "right-arm", night=night) for night in (False, True)]
    assert found(Threshold.SPREAD, thigh + twice_a_day).standing is LITTLE


def test_the_first_site_has_to_be_worn_too() -> None:
    assert found(Threshold.SPREAD, nights({0: 5.0, 9: 5.0}, "right-arm")).standing is LITTLE


def test_what_was_longer_ago_than_the_weeks_compared_is_no_spread() -> None:
    arm, thigh = nights({82: 5.0, 83: 5.0}, "right-arm"), every_night(5.0)
    assert found(Threshold.SPREAD, arm + thigh).standing is MET
    later = nights({83: 5.0, 84: 5.0}, "right-arm")
    assert found(Threshold.SPREAD, later + thigh).standing is LITTLE


def test_a_site_without_a_name_cannot_be_told_to_be_another() -> None:
    assert found(Threshold.SPREAD, every_night(5.0) + every_night(5.0, site="")).standing is LITTLE


def test_calves_and_feet_are_said_to_twitch_in_health_too() -> None:
    finding = found(Threshold.SPREAD, every_night(5.0) + every_night(50.0, site="left foot"))
    assert finding.standing is MET
    assert "Healthy muscle twitches there too" in evidence(finding)


def test_a_yes_to_spreading_is_enough_and_says_where() -> None:
    since = TODAY - timedelta(days=21)
    answer = said(Threshold.SPREAD, 0, yes=True, sides=("left-calf",), severity=2, since=since)
    finding = found(Threshold.SPREAD, [], [answer])
    assert finding.standing is MET
    assert "(since 2 November 2026, left calf, severity 2 of 10)" in evidence(finding)
    assert finding.answer == answer


# ---- what only the wearer can say


@pytest.mark.parametrize("threshold", ASKED)
def test_the_latest_answer_counts(threshold: Threshold) -> None:
    yes, no = said(threshold, 9, yes=True), said(threshold, 5, yes=False)
    assert found(threshold, [], [yes]).standing is MET
    assert found(threshold, [], [no]).standing is NOT_MET
    assert found(threshold, [], [no, yes]).standing is NOT_MET
    assert found(threshold, [], [no, said(threshold, 5, yes=True)]).standing is MET
    assert found(threshold, [], [said(threshold, -1, yes=True)]).standing is UNANSWERED


@pytest.mark.parametrize("threshold", ASKED)
def test_a_yes_stays_and_a_no_grows_old(threshold: Threshold) -> None:
    once = threshold is Threshold.FAMILY_HISTORY
    assert found(threshold, [], [said(threshold, 900, yes=True)]).standing is MET
    assert found(threshold, [], [said(threshold, 28, yes=False)]).standing is NOT_MET
    old = found(threshold, [], [said(threshold, 29, yes=False)])
    assert old.standing is (NOT_MET if once else UNANSWERED)
    assert "25 October 2026" in evidence(old)
    taken_back = [said(threshold, 60, yes=True), said(threshold, 29, yes=False)]
    assert found(threshold, [], taken_back).standing is (NOT_MET if once else LITTLE)


# ---- settings


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("weeks", 1),
        ("days_a_week", 8),
        ("minutes_a_day", 1.0),
        ("level", 0.0),
        ("separate_days", 4),
        ("day_level", 0.5),
        ("spread_weeks", 2),
        ("answer_weeks", 0),
        ("emg_false_alarms", -1.0),
        ("false_alarm_scatter", 0.5),
        ("level", float("nan")),
    ],
)
def test_a_setting_out_of_its_range_is_refused_with_the_range(name: str, value: float) -> None:
    with pytest.raises(ValueError, match=f"need {name} from"):
        EscalationSettings(**{name: value})  # type: ignore[arg-type]


@pytest.mark.parametrize(("twitches", "seconds"), [(-1, 1.0), (1, -1.0), (1, float("inf"))])
def test_wear_that_cannot_be_is_refused(twitches: int, seconds: float) -> None:
    with pytest.raises(ValueError, match="need twitches and seconds"):
        Wear("left-thigh", TODAY, Modality.EMG, twitches, seconds)


def test_false_alarms_are_the_most_that_were_measured() -> None:
    # `| EMG, hard | 2000 Hz | F1 | false an hour | ...`, and without the rate `| EMG, hard | F1 |`.
    text = (Path(__file__).parent.parent / "docs/reference/accuracy.md").read_text("utf-8")
    rows = re.findall(
        r"^\| (EMG|Accelerometer), \w+ \|(?: \d+ Hz \|)? 0\.\d+ \| ([\d.]+) \|", text, re.M
    )
    most = {sensor: max(float(rate) for s, rate in rows if s == sensor) for sensor, _ in rows}
    chosen = EscalationSettings()
    assert most == {
        "EMG": chosen.emg_false_alarms,
        "Accelerometer": chosen.accelerometer_false_alarms,
    }


# ---- weeks for a picture


def test_weeks_not_worn_are_holes_and_not_zeros() -> None:
    (site,) = weekly(every_night(4.0, 3) + nights({30: 4.0}), TODAY, EscalationSettings(), 6)
    rates = [week.rate for week in site.weeks]
    assert rates == [None, pytest.approx(4.0), None, None, None, pytest.approx(4.0)]
    assert [week.days_worn for week in site.weeks] == [0, 1, 0, 0, 0, 3]
    assert site.weeks[-1].last == TODAY
    assert site.weeks[0].first == TODAY - timedelta(days=41)


# ---- laws

LAW = settings(max_examples=40)

SITES = st.sampled_from(["left-thigh", "right-calf", ""])
WEARS = st.lists(
    st.builds(
        wear,
        st.integers(-2, 90),
        st.sampled_from([0.0, 0.5, 1.2, 2.0, 5.0, 120.0]),
        SITES,
        hours=st.sampled_from([0.01, 0.2, 1.0, 8.0]),
        night=st.booleans(),
        modality=st.sampled_from([Modality.EMG, Modality.ACCELEROMETER]),
    ),
    max_size=60,
)
ANSWERS = st.lists(
    st.builds(
        lambda threshold, back, yes: said(threshold, back, yes=yes),
        st.sampled_from(Threshold),
        st.integers(-2, 90),
        st.booleans(),
    ),
    max_size=12,
)


@LAW
@given(WEARS, ANSWERS, st.randoms())
def test_the_order_of_sessions_and_answers_does_not_matter(
    wears: list[Wear], answers: list[Answer], order: Any
) -> None:
    before = assess(wears, answers, TODAY)
    order.shuffle(wears)
    order.shuffle(answers)
    assert assess(wears, answers, TODAY) == before


@LAW
@given(WEARS, ANSWERS, WEARS, ANSWERS)
def test_more_evidence_never_turns_met_into_not_answered(
    wears: list[Wear], answers: list[Answer], more_wears: list[Wear], more_answers: list[Answer]
) -> None:
    before = assess(wears, answers, TODAY)
    after = assess(wears + more_wears, answers + more_answers, TODAY)
    for earlier, later in zip(before, after, strict=True):
        if earlier.standing is not UNANSWERED:
            assert later.standing is not UNANSWERED


RATES = st.lists(st.floats(1.5, 300.0), min_size=21, max_size=21)


@LAW
@given(RATES, st.sets(st.integers(0, 20)))
def test_of_a_rate_that_does_not_fall_no_night_left_out_makes_an_improvement(
    rates: list[float], left_out: set[int]
) -> None:
    rising = dict(enumerate(sorted(rates, reverse=True)))
    assert found(Threshold.PERSISTENT, nights(rising)).standing is MET
    fewer = {back: rate for back, rate in rising.items() if back not in left_out}
    assert found(Threshold.PERSISTENT, nights(fewer)).standing in {MET, LITTLE}


@LAW
@given(RATES, st.integers(0, 2), st.sets(st.integers(0, 6), min_size=5))
def test_a_gap_is_never_an_improvement_whatever_was_worn_around_it(
    rates: list[float], week: int, gap: set[int]
) -> None:
    worn = {b: r for b, r in enumerate(rates) if b // 7 != week or b % 7 not in gap}
    assert found(Threshold.PERSISTENT, nights(worn)).standing is LITTLE


@LAW
@given(RATES, st.lists(st.integers(1, 8), min_size=21, max_size=21))
def test_sessions_cut_short_with_their_twitches_are_no_improvement(
    rates: list[float], hours: list[int]
) -> None:
    # A night is eight hours alike; of some of them less is worn.
    whole = [wear(back, round(rate), hours=8) for back, rate in enumerate(rates)]
    cut = [
        wear(back, round(rate), hours=h)
        for back, (rate, h) in enumerate(zip(rates, hours, strict=True))
    ]
    if found(Threshold.PERSISTENT, whole).standing is MET:
        assert found(Threshold.PERSISTENT, cut).standing in {MET, LITTLE}


@LAW
@given(WEARS, st.data())
def test_no_single_session_left_out_takes_a_spread_back(wears: list[Wear], data: Any) -> None:
    wears += nights({0: 5.0, 9: 5.0}, "right-arm") + nights({3: 5.0, 12: 5.0}, "left-arm")
    assert found(Threshold.SPREAD, wears).standing is MET
    wears.remove(data.draw(st.sampled_from(wears)))
    assert found(Threshold.SPREAD, wears).standing in {MET, LITTLE}


@LAW
@given(WEARS, st.data())
def test_a_single_session_left_out_makes_no_week_quiet(wears: list[Wear], data: Any) -> None:
    worn = [w for w in wears if w.site != "left-arm"] + every_night(5.0, site="left-arm")
    assert found(Threshold.PERSISTENT, worn).standing is MET
    worn.remove(data.draw(st.sampled_from(worn)))
    assert found(Threshold.PERSISTENT, worn).standing is MET


# ---- how often it is right, on simulated weeks (docs/explanation/escalation.md has more of them)

RUNS = 200
CHANCE = 0.05 + 3 * (0.05 * 0.95 / RUNS) ** 0.5
"""What a test at 5 % stays below in so many runs."""


@pytest.mark.parametrize(
    "name", ["scatter 0.5", "scatter 1", "worn on 45 % of days", "by day first, then by night"]
)
def test_steady_twitching_is_seldom_called_improved_however_days_scatter(name: str) -> None:
    assert persistence.called_improved(persistence.STEADY[name], RUNS) <= CHANCE


def test_a_clear_fall_is_called_improved() -> None:
    falling = persistence.FALLING
    assert persistence.called_improved(falling["to a tenth, scatter 0.5"], RUNS) >= 0.9
    assert persistence.called_improved(falling["to a quarter, scatter 0.5"], RUNS) >= 0.6


def test_days_left_out_by_chance_hardly_ever_make_an_improvement() -> None:
    assert persistence.turned_by_wearing_less(0.5, RUNS) <= 0.05
