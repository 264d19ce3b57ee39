"""A 3-axis accelerometer on the skin over the first muscle."""

from collections.abc import Callable, Mapping

import numpy as np

from myowatch.acquisition.simulator import contractions as activity
from myowatch.acquisition.simulator import limb
from myowatch.acquisition.simulator.electrode_contact import ContactFaults
from myowatch.acquisition.simulator.limb import Posture, RestingLimb
from myowatch.acquisition.simulator.motor_unit import (
    MOTION_DELAY_S,
    MotorUnit,
    motor_units,
    volley,
)
from myowatch.acquisition.simulator.scene import EventKind, Scene, Twitching
from myowatch.acquisition.simulator.timetable import ScheduledEvent, log_uniform, random_draws
from myowatch.acquisition.simulator.true_events import SEEN, Mixer, TruthRecorder, VisibilityTest
from myowatch.signal.model.events import Event, Kind, Reason
from myowatch.signal.model.samples import AXES, Samples, Stream, quantise

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
        self._front_end, self._limb, self._activity = (
            scene.accelerometer,
            scene.motion,
            scene.activity,
        )
        self._posture = Posture(self._down, scene.motion.turn_rad)
        # The skin moves mostly across its surface, which is the sensor's third axis.
        self._across = _direction(random_draws(seed, "skin"), scatter=0.3)
        self._rest = RestingLimb(scene.rest, seed, stream.sampling_rate)
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
            EventKind.BEAT: self._beat,
            EventKind.ECTOPIC: self._beat,
        }

    def begin(self, scheduled: ScheduledEvent) -> list[Event]:
        """Add an event to the coming samples; return the true events in this stream."""
        if scheduled.channel not in (None, MUSCLE):
            return []
        make = self._makers.get(scheduled.kind)
        return make(scheduled) if make else []

    def read(self, first_sample: int, end_sample: int) -> Samples:
        """Return the next samples, shape (n_samples, 3), NaN where one is missing."""
        felt = self._posture.read(first_sample, end_sample)
        self._rest.add_to(felt, first_sample, end_sample)
        felt += self._motion.read(first_sample, end_sample)
        full_scale = self._front_end.full_scale
        np.clip(felt, -full_scale, full_scale, out=felt)
        self._missing.put(felt, first_sample)
        return quantise(felt, self._front_end.resolution)

    def _noise_at(self, start: int) -> float:
        """Return the RMS of noise and tremor along one direction, g."""
        noise_g = self._rest.rms_g(start / self.stream.sampling_rate)
        return self._front_end.with_rounding(noise_g)

    def _is_seen(self, wave: Samples, along: Samples, start: int) -> bool:
        power = self._rest.power(start / self.stream.sampling_rate, along)
        rounding_g = self._front_end.with_rounding(self._rest.noise_g)
        power = power + (rounding_g**2 - self._rest.noise_g**2)
        observer = VisibilityTest(power, self.stream.sampling_rate, from_hz=limb.POSTURE_HZ)
        return observer.deflection(wave, 1.0) >= SEEN

    def _twitch(self, scheduled: ScheduledEvent) -> list[Event]:
        discharges = volley(scheduled, self._units, self._twitching)
        lasting_s = max(d.delay_s + 2 * d.unit.ring_s for d in discharges)
        start, time_s = self._truth.span(scheduled.onset_s + MOTION_DELAY_S, lasting_s)
        waves = [d.gain * d.unit.motion(time_s - d.delay_s) for d in discharges]
        along = [self._along(d.unit) for d in discharges]
        if not self._is_seen(waves[0], along[0], start):
            return []
        moved = np.sum([np.outer(w, a) for w, a in zip(waves, along, strict=True)], axis=0)
        self._motion.add(start, moved)
        return [self._truth.event(Kind.TWITCH, start, np.linalg.norm(moved, axis=1))]

    def _along(self, unit: MotorUnit) -> Samples:
        """Return the direction in which a unit moves the skin."""
        if not unit.aside.any():
            return self._across
        turned = self._across + unit.aside
        return np.asarray(turned / np.linalg.norm(turned))

    def _beat(self, scheduled: ScheduledEvent) -> list[Event]:
        """Add the pulse, which is part of the background."""
        start, time_s = self._truth.span(scheduled.onset_s, limb.PULSE_S)
        self._rest.beat(start, time_s)
        return []

    def _cramp(self, scheduled: ScheduledEvent) -> list[Event]:
        start, time_s = self._truth.span(scheduled.onset_s, scheduled.lasting_s)
        course = activity.cramping(scheduled, time_s)
        rng = random_draws(scheduled.draw, "tremor")
        wave = limb.tremor(rng, course, self.stream.sampling_rate, self._limb)
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
        course = activity.held(scheduled, time_s, self._activity)
        wave = limb.swing(rng, time_s, course, self._limb)
        wave += limb.tremor(rng, 0.4 * course, self.stream.sampling_rate, self._limb)
        self._motion.add(start, np.outer(wave, _direction(rng, scatter=1.0)))
        return [self._truth.event(Kind.MOVEMENT, start, np.hypot(wave, turned))]

    def _walk(self, scheduled: ScheduledEvent) -> list[Event]:
        rng = random_draws(scheduled.draw, "limb")
        start, time_s = self._truth.span(scheduled.onset_s, scheduled.lasting_s)
        steps = activity.steps(scheduled, self._activity)
        wave = limb.walk(rng, time_s, steps, self.stream.sampling_rate, self._limb)
        along = self._down + 0.4 * rng.standard_normal(AXES)
        self._motion.add(start, np.outer(wave, along / np.linalg.norm(along)))
        return [self._truth.event(Kind.MOVEMENT, start, wave)]

    def _tap(self, scheduled: ScheduledEvent) -> list[Event]:
        """Add a knock on the table or bed, mostly vertical."""
        rng = random_draws(scheduled.draw, "tap")
        decay_s = log_uniform(rng, self._limb.tap_decay_s)
        start, time_s = self._truth.span(scheduled.onset_s, 8 * decay_s)
        wave = limb.tap(rng, decay_s, time_s, self.stream.sampling_rate, self._limb)
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
