"""Drawings in black on white as plain SVG: rates over the period, and one twitch."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import timedelta
from html import escape
from math import ceil, floor, log10

import numpy as np

from myowatch.dashboard.report.contents import Course, Point, Twitch
from myowatch.signal.model.samples import Samples

WIDTH, HEIGHT = 340, 118
_LEFT, _RIGHT, _TOP, _BOTTOM = 42.0, 334.0, 8.0, 84.0
_FONT = 'font-family="Libertinus Serif, Georgia, serif" font-size="10.5"'
_TICKS = 4
_MANY = 30
"""Points that are drawn smaller."""
_LATEST = 5


@dataclass(frozen=True, slots=True)
class Axis:
    """An axis from `low` to `high`, drawn from `start` to `end`, with some labels."""

    low: float
    high: float
    start: float
    end: float
    ticks: tuple[tuple[float, str], ...]

    def place(self, value: float) -> float:
        """Return where a value is drawn."""
        share = (value - self.low) / (self.high - self.low)
        return round(self.start + share * (self.end - self.start), 2)


def course(found: Course, x_title: str, y_title: str) -> str:
    """Draw a rate over the period: a dot with its 95 % interval for each part of it.

    Parts that were worn too little to be relied on are hollow, and those not worn are left empty.
    """
    tops = [p.ci95[1] if p.ci95 else p.rate for p in found.points if p.rate is not None]
    y = _from_zero(max([top for top in tops if top is not None], default=1.0))
    x = Axis(0, found.length, _LEFT + 6, _RIGHT, _moments(found))
    size = 1.6 if len(found.points) > _MANY else 2.6
    marks = [_point(p, x.place(p.at + found.step / 2), y, size) for p in found.points]
    return _svg(_axes(x, y, x_title, y_title), "".join(marks))


def twitch(found: Twitch, x_title: str, y_title: str) -> str:
    """Draw a twitch as the detector filters it, with a bar for its detected length."""
    times = 1000 * found.times_s
    y = _around_zero(found.samples)
    x = Axis(float(times[0]), float(times[-1]), _LEFT + 6, _RIGHT, _numbers(times[0], times[-1]))
    points = " ".join(
        f"{x.place(t)},{y.place(v)}" for t, v in zip(times, found.samples, strict=True)
    )
    end = min(1000 * found.duration_s, x.high)
    bar = f'<path d="M{x.place(0)} {_TOP}H{x.place(end)}" stroke="#000" stroke-width="3"/>'
    zero = f'<path d="M{x.start} {y.place(0)}H{x.end}" stroke="#999" stroke-width=".6"/>'
    line = f'<polyline points="{points}" fill="none" stroke="#000" stroke-width="1.1"/>'
    return _svg(_axes(x, y, x_title, y_title), zero + line + bar)


def _point(point: Point, x: float, y: Axis, size: float) -> str:
    if point.rate is None:
        return ""
    fill = "#000" if point.sure else "#fff"
    dot = f'<circle cx="{x}" cy="{y.place(point.rate)}" r="{size}" fill="{fill}" stroke="#000"/>'
    if point.ci95 is None:
        return dot
    low, high = (y.place(end) for end in point.ci95)
    return f'<path d="M{x} {low}V{high}" stroke="#000" stroke-width="1"/>' + dot


def _axes(x: Axis, y: Axis, x_title: str, y_title: str) -> str:
    frame = f"M{_LEFT} {_TOP}V{_BOTTOM}H{_RIGHT}"
    ticks = [f"M{x.place(v)} {_BOTTOM}v3" for v, _ in x.ticks]
    ticks += [f"M{_LEFT} {y.place(v)}h-3" for v, _ in y.ticks]
    labels = [_text(x.place(v), _BOTTOM + 13, label, "middle") for v, label in x.ticks]
    labels += [_text(_LEFT - 5, y.place(v) + 3.5, label, "end") for v, label in y.ticks]
    labels.append(_text((_LEFT + _RIGHT) / 2, HEIGHT - 6, x_title, "middle"))
    turned = f'transform="rotate(-90 8 {(_TOP + _BOTTOM) / 2})" '
    labels.append(_text(8, (_TOP + _BOTTOM) / 2, y_title, "middle", turned))
    path = f'<path d="{frame}{"".join(ticks)}" fill="none" stroke="#000" stroke-width=".8"/>'
    return path + "".join(labels)


def _text(x: float, y: float, words: str, anchor: str, turned: str = "") -> str:
    return (
        f'<text x="{x:g}" y="{y:g}" {turned}text-anchor="{anchor}" {_FONT}>{escape(words)}</text>'
    )


def _svg(*parts: str) -> str:
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}">'
        f"{''.join(parts)}</svg>"
    )


def _from_zero(most: float) -> Axis:
    step = _step(max(most, 1e-6) / _TICKS)
    high = step * ceil(most / step - 1e-9) or step
    return Axis(0, high, _BOTTOM, _TOP, _labels(0, high, step))


def _around_zero(samples: Samples) -> Axis:
    low, high = float(min(samples.min(), 0.0)), float(max(samples.max(), 0.0))
    margin = 0.08 * (high - low or 1.0)
    low, high = low - margin, high + margin
    return Axis(low, high, _BOTTOM, _TOP + 5, _numbers(low, high))


def _numbers(low: float, high: float) -> tuple[tuple[float, str], ...]:
    step = _step((high - low) / _TICKS)
    return _labels(step * ceil(low / step), high, step)


def _labels(first: float, last: float, step: float) -> tuple[tuple[float, str], ...]:
    n = floor((last - first) / step + 1e-9) + 1
    values = [round(first + i * step, 9) + 0.0 for i in range(n)]
    return tuple((value, f"{value:g}".replace("-", "\N{MINUS SIGN}")) for value in values)


def _step(least: float) -> float:
    """Return the next of 1, 2, 5, 10, ... from the least on."""
    power = 10.0 ** floor(log10(least))
    return float(next(n * power for n in (1, 2, 5, 10) if n * power >= least * (1 - 1e-9)))


def _moments(found: Course) -> tuple[tuple[float, str], ...]:
    """Return days or times of day along the axis."""
    if found.by_day:
        every = found.step * ceil(found.length / found.step / _LATEST)
        at = np.arange(0, found.length - 1e-9, every)
        return tuple(_day(found, float(days)) for days in at)
    every = next(e for e in (1, 2, 5, 10, 15, 30, 60, 120, 240, 1e9) if found.length / e <= _LATEST)
    minute = found.begins.hour * 60 + found.begins.minute + found.begins.second / 60
    first = every * ceil(minute / every) - minute
    return tuple(_clock(found, m) for m in _until(first, found.length, every))


def _until(first: float, end: float, step: float) -> Iterator[float]:
    while first <= end:
        yield first
        first += step


def _day(found: Course, days: float) -> tuple[float, str]:
    at = found.begins + timedelta(days=days)
    return days + found.step / 2, f"{at.day}.{at.month}."


def _clock(found: Course, minutes: float) -> tuple[float, str]:
    return minutes, f"{found.begins + timedelta(minutes=minutes + 1e-3):%H:%M}"


def spoken(points: Sequence[Point]) -> tuple[float, float] | None:
    """Return the smallest and largest rate of a course for screen readers; None if none."""
    rates = [point.rate for point in points if point.rate is not None]
    return (min(rates), max(rates)) if rates else None
