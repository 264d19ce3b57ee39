"""Numbers, times and names in the style of a report."""

from datetime import date
from math import inf, isinf

from myowatch.dashboard.report import report_text as words
from myowatch.dashboard.report.contents import Interval, Site
from myowatch.dashboard.seek_help.threshold_sentences import day_name
from myowatch.signal.escalation.trend import Trend

MINUS = "\N{MINUS SIGN}"
_TEN = 10


def rate(value: float | None) -> str:
    """Twitches a minute: `0.32`, `4.1`, `103`."""
    if value is None:
        return words.ABSENT
    if value < 1:
        return f"{value:.2f}"
    return f"{value:.1f}" if value < _TEN * _TEN else f"{value:.0f}"


def interval(ends: Interval | None) -> str:
    """`3.2 to 5.3`."""
    if ends is None:
        return words.ABSENT
    return words.INTERVAL.format(low=rate(ends[0]), high=rate(ends[1]))


def change(found: Trend | None) -> str:
    """Return the change a week and its interval, with true minus signs."""
    if found is None or found.a_week is None or found.ci95 is None:
        return words.ABSENT
    low, high = (_percent(end) for end in found.ci95)
    return words.CHANGE.format(change=_percent(found.a_week), low=low, high=high)


def course(found: Trend | None) -> str:
    """Return in a few words how a rate changed; empty if it cannot be told."""
    if found is None or found.a_week is None or found.ci95 is None:
        return ""
    by = f"{abs(100 * found.a_week):.0f}"
    low, high = found.ci95
    how = "fell" if high < 0 else "rose" if low > 0 else "steady"
    return words.CHANGES[how].format(change=by)


def length(seconds: float) -> str:
    """`55 h`, `7 h 12 min`, `25 min`, `40 s`."""
    whole = round(seconds)
    if whole < 60:  # noqa: PLR2004
        return words.SECONDS.format(seconds=whole)
    hours, minutes = divmod(round(whole / 60), 60)
    if hours >= _TEN:
        return words.HOURS_ALONE.format(hours=round(whole / 3600))
    if hours:
        return words.HOURS.format(hours=hours, minutes=minutes)
    return words.MINUTES.format(minutes=minutes)


def short_length(seconds: float) -> str:
    """`2 min 10 s`, `8 s`."""
    minutes, rest = divmod(round(seconds), 60)
    if minutes:
        return words.MINUTES_SECONDS.format(minutes=minutes, seconds=rest)
    return words.SECONDS.format(seconds=f"{seconds:.0f}")


def number(value: float) -> str:
    """Up to three significant digits."""
    return f"{float(f'{value:.3g}'):g}".replace("-", MINUS)


def count(of: int) -> str:
    """`1543`, `526,117`."""
    return f"{of:,}" if of >= 10_000 else str(of)  # noqa: PLR2004


def counted(forms: tuple[str, str], count: int) -> str:
    """`1 day`, `3 days`."""
    return forms[count != 1].format(count=count)


def day(of: date) -> str:
    """`2 November 2026`."""
    return day_name(of)


def place(site: Site) -> str:
    """`Left thigh`, without the sensor."""
    return site_name(site.site)


def site_name(site: str) -> str:
    """Name of a site, as a line begins."""
    name = plain(site.replace("-", " ")) or words.NO_SITE
    return name[0].upper() + name[1:]


def shorten(text: str, most: int) -> str:
    """Return the text in one line of limited length."""
    line = plain(text)
    return line if len(line) <= most else words.CUT.format(words=line[:most].rstrip())


def plain(text: str) -> str:
    """Return the text in one line, without control characters."""
    return " ".join("".join(c if c.isprintable() else " " for c in text).split())


def _percent(share: float) -> str:
    if isinf(share):
        return words.CHANGE_ANY_RISE if share == inf else words.CHANGE_ANY_FALL
    whole = round(100 * share)
    return f"{whole:+d}".replace("-", MINUS) if whole else "0"
