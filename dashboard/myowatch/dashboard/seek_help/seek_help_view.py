"""The page When to seek help: the thresholds, what changed, and the weeks."""

from collections.abc import Sequence
from datetime import date, timedelta
from pathlib import Path

import streamlit as st

from myowatch.dashboard.report.report_panel import report_panel
from myowatch.dashboard.seek_help import seek_help_text as words
from myowatch.dashboard.seek_help import weekly_rates as course
from myowatch.dashboard.seek_help.threshold_sentences import day_name, evidence, rule, site_name
from myowatch.dashboard.text import common_text as common
from myowatch.dashboard.text.common_text import plain
from myowatch.recordings.store.store import Store
from myowatch.recordings.wearer.diary import today
from myowatch.recordings.wearer.diary_days import read_answers
from myowatch.recordings.wearer.preferences import read_preferences
from myowatch.signal.escalation.escalation_settings import EscalationSettings
from myowatch.signal.escalation.evidence import ARTICLE, Standing, Wear
from myowatch.signal.escalation.findings import Finding, assess
from myowatch.signal.escalation.weeks import DAYS, SiteWeeks, weekly

OPEN = (Standing.NOT_ENOUGH_DATA, Standing.NOT_ANSWERED)
MANY = 2
COLUMNS = 2
DIARY_PAGE, LEARN_PAGE, SETTINGS_PAGE = "diary.py", "learn.py", "settings.py"


def show(home: Path) -> None:
    """Draw the page."""
    st.title(common.SEEK_HELP)
    st.write(words.ABOUT)
    day, settings = today(), read_preferences(home).preferences.escalation
    wears, said = _worn(home), read_answers(home)
    findings = assess(wears, said, day, settings)
    _advice(findings)
    report_panel(home)
    st.header(words.SIX)
    for first in range(0, len(findings), COLUMNS):
        for column, finding in zip(
            st.columns(COLUMNS), findings[first : first + COLUMNS], strict=True
        ):
            with column:
                _finding(finding)
    with st.container(horizontal=True, vertical_alignment="center", gap="xsmall"):
        st.caption(words.CITED.format(article=plain(ARTICLE)), width="content")
        st.page_link(LEARN_PAGE, label=words.ARTICLE_SAYS, query_params={"about": "seek-help"})
        st.page_link(SETTINGS_PAGE, label=words.CHANGE_SETTINGS)
    _changes(assess(wears, said, day - timedelta(days=DAYS), settings), findings, day)
    _course(wears, day, settings)


def _worn(home: Path) -> list[Wear]:
    with Store(home) as store:
        worn, all_of_it = store.wears(), store.wears(played=True)
    if len(all_of_it) == len(worn):
        return worn
    if not st.toggle(words.PLAYED, help=words.PLAYED_HELP, key="seek_help_played"):
        return worn
    st.info(words.PLAYED_NOTE)
    return all_of_it


def _advice(findings: Sequence[Finding]) -> None:
    met = sum(finding.standing is Standing.MET for finding in findings)
    unknown = sum(finding.standing in OPEN for finding in findings)
    with st.container(border=True):
        if met:
            st.markdown(f"**{words.MET[min(met, MANY)].format(n=met)}** {words.MET_MORE}")
        else:
            also = words.OPEN[min(unknown, MANY)].format(n=unknown)
            st.markdown(f"**{words.NONE_MET}**{also} {words.NONE_MET_MORE}")


def _finding(finding: Finding) -> None:
    standing = f"{words.SHAPES[finding.standing]} {words.STANDINGS[finding.standing]}"
    with st.container(border=True, gap="xsmall", height="stretch"):
        st.markdown(f"### {words.NAMES[finding.threshold]}")
        st.markdown(f"**{standing}**  \n{plain(evidence(finding))}")
        if finding.answer is None or finding.standing in OPEN:
            st.page_link(DIARY_PAGE, label=words.ASK_DIARY)
        with st.expander(words.RULE, key=f"seek_help_rule {finding.threshold}"):
            st.markdown(plain(rule(finding)))


def _changes(before: Sequence[Finding], now: Sequence[Finding], day: date) -> None:
    st.header(words.CHANGED)
    changed = [
        words.CHANGED_FROM.format(
            name=words.NAMES[after.threshold],
            before=words.STANDINGS[earlier.standing].lower(),
            after=words.STANDINGS[after.standing].lower(),
        )
        for earlier, after in zip(before, now, strict=True)
        if earlier.standing is not after.standing
    ]
    week_ago = day_name(day - timedelta(days=DAYS))
    st.markdown("\n".join(f"- {line}" for line in changed) or words.UNCHANGED.format(day=week_ago))


def _course(wears: Sequence[Wear], day: date, settings: EscalationSettings) -> None:
    st.header(words.COURSE)
    if not weekly(wears, day, settings, max(words.SPANS)):
        st.markdown(words.NO_COURSE)
        return
    with st.container(horizontal=True):
        n_weeks = st.segmented_control(
            words.SPAN,
            words.SPANS,
            format_func=words.SPANS.__getitem__,
            default=min(words.SPANS),
            required=True,
            key="seek_help_span",
        )
        sites = weekly(wears, day, settings, n_weeks)
        if not sites:
            st.markdown(words.NOT_LATELY)
            return
        names = [_name(site, sites) for site in sites]
        number = st.selectbox(
            words.SITE,
            range(len(sites)),
            index=_busiest(sites),
            format_func=names.__getitem__,
            key=f"seek_help_site {names}",
        )
    st.caption(words.COURSE_ABOUT.format(day=day_name(day)))
    _pictures(sites[number], names[number], settings)


def _pictures(site: SiteWeeks, name: str, settings: EscalationSettings) -> None:
    found = course.rows(site.weeks)
    st.markdown(f"**{words.RATE_TITLE}**")
    st.altair_chart(
        course.rates(found, settings.false_alarms(site.modality) / 60),
        alt=course.rates_alt(site, name),
    )
    st.markdown(f"**{words.HOURS_TITLE}**")
    st.altair_chart(course.hours(found), alt=course.hours_alt(site, name))
    with st.expander(words.AS_TABLE):
        st.dataframe(
            course.table(site.weeks),
            hide_index=True,
            key="seek_help_weeks",
            column_config={
                words.COLUMNS["hours"]: st.column_config.NumberColumn(format="%.1f"),
                words.COLUMNS["rate"]: st.column_config.NumberColumn(format="%.2f"),
            },
        )


def _busiest(sites: Sequence[SiteWeeks]) -> int:
    twitches = [sum(week.twitches for week in site.weeks) for site in sites]
    return twitches.index(max(twitches))


def _name(site: SiteWeeks, sites: Sequence[SiteWeeks]) -> str:
    both = sum(other.site == site.site for other in sites) > 1
    return f"{site_name(site.site)} ({site.modality})" if both else site_name(site.site)
