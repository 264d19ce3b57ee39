"""Figures of rejected bursts, and of how long events are classified."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from drawing import style
from drawing.emg_stages import EmgStages, record_emg
from drawing.recorded_stages import find_strongest
from myowatch.acquisition.simulator.scene import EventKind
from myowatch.signal.bursts import cramp_shape as course
from myowatch.signal.emg import baseline_artefacts as steps
from myowatch.signal.model.events import Event, Kind, Reason
from myowatch.signal.model.samples import Samples

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure


def heart_beats() -> Figure:
    """Draw candidates, the learnt shape, rejected bursts, and a twitch on a beat."""
    emg = record_emg("hard", 7, 88)
    layout = [["rhythm", "rhythm"], ["shape", "kept"]]
    figure, axes = style.mosaic(layout, height=5.6, height_ratios=[1.0, 1.1])
    _rhythm(axes["rhythm"], emg, 13.0)
    _shape(axes["shape"], emg)
    _kept(axes["kept"], emg)
    return figure


def _rhythm(axes: Axes, emg: EmgStages, until_s: float) -> None:
    at, cut = emg.at(0.0, until_s)
    style.line(axes, at, emg.clean[cut], color="#777777", lw=0.6)
    top = 4.0 * float(np.median([np.abs(fitted).max() for _, fitted in emg.beats]))
    stands_out = [t for frame in emg.candidates if (t := _middle(emg, frame)) < until_s]
    beats = [t for frame, _ in emg.beats if (t := _middle(emg, frame)) < until_s]
    axes.plot(stands_out, np.full(len(stands_out), top), "v", color=style.ORANGE, ms=5, mfc="none")
    axes.plot(beats, np.full(len(beats), 0.82 * top), "v", color=style.RED, ms=5)
    for event in emg.events:
        onset, offset = emg.seconds(event)
        if onset < until_s and event.reason is not Reason.EDGE:
            colour = "#555555" if event.reason else style.COLOURS[event.kind]
            style.bar(axes, onset, offset, -0.95 * top, colour)
    axes.set(
        xlim=(0, until_s), ylim=(-1.1 * top, 1.15 * top), ylabel="filtered, uV", xlabel="seconds"
    )
    axes.set_title(
        "open: stands out below 40 Hz.  filled: a beat.  "
        "bars: rejected as heart (grey), twitch (blue)"
    )


def _shape(axes: Axes, emg: EmgStages) -> None:
    n = len(emg.beats[-1][1])
    ms = (np.arange(n) + 0.5) * emg.beat_frame / emg.rate * 1e3
    for frame, _ in emg.beats[-40:]:
        first = frame * emg.beat_frame - emg.delay
        piece = emg.clean[first : first + n * emg.beat_frame]
        if len(piece) == n * emg.beat_frame:
            axes.plot(ms, piece.reshape(n, -1).mean(axis=1), color=style.FAINT, lw=0.5)
    shape = np.median([fitted for _, fitted in emg.beats[-40:]], axis=0)
    axes.plot(ms, shape, color=style.RED, lw=2)
    axes.set(title="forty beats, and the shape learnt from them", xlabel="milliseconds")
    axes.set(ylabel="filtered, uV")


def _kept(axes: Axes, emg: EmgStages) -> None:
    event, frame, fitted = _on_a_beat(emg)
    first = emg.frames(frame)[0]
    at, cut = emg.at(first - 0.06, first + 0.22)
    axes.plot((at - first) * 1e3, emg.clean[cut], color=style.BLUE)
    axes.plot((emg.frames(frame, len(fitted)) - first) * 1e3, fitted, color=style.RED, lw=2)
    onset, offset = ((t - first) * 1e3 for t in emg.seconds(event))
    style.shade(axes, onset, offset, style.BLUE)
    axes.set(title="a twitch on a beat leaves more than the beat: it is kept")
    axes.set(xlabel="milliseconds from where the beat's shape begins")
    style.note(axes, "red: the beat\nshaded: the twitch reported", (0.98, 0.97), ha="right")


def pop() -> Figure:
    """Draw the raw signal after an electrode pop and after a potential."""
    emg = record_emg("hard", 7, 300)
    popped = [emg.reported(t) for t in emg.truth(Kind.ARTEFACT, Reason.ELECTRODE_POP)]
    twitched = [emg.reported(t) for t in emg.truth(Kind.TWITCH)]
    figure, axes = style.panels(1, 2, height=3.6, sharey=False)
    titles = ("an electrode pop: the signal stays away", "a potential: the signal is back")
    for axis, title, events, reason in zip(
        axes[0], titles, (popped, twitched), (Reason.ELECTRODE_POP, None), strict=True
    ):
        judged = [s for e in events if e and e.reason is reason for s in _judged(emg, e)]
        loud = sorted(judged, key=lambda s: s[2])
        _step(axis, emg, loud[len(loud) // 2])
        axis.set(title=title, xlabel="milliseconds from the burst's onset")
    axes[0, 0].set(ylabel="raw signal, uV")
    axes[0, 0].legend(loc="best")
    return figure


def _judged(emg: EmgStages, event: Event) -> list[tuple[int, int, float, bool]]:
    return [s for s in emg.steps if s[0] == event.onset]


def _step(axes: Axes, emg: EmgStages, judged: tuple[int, int, float, bool]) -> None:
    onset, offset, peak, _ = judged
    memory = steps.ElectrodePops(emg.rate)
    length, pause = len(memory._weights), memory._pause
    begin, after = onset - steps._N_BEFORE * length, offset + pause
    cut = slice(begin - length // 2, after + 4 * length)
    at = (np.arange(len(emg.raw))[cut] - onset) / emg.rate * 1e3
    axes.plot(at, emg.raw[cut], color=style.SKY, lw=0.8, label="raw")
    starts = [begin + i * length for i in range(steps._N_BEFORE)] + [after, after + length]
    levels = [float(emg.raw[s : s + length] @ memory._weights) for s in starts]
    slope, level = steps._line(levels[: steps._N_BEFORE])
    centres = (np.array(starts) + length / 2 - onset) / emg.rate * 1e3
    expected = level + slope * (np.array(starts) - begin) / length
    axes.plot(centres, expected, color=style.INK, ls="--", label="where the baseline was going")
    axes.plot(centres[:-2], levels[:-2], "o", color=style.INK, ms=4, label="averages free of hum")
    axes.plot(
        centres[-2:], levels[-2:], "o", color=style.RED, ms=6, label="the two after the burst"
    )
    style.shade(axes, 0.0, (offset - onset) / emg.rate * 1e3, style.BLUE)
    away = abs(levels[-2] - expected[-2]) / peak
    style.note(axes, f"away by {away:.0%} of the burst's height", (0.98, 0.98), ha="right")


def cramp() -> Figure:
    """Draw the strength of a held contraction, a cramp and one unit over time."""
    figure, axes = style.panels(2, 3, height=4.6, sharey=False)
    kinds = (
        ("a contraction that is held", EventKind.MOVEMENT, 6.5, 10.0),
        ("a cramp", EventKind.CRAMP, 8.0, 30.0),
        ("one unit that fires on", EventKind.TONIC, 1.9, 12.0),
    )
    for column, (title, kind, least_s, most_s) in enumerate(kinds):
        seed, scheduled = find_strongest("medium", kind, least_s, most_s)
        emg = record_emg("medium", seed, round(scheduled.end_s) + 12)
        span_s = scheduled.onset_s, scheduled.end_s
        at, cut = emg.at(span_s[0] - 1.0, span_s[1] + 1.0)
        upper, lower = axes[:, column]
        style.line(upper, at - span_s[0], emg.clean[cut], most=700, color=style.BLUE, lw=0.5)
        upper.set(title=title)
        _strength(lower, emg, *span_s)
    axes[0, 0].set(ylabel="filtered, uV")
    axes[1, 0].set(ylabel="strength over its greatest")
    return figure


def _strength(axes: Axes, emg: EmgStages, begin_s: float, end_s: float) -> None:
    """Draw the strength of short stretches over the strongest one, and the result."""
    at, cut = emg.at(begin_s, end_s)
    step_s = course._STEP_S * course._STRETCH
    step = round(step_s * emg.rate)
    n = len(at) // step
    floor = float(emg.floor[cut][0])
    energy = (emg.clean[cut][: n * step].reshape(n, step) ** 2).mean(axis=1)
    strength = np.sqrt(np.maximum(energy - floor, 0.0))
    strength /= np.quantile(strength, course._TOP_QUANTILE)
    axes.plot((np.arange(n) + 0.5) * step_s, strength, color=style.BLUE)
    evens_out = np.ones(course._EVENS_OUT) / course._EVENS_OUT
    even = np.convolve(strength, evens_out, mode="valid")
    middle = (np.arange(len(even)) + 0.5 * course._EVENS_OUT) * step_s
    axes.plot(middle, even, color=style.RED, lw=0.9)
    axes.set(xlabel="seconds", ylim=(0, 1.9))
    onset, offset = (round(t * emg.rate) for t in (begin_s, end_s))
    asked = onset + emg.delay, offset + emg.delay, floor
    unsteady, lonely = emg.course.unsteadiness(*asked), emg.course.loneliness(*asked)
    inside = [e for e in emg.events if e.offset > onset and e.onset < offset]
    longest = max(inside, key=lambda e: e.offset - e.onset)
    first, last = (t - begin_s for t in emg.seconds(longest))
    style.shade(axes, first, last, style.COLOURS[longest.kind])
    name = longest.kind if longest.reason is None else longest.reason
    rule = (
        f"unsteady {unsteady:.2f} (cramp: over {course._UNSTEADY:g})\n"
        f"silence {lonely:.2f} (one unit: over {course._LONE_UNIT:g})\nreported: {name}"
    )
    style.note(axes, rule)


def _middle(emg: EmgStages, frame: int) -> float:
    """Return about the second at which a shape that begins at this frame peaks."""
    return float(emg.frames(frame)[0]) + 0.08


def _on_a_beat(emg: EmgStages) -> tuple[Event, int, Samples]:
    """Return a found twitch on a beat, for the strongest such beat."""
    found = []
    for truth in emg.truth(Kind.TWITCH):
        event = emg.reported(truth)
        if event is None or event.kind is not Kind.TWITCH:
            continue
        for frame, fitted in emg.beats:
            peak = float(emg.frames(frame + int(np.abs(fitted).argmax()))[0])
            if abs(truth.onset / emg.rate - peak) < 0.03:
                found.append((np.abs(fitted).max() / truth.peak, event, frame, fitted))
    return max(found, key=lambda f: float(f[0]))[1:]
