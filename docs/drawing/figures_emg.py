"""Figures of how EMG becomes bursts, and bursts become events."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from scipy.signal import welch

from drawing import style
from drawing.emg_stages import EmgStages, brief_spans, record_emg
from drawing.recorded_stages import find_first, find_strongest, scheduled_events
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
    """Draw raw signal, band-pass and signal without hum, over time and over frequency."""
    emg = record_emg("hard", 7, 60)
    twitch = _lone(emg, Kind.TWITCH, least_db=14.0, most_db=28.0)
    middle = twitch.onset / emg.rate
    at, cut = emg.at(middle - 0.25, middle + 0.27)
    _, longer = emg.at(middle - 5.0, middle + 5.0)
    figure, axes = style.panels(3, 2, height=5.4, sharey="col")
    stages = (
        ("1  as the electrode gives it", emg.raw, style.FAINT),
        ("2  20 to 450 Hz kept", emg.band, style.SKY),
        ("3  hum taken away", emg.clean, style.BLUE),
    )
    for (title, values, colour), (left, right) in zip(stages, axes, strict=True):
        left.plot(at - middle, values[cut], color="#666666" if colour == style.FAINT else colour)
        style.shade(left, 0.0, (twitch.offset - twitch.onset) / emg.rate, style.BLUE)
        left.set(title=title, ylabel=_UV)
        hertz, power = welch(values[longer], emg.rate, nperseg=round(emg.rate))
        right.semilogy(hertz, np.sqrt(power), color="#666666" if colour == style.FAINT else colour)
        right.set(ylabel="uV per root Hz", xlim=(0, 500), ylim=(0.02, None))
    style.note(axes[0, 0], "a weak twitch among hum and wander", (0.02, 0.98))
    style.note(axes[1, 1], "hum: 50 Hz and its harmonics", (0.25, 0.97))
    style.note(axes[2, 1], "the lines are gone or small, and nothing else is missing", (0.2, 0.97))
    axes[2, 0].set(xlabel="seconds from the onset of a twitch (shaded: as reported)")
    axes[2, 1].set(xlabel="frequency, Hz (ten seconds around it)")
    return figure


def thresholds() -> Figure:
    """Draw energy, noise floor and two thresholds for a single twitch and a doublet."""
    emg = record_emg("clean", 7, 120)
    figure, axes = style.panels(2, 2, height=5.0, heights=[1.0, 1.3], sharey=False)
    shown = (
        ("a twitch: one potential", _lone(emg, Kind.TWITCH, count=1)),
        (
            "a doublet: two potentials within 110 ms are one twitch",
            _lone(emg, Kind.TWITCH, count=2, least_db=26.0),
        ),
    )
    for (title, event), (upper, lower) in zip(shown, axes.T, strict=True):
        onset, offset = emg.seconds(event)
        at, cut = emg.at(onset - 0.06, onset + 0.16)
        ms = (at - onset) * 1e3
        upper.plot(ms, emg.clean[cut], color=style.BLUE)
        upper.set(title=title)
        lower.semilogy(ms, np.sqrt(emg.energy[cut]), color=style.BLUE, label="energy over 8 ms")
        lower.semilogy(
            ms, np.sqrt(emg.high[cut]), color=style.RED, label="high threshold: a burst begins"
        )
        lower.semilogy(
            ms, np.sqrt(emg.low[cut]), color=style.ORANGE, label="low threshold: it ends"
        )
        lower.semilogy(ms, np.sqrt(emg.floor[cut]), color="#666666", ls="--", label="noise floor")
        for span in brief_spans(emg.spans):
            if onset - 0.06 <= span.onset / emg.rate <= offset:
                begin, end = ((s - onset) * 1e3 for s in emg.seconds(span))
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
    """Draw how the floor follows a step of noise, not a cramp or a loose electrode."""
    figure, axes = style.panels(3, 1, height=7.2, sharex=False)
    shown = (_noise_step(), _lasting(EventKind.CRAMP, 20, 40), _lasting(EventKind.LOOSE, 10, 25))
    titles = (
        "noise that grows by itself is followed (the spikes are heart beats and twitches)",
        "a cramp may lift the floor as far as resting tone, then no more than a trickle",
        "a loose electrode is not followed either; its time is reported as not scorable",
    )
    for axis, title, (emg, begin_s, end_s) in zip(axes[:, 0], titles, shown, strict=True):
        at, cut = emg.at(begin_s, end_s)
        style.line(
            axis,
            at - begin_s,
            emg.rms()[cut],
            most=700,
            color=style.SKY,
            label="signal over 0.25 s",
        )
        for values, colour, words in (
            (emg.high, style.RED, "threshold of a twitch"),
            (emg.floor, style.INK, "noise floor"),
        ):
            level = np.sqrt(values[cut])
            style.smooth_line(axis, at - begin_s, level, color=colour, label=words)
        axis.set(yscale="log", title=title, ylabel=f"root mean square, {_UV}")
        axis.set(xlim=(0, end_s - begin_s), ylim=(1.5, 400))
        for event in emg.events:
            onset, offset = emg.seconds(event)
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
    """Draw a contraction with fringe and dips, and one unit that keeps firing."""
    figure, axes = style.panels(2, 2, height=4.6, heights=[1.4, 1.0], sharey=False)
    titles = ("a voluntary contraction", "one motor unit that fires on by itself")
    for column, (title, kind) in enumerate(
        zip(titles, (EventKind.MOVEMENT, EventKind.TONIC), strict=True)
    ):
        emg, onset, offset = _as_movement(kind)
        upper, lower = axes[:, column]
        begin, end = onset - 1.0, offset + 1.5
        at, cut = emg.at(begin, end)
        style.line(upper, at - begin, emg.clean[cut], color=style.BLUE, lw=0.6)
        upper.set(title=title, xlim=(0, end - begin))
        rows = ("truth", "short window", "long window", "reported")
        lower.set(ylim=(len(rows) - 0.5, -0.5), yticks=range(len(rows)), xlabel="seconds")
        lower.set(xlim=(0, end - begin))
        lower.set_yticklabels(rows)
        style.bar(lower, onset - begin, offset - begin, 0, "#666666")
        for span in emg.spans:
            first, last = emg.seconds(span)
            if begin < first < end and span.scale is not Scale.MOTION:
                row = 1 if span.scale is Scale.BRIEF else 2
                style.bar(lower, first - begin, min(last, end) - begin, row, style.SKY)
        for event in emg.events:
            first, last = emg.seconds(event)
            if begin < first < end:
                style.bar(lower, first - begin, last - begin, 3, style.COLOURS[event.kind])
        lower.set_title(_counted(emg, begin, end), fontsize=8)
    axes[0, 0].set(ylabel=f"filtered, {_UV}")
    return figure


def _lone(
    emg: EmgStages,
    kind: Kind,
    *,
    count: int = 1,
    least_db: float = 20.0,
    most_db: float = 60.0,
) -> Event:
    """Return the first isolated event that was found as it was, well above the noise."""
    for truth in emg.truth(kind):
        event = emg.reported(truth)
        if event is None or truth.count != count or event.count != count:
            continue
        near = [e for e in emg.played.truth if abs(e.onset - truth.onset) < 0.25 * emg.rate]
        if event.kind is kind and least_db <= event.snr_db <= most_db and len(near) == 1:
            return event
    raise LookupError(f"no {kind} of {count} by itself in this scene")


def _noise_step() -> tuple[EmgStages, float, float]:
    """Return where noise itself grows most while no long event happens."""
    at = np.arange(30.0, 270.0, 1.0)
    grows = np.stack([_growth("medium", seed, at) for seed in _SEEDS])
    seed, step = np.unravel_index(np.argmax(grows), grows.shape)
    emg = record_emg("medium", _SEEDS[seed], round(at[step]) + 30)
    return emg, at[step] - 12.0, at[step] + 18.0


def _growth(scene: str, seed: int, at: Samples) -> Samples:
    noise = Noise(SCENES[scene].electrodes, 1000.0, seed, 0)
    grows = noise.level(at + 5.0) / noise.level(at - 5.0)
    for other in scheduled_events(Simulation(scene, seed=seed), 300):
        if other.lasting_s:
            grows[(at > other.onset_s - 20.0) & (at < other.end_s + 13.0)] = 0.0
        if other.kind is EventKind.DROPOUT:
            grows[at > other.onset_s] = 0.0
    return np.asarray(grows)


def _lasting(kind: EventKind, least_s: float, most_s: float) -> tuple[EmgStages, float, float]:
    """Return a stretch around a long event of a kind and duration."""
    seed, scheduled = find_first("hard", kind, least_s, most_s)
    emg = record_emg("hard", seed, round(scheduled.end_s) + 12)
    return emg, scheduled.onset_s - 8.0, scheduled.end_s + 8.0


def _as_movement(kind: EventKind) -> tuple[EmgStages, float, float]:
    """Return where something that is a movement lasts 1.9 to 12 seconds."""
    seed, scheduled = find_strongest("medium", kind, 1.9, 12.0)
    return (
        record_emg("medium", seed, round(scheduled.end_s) + 12),
        scheduled.onset_s,
        scheduled.end_s,
    )


def _counted(emg: EmgStages, begin: float, end: float) -> str:
    ours = (e for e in emg.events if e.reason is None)
    events = [e for e in ours if begin * emg.rate < e.onset < end * emg.rate]
    bursts = [s for s in brief_spans(emg.spans) if begin < s.onset / emg.rate < end]
    names = ", ".join(
        f"{sum(e.kind is kind for e in events)} {kind}"
        for kind in Kind
        if kind in {e.kind for e in events}
    )
    return f"{len(bursts)} bursts of the short window; reported: {names}"
