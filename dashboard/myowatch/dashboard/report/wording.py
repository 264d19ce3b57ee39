"""A report in words, the most important first."""

from collections.abc import Iterator

from myowatch.dashboard.report import phrases
from myowatch.dashboard.report import report_text as words
from myowatch.dashboard.report.contents import DiarySummary, Report, Site, Spread
from myowatch.dashboard.report.document import Block, Document, Paragraph, Section, Table
from myowatch.dashboard.report.wording_sites import lasting, references, sites, twitch
from myowatch.dashboard.report.wording_thresholds import rules, thresholds
from myowatch.recordings.wearer.diary_fields import as_text
from myowatch.signal.escalation.evidence import Standing, Threshold
from myowatch.signal.escalation.findings import AnswerState, Finding, current_answer
from myowatch.signal.model.samples import Modality
from myowatch.signal.model.settings import DetectionSettings

NOTES_SHOWN = 6
LONGEST = 240
"""Letters of a note; more is for a conversation."""


def diary(report: Report) -> Section:
    """Return the section about the diary, each answer with its number of days."""
    found = report.diary
    blocks: list[Block] = []
    if found.numbers:
        rows = tuple(
            (
                words.DIARY[name],
                phrases.number(spread.median),
                _ends(spread),
                str(spread.days),
            )
            for name, spread in found.numbers.items()
        )
        table = Table(words.DIARY_HEADINGS, rows, (0, 0, 0, 0), right=(1, 3))
        blocks.append(table.without_empty(words.ABSENT))
    blocks += _lines(found, report.felt)
    return Section(words.DIARY_TITLE, tuple(blocks) or (Paragraph(words.DIARY_NONE),))


def _ends(found: Spread) -> str:
    if found.days == 1:
        return words.ABSENT
    least, most = phrases.number(found.least), phrases.number(found.most)
    return words.INTERVAL.format(low=least, high=most)


def _lines(found: DiarySummary, felt: int) -> Iterator[Paragraph]:
    if found.cramps is not None:
        yield Paragraph(str(found.cramps), label=words.DIARY_CRAMPS)
    if felt:
        yield Paragraph(str(felt), label=words.DIARY_FELT)
    for name in found.latest:
        yield Paragraph(_latest(found, name), label=words.DIARY_LATEST[name])
    if found.changed:
        days = words.JOIN.join(phrases.day(day) for day in found.changed[-NOTES_SHOWN:])
        yield Paragraph(days, label=words.DIARY_CHANGED)
    if found.notes:
        notes = words.JOIN.join(
            words.DIARY_NOTE.format(day=phrases.day(day), note=phrases.shorten(note, LONGEST))
            for day, note in found.notes[-NOTES_SHOWN:]
        )
        yield Paragraph(notes, label=words.DIARY_NOTES, small=True)


def _latest(found: DiarySummary, name: str) -> str:
    day, value = found.latest[name]
    said = {
        "value": phrases.shorten(as_text(value), LONGEST),
        "unit": words.DIARY_UNITS.get(name, ""),
        "day": phrases.day(day),
    }
    if name not in found.first or name == "medicines":
        return words.DIARY_ONE.format(**said)
    first, before = found.first[name]
    return words.DIARY_TWO.format(before=as_text(before), first=phrases.day(first), **said)


def methods(report: Report) -> Section:
    """Return the section about methods and limits."""
    limits = [words.LIMITS_SAID]
    if report.left_out:
        limits.append(phrases.counted(words.LEFT_OUT, report.left_out))
    if report.relabelled:
        limits.append(phrases.counted(words.RELABELLED, report.relabelled))
    measured = words.FALSE_ALARMS_MEASURED.format(**words.FALSE_ALARMS_AN_HOUR)
    said = (
        (words.IS_NOT, words.IS_NOT_SAID),
        (words.LIMITS, " ".join(limits)),
        (words.RULES_LABEL, rules(report.escalation)),
        (words.REFERENCE_LABEL, references(report)),
        (words.FALSE_ALARMS, measured),
        (words.METHODS, " ".join(_methods(report))),
    )
    paragraphs = (Paragraph(text, label=label, small=True) for label, text in said if text)
    return Section(words.METHODS_TITLE, tuple(paragraphs), style="small")


def _methods(report: Report) -> Iterator[str]:
    modalities = {site.modality for site in report.sites}
    if report.detection is None:
        yield words.METHODS_UNKNOWN
    else:
        yield from _detection(report.detection, modalities)
    if report.settings_changed:
        yield words.METHODS_CHANGED
    yield words.REJECTED
    sessions = phrases.counted(words.SESSIONS, report.sessions)
    yield words.SOFTWARE.format(
        version=report.software,
        sessions=words.SESSION_ID.format(id=report.session) if report.session else sessions,
        made=f"{report.made:%Y-%m-%d %H:%M}",
    )


def _detection(settings: DetectionSettings, modalities: set[Modality]) -> Iterator[str]:
    if Modality.EMG in modalities:
        emg, hz = settings.emg, settings.mains_hz
        yield words.METHODS_EMG.format(
            low=emg.low,
            high=emg.high,
            mains=words.MAINS_FOUND if hz is None else words.MAINS_SET.format(hz=hz),
            deviate=emg.deviate,
            twitch=emg.twitch_max_s,
            cramp=emg.cramp_min_s,
            doublet=emg.doublet_s,
        )
    if Modality.ACCELEROMETER in modalities:
        own = settings.accelerometer
        yield words.METHODS_ACCELEROMETER.format(
            low=own.low, high=own.high, twitch=own.twitch_max_s, cramp=own.cramp_min_s
        )
    if Modality.ENVELOPE in modalities:
        yield words.METHODS_ENVELOPE


SITES_IN_BRIEF = 6
MEASURED = (Threshold.PERSISTENT, Threshold.SPREAD)
"""Thresholds that a sensor can meet as well as an answer."""


def document_of(report: Report) -> Document:
    """Return a report as a document."""
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
    name = phrases.shorten(report.wearer, 80)
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
    own = current_answer(answers, finding.threshold, report.made.date(), report.escalation)
    return own.state is AnswerState.YES


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
