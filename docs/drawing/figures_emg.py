"""Figures of how EMG becomes bursts and bursts become events."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from scipy.signal import welch

from drawing import style
from drawing.electrode import Electrode, brief, electrode
from drawing.listening import find, happenings, loudest
from myowatch.acquisition.simulator import SCENES, Simulation
from myowatch.acquisition.simulator.background import Noise
from myowatch.acquisition.simulator.scene import EventKind
from myowatch.signal.dsp.spans import Scale
from myowatch.signal.model.events import Event, Kind, Reason
from myowatch.signal.model.samples import Samples

if TYPE_CHECKING:
    from matplotlib.figure import Figure

_UV = "uV"
_SEEDS = range(1, 9)


def filtering() -> Figure:
    """Raw signal, band-pass, hum taken away; over time and over frequency."""
    heard = electrode("hard", 7, 60)
    twitch = _lone(heard, Kind.TWITCH, least_db=14.0, most_db=28.0)
    middle = twitch.onset / heard.rate
    at, cut = heard.at(middle - 0.25, middle + 0.27)
    _, longer = heard.at(middle - 5.0, middle + 5.0)
    figure, axes = style.panels(3, 2, height=5.4, sharey="col")
    stages = (
        ("1  as the electrode gives it", heard.raw, style.FAINT),
        ("2  20 to 450 Hz kept", heard.band, style.SKY),
        ("3  hum taken away", heard.clean, style.BLUE),
    )
    for (title, values, colour), (left, right) in zip(stages, axes, strict=True):
        left.plot(at - middle, values[cut], color="#666666" if colour == style.FAINT else colour)
        style.shade(left, 0.0, (twitch.offset - twitch.onset) / heard.rate, style.BLUE)
        left.set(title=title, ylabel=_UV)
        hertz, power = welch(values[longer], heard.rate, nperseg=round(heard.rate))
        right.semilogy(hertz, np.sqrt(power), color="#666666" if colour == style.FAINT else colour)
        right.set(ylabel="uV per root Hz", xlim=(0, 500), ylim=(0.02, None))
    style.note(axes[0, 0], "a weak twitch among hum and wander", (0.02, 0.98))
    style.note(axes[1, 1], "hum: 50 Hz and its harmonics", (0.25, 0.97))
    style.note(axes[2, 1], "the lines are gone or small, and nothing else is missing", (0.2, 0.97))
    axes[2, 0].set(xlabel="seconds from the onset of a twitch (shaded: as reported)")
    axes[2, 1].set(xlabel="frequency, Hz (ten seconds around it)")
    return figure


def thresholds() -> Figure:
    """Energy, floor, two thresholds; a single twitch and a doublet."""
    heard = electrode("clean", 7, 120)
    figure, axes = style.panels(2, 2, height=5.0, heights=[1.0, 1.3], sharey=False)
    shown = (
        ("a twitch: one potential", _lone(heard, Kind.TWITCH, count=1)),
        (
            "a doublet: two potentials within 110 ms are one twitch",
            _lone(heard, Kind.TWITCH, count=2, least_db=26.0),
        ),
    )
    for (title, event), (upper, lower) in zip(shown, axes.T, strict=True):
        onset, offset = heard.seconds(event)
        at, cut = heard.at(onset - 0.06, onset + 0.16)
        ms = (at - onset) * 1e3
        upper.plot(ms, heard.clean[cut], color=style.BLUE)
        upper.set(title=title)
        lower.semilogy(ms, np.sqrt(heard.energy[cut]), color=style.BLUE, label="energy over 8 ms")
        lower.semilogy(
            ms, np.sqrt(heard.high[cut]), color=style.RED, label="high threshold: a burst begins"
        )
        lower.semilogy(
            ms, np.sqrt(heard.low[cut]), color=style.ORANGE, label="low threshold: it ends"
        )
        lower.semilogy(ms, np.sqrt(heard.floor[cut]), color="#666666", ls="--", label="noise floor")
        for span in brief(heard.spans):
            if onset - 0.06 <= span.onset / heard.rate <= offset:
                begin, end = ((s - onset) * 1e3 for s in heard.seconds(span))
                style.shade(upper, begin, end, style.BLUE)
                style.shade(lower, begin, end, style.BLUE)
        for axis in (upper, lower):
            axis.axvline(0.0, color=style.INK, lw=0.8, ls=":")
            axis.axvline((offset - onset) * 1e3, color=style.INK, lw=0.8, ls=":")
        style.note(upper, f"reported: {event.kind}, count {event.count}", (0.98, 0.97), ha="right")
        lower.set(ylim=(1.0, 3000.0))
        lower.set(xlabel="milliseconds from the onset reported (dotted: onset and offset)")
    axes[0, 0].set(ylabel=f"filtered, {_UV}")
    axes[1, 0].set(ylabel=f"root mean square, {_UV}")
    axes[1, 1].legend(loc="upper right")
    style.note(
        axes[1, 0],
        "The window is full for 8 ms\nafter the potential is over:\nthat is taken off the offset",
        (0.52, 0.98),
    )
    return figure


def noise_floor() -> Figure:
    """A floor follows a step of noise, not a cramp, not a loose electrode."""
    figure, axes = style.panels(3, 1, height=7.2, sharex=False)
    shown = (_noise_step(), _lasting(EventKind.CRAMP, 20, 40), _lasting(EventKind.LOOSE, 10, 25))
    titles = (
        "noise that grows by itself is followed (the spikes are heart beats and twitches)",
        "a cramp may lift the floor as far as resting tone, then no more than a trickle",
        "a loose electrode is not followed either; its time is reported as not scorable",
    )
    for axis, title, (heard, begin_s, end_s) in zip(axes[:, 0], titles, shown, strict=True):
        at, cut = heard.at(begin_s, end_s)
        style.line(
            axis,
            at - begin_s,
            heard.rms()[cut],
            most=700,
            color=style.SKY,
            label="signal over 0.25 s",
        )
        for values, colour, words in (
            (heard.high, style.RED, "threshold of a twitch"),
            (heard.floor, style.INK, "noise floor"),
        ):
            level = np.sqrt(values[cut])
            style.smooth_line(axis, at - begin_s, level, color=colour, label=words)
        axis.set(yscale="log", title=title, ylabel=f"root mean square, {_UV}")
        axis.set(xlim=(0, end_s - begin_s), ylim=(1.5, 400))
        for event in heard.events:
            onset, offset = heard.seconds(event)
            long = offset - onset > 1.0 and event.kind is not Kind.MOVEMENT
            if long and event.reason is not Reason.EDGE and onset < end_s and offset > begin_s:
                name = "unscorable" if event.reason else str(event.kind)
                style.shade(axis, onset - begin_s, offset - begin_s, style.COLOURS[name])
                words = (
                    "reported: not scorable, noise" if event.reason else f"reported: {event.kind}"
                )
                axis.text(
                    (max(onset, begin_s) + min(offset, end_s)) / 2 - begin_s,
                    axis.get_ylim()[0],
                    words + "\n",
                    ha="center",
                    fontsize=8,
                )
    axes[0, 0].legend(loc="upper left", ncols=3)
    axes[-1, 0].set(xlabel="seconds")
    return figure


def one_movement() -> Figure:
    """A contraction with fringe and dips, and one unit that fires on: one movement each."""
    figure, axes = style.panels(2, 2, height=4.6, heights=[1.4, 1.0], sharey=False)
    titles = ("a voluntary contraction", "one motor unit that fires on by itself")
    for column, (title, kind) in enumerate(
        zip(titles, (EventKind.MOVEMENT, EventKind.TONIC), strict=True)
    ):
        heard, onset, offset = _as_movement(kind)
        upper, lower = axes[:, column]
        begin, end = onset - 1.0, offset + 1.5
        at, cut = heard.at(begin, end)
        style.line(upper, at - begin, heard.clean[cut], color=style.BLUE, lw=0.6)
        upper.set(title=title, xlim=(0, end - begin))
        rows = ("truth", "short window", "long window", "reported")
        lower.set(ylim=(len(rows) - 0.5, -0.5), yticks=range(len(rows)), xlabel="seconds")
        lower.set(xlim=(0, end - begin))
        lower.set_yticklabels(rows)
        style.bar(lower, onset - begin, offset - begin, 0, "#666666")
        for span in heard.spans:
            first, last = heard.seconds(span)
            if begin < first < end and span.scale is not Scale.MOTION:
                row = 1 if span.scale is Scale.BRIEF else 2
                style.bar(lower, first - begin, min(last, end) - begin, row, style.SKY)
        for event in heard.events:
            first, last = heard.seconds(event)
            if begin < first < end:
                style.bar(lower, first - begin, last - begin, 3, style.COLOURS[event.kind])
        lower.set_title(_counted(heard, begin, end), fontsize=8)
    axes[0, 0].set(ylabel=f"filtered, {_UV}")
    return figure


def _lone(
    heard: Electrode, kind: Kind, *, count: int = 1, least_db: float = 20.0, most_db: float = 60.0
) -> Event:
    """Give the first event as it truly was, well above the noise and by itself."""
    for truth in heard.truth(kind):
        event = heard.reported(truth)
        if event is None or truth.count != count or event.count != count:
            continue
        near = [e for e in heard.played.truth if abs(e.onset - truth.onset) < 0.25 * heard.rate]
        if event.kind is kind and least_db <= event.snr_db <= most_db and len(near) == 1:
            return event
    raise LookupError(f"no {kind} of {count} by itself in this scene")


def _noise_step() -> tuple[Electrode, float, float]:
    """Where noise itself grows most while nothing else happens that is not brief."""
    at = np.arange(30.0, 270.0, 1.0)
    grows = np.stack([_growth("medium", seed, at) for seed in _SEEDS])
    seed, step = np.unravel_index(np.argmax(grows), grows.shape)
    heard = electrode("medium", _SEEDS[seed], round(at[step]) + 30)
    return heard, at[step] - 12.0, at[step] + 18.0


def _growth(scene: str, seed: int, at: Samples) -> Samples:
    noise = Noise(SCENES[scene].electrodes, 1000.0, seed, 0)
    grows = noise.level(at + 5.0) / noise.level(at - 5.0)
    for other in happenings(Simulation(scene, seed=seed), 300):
        if other.lasting_s:
            grows[(at > other.onset_s - 20.0) & (at < other.end_s + 13.0)] = 0.0
        if other.kind is EventKind.DROPOUT:
            grows[at > other.onset_s] = 0.0
    return np.asarray(grows)


def _lasting(kind: EventKind, least_s: float, most_s: float) -> tuple[Electrode, float, float]:
    """Where something lasts for so long."""
    seed, happening = find("hard", kind, least_s, most_s)
    heard = electrode("hard", seed, round(happening.end_s) + 12)
    return heard, happening.onset_s - 8.0, happening.end_s + 8.0


def _as_movement(kind: EventKind) -> tuple[Electrode, float, float]:
    """Where something that is a movement lasts two and a half to six seconds."""
    seed, happening = loudest("medium", kind, 1.9, 12.0)
    return (
        electrode("medium", seed, round(happening.end_s) + 12),
        happening.onset_s,
        happening.end_s,
    )


def _counted(heard: Electrode, begin: float, end: float) -> str:
    ours = (e for e in heard.events if e.reason is None)
    events = [e for e in ours if begin * heard.rate < e.onset < end * heard.rate]
    bursts = [s for s in brief(heard.spans) if begin < s.onset / heard.rate < end]
    names = ", ".join(
        f"{sum(e.kind is kind for e in events)} {kind}"
        for kind in Kind
        if kind in {e.kind for e in events}
    )
    return f"{len(bursts)} bursts of the short window; reported: {names}"
