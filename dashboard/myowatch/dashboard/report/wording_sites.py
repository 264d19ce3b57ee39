"""Counts at each site, in words and drawings."""

from statistics import median

from myowatch.dashboard.report import drawing, phrases
from myowatch.dashboard.report import report_text as words
from myowatch.dashboard.report.contents import Course, Periodic, Report, Site
from myowatch.dashboard.report.document import Block, Drawing, Paragraph, Row, Section, Table
from myowatch.dashboard.text.common_text import UNITS, amplitude
from myowatch.signal.escalation.weeks import DAYS
from myowatch.signal.statistics.reference_rates import Reference

MOST_DRAWN = 4
A_ROW = 2


def sites(report: Report) -> Section | None:
    """Return the rates of every site, and their course."""
    if not report.sites:
        return None
    one_session = bool(report.session)
    rows = tuple(_row(site, one_session=one_session) for site in report.sites)
    widths = (2.1, 1.3, 0.95, 0.8, 0.8, 1.1, 1.1, 1.55)
    table = Table(words.SITE_HEADINGS, rows, widths, right=(3, 4)).without_empty(words.ABSENT)
    drawn = [s for s in report.sites if s.course is not None and s.course.points][:MOST_DRAWN]
    drawings = [_course(site, site.course) for site in drawn if site.course is not None]
    pairs = [tuple(drawings[i : i + A_ROW]) for i in range(0, len(drawings), A_ROW)]
    blocks: list[Block] = [table, Paragraph(_note(report), small=True)]
    return Section(words.SITES_TITLE, (*blocks, *map(Row, pairs)))


def lasting(report: Report) -> Section | None:
    """Return cramps and periodic movements of every site."""
    if not report.sites:
        return None
    moved = [site for site in report.sites if site.cramps_s or site.movements]
    if not moved:
        return Section(words.LASTING_TITLE, (Paragraph(words.LASTING_NONE),))
    rows = tuple(map(_lasting_row, moved))
    table = Table(words.LASTING_HEADINGS, rows, (1.2, 0.9, 1.3, 0.9, 1.6, 1.6), right=(1, 3))
    still = [phrases.place(site) for site in report.sites if site not in moved]
    none_at = words.LASTING_NONE_AT.format(sites=", ".join(still)) if still else ""
    unsure = sum(site.unsure for site in moved)
    asked = phrases.counted(words.UNSURE, unsure) if unsure else ""
    notes = " ".join(part for part in (none_at, asked, words.LASTING_NOTE) if part)
    note = Paragraph(notes, small=True)
    return Section(words.LASTING_TITLE, (table.without_empty(words.ABSENT), note))


def twitch(report: Report) -> Section:
    """Draw a typical twitch."""
    found = report.twitch
    if found is None:
        return Section(words.TWITCH_TITLE, (Paragraph(words.TWITCH_NONE),))
    unit = UNITS.get(found.stream.unit, found.stream.unit.value)
    said = {
        "site": phrases.site_name(found.stream.site),
        "day": phrases.day(found.at.date()),
        "time": f"{found.at:%H:%M}",
        "length": phrases.number(1000 * found.duration_s),
        "peak": phrases.number(found.peak),
        "unit": unit,
        "count": found.compared,
    }
    caption = words.TWITCH_CAPTION if found.compared > 1 else words.TWITCH_ONE
    y_title = words.TWITCH_Y[found.stream.modality].format(unit=unit)
    svg = drawing.twitch(found, words.TWITCH_X, y_title)
    drawn = Drawing(svg, words.TWITCH_ALT.format(**said), caption.format(**said))
    return Section(words.TWITCH_TITLE, (Row((drawn,)),))


def _row(site: Site, *, one_session: bool) -> tuple[str, ...]:
    worn = words.WORN_SESSION if one_session else words.WORN
    return (
        words.SITE.format(site=phrases.place(site), sensor=words.SENSORS[site.modality]),
        worn.format(worn=phrases.length(site.worn_s), days=phrases.counted(words.DAYS, site.days)),
        phrases.length(site.scorable_s),
        words.ABSENT if site.twitches is None else phrases.count(site.twitches),
        phrases.rate(site.rate),
        phrases.interval(site.exact if site.twitches is not None else None),
        phrases.interval(site.widened),
        phrases.change(site.trend),
    )


def _note(report: Report) -> str:
    few = all(site.days < 2 for site in report.sites)  # noqa: PLR2004
    between = words.BETWEEN_MINUTES if few else words.BETWEEN_DAYS
    widened = any(site.widened for site in report.sites)
    told = any(site.trend for site in report.sites)
    notes = [words.SITES_NOTE, words.WIDE_NOTE.format(between=between) if widened else ""]
    notes.append(words.TREND_NOTE if told else words.TREND_LATER)
    return " ".join(note for note in [*notes, detectable(report)] if note)


def detectable(report: Report) -> str:
    """Return which twitches would have been seen at each site; empty if unknown."""
    known = [
        words.DETECTABLE_AT.format(
            site=phrases.place(site), peak=amplitude(site.detectable_peak, site.unit)
        )
        for site in report.sites
        if site.detectable_peak is not None and site.twitches is not None
    ]
    return words.DETECTABLE.format(sites=words.JOIN.join(known)) if known else ""


def references(report: Report) -> str:
    """Return what is known of healthy muscle at these sites; empty if nothing is."""
    by_muscle: dict[Reference, list[str]] = {}
    for site in report.sites:
        if site.reference:
            by_muscle.setdefault(site.reference, []).append(phrases.place(site))
    return " ".join(_reference(known, names) for known, names in by_muscle.items())


def _reference(known: Reference, sites: list[str]) -> str:
    if known.never_above is not None:
        sentence, figure = words.NEVER_ABOVE, known.never_above
    elif known.at_times_above is not None:
        sentence, figure = words.AT_TIMES_ABOVE, known.at_times_above
    else:
        sentence, figure = words.NO_FIGURE, 0.0
    said = sentence.format(
        people=known.people[0].upper() + known.people[1:],
        figure=figure,
        muscle=known.muscle,
        source=known.source,
    )
    return words.REFERENCE.format(sites=", ".join(sites), said=said)


def _course(site: Site, course: Course) -> Drawing:
    by, x_title = _by(course)
    ends = drawing.spoken(course.points) or (0.0, 0.0)
    hollow = words.HOLLOW if any(not p.sure and p.rate is not None for p in course.points) else ""
    name = phrases.place(site)
    return Drawing(
        drawing.course(course, x_title, words.COURSE_Y),
        words.COURSE_ALT.format(
            site=name, by=by, least=phrases.rate(ends[0]), most=phrases.rate(ends[1])
        ),
        words.COURSE_CAPTION.format(site=name, by=by, hollow=hollow),
    )


def _by(course: Course) -> tuple[str, str]:
    if not course.by_day:
        count = round(course.step)
        return phrases.counted(words.BY_MINUTES, count), words.COURSE_X_MINUTES
    if course.step == DAYS:
        return words.BY_WEEK, words.COURSE_X_WEEK
    return words.BY_DAY, words.COURSE_X_DAY


def _lasting_row(site: Site) -> tuple[str, ...]:
    cramps = words.ABSENT
    if site.cramps_s:
        middle, longest = median(site.cramps_s), site.cramps_s[0]
        cramps = f"{phrases.short_length(middle)} / {phrases.short_length(longest)}"
    return (
        phrases.place(site),
        str(len(site.cramps_s)),
        cramps,
        phrases.count(site.movements),
        *map(_periodic, site.periodic),
    )


def _periodic(found: Periodic) -> str:
    if not found.series:
        return words.NO_SERIES
    if found.per_hour is None:
        return words.PERIODIC.format(movements=found.movements, series=found.series)
    return words.PERIODIC_INDEX.format(
        movements=found.movements, series=found.series, per_hour=f"{found.per_hour:.1f}"
    )
