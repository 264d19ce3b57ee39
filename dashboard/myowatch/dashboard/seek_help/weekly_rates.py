"""The weeks of one site as charts and as a table."""

from collections.abc import Sequence

import altair as alt
import pandas as pd

from myowatch.dashboard.seek_help import seek_help_text as words
from myowatch.signal.escalation.weeks import SiteWeeks, Week, WeekState

# Clear on light and dark, and no warning: a count is not an alarm.
COLOUR = "#3b82c4"
FAINT = "#8a8f98"
AXIS_WIDTH = 44
"""Alike for both pictures, so that their weeks stand below each other."""


def rows(weeks: Sequence[Week]) -> pd.DataFrame:
    """Return one row a week: days, rate with interval, hours, and whether it was worn enough."""
    return pd.DataFrame(
        [
            {
                "ends": f"{week.last.day} {week.last:%b}",
                "week": span_name(week),
                "rate": week.rate,
                "low": week.ci95[0] if week.ci95 else None,
                "high": week.ci95[1] if week.ci95 else None,
                "hours": week.scorable_s / 3600,
                "worn": words.WORN_LITTLE
                if week.state is WeekState.LITTLE_WORN
                else words.WORN_ENOUGH,
            }
            for week in weeks
        ]
    ).astype({"rate": float, "low": float, "high": float})


def table(weeks: Sequence[Week]) -> pd.DataFrame:
    """Return the rows as a table, the newest week first."""
    names = words.COLUMNS
    return pd.DataFrame(
        [
            {
                names["week"]: week.last,
                names["days"]: week.days_worn,
                names["above"]: week.days_above,
                names["hours"]: round(week.scorable_s / 3600, 1),
                names["twitches"]: week.twitches,
                names["rate"]: None if week.rate is None else round(week.rate, 2),
                names["interval"]: f"{week.ci95[0]:.1f} to {week.ci95[1]:.1f}" if week.ci95 else "",
                names["state"]: words.STATES[week.state],
            }
            for week in reversed(weeks)
        ]
    )


def rates(found: pd.DataFrame, false_alarms: float) -> alt.LayerChart:
    """Draw the rate of each week with its interval; a week not worn is a gap.

    Parameters
    ----------
    false_alarms
        A minute, the most that detection makes by mistake.
    """
    base = alt.Chart().encode(x=_weeks(found))
    axis = alt.Axis(minExtent=AXIS_WIDTH, maxExtent=AXIS_WIDTH)
    rate = alt.Y("rate:Q", title=words.RATE_AXIS, axis=axis, scale=alt.Scale(zero=True))
    worn_enough = alt.datum.worn == words.WORN_ENOUGH
    mistakes = alt.Chart().mark_rule(color=FAINT, strokeDash=[4, 4], aria=False)
    intervals = base.mark_rule(color=COLOUR, opacity=0.6, strokeWidth=3)
    points = base.mark_point(color=COLOUR, size=70, strokeWidth=2, opacity=1).encode(
        y=rate,
        fill=alt.condition(worn_enough, alt.value(COLOUR), alt.value("transparent")),
        tooltip=[
            alt.Tooltip("week:N", title=words.WEEK_AXIS),
            alt.Tooltip("rate:Q", title=words.RATE_AXIS, format=".2f"),
            alt.Tooltip("hours:Q", title=words.HOURS_AXIS, format=".1f"),
            alt.Tooltip("worn:N", title=words.COLUMNS["state"]),
        ],
    )
    layers: list[alt.Chart] = [
        mistakes.encode(y=alt.datum(false_alarms)),
        intervals.encode(y="low:Q", y2="high:Q"),
        base.mark_line(color=COLOUR, strokeWidth=1, invalid="break-paths-show-domains").encode(
            y=rate
        ),
        points,
    ]
    chart: alt.LayerChart = alt.LayerChart(data=found, layer=layers, height=220)
    return chart


def hours(found: pd.DataFrame) -> alt.Chart:
    """Draw the hours scored in each week."""
    axis = alt.Axis(minExtent=AXIS_WIDTH, maxExtent=AXIS_WIDTH, tickCount=3)
    chart: alt.Chart = (
        alt.Chart(found)
        .mark_bar(color=FAINT)
        .encode(
            x=_weeks(found),
            y=alt.Y("hours:Q", title=words.HOURS_AXIS, axis=axis),
            tooltip=[
                alt.Tooltip("week:N", title=words.WEEK_AXIS),
                alt.Tooltip("hours:Q", title=words.HOURS_AXIS, format=".1f"),
            ],
        )
        .properties(height=150)
    )
    return chart


def rates_alt(site: SiteWeeks, name: str) -> str:
    """Return a description of the chart of rates."""
    known = [week.rate for week in site.weeks if week.rate is not None]
    return words.RATE_ALT.format(
        site=name,
        worn=len(known),
        weeks=len(site.weeks),
        first=f"{known[0]:.1f}" if known else "none",
        last=f"{known[-1]:.1f}" if known else "none",
    )


def hours_alt(site: SiteWeeks, name: str) -> str:
    """Return a description of the chart of hours."""
    total = sum(week.scorable_s for week in site.weeks) / 3600
    return words.HOURS_ALT.format(site=name, weeks=len(site.weeks), hours=total)


def span_name(week: Week) -> str:
    """Return a week as its first and last day."""
    return f"{week.first:%d %b} to {week.last:%d %b %Y}"


def _weeks(found: pd.DataFrame) -> alt.X:
    # By name and not by time: each week has the same room in both pictures. Named one by one, for
    # weeks without a rate would be left out, or come last.
    names = found["ends"].tolist()
    axis = alt.Axis(labelAngle=0, labelOverlap="greedy", labelSeparation=8)
    scale = alt.Scale(type="band", domain=names, paddingInner=0.1, paddingOuter=0)
    return alt.X("ends:O", title=words.WEEK_AXIS, sort=names, scale=scale, axis=axis)
