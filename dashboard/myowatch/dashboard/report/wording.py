"""A report in words: what stands where on the page, most important first."""

from myowatch.dashboard.report import phrases
from myowatch.dashboard.report.contents import Report, Site
from myowatch.dashboard.report.document import Document, Paragraph, Section
from myowatch.dashboard.report.wording_diary import diary
from myowatch.dashboard.report.wording_methods import methods
from myowatch.dashboard.report.wording_sites import lasting, sites, twitch
from myowatch.dashboard.report.wording_thresholds import thresholds
from myowatch.dashboard.words import report as words
from myowatch.signal.escalation.answered import Said, opinion
from myowatch.signal.escalation.findings import Finding
from myowatch.signal.escalation.thresholds import Standing, Threshold

SITES_IN_BRIEF = 6
MEASURED = (Threshold.PERSISTENT, Threshold.SPREAD)
"""Thresholds that a sensor can meet as well as an answer."""


def document_of(report: Report) -> Document:
    """Put a report into words."""
    parts = (
        _brief(report),
        sites(report),
        thresholds(report),
        twitch(report),
        lasting(report),
        diary(report),
        methods(report),
    )
    return Document(
        language=words.LANGUAGE,
        title=words.TITLE,
        who=_who(report),
        when=_when(report),
        banner=words.PLAYED if report.played and report.sites else "",
        sections=tuple(part for part in parts if part is not None),
        footer=words.FOOTER,
        page=words.PAGE,
    )


def _who(report: Report) -> str:
    name = phrases.cut(report.wearer, 80)
    if not name:
        return words.NAME_BLANK
    if report.born is None:
        return words.NAMED.format(name=name)
    return words.BORN.format(name=name, year=report.born)


def _when(report: Report) -> str:
    first, last = phrases.day(report.first), phrases.day(report.last)
    if not report.session:
        if first == last:
            return first
        return words.PERIOD.format(first=first, last=last)
    lengths = [site.worn_s for site in report.sites]
    form = words.SESSION_RUNNING if report.running else words.SESSION
    return form.format(first=first, length=phrases.length(max(lengths, default=0)))


def _brief(report: Report) -> Section:
    by_standing = {
        standing: [_named(report, f) for f in report.findings if f.standing is standing]
        for standing in Standing
    }
    lines = [
        Paragraph(
            words.JOIN.join(names) or words.BRIEF_NONE_MET,
            label=words.BRIEF.format(standing=words.STANDINGS[standing]),
        )
        for standing, names in by_standing.items()
        if names or standing is Standing.MET
    ]
    intro = Paragraph(words.BRIEF_INTRO.format(day=phrases.day(report.made.date())))
    return Section(words.BRIEF_TITLE, (*_counted(report), intro, *lines), style="box")


def _named(report: Report, finding: Finding) -> str:
    name = words.THRESHOLDS[finding.threshold]
    if finding.standing is not Standing.MET or finding.threshold not in MEASURED:
        return name
    by = "answer" if _said_yes(report, finding) else "sensor"
    return words.BRIEF_SOURCE.format(name=name, by=words.BRIEF_BY[by])


def _said_yes(report: Report, finding: Finding) -> bool:
    answers = [finding.answer] if finding.answer else []
    own = opinion(answers, finding.threshold, report.made.date(), report.escalation)
    return own.said is Said.YES


def _counted(report: Report) -> list[Paragraph]:
    if not report.sites:
        return [Paragraph(words.NOTHING_COUNTED)]
    lines = [
        Paragraph(_line(site), label=words.SITE_LABEL.format(site=phrases.place(site)))
        for site in report.sites[:SITES_IN_BRIEF]
    ]
    more = len(report.sites) - len(lines)
    return [*lines, Paragraph(phrases.counted(words.MORE_SITES, more))] if more else lines


def _line(site: Site) -> str:
    cramps = ""
    if site.cramps_s:
        longest = phrases.short_length(site.cramps_s[0])
        cramps = words.CRAMPS_LINE[len(site.cramps_s) > 1]
        cramps = cramps.format(count=len(site.cramps_s), longest=longest)
    if site.twitches is None:
        return words.RATE_LINE_NONE.format(cramps=cramps)
    if site.rate is None:
        return words.RATE_LINE_FEW.format(
            twitches=site.twitches, scored=phrases.length(site.scorable_s), cramps=cramps
        )
    return words.RATE_LINE.format(
        rate=phrases.rate(site.rate),
        interval=phrases.interval(site.widened or site.exact),
        change=phrases.course(site.trend),
        cramps=cramps,
    )
