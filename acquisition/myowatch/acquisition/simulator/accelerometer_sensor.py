"""A 3-axis accelerometer on the skin over the first muscle."""

from collections.abc import Callable, Mapping

import numpy as np

from myowatch.acquisition.simulator import activity
from myowatch.acquisition.simulator.chance import chance, log_uniform
from myowatch.acquisition.simulator.extent import extent
from myowatch.acquisition.simulator.mixer import Mixer
from myowatch.acquisition.simulator.motor_unit import (
    G_PER_MG,
    MOTION_DELAY_S,
    motor_units,
    volley,
)
from myowatch.acquisition.simulator.posture import Posture
from myowatch.acquisition.simulator.scene import Happens, Scene, Twitching
from myowatch.acquisition.simulator.timetable import Happening
from myowatch.signal.events import Event, Kind, Reason
from myowatch.signal.samples import AXES, Samples, Stream, quantise

RESOLUTION_G = 61e-6
"""Of a 16-bit sensor set to +-2 g."""
RANGE_G = 2.0
ABOVE_NOISE = 2.0
TAP_G = (0.015, 0.250)
TAP_HZ = (35.0, 90.0)
TAP_DECAY_S = (0.006, 0.020)
LIMB_G = (0.05, 0.4)
LIMB_HZ = (0.5, 3.0)
MUSCLE = 0


class AccelerometerSensor:
    """Samples of the accelerometer, in order, and the events that are truly in them."""

    def __init__(self, stream: Stream, scene: Scene, seed: int) -> None:
        self.stream, self._seed = stream, seed
        self._noise_g = scene.noise_mg * G_PER_MG
        self._twitching = scene.twitching or Twitching((0.0, 0.0))
        self._units = motor_units(self._twitching, seed, MUSCLE)
        self._down = _direction(chance(seed, "posture"), scatter=0.5)
        self._posture = Posture(self._down)
        # The skin moves mostly across its surface, which is the sensor's third axis.
        self._across = _direction(chance(seed, "skin"), scatter=0.3)
        self._motion = Mixer(AXES)
        self._makers: Mapping[Happens, Callable[[Happening], list[Event]]] = {
            Happens.TWITCH: self._twitch,
            Happens.MOVEMENT: self._limb_movement,
            Happens.CRAMP: self._cramp,
            Happens.TAP: self._tap,
        }

    def begin(self, happening: Happening) -> list[Event]:
        """Take something that happens into the samples to come; give its true events here."""
        if happening.channel not in (None, MUSCLE):
            return []
        make = self._makers.get(happening.kind)
        return make(happening) if make else []

    def read(self, first_sample: int, end_sample: int) -> Samples:
        """Give the next samples, shape (n_samples, 3)."""
        rng = chance(self._seed, "accelerometer noise", first_sample)
        noise = self._noise_g * rng.standard_normal((end_sample - first_sample, AXES))
        felt = self._posture.read(first_sample, end_sample) + noise
        felt += self._motion.read(first_sample, end_sample)
        return quantise(np.clip(felt, -RANGE_G, RANGE_G), RESOLUTION_G)

    def _span(self, onset_s: float, lasting_s: float) -> tuple[int, Samples]:
        rate = self.stream.sampling_rate
        start = int(np.ceil(onset_s * rate))
        return start, (start + np.arange(max(int(lasting_s * rate), 1))) / rate - onset_s

    def _event(self, kind: Kind, start: int, wave: Samples, reason: Reason | None = None) -> Event:
        lasts = kind in (Kind.CRAMP, Kind.MOVEMENT)
        first, last = extent(wave, ABOVE_NOISE * self._noise_g if lasts else None)
        peak = float(np.max(np.abs(wave)))
        snr_db = float(20 * np.log10(peak / self._noise_g))
        return Event(
            self.stream.name, kind, start + first, start + last, peak, snr_db, reason=reason
        )

    def _twitch(self, happening: Happening) -> list[Event]:
        discharges = volley(happening, self._units, self._twitching.repeated)
        lasting_s = max(d.delay_s + 2 * d.unit.ring_s for d in discharges)
        start, time_s = self._span(happening.onset_s + MOTION_DELAY_S, lasting_s)
        wave = sum(
            (d.gain * d.unit.motion(time_s - d.delay_s) for d in discharges),
            np.zeros_like(time_s),
        )
        self._motion.add(start, np.outer(wave, self._across))
        return [self._event(Kind.TWITCH, start, wave)]

    def _cramp(self, happening: Happening) -> list[Event]:
        start, time_s = self._span(happening.onset_s, happening.lasting_s)
        strength = activity.cramp_course(happening, time_s)
        wave = activity.tremor(happening, strength, self.stream.sampling_rate)
        self._motion.add(start, np.outer(wave, self._across))
        return [self._event(Kind.CRAMP, start, wave)]

    def _limb_movement(self, happening: Happening) -> list[Event]:
        """Swing, shake a little and come to rest in another posture."""
        rng = chance(happening.draw, "limb")
        start, time_s = self._span(happening.onset_s, happening.lasting_s)
        share = np.clip(time_s / happening.lasting_s, 0, 1)
        self._posture.turn(start, share**2 * (3 - 2 * share), rng)
        course = activity.contraction_course(happening, time_s)
        swing = np.sin(2 * np.pi * log_uniform(rng, LIMB_HZ) * time_s) * course
        shake = activity.tremor(happening, 0.4 * course, self.stream.sampling_rate)
        wave = log_uniform(rng, LIMB_G) * swing + shake
        self._motion.add(start, np.outer(wave, _direction(rng, scatter=1.0)))
        return [self._event(Kind.MOVEMENT, start, wave)]

    def _tap(self, happening: Happening) -> list[Event]:
        """Knock on what the limb rests on: sharp, and mostly upright."""
        rng = chance(happening.draw, "tap")
        decay_s = log_uniform(rng, TAP_DECAY_S)
        start, time_s = self._span(happening.onset_s, 8 * decay_s)
        hertz = min(log_uniform(rng, TAP_HZ), 0.45 * self.stream.sampling_rate)
        wave = log_uniform(rng, TAP_G) * np.exp(-time_s / decay_s)
        wave *= np.sin(2 * np.pi * hertz * time_s + np.pi / 4)
        along = self._down + 0.2 * rng.standard_normal(AXES)
        self._motion.add(start, np.outer(wave, along / np.linalg.norm(along)))
        return [self._event(Kind.ARTEFACT, start, wave, Reason.TAP)]


def _direction(rng: np.random.Generator, scatter: float) -> Samples:
    """Give a unit vector, scattered about the third axis."""
    vector = np.array([0.0, 0.0, 1.0]) + scatter * rng.standard_normal(AXES)
    return np.asarray(vector / np.linalg.norm(vector))
