"""One EMG channel: its muscle, its electrodes and its front end."""

from collections.abc import Callable, Mapping
from functools import partial

import numpy as np

from myowatch.acquisition.simulator import activity
from myowatch.acquisition.simulator.background import Heart, Mains, Noise, Wander
from myowatch.acquisition.simulator.chance import chance, log_uniform
from myowatch.acquisition.simulator.extent import extent
from myowatch.acquisition.simulator.mixer import Mixer
from myowatch.acquisition.simulator.motor_unit import motor_units, volley
from myowatch.acquisition.simulator.scene import Happens, Scene, Twitching
from myowatch.acquisition.simulator.timetable import Happening
from myowatch.signal.events import Event, Kind, Reason
from myowatch.signal.samples import Samples, Stream, quantise

RESOLUTION_UV = 0.025
RAIL_UV = (2**23 - 1) * RESOLUTION_UV
"""Full scale of a 24-bit converter of that resolution, 210 mV."""
ABOVE_NOISE = 2.0
POP_UV = (150.0, 3000.0)
POP_RECOVERY_S = (0.03, 0.4)
LOOSE_HUM_UV = (100.0, 1500.0)
LOOSE_NOISE_UV = (20.0, 200.0)
RECOVERED_UV = 1000.0
"""A saturated front end counts as recovered below this."""


class EmgSensor:
    """Samples of one EMG channel, in order, and the events that are truly in them."""

    def __init__(self, stream: Stream, scene: Scene, seed: int, channel: int, mains_hz: float):
        self.stream, self._channel, self._seed = stream, channel, seed
        self._twitching = scene.twitching or Twitching((0.0, 0.0))
        self._units = motor_units(self._twitching, seed, channel)
        self._noise = Noise(scene, seed, channel)
        self._mains = Mains(scene.mains_uv, mains_hz, seed, channel)
        self._loose_mains = Mains(1.0, mains_hz, seed, channel)
        self._wander = Wander(scene.wander_uv, seed, channel)
        self._heart = Heart(scene.heart_uv, stream.sampling_rate, seed, channel)
        self._muscle, self._electrode, self._contact = Mixer(), Mixer(), Mixer()
        self._dead: list[tuple[int, int]] = []
        self._makers: Mapping[Happens, Callable[[Happening], list[Event]]] = {
            Happens.TWITCH: self._twitch,
            Happens.MOVEMENT: partial(self._sustained, kind=Kind.MOVEMENT),
            Happens.CRAMP: partial(self._sustained, kind=Kind.CRAMP),
            Happens.POP: self._pop,
            Happens.LOOSE: self._loose,
            Happens.FLAT: self._flat,
            Happens.SATURATION: self._saturation,
        }

    def begin(self, happening: Happening) -> list[Event]:
        """Take something that happens into the samples to come; give its true events here."""
        if happening.channel not in (None, self._channel):
            return []
        make = self._makers.get(happening.kind)
        return make(happening) if make else []

    def read(self, first_sample: int, end_sample: int) -> Samples:
        """Give the next samples, shape (n_samples, 1)."""
        time_s = np.arange(first_sample, end_sample) / self.stream.sampling_rate
        body = self._muscle.read(first_sample, end_sample)[:, 0]
        body += self._heart.read(first_sample, end_sample)
        body *= 1.0 + self._contact.read(first_sample, end_sample)[:, 0]
        rng = chance(self._seed, "noise", self._channel, first_sample)
        body += self._noise.read(rng, time_s) + self._mains.read(time_s)
        body += self._wander.read(time_s) + self._electrode.read(first_sample, end_sample)[:, 0]
        for start, end in self._dead:
            body[max(start - first_sample, 0) : max(end - first_sample, 0)] = 0.0
        self._dead = [(s, e) for s, e in self._dead if e > end_sample]
        counts = quantise(np.clip(body, -RAIL_UV, RAIL_UV), RESOLUTION_UV)
        return counts[:, np.newaxis]

    def _span(self, happening: Happening, lasting_s: float) -> tuple[int, Samples]:
        """First sample of a happening, and times of its samples counted from its onset."""
        rate = self.stream.sampling_rate
        start = int(np.ceil(happening.onset_s * rate))
        n_samples = max(int(lasting_s * rate), 1)
        return start, (start + np.arange(n_samples)) / rate - happening.onset_s

    def _event(self, kind: Kind, start: int, wave: Samples, reason: Reason | None = None) -> Event:
        noise = float(self._noise.level(np.array([start / self.stream.sampling_rate]))[0])
        # What lasts is there as long as it stands out of the noise, however strong it was before.
        lasts = kind in (Kind.CRAMP, Kind.MOVEMENT)
        first, last = extent(wave, ABOVE_NOISE * noise if lasts else None)
        peak = float(np.max(np.abs(wave)))
        snr_db = float(20 * np.log10(peak / noise))
        return Event(
            self.stream.name, kind, start + first, start + last, peak, snr_db, reason=reason
        )

    def _twitch(self, happening: Happening) -> list[Event]:
        discharges = volley(happening, self._units, self._twitching.repeated)
        lasting_s = max(d.delay_s + d.unit.ends_s for d in discharges)
        start, time_s = self._span(happening, lasting_s)
        rate = self.stream.sampling_rate
        wave = sum(
            (d.gain * d.unit.potential(time_s - d.delay_s, rate) for d in discharges),
            np.zeros_like(time_s),
        )
        self._muscle.add(start, wave[:, np.newaxis])
        return [self._event(Kind.TWITCH, start, wave)]

    def _sustained(self, happening: Happening, kind: Kind) -> list[Event]:
        start, time_s = self._span(happening, happening.lasting_s)
        rate = self.stream.sampling_rate
        if kind is Kind.CRAMP:
            wave = activity.cramp(happening, self._units, time_s, rate)
        else:
            wave = activity.contraction(happening, self._channel, time_s, rate)
        self._muscle.add(start, wave[:, np.newaxis])
        return [self._event(kind, start, wave)]

    def _pop(self, happening: Happening) -> list[Event]:
        rng = chance(happening.draw, "pop")
        recovery_s = log_uniform(rng, POP_RECOVERY_S)
        start, time_s = self._span(happening, 6 * recovery_s)
        height_uv = log_uniform(rng, POP_UV) * rng.choice([-1.0, 1.0])
        wave = height_uv * np.exp(-time_s / recovery_s)
        self._electrode.add(start, wave[:, np.newaxis])
        return [self._event(Kind.ARTEFACT, start, wave, Reason.ELECTRODE_POP)]

    def _loose(self, happening: Happening) -> list[Event]:
        """Little of the muscle, much hum that comes and goes, and crackling."""
        rng = chance(happening.draw, "loose")
        start, time_s = self._span(happening, happening.lasting_s)
        swell = 0.6 + 0.4 * np.sin(2 * np.pi * (rng.uniform(0.1, 1.0) * time_s + rng.random()))
        wave = log_uniform(rng, LOOSE_HUM_UV) * swell * self._loose_mains.read(time_s)
        wave += log_uniform(rng, LOOSE_NOISE_UV) * rng.standard_normal(len(wave))
        crackles = np.flatnonzero(
            rng.random(len(wave)) < rng.uniform(1, 8) / self.stream.sampling_rate
        )
        for crackle in crackles:
            recovery_s = log_uniform(rng, (0.01, 0.2))
            height_uv = rng.normal(0.0, 800.0)
            wave[crackle:] += height_uv * np.exp((time_s[crackle] - time_s[crackle:]) / recovery_s)
        self._electrode.add(start, wave[:, np.newaxis])
        self._contact.add(start, np.full((len(wave), 1), -0.95))
        return [self._event(Kind.ARTEFACT, start, wave, Reason.NOISE)]

    def _flat(self, happening: Happening) -> list[Event]:
        start, time_s = self._span(happening, happening.lasting_s)
        self._dead.append((start, start + len(time_s)))
        return [self._event(Kind.ARTEFACT, start, np.ones(len(time_s)), Reason.FLAT)]

    def _saturation(self, happening: Happening) -> list[Event]:
        rng = chance(happening.draw, "saturation")
        recovery_s = log_uniform(rng, (0.02, 0.08))
        tail_s = recovery_s * np.log(2 * RAIL_UV / RESOLUTION_UV)
        start, time_s = self._span(happening, happening.lasting_s + tail_s)
        rise = 1.0 - np.exp(-(time_s + 1e-4) / 0.005)
        fall = np.exp(-np.maximum(time_s - happening.lasting_s, 0.0) / recovery_s)
        wave = 2 * RAIL_UV * rng.choice([-1.0, 1.0]) * rise * fall
        self._electrode.add(start, wave[:, np.newaxis])
        seen = np.where(np.abs(wave) > RECOVERED_UV, np.clip(wave, -RAIL_UV, RAIL_UV), 0.0)
        return [self._event(Kind.ARTEFACT, start, seen, Reason.SATURATION)]
