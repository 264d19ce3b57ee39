"""One EMG channel: its muscle, its electrodes and its front end."""

from collections.abc import Callable, Mapping
from functools import partial

import numpy as np

from myowatch.acquisition.simulator import activity, electrode
from myowatch.acquisition.simulator.background import Mains, Noise, Wander
from myowatch.acquisition.simulator.chance import chance
from myowatch.acquisition.simulator.extent import extent
from myowatch.acquisition.simulator.happening import Happening
from myowatch.acquisition.simulator.heart import LASTING_S, Heart
from myowatch.acquisition.simulator.mixer import Mixer
from myowatch.acquisition.simulator.motor_unit import POOL, UNITS, motor_units, volley
from myowatch.acquisition.simulator.observer import SEEN
from myowatch.acquisition.simulator.scene import Happens, Scene, Twitching
from myowatch.signal.events import Event, Kind, Reason
from myowatch.signal.samples import Samples, Stream, quantise

RESOLUTION_UV = 0.025
RAIL_UV = (2**23 - 1) * RESOLUTION_UV
"""Full scale of a 24-bit converter of that resolution, 210 mV."""
ABOVE_NOISE = 2.0
RECOVERED_UV = 1000.0
"""A saturated front end counts as recovered below this."""


class EmgSensor:
    """Samples of one EMG channel, in order, and the events that are truly in them."""

    def __init__(self, stream: Stream, scene: Scene, seed: int, channel: int, mains_hz: float):
        self.stream, self._channel = stream, channel
        self._twitching = scene.twitching or Twitching((0.0, 0.0))
        self._units = motor_units(self._twitching, seed, channel, POOL)
        self._noise = Noise(scene.electrodes, stream.sampling_rate, seed, channel)
        self._mains = Mains(scene.electrodes, mains_hz, seed, channel)
        self._loose_mains = Mains(scene.electrodes, mains_hz, seed, "loose", channel)
        self._wander = Wander(scene.electrodes.wander_uv, seed, channel)
        self._heart = Heart(scene.electrodes.heart_uv, seed, channel)
        self._muscle, self._electrode, self._contact = Mixer(), Mixer(), Mixer()
        self._flat_lines: list[tuple[int, int]] = []
        self._missing: list[tuple[int, int]] = []
        self._hidden: list[tuple[int, int]] = []
        self._neighbours: list[tuple[Mixer, float]] = []
        self._makers: Mapping[Happens, Callable[[Happening], list[Event]]] = {
            Happens.TWITCH: self._twitch,
            Happens.MOVEMENT: self._contraction,
            Happens.PERIODIC: self._contraction,
            Happens.WALK: self._walk,
            Happens.CRAMP: self._cramp,
            Happens.TONIC: self._tonic,
            Happens.BEAT: partial(self._beat, ectopic=False),
            Happens.ECTOPIC: partial(self._beat, ectopic=True),
            Happens.POP: self._pop,
            Happens.LOOSE: self._loose,
            Happens.CABLE: self._cable,
            Happens.FLAT: self._flat,
            Happens.SATURATION: self._saturation,
            Happens.DROPOUT: self._dropout,
        }

    def leaks_into(self, neighbour: "EmgSensor", share: float) -> None:
        """Let another channel see a share of this muscle's twitches and cramps."""
        self._neighbours.append((neighbour._muscle, share))

    def begin(self, happening: Happening) -> list[Event]:
        """Take something that happens into the samples to come; give its true events here."""
        if happening.channel not in (None, self._channel):
            return []
        make = self._makers.get(happening.kind)
        return make(happening) if make else []

    def read(self, first_sample: int, end_sample: int) -> Samples:
        """Give the next samples, shape (n_samples, 1), NaN where one is missing."""
        time_s = np.arange(first_sample, end_sample) / self.stream.sampling_rate
        body = self._muscle.read(first_sample, end_sample)[:, 0]
        body *= 1.0 + self._contact.read(first_sample, end_sample)[:, 0]
        body += self._noise.read(first_sample, time_s) + self._mains.read(time_s)
        body += self._wander.read(time_s) + self._electrode.read(first_sample, end_sample)[:, 0]
        for stretches, value in ((self._flat_lines, 0.0), (self._missing, np.nan)):
            for start, end in stretches:
                body[max(start - first_sample, 0) : max(end - first_sample, 0)] = value
            stretches[:] = [(s, e) for s, e in stretches if e > end_sample]
        counts = quantise(np.clip(body, -RAIL_UV, RAIL_UV), RESOLUTION_UV)
        return counts[:, np.newaxis]

    def _span(self, onset_s: float, lasting_s: float) -> tuple[int, Samples]:
        """First sample from an onset, and times of the samples counted from that onset."""
        rate = self.stream.sampling_rate
        start = int(np.ceil(onset_s * rate))
        n_samples = max(int(lasting_s * rate), 1)
        return start, (start + np.arange(n_samples)) / rate - onset_s

    def _noise_at(self, sample: int) -> float:
        return float(self._noise.level(np.array([sample / self.stream.sampling_rate]))[0])

    def _event(
        self, kind: Kind, start: int, wave: Samples, reason: Reason | None = None, count: int = 1
    ) -> Event:
        noise = self._noise_at(start)
        # What lasts is there as long as it stands out of the noise, however strong it was before.
        lasts = kind in (Kind.CRAMP, Kind.MOVEMENT)
        first, last = extent(wave, ABOVE_NOISE * noise if lasts else None)
        peak = float(np.max(np.abs(wave)))
        snr_db = float(20 * np.log10(peak / noise))
        onset, offset = start + first, start + last
        return Event(
            self.stream.name, kind, onset, offset, peak, snr_db, reason=reason, count=count
        )

    def _fire(self, start: int, wave: Samples) -> None:
        """Add what this muscle does; its neighbours' electrodes see a little of it."""
        self._muscle.add(start, wave[:, np.newaxis])
        for mixer, share in self._neighbours:
            mixer.add(start, share * wave[:, np.newaxis])

    def _twitch(self, happening: Happening) -> list[Event]:
        discharges = volley(happening, self._units[:UNITS], self._twitching.repeated)
        lasting_s = max(d.delay_s + d.unit.ends_s for d in discharges)
        start, time_s = self._span(happening.onset_s, lasting_s)
        rate = self.stream.sampling_rate
        wave = sum(
            (d.gain * d.unit.potential(time_s - d.delay_s, rate) for d in discharges),
            np.zeros_like(time_s),
        )
        if self._noise.observer.deflection(wave, self._noise_at(start)) < SEEN:
            return []
        self._fire(start, wave)
        times = sum(d.unit is discharges[0].unit for d in discharges)
        return [self._event(Kind.TWITCH, start, wave, count=times)]

    def _contraction(self, happening: Happening) -> list[Event]:
        start, time_s = self._span(happening.onset_s, happening.lasting_s)
        course = activity.held(happening, time_s)
        wave = activity.contraction(happening, course, self._units, self.stream.sampling_rate)
        self._muscle.add(start, wave[:, np.newaxis])
        return [self._event(Kind.MOVEMENT, start, wave)]

    def _walk(self, happening: Happening) -> list[Event]:
        start, time_s = self._span(happening.onset_s, happening.lasting_s)
        course = activity.stepping(happening, time_s)
        wave = activity.contraction(happening, course, self._units, self.stream.sampling_rate)
        rng = chance(happening.draw, "strides", self._channel)
        sway = electrode.strides(rng, time_s, activity.steps(happening))
        self._muscle.add(start, wave[:, np.newaxis])
        self._electrode.add(start, sway[:, np.newaxis])
        return [self._event(Kind.MOVEMENT, start, wave + sway)]

    def _cramp(self, happening: Happening) -> list[Event]:
        start, time_s = self._span(happening.onset_s, happening.lasting_s)
        course = activity.cramping(happening, time_s)
        wave = activity.cramp(happening, course, self._units[:UNITS], self.stream.sampling_rate)
        self._fire(start, wave)
        return [self._event(Kind.CRAMP, start, wave)]

    def _tonic(self, happening: Happening) -> list[Event]:
        """Let the smallest unit fire on, as it does in a muscle that is not quite relaxed."""
        start, time_s = self._span(happening.onset_s, happening.lasting_s)
        unit = min(self._units[:UNITS], key=lambda unit: unit.size_uv)
        wave = activity.tonic(happening, unit, time_s, self.stream.sampling_rate)
        one = unit.potential(time_s[time_s < unit.ends_s], self.stream.sampling_rate)
        wave *= max(1.0, SEEN / self._noise.observer.deflection(one, self._noise_at(start)))
        self._fire(start, wave)
        return [self._event(Kind.MOVEMENT, start, wave)]

    def _beat(self, happening: Happening, *, ectopic: bool) -> list[Event]:
        start, time_s = self._span(happening.onset_s, LASTING_S)
        gain = float(chance(happening.draw, "beat").normal(1.0, 0.05))
        wave = self._heart.potential(time_s, gain, ectopic=ectopic)
        self._muscle.add(start, wave[:, np.newaxis])
        hidden = any(s < start + len(wave) and start < e for s, e in self._hidden)
        return [] if hidden else [self._event(Kind.ARTEFACT, start, wave, Reason.ECG)]

    def _pop(self, happening: Happening) -> list[Event]:
        def span(lasting_s: float) -> Samples:
            return self._span(happening.onset_s, lasting_s)[1]

        start, _ = self._span(happening.onset_s, 0.0)
        wave = electrode.pop(chance(happening.draw, "pop"), span)
        self._electrode.add(start, wave[:, np.newaxis])
        return [self._event(Kind.ARTEFACT, start, wave, Reason.ELECTRODE_POP)]

    def _loose(self, happening: Happening) -> list[Event]:
        """Little of the muscle, much hum and noise."""
        start, time_s = self._span(happening.onset_s, happening.lasting_s)
        hum = self._loose_mains.shape(time_s)
        wave = electrode.loose(chance(happening.draw, "loose"), time_s, hum)
        self._electrode.add(start, wave[:, np.newaxis])
        self._contact.add(start, np.full((len(wave), 1), -0.95))
        return [self._whole(start, len(wave), Reason.NOISE, wave)]

    def _cable(self, happening: Happening) -> list[Event]:
        start, time_s = self._span(happening.onset_s, happening.lasting_s)
        wave = electrode.cable(chance(happening.draw, "cable"), time_s)
        self._electrode.add(start, wave[:, np.newaxis])
        return [self._event(Kind.ARTEFACT, start, wave, Reason.MOVEMENT)]

    def _whole(
        self, start: int, n_samples: int, reason: Reason, wave: Samples | None = None
    ) -> Event:
        """Give an artefact that hides the muscle from its first to its last sample."""
        self._hidden = [*self._hidden[-1:], (start, start + n_samples)]
        peak = 0.0 if wave is None else float(np.max(np.abs(wave)))
        return Event(self.stream.name, Kind.ARTEFACT, start, start + n_samples, peak, reason=reason)

    def _flat(self, happening: Happening) -> list[Event]:
        start, time_s = self._span(happening.onset_s, happening.lasting_s)
        self._flat_lines.append((start, start + len(time_s)))
        return [self._whole(start, len(time_s), Reason.FLAT)]

    def _dropout(self, happening: Happening) -> list[Event]:
        start, time_s = self._span(happening.onset_s, happening.lasting_s)
        self._missing.append((start, start + len(time_s)))
        return [self._whole(start, len(time_s), Reason.GAP)]

    def _saturation(self, happening: Happening) -> list[Event]:
        def span(lasting_s: float) -> Samples:
            return self._span(happening.onset_s, lasting_s)[1]

        start, _ = self._span(happening.onset_s, 0.0)
        rng = chance(happening.draw, "saturation")
        wave = electrode.saturation(rng, happening.lasting_s, RAIL_UV, span)
        self._electrode.add(start, wave[:, np.newaxis])
        seen = np.where(np.abs(wave) > RECOVERED_UV, np.clip(wave, -RAIL_UV, RAIL_UV), 0.0)
        n_samples = extent(seen)[1]
        return [self._whole(start, n_samples, Reason.SATURATION, seen)]
