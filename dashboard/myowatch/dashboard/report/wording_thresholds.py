"""The six thresholds in words for a doctor."""

from collections.abc import Sequence

from myowatch.dashboard.report import phrases
from myowatch.dashboard.report import report_text as words
from myowatch.dashboard.report.contents import Report
from myowatch.dashboard.report.document import Section, Table
from myowatch.dashboard.seek_help import threshold_sentences as sentences
from myowatch.signal.escalation.escalation_settings import EscalationSettings
from myowatch.signal.escalation.evidence import ARTICLE, Answer, Standing, Threshold
from myowatch.signal.escalation.findings import Finding
from myowatch.signal.escalation.persistence import SiteCourse

PLACES_TOLD = 4
LONGEST = 300
"""Letters of what the wearer wrote."""


def thresholds(report: Report) -> Section:
    """Return the section about the state of each threshold."""
    rows = tuple(
        (
            words.THRESHOLDS[finding.threshold],
            words.STANDINGS[finding.standing],
            _evidence(finding, report),
        )
        for finding in report.findings
    )
    table = Table(words.THRESHOLD_HEADINGS, rows, (1.7, 1.15, 5))
    return Section(words.THRESHOLDS_TITLE, (table,))


def _evidence(finding: Finding, report: Report) -> str:
    settings = report.escalation
    answer = _answer(finding.answer)
    if finding.threshold is Threshold.PERSISTENT:
        return f"{_courses(finding.courses, settings)} {answer}"
    if finding.threshold is Threshold.SPREAD:
        return f"{sentences.of_sites(finding.sites, settings)} {answer}"
    if finding.threshold is Threshold.FAMILY_HISTORY and report.diary.family:
        family = phrases.shorten(report.diary.family, LONGEST)
        return f"{answer} {words.IN_THE_FAMILY.format(words=family)}"
    return answer


def _courses(found: Sequence[SiteCourse], settings: EscalationSettings) -> str:
    """Return what decides at the first few places; the table has every place's numbers."""
    order = [Standing.MET, Standing.NOT_MET, Standing.NOT_ENOUGH_DATA]
    told = sorted(found, key=lambda course: order.index(course.standing))[:PLACES_TOLD]
    said = sentences.of_courses(told, settings)
    more = len(found) - len(told)
    return f"{said} {phrases.counted(words.MORE_PLACES, more)}" if more else said


def _answer(answer: Answer | None) -> str:
    if answer is None:
        return words.NOT_ASKED
    day = phrases.day(answer.day)
    if not answer.yes:
        return words.ANSWER_NO.format(day=day)
    details = [words.SINCE.format(day=phrases.day(answer.since))] if answer.since else []
    details += [phrases.plain(side.replace("-", " ")) for side in answer.sides]
    if answer.severity is not None:
        details.append(words.SEVERITY.format(severity=answer.severity))
    in_brackets = words.DETAILS.format(details=", ".join(details)) if details else ""
    return words.ANSWER_YES.format(day=day, details=in_brackets)


def rules(settings: EscalationSettings) -> str:
    """Return the rules of the judgement."""
    persistent = words.RULE_PERSISTENT.format(
        weeks=settings.weeks,
        days_a_week=settings.days_a_week,
        minutes_a_day=settings.minutes_a_day,
        separate_days=settings.separate_days,
        level=100 * settings.level,
    )
    spread = words.RULE_SPREAD.format(
        separate_days=settings.separate_days,
        spread_weeks=settings.spread_weeks,
        emg=settings.emg_false_alarms,
        accelerometer=settings.accelerometer_false_alarms,
        day_level=100 * settings.day_level,
    )
    return words.RULES.format(
        article=ARTICLE, persistent=persistent, spread=spread, answer_weeks=settings.answer_weeks
    )
