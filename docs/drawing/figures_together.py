"""Figures of streams that are detected together, and of a whole scene."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

import numpy as np

from drawing import style
from drawing.recorded_stages import PlayedScene, RecordedCalls, detect, detector_stages, play
from myowatch.acquisition.simulator import Simulation, WornSensors
from myowatch.signal.detector.detector import Detector
from myowatch.signal.model.events import UNSCORABLE, Event, Kind, Reason
from myowatch.signal.model.samples import Samples

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure


@dataclass(frozen=True)
class StreamsTogether:
    """The streams of one wearer: filtered signals without delay, and events."""

    played: PlayedScene
    clean: dict[str, Samples]
    motion: Samples
    alone: list[Event]
    events: list[Event]

    def rate(self, stream: str) -> float:
        """Return the sampling rate of a stream."""
        return next(s.sampling_rate for s in self.played.streams if s.name == stream)


@cache
def _record_streams(scene: str, seed: int, seconds: int) -> StreamsTogether:
    played = play(Simulation(scene, seed=seed, channels=2, wears=WornSensors.BOTH), seconds)
    detector = Detector(played.streams)
    electrodes = [s.name for s in played.streams[:-1]]
    accelerometer = played.streams[-1].name
    fronts = {s.name: detector_stages(detector, s.name)[0] for s in played.streams}
    calls = {name: RecordedCalls(fronts[name]._mains) for name in electrodes}
    whole, motion = (
        RecordedCalls(fronts[accelerometer]._whole),
        RecordedCalls(fronts[accelerometer]._motion),
    )
    found = [e for b in played.blocks for e in detector.process(b)] + detector.flush()
    events = [e for e in found if not e.provisional]
    clean = {name: call.gave()[fronts[name].delay :] for name, call in calls.items()}
    magnitude = np.sqrt((whole.gave() ** 2).sum(axis=1)) * 1e3
    clean[accelerometer] = magnitude[fronts[accelerometer].delay :]
    limit = fronts[accelerometer]._slow_motion
    alone = [e for s in played.streams for e in detect(played, (s.name,))]
    return StreamsTogether(played, clean, motion.gave() * (1.0 / limit), alone, events)


def together() -> Figure:
    """Draw crosstalk, agreement of sensors, and a moving limb."""
    figure, axes = style.panels(2, 3, height=4.8, sharey=False)
    _crosstalk(axes[:, 0], _record_streams("medium", 1, 120))
    _agreement(axes[:, 1], _record_streams("hard", 1, 150))
    _moved(axes[:, 2])
    for axis in axes[1]:
        axis.set(xlabel="milliseconds from the onset")
    return figure


def _crosstalk(axes: np.ndarray, wearer: StreamsTogether) -> None:
    rejected = [e for e in wearer.events if e.reason is Reason.CROSSTALK]
    event = max(rejected, key=lambda e: e.snr_db)
    own, other = event.stream, next(n for n in wearer.clean if n not in (event.stream, "ACC"))
    begin_s = event.onset / wearer.rate(own)
    _signal(axes[0], wearer, other, begin_s, title="one twitch, two electrodes")
    _signal(axes[1], wearer, own, begin_s)
    style.note(axes[0], "the muscle it came from:\ncounted", (0.98, 0.97), ha="right")
    style.note(axes[1], "its neighbour, weaker:\nrejected, crosstalk", (0.98, 0.97), ha="right")
    _shade(axes, wearer, event, style.FAINT)


def _agreement(axes: np.ndarray, wearer: StreamsTogether) -> None:
    alone = {(e.stream, e.onset): e for e in wearer.alone if e.kind is Kind.TWITCH}
    agreed = [
        (e.confidence - alone[e.stream, e.onset].confidence, e)
        for e in wearer.events
        if e.kind is Kind.TWITCH and (e.stream, e.onset) in alone and _both_saw(wearer, e)
    ]
    _, event = max(agreed, key=lambda a: a[0])
    begin_s = event.onset / wearer.rate(event.stream)
    _signal(axes[0], wearer, event.stream, begin_s, title="electrode and skin agree")
    _signal(axes[1], wearer, "ACC", begin_s)
    before = alone[event.stream, event.onset].confidence
    words = f"confidence {before:.2f} alone,\n{event.confidence:.2f} together"
    style.note(axes[0], words, (0.98, 0.99), ha="right")
    _shade(axes, wearer, event, style.BLUE)


def _both_saw(wearer: StreamsTogether, event: Event) -> bool:
    """Return whether an event is a true twitch of the muscle under the accelerometer."""
    at_s = event.onset / wearer.rate(event.stream)
    near = {
        t.stream
        for t in wearer.played.truth
        if t.kind is Kind.TWITCH and abs(t.onset / wearer.rate(t.stream) - at_s) < 0.02
    }
    return event.stream == "EMG1" and {"EMG1", "ACC"} <= near


def _moved(axes: np.ndarray) -> None:
    wearer, alone, event = _explained_by_motion()
    rate = wearer.rate(event.stream)
    begin_s, lasts_s = event.onset / rate, (event.offset - event.onset) / rate
    span_s = (-0.1 - 0.2 * lasts_s, 0.25 + 1.2 * lasts_s)
    _signal(axes[0], wearer, event.stream, begin_s, span_s=span_s, title="the limb moved")
    rate = wearer.rate("ACC")
    cut = slice(*(round((begin_s + s) * rate) for s in span_s))
    at = (np.arange(len(wearer.motion))[cut] / rate - begin_s) * 1e3
    style.smooth_line(axes[1], at, wearer.motion[cut], color=style.ORANGE)
    axes[1].axhline(1.0, color=style.RED, lw=0.9)
    axes[1].set(ylabel="slow motion over its limit", ylim=(0, None))
    now = f"rejected, {event.reason}" if event.reason else str(event.kind)
    style.note(axes[0], f"{alone.kind} alone,\n{now} together", (0.98, 0.97), ha="right")
    _shade(axes, wearer, event, style.FAINT)


def _explained_by_motion() -> tuple[StreamsTogether, Event, Event]:
    """Return the first EMG event whose kind changed because the limb moved."""
    for scene, seed, seconds in (("restless", 2, 170), ("medium", 3, 170), ("hard", 5, 160)):
        wearer = _record_streams(scene, seed, seconds)
        alone = {(e.stream, e.onset): e for e in wearer.alone if e.stream != "ACC"}
        for event in wearer.events:
            before = alone.get((event.stream, event.onset))
            if before and before.kind is not event.kind and event.reason is not Reason.CROSSTALK:
                return wearer, before, event
    raise LookupError("no event that the limb's motion explains")


def _signal(
    axes: Axes,
    wearer: StreamsTogether,
    stream: str,
    begin_s: float,
    *,
    span_s: tuple[float, float] = (-0.1, 0.25),
    title: str = "",
) -> None:
    rate = wearer.rate(stream)
    cut = slice(*(round((begin_s + s) * rate) for s in span_s))
    at = (np.arange(len(wearer.clean[stream]))[cut] / rate - begin_s) * 1e3
    colour = style.PURPLE if stream == "ACC" else style.BLUE
    style.line(axes, at, wearer.clean[stream][cut], color=colour)
    axes.set(title=title, ylabel=f"{stream}, {'mg' if stream == 'ACC' else 'uV'}")


def _shade(axes: np.ndarray, wearer: StreamsTogether, event: Event, colour: str) -> None:
    lasts = (event.offset - event.onset) / wearer.rate(event.stream) * 1e3
    for axis in axes:
        style.shade(axis, 0.0, lasts, colour, alpha=0.4)


def ten_minutes() -> Figure:
    """Draw a whole scene: signal, true events, found events, rejected events."""
    played = play(Simulation("hard", seed=8, wears=WornSensors.BOTH), 600)
    events = detect(played)
    figure, axes = style.panels(4, 1, height=7.2, heights=[1, 1.1, 1, 1.1], sharey=False)
    for stream, (signal, lanes) in zip(played.streams, axes[:, 0].reshape(2, 2), strict=True):
        raw = played.raw(stream.name)
        at = np.arange(len(raw)) / stream.sampling_rate / 60
        emg = len(stream.channels) == 1
        shown = raw[:, 0] if emg else np.linalg.norm(raw, axis=1)
        style.line(signal, at, shown, most=900, color="#666666", lw=0.5)
        signal.set(ylabel="EMG, uV" if emg else "acceleration, g", xlim=(0, 10))
        signal.set(ylim=(-1500, 1500) if emg else (0.5, 1.5))
        own = [e for e in events if e.stream == stream.name]
        truth = [e for e in played.truth if e.stream == stream.name]
        _lanes(lanes, truth, own, stream.sampling_rate * 60)
    axes[-1, 0].set(xlabel="minutes")
    return figure


def _lanes(axes: Axes, truth: list[Event], events: list[Event], per_minute: float) -> None:
    rejected = [e for e in events if e.reason and e.reason not in UNSCORABLE]
    lanes = [("truth", e) for e in truth if e.reason is None]
    lanes += [("found", e) for e in events if e.reason is None]
    lanes += [(f"not counted: {e.reason}".replace("_", " "), e) for e in rejected]
    lanes += [(f"not scorable: {e.reason}", e) for e in events if e.reason in UNSCORABLE]
    names = list(dict.fromkeys(name for name, _ in lanes))
    axes.set(xlim=(0, 10), ylim=(len(names) - 0.5, -0.5), yticks=range(len(names)))
    axes.set_yticklabels(names)
    for row, name in enumerate(names):
        for kind in (Kind.CRAMP, Kind.MOVEMENT, Kind.TWITCH, Kind.ARTEFACT):
            stretches = [
                (e.onset / per_minute, e.offset / per_minute)
                for lane, e in lanes
                if lane == name and e.kind is kind
            ]
            colour = style.COLOURS[kind if name in ("truth", "found") else "unscorable"]
            if stretches:
                style.bars(axes, stretches, row, colour)
    for colour, kind in ((style.COLOURS[k], k) for k in (Kind.TWITCH, Kind.MOVEMENT, Kind.CRAMP)):
        axes.plot([], [], color=colour, lw=6, label=kind)
    axes.legend(ncols=3, loc="lower right", bbox_to_anchor=(1.0, 1.0), borderpad=0.0)
