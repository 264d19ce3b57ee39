"""A 3-axis accelerometer on the skin over the first muscle."""

from collections.abc import Callable, Mapping
from functools import partial

import numpy as np

from myowatch.acquisition.simulator import contractions as activity
from myowatch.acquisition.simulator import limb
from myowatch.acquisition.simulator.background import ShapedNoise, Steps
from myowatch.acquisition.simulator.electrode_contact import ContactFaults
from myowatch.acquisition.simulator.limb import Posture
from myowatch.acquisition.simulator.motor_unit import G_PER_MG, MOTION_DELAY_S, motor_units, volley
from myowatch.acquisition.simulator.scene import EventKind, Scene, Twitching
from myowatch.acquisition.simulator.timetable import ScheduledEvent, log_uniform, random_draws
from myowatch.acquisition.simulator.true_events import SEEN, Mixer, TruthRecorder, VisibilityTest
from myowatch.signal.model.events import Event, Kind, Reason
from myowatch.signal.model.samples import AXES, Samples, Stream, quantise

RESOLUTION_G = 61e-6
"""Resolution of a 16-bit sensor set to +-2 g."""
RANGE_G = 2.0
TREMOR_LEVEL_S = 40.0
RETURNS = 0.5
"""Share of movements that end in the posture before them; periodic ones always do."""
MUSCLE = 0


class AccelerometerSensor:
    """Samples of the accelerometer, in order, and their true events."""

    def __init__(self, stream: Stream, scene: Scene, seed: int) -> None:
        self.stream, self._seed = stream, seed
        self._twitching = scene.twitching or Twitching((0.0, 0.0))
        self._units = motor_units(self._twitching, seed, MUSCLE)
        self._down = _direction(random_draws(seed, "posture"), scatter=0.5)
        self._posture = Posture(self._down)
        # The skin moves mostly across its surface, which is the sensor's third axis.
        self._across = _direction(random_draws(seed, "skin"), scatter=0.3)
        self._noise_g = scene.rest.noise_mg * G_PER_MG
        draw = partial(log_uniform, between=scene.rest.tremor_mg)
        self._tremor_level = Steps(draw, TREMOR_LEVEL_S, seed, "tremor level")
        self._tremor = ShapedNoise(
            limb.resting_tremor(stream.sampling_rate),
            stream.sampling_rate,
            above_hz=limb.COUNTED_HZ,
            n_channels=AXES,
        )
        self._motion = Mixer(AXES)
        self._missing = ContactFaults(np.nan)
        self._truth = TruthRecorder(stream, self._noise_at)
        self._makers: Mapping[EventKind, Callable[[ScheduledEvent], list[Event]]] = {
            EventKind.TWITCH: self._twitch,
            EventKind.MOVEMENT: self._limb_movement,
            EventKind.PERIODIC: self._limb_movement,
            EventKind.WALK: self._walk,
            EventKind.CRAMP: self._cramp,
            EventKind.TAP: self._tap,
            EventKind.DROPOUT: self._dropout,
        }

    def begin(self, scheduled: ScheduledEvent) -> list[Event]:
        """Add an event to the coming samples; return the true events in this stream."""
        if scheduled.channel not in (None, MUSCLE):
            return []
        make = self._makers.get(scheduled.kind)
        return make(scheduled) if make else []

    def read(self, first_sample: int, end_sample: int) -> Samples:
        """Return the next samples, shape (n_samples, 3), NaN where one is missing."""
        n_samples = end_sample - first_sample
        rng = random_draws(self._seed, "accelerometer noise", first_sample)
        felt = self._posture.read(first_sample, end_sample)
        felt += self._noise_g * rng.standard_normal((n_samples, AXES))
        time_s = np.arange(first_sample, end_sample) / self.stream.sampling_rate
        tremor_g = self._tremor_g(time_s)[:, np.newaxis]
        felt += tremor_g * self._tremor.read(rng, n_samples)
        felt += self._motion.read(first_sample, end_sample)
        np.clip(felt, -RANGE_G, RANGE_G, out=felt)
        self._missing.put(felt, first_sample)
        return quantise(felt, RESOLUTION_G)

    def _tremor_g(self, time_s: Samples) -> Samples:
        """Return the RMS along each axis."""
        return np.asarray(self._tremor_level.at(time_s) * G_PER_MG / np.sqrt(AXES))

    def _noise_at(self, start: int) -> float:
        """Return the RMS of noise and tremor along one direction, g."""
        tremor_rms = self._tremor_g(np.array([start / self.stream.sampling_rate]))[0]
        return float(np.hypot(self._noise_g, tremor_rms))

    def _is_seen(self, wave: Samples, start: int) -> bool:
        tremor_g = self._tremor_g(np.array([start / self.stream.sampling_rate]))[0]
        power = self._noise_g**2 + tremor_g**2 * self._tremor.power
        observer = VisibilityTest(power, self.stream.sampling_rate, from_hz=limb.POSTURE_HZ)
        return observer.deflection(wave, 1.0) >= SEEN

    def _twitch(self, scheduled: ScheduledEvent) -> list[Event]:
        discharges = volley(scheduled, self._units, self._twitching.repeated)
        lasting_s = max(d.delay_s + 2 * d.unit.ring_s for d in discharges)
        start, time_s = self._truth.span(scheduled.onset_s + MOTION_DELAY_S, lasting_s)
        waves = [d.gain * d.unit.motion(time_s - d.delay_s) for d in discharges]
        if not self._is_seen(waves[0], start):
            return []
        wave = np.sum(waves, axis=0)
        self._motion.add(start, np.outer(wave, self._across))
        return [self._truth.event(Kind.TWITCH, start, wave)]

    def _cramp(self, scheduled: ScheduledEvent) -> list[Event]:
        start, time_s = self._truth.span(scheduled.onset_s, scheduled.lasting_s)
        course = activity.cramping(scheduled, time_s)
        wave = limb.tremor(
            random_draws(scheduled.draw, "tremor"), course, self.stream.sampling_rate
        )
        self._motion.add(start, np.outer(wave, self._across))
        return [self._truth.event(Kind.CRAMP, start, wave)]

    def _limb_movement(self, scheduled: ScheduledEvent) -> list[Event]:
        """Swing, shake a little, and come to rest in this or another posture."""
        rng = random_draws(scheduled.draw, "limb")
        start, time_s = self._truth.span(scheduled.onset_s, scheduled.lasting_s)
        share = time_s / scheduled.lasting_s
        if scheduled.kind is EventKind.PERIODIC or rng.random() < RETURNS:
            share = 2 * np.minimum(share, 1 - share)
        turned = self._posture.turn(start, activity.smooth(share), rng)
        course = activity.held(scheduled, time_s)
        wave = limb.swing(rng, time_s, course)
        wave += limb.tremor(rng, 0.4 * course, self.stream.sampling_rate)
        self._motion.add(start, np.outer(wave, _direction(rng, scatter=1.0)))
        return [self._truth.event(Kind.MOVEMENT, start, np.hypot(wave, turned))]

    def _walk(self, scheduled: ScheduledEvent) -> list[Event]:
        rng = random_draws(scheduled.draw, "limb")
        start, time_s = self._truth.span(scheduled.onset_s, scheduled.lasting_s)
        steps = activity.steps(scheduled)
        wave = limb.walk(rng, time_s, steps, self.stream.sampling_rate)
        along = self._down + 0.4 * rng.standard_normal(AXES)
        self._motion.add(start, np.outer(wave, along / np.linalg.norm(along)))
        return [self._truth.event(Kind.MOVEMENT, start, wave)]

    def _tap(self, scheduled: ScheduledEvent) -> list[Event]:
        """Add a knock on the table or bed, mostly vertical."""
        rng = random_draws(scheduled.draw, "tap")
        decay_s = log_uniform(rng, limb.TAP_DECAY_S)
        start, time_s = self._truth.span(scheduled.onset_s, 8 * decay_s)
        wave = limb.tap(rng, decay_s, time_s, self.stream.sampling_rate)
        along = self._down + 0.2 * rng.standard_normal(AXES)
        self._motion.add(start, np.outer(wave, along / np.linalg.norm(along)))
        return [self._truth.event(Kind.ARTEFACT, start, wave, Reason.TAP)]

    def _dropout(self, scheduled: ScheduledEvent) -> list[Event]:
        start, time_s = self._truth.span(scheduled.onset_s, scheduled.lasting_s)
        self._missing.add(start, len(time_s))
        return [self._truth.hidden(start, len(time_s), Reason.GAP)]


def _direction(rng: np.random.Generator, scatter: float) -> Samples:
    """Return a unit vector, scattered about the third axis."""
    vector = np.array([0.0, 0.0, 1.0]) + scatter * rng.standard_normal(AXES)
    return np.asarray(vector / np.linalg.norm(vector))
