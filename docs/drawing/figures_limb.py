"""Figures of what an accelerometer sees: twitches, taps, limbs that move, vibration that lasts."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from drawing import style
from drawing.limb import Limb, limb
from drawing.listening import find
from myowatch.acquisition.simulator.scene import EventKind
from myowatch.signal.accelerometer import accelerometer_front as accelerometer
from myowatch.signal.accelerometer import taps
from myowatch.signal.model.events import Event, Kind, Reason

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

_BANDS = (style.GREEN, style.BLUE, style.ORANGE)
_AXES = (style.INK, style.SKY, style.PURPLE)


def tap() -> Figure:
    """Three bands of a twitch and of a tap, and how high each reaches."""
    felt = limb("medium", 8, 300)
    shown = (
        ("a twitch: skin rings slowly, along one line", Kind.TWITCH, None),
        ("a tap on the table: it rings higher", Kind.ARTEFACT, Reason.TAP),
    )
    figure, axes = style.panels(3, 2, height=6.6, sharex="row", sharey=False)
    for (title, kind, reason), (top, middle, bottom) in zip(shown, axes.T, strict=True):
        event = _typical(felt, kind, reason)
        onset = event.onset / felt.rate
        at, cut = felt.at(onset - 0.3, onset + 0.6)
        ms = (at - onset) * 1e3
        for axis, colour, name in zip(felt.around_rest(cut).T, _AXES, "xyz", strict=True):
            top.plot(ms, axis, color=colour, label=name)
        top.set(title=title, ylabel="acceleration, mg")
        late = felt.delay_s * 1e3
        for band, colour, (low, high, *_) in zip(
            felt.over[cut].T, _BANDS, accelerometer._BANDS, strict=True
        ):
            middle.semilogy(ms - late, band, color=colour, label=f"{low:g} to {high:g} Hz")
        middle.axhline(1.0, color=style.RED, lw=0.9)
        middle.axhline(felt.low, color=style.RED, lw=0.9, ls=":")
        middle.set(ylabel="along one line,\nover the threshold")
        middle.set(xlabel="milliseconds from the onset reported")
        for axis in (top, middle):
            style.shade(axis, 0.0, (event.offset - event.onset) / felt.rate * 1e3, style.BLUE)
        _spectrum(bottom, felt, event)
    axes[0, 0].legend(ncols=3, loc="lower right")
    axes[1, 1].legend(loc="upper right")
    return figure


def _spectrum(axes: Axes, felt: Limb, event: Event) -> None:
    """Power of the burst over the noise before it, and the share above the split."""
    length = round(0.5 * felt.rate)
    pieces = [felt.raw[b : b + length] for b in (event.onset - 10, event.onset - length - 10)]
    window = np.hanning(length)[:, np.newaxis]
    spectra = [
        np.sqrt((np.abs(np.fft.rfft((p - p.mean(axis=0)) * window, axis=0)) ** 2).sum(axis=1))
        for p in pieces
    ]
    hertz = np.fft.rfftfreq(length, 1 / felt.rate)
    for spectrum, colour, name in zip(
        spectra, (style.BLUE, style.FAINT), ("this burst", "half a second before"), strict=True
    ):
        axes.plot(hertz, spectrum / spectra[0].max(), color=colour, label=name)
    style.shade(axes, taps._SPLIT_HZ, hertz[-1], style.RED, alpha=0.12)
    axes.set(xlabel="frequency, Hz", ylabel="amplitude over its greatest")
    axes.set(xlim=(0, hertz[-1]), ylim=(0, 1.45))
    share = [s for onset, _, s in felt.taps if onset == event.onset]
    name = event.kind if event.reason is None else f"rejected, {event.reason}"
    split = f"above {taps._SPLIT_HZ:g} Hz: {share[0]:.0%} of the energy" if share else ""
    style.note(axes, f"{split}\nreported: {name}", (0.98, 0.8), ha="right")
    axes.legend(loc="upper right", ncols=2)


def motion() -> Figure:
    """A limb that moves, a walk, and vibration that lasts."""
    shown = (
        ("a limb is moved", EventKind.MOVEMENT, 2.5, 6.0),
        ("walking", EventKind.WALK, 5.0, 20.0),
        ("a cramp: vibration that lasts", EventKind.CRAMP, 8.0, 30.0),
    )
    figure, axes = style.panels(4, 3, height=6.8, heights=[1.2, 1, 1, 0.35], sharey=False)
    for column, (title, kind, least_s, most_s) in zip(axes.T, shown, strict=True):
        seed, happening = find("medium", kind, least_s, most_s)
        felt = limb("medium", seed, round(happening.end_s) + 12)
        begin, end = happening.onset_s - 2.0, happening.end_s + 2.5
        at, cut = felt.at(begin, end)
        top, slow, lasts, bars = column
        for axis, colour in zip(felt.around_rest(cut).T, _AXES, strict=True):
            style.line(top, at - begin, axis, most=120, color=colour, lw=0.6)
        top.set(title=title, xlim=(0, end - begin))
        style.smooth_line(slow, at - begin, felt.motion[cut], color=style.ORANGE)
        steps = slice(*(round(t / felt.lasting_s) for t in (begin, end)))
        lasting = felt.lasting[steps]
        lasts.plot(
            np.arange(len(lasting)) * felt.lasting_s, np.maximum(lasting, 0.01), color=style.PURPLE
        )
        lasts.axhline(felt.lasting_high, color=style.RED, lw=0.9)
        slow.axhline(1.0, color=style.RED, lw=0.9)
        slow.set(yscale="log", ylim=(0.01, 20))
        lasts.set(yscale="log", ylim=(0.3, 12))
        _bars(bars, felt, begin, end)
    axes[0, 0].set(ylabel="acceleration, mg")
    axes[1, 0].set(ylabel="slow motion\nover its limit")
    axes[2, 0].set(ylabel="what a second holds\nover the noise")
    return figure


def _bars(axes: Axes, felt: Limb, begin: float, end: float) -> None:
    axes.set(xlim=(0, end - begin), ylim=(-0.6, 0.6), yticks=[0], xlabel="seconds")
    axes.set_yticklabels(["reported"])
    names = []
    for event in felt.events:
        onset, offset = event.onset / felt.rate, event.offset / felt.rate
        if begin < onset < end:
            name = str(event.kind) if event.reason is None else f"{event.reason}"
            colour = style.COLOURS[event.kind if event.reason is None else "artefact"]
            style.bar(axes, onset - begin, min(offset, end) - begin, 0, colour)
            names.append(name)
    counts = {name: names.count(name) for name in names}
    axes.set_title(", ".join(f"{n} {name}" for name, n in counts.items()), fontsize=8)


def _typical(felt: Limb, kind: Kind, reason: Reason | None) -> Event:
    """Give the event of middling strength among those found as they were, by themselves."""
    found = []
    for truth in felt.truth(kind, reason):
        event = felt.reported(truth)
        near = [e for e in felt.played.truth if abs(e.onset - truth.onset) < 0.8 * felt.rate]
        if event and (event.kind, event.reason) == (kind, reason) and len(near) == 1:
            found.append(event)
    found.sort(key=lambda e: e.snr_db)
    return found[len(found) // 2]
