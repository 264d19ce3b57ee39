"""Figures of accelerometer signals: twitches, taps, moving limbs, lasting vibration."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from drawing import style
from drawing.accelerometer_stages import AccelerometerStages, record_accelerometer
from drawing.recorded_stages import find_first
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
    """Draw three bands and the spectrum of a twitch and of a tap."""
    acc = record_accelerometer("medium", 8, 300)
    shown = (
        ("a twitch: skin rings slowly, along one line", Kind.TWITCH, None),
        ("a tap on the table: it rings higher", Kind.ARTEFACT, Reason.TAP),
    )
    figure, axes = style.panels(3, 2, height=6.6, sharex="row", sharey=False)
    for (title, kind, reason), (top, middle, bottom) in zip(shown, axes.T, strict=True):
        event = _typical(acc, kind, reason)
        onset = event.onset / acc.rate
        at, cut = acc.at(onset - 0.3, onset + 0.6)
        ms = (at - onset) * 1e3
        for axis, colour, name in zip(acc.around_rest(cut).T, _AXES, "xyz", strict=True):
            top.plot(ms, axis, color=colour, label=name)
        top.set(title=title, ylabel="acceleration, mg")
        late = acc.delay_s * 1e3
        for band, colour, (low, high, *_) in zip(
            acc.over[cut].T, _BANDS, accelerometer._BANDS, strict=True
        ):
            middle.semilogy(ms - late, band, color=colour, label=f"{low:g} to {high:g} Hz")
        middle.axhline(1.0, color=style.RED, lw=0.9)
        middle.axhline(acc.low, color=style.RED, lw=0.9, ls=":")
        middle.set(ylabel="along one line,\nover the threshold")
        middle.set(xlabel="milliseconds from the onset reported")
        for axis in (top, middle):
            style.shade(axis, 0.0, (event.offset - event.onset) / acc.rate * 1e3, style.BLUE)
        _spectrum(bottom, acc, event)
    axes[0, 0].legend(ncols=3, loc="lower right")
    axes[1, 1].legend(loc="upper right")
    return figure


def _spectrum(axes: Axes, acc: AccelerometerStages, event: Event) -> None:
    """Draw the spectra of the burst and of the noise before it, and the share above the split."""
    length = round(0.5 * acc.rate)
    pieces = [acc.raw[b : b + length] for b in (event.onset - 10, event.onset - length - 10)]
    window = np.hanning(length)[:, np.newaxis]
    spectra = [
        np.sqrt((np.abs(np.fft.rfft((p - p.mean(axis=0)) * window, axis=0)) ** 2).sum(axis=1))
        for p in pieces
    ]
    hertz = np.fft.rfftfreq(length, 1 / acc.rate)
    for spectrum, colour, name in zip(
        spectra, (style.BLUE, style.FAINT), ("this burst", "half a second before"), strict=True
    ):
        axes.plot(hertz, spectrum / spectra[0].max(), color=colour, label=name)
    style.shade(axes, taps._SPLIT_HZ, hertz[-1], style.RED, alpha=0.12)
    axes.set(xlabel="frequency, Hz", ylabel="amplitude over its greatest")
    axes.set(xlim=(0, hertz[-1]), ylim=(0, 1.45))
    share = [s for onset, _, s in acc.taps if onset == event.onset]
    name = event.kind if event.reason is None else f"rejected, {event.reason}"
    split = f"above {taps._SPLIT_HZ:g} Hz: {share[0]:.0%} of the energy" if share else ""
    style.note(axes, f"{split}\nreported: {name}", (0.98, 0.8), ha="right")
    axes.legend(loc="upper right", ncols=2)


def motion() -> Figure:
    """Draw a moving limb, a walk, and lasting vibration."""
    shown = (
        ("a limb is moved", EventKind.MOVEMENT, 2.5, 6.0),
        ("walking", EventKind.WALK, 5.0, 20.0),
        ("a cramp: vibration that lasts", EventKind.CRAMP, 8.0, 30.0),
    )
    figure, axes = style.panels(4, 3, height=6.8, heights=[1.2, 1, 1, 0.35], sharey=False)
    for column, (title, kind, least_s, most_s) in zip(axes.T, shown, strict=True):
        seed, scheduled = find_first("medium", kind, least_s, most_s)
        acc = record_accelerometer("medium", seed, round(scheduled.end_s) + 12)
        begin, end = scheduled.onset_s - 2.0, scheduled.end_s + 2.5
        at, cut = acc.at(begin, end)
        top, slow, lasts, bars = column
        for axis, colour in zip(acc.around_rest(cut).T, _AXES, strict=True):
            style.line(top, at - begin, axis, most=120, color=colour, lw=0.6)
        top.set(title=title, xlim=(0, end - begin))
        style.smooth_line(slow, at - begin, acc.motion[cut], color=style.ORANGE)
        steps = slice(*(round(t / acc.lasting_s) for t in (begin, end)))
        lasting = acc.lasting[steps]
        lasts.plot(
            np.arange(len(lasting)) * acc.lasting_s,
            np.maximum(lasting, 0.01),
            color=style.PURPLE,
        )
        lasts.axhline(acc.lasting_high, color=style.RED, lw=0.9)
        slow.axhline(1.0, color=style.RED, lw=0.9)
        slow.set(yscale="log", ylim=(0.01, 20))
        lasts.set(yscale="log", ylim=(0.3, 12))
        _bars(bars, acc, begin, end)
    axes[0, 0].set(ylabel="acceleration, mg")
    axes[1, 0].set(ylabel="slow motion\nover its limit")
    axes[2, 0].set(ylabel="what a second holds\nover the noise")
    return figure


def _bars(axes: Axes, acc: AccelerometerStages, begin: float, end: float) -> None:
    axes.set(xlim=(0, end - begin), ylim=(-0.6, 0.6), yticks=[0], xlabel="seconds")
    axes.set_yticklabels(["reported"])
    names = []
    for event in acc.events:
        onset, offset = event.onset / acc.rate, event.offset / acc.rate
        if begin < onset < end:
            name = str(event.kind) if event.reason is None else f"{event.reason}"
            colour = style.COLOURS[event.kind if event.reason is None else "artefact"]
            style.bar(axes, onset - begin, min(offset, end) - begin, 0, colour)
            names.append(name)
    counts = {name: names.count(name) for name in names}
    axes.set_title(", ".join(f"{n} {name}" for name, n in counts.items()), fontsize=8)


def _typical(acc: AccelerometerStages, kind: Kind, reason: Reason | None) -> Event:
    """Return the isolated, correctly found event of median strength."""
    found = []
    for truth in acc.truth(kind, reason):
        event = acc.reported(truth)
        near = [e for e in acc.played.truth if abs(e.onset - truth.onset) < 0.8 * acc.rate]
        if event and (event.kind, event.reason) == (kind, reason) and len(near) == 1:
            found.append(event)
    found.sort(key=lambda e: e.snr_db)
    return found[len(found) // 2]
