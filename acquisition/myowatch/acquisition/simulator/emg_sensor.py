"""One EMG channel: its muscle, its electrodes and its front end."""

from collections.abc import Callable, Mapping

import numpy as np

from myowatch.acquisition.simulator import contractions as activity
from myowatch.acquisition.simulator import electrode_artefacts as electrode
from myowatch.acquisition.simulator.background import Mains, Noise, Wander
from myowatch.acquisition.simulator.electrode_contact import Coupling, SimulatedContact
from myowatch.acquisition.simulator.motor_unit import POOL, motor_units, volley
from myowatch.acquisition.simulator.scene import EventKind, Scene, Twitching
from myowatch.acquisition.simulator.timetable import LASTING_S, Heart, ScheduledEvent, random_draws
from myowatch.acquisition.simulator.true_events import SEEN, Mixer, TruthRecorder, VisibilityTest
from myowatch.signal.model.events import Event, Kind, Reason
from myowatch.signal.model.samples import Samples, Stream, quantise


class Muscle:
    """Twitches, cramps, contractions and steps of one muscle.

    Parameters
    ----------
    observer
        Visibility test; twitches below its limit are left out.
    """

    def __init__(
        self,
        scene: Scene,
        seed: int,
        channel: int,
        observer: VisibilityTest,
        truth: TruthRecorder,
    ) -> None:
        self._twitching = scene.twitching or Twitching((0.0, 0.0))
        self._activity, self._artefacts = scene.activity, scene.artefacts
        self._units = motor_units(self._twitching, seed, channel, POOL)
        self._twitch_units = self._units[: self._twitching.units]
        self._channel, self._rate = channel, truth.sampling_rate
        self._observer, self._truth = observer, truth
        self._mixer = Mixer()
        self._neighbours: list[tuple[Mixer, float]] = []
        self.makers: Mapping[EventKind, Callable[[ScheduledEvent], list[Event]]] = {
            EventKind.TWITCH: self._twitch,
            EventKind.MOVEMENT: self._contraction,
            EventKind.PERIODIC: self._contraction,
            EventKind.WALK: self._walk,
            EventKind.CRAMP: self._cramp,
            EventKind.TONIC: self._tonic,
        }

    def leaks_into(self, neighbour: "Muscle", share: float) -> None:
        """Let the electrodes over another muscle see a share of this muscle's activity."""
        self._neighbours.append((neighbour._mixer, share))

    def read(self, first_sample: int, end_sample: int) -> Samples:
        """Return the next samples in uV, shape (n_samples, 1)."""
        return self._mixer.read(first_sample, end_sample)

    def _fire(self, start: int, wave: Samples) -> None:
        """Add activity of this muscle, and its crosstalk."""
        self._mixer.add(start, wave[:, np.newaxis])
        for mixer, share in self._neighbours:
            mixer.add(start, share * wave[:, np.newaxis])

    def _twitch(self, scheduled: ScheduledEvent) -> list[Event]:
        discharges = volley(scheduled, self._twitch_units, self._twitching)
        lasting_s = max(d.delay_s + d.unit.ends_s for d in discharges)
        start, time_s = self._truth.span(scheduled.onset_s, lasting_s)
        waves = [d.gain * d.unit.potential(time_s - d.delay_s, self._rate) for d in discharges]
        if self._observer.deflection(waves[0], self._truth.noise_at(start)) < SEEN:
            return []
        wave = np.sum(waves, axis=0)
        self._fire(start, wave)
        times = sum(d.unit is discharges[0].unit for d in discharges)
        return [self._truth.event(Kind.TWITCH, start, wave, count=times)]

    def _contraction(self, scheduled: ScheduledEvent) -> list[Event]:
        start, time_s = self._truth.span(scheduled.onset_s, scheduled.lasting_s)
        course = activity.held(scheduled, time_s, self._activity)
        wave = activity.contraction(scheduled, course, self._units, self._rate, self._activity)
        self._mixer.add(start, wave[:, np.newaxis])
        return [self._truth.event(Kind.MOVEMENT, start, wave)]

    def _walk(self, scheduled: ScheduledEvent) -> list[Event]:
        """Contract at each step, with motion artefacts of the electrodes."""
        start, time_s = self._truth.span(scheduled.onset_s, scheduled.lasting_s)
        course = activity.stepping(scheduled, time_s, self._activity)
        wave = activity.contraction(scheduled, course, self._units, self._rate, self._activity)
        rng = random_draws(scheduled.draw, "strides", self._channel)
        steps = activity.steps(scheduled, self._activity)
        wave += electrode.strides(rng, time_s, steps, self._artefacts)
        self._mixer.add(start, wave[:, np.newaxis])
        return [self._truth.event(Kind.MOVEMENT, start, wave)]

    def _cramp(self, scheduled: ScheduledEvent) -> list[Event]:
        start, time_s = self._truth.span(scheduled.onset_s, scheduled.lasting_s)
        course = activity.cramping(scheduled, time_s)
        units = self._units[: self._activity.cramp_units]
        wave = activity.cramp(scheduled, course, units, self._rate, self._activity)
        self._fire(start, wave)
        return [self._truth.event(Kind.CRAMP, start, wave)]

    def _tonic(self, scheduled: ScheduledEvent) -> list[Event]:
        """Let the smallest unit keep firing, as in a muscle that is not quite relaxed."""
        start, time_s = self._truth.span(scheduled.onset_s, scheduled.lasting_s)
        unit = min(self._twitch_units, key=lambda unit: unit.size_uv)
        wave = activity.tonic(scheduled, unit, time_s, self._rate, self._activity)
        one = unit.potential(time_s[time_s < unit.ends_s], self._rate)
        seen = self._observer.deflection(one, self._truth.noise_at(start))
        wave *= max(1.0, SEEN / seen)
        self._fire(start, wave)
        return [self._truth.event(Kind.MOVEMENT, start, wave)]


class EmgSensor:
    """Samples of one EMG channel, in order, and their true events."""

    def __init__(self, stream: Stream, scene: Scene, seed: int, channel: int, mains_hz: float):
        self.stream, self._channel, self._front_end = stream, channel, scene.emg
        electrodes = scene.electrodes
        self._noise = Noise(electrodes, stream.sampling_rate, seed, channel)
        self._mains = Mains(electrodes, mains_hz, seed, channel)
        self._wander = Wander(electrodes.wander_uv, seed, channel)
        self._heart = Heart(electrodes.heart_uv, seed, channel, scene.heart)
        self._beats = Mixer()
        self._truth = TruthRecorder(stream, self._noise_at)
        observer, truth = self._noise.observer, self._truth
        self.muscle = Muscle(scene, seed, channel, observer, truth)
        loose_hum = Mains(electrodes, mains_hz, seed, "loose", channel)
        coupling = Coupling(scene.emg.high_pass_hz, stream.sampling_rate)
        self._contact = SimulatedContact(
            loose_hum, scene.emg.full_scale, truth, scene.artefacts, coupling
        )
        self._makers = {
            **self.muscle.makers,
            **self._contact.makers,
            EventKind.BEAT: self._beat,
            EventKind.ECTOPIC: self._beat,
        }

    def begin(self, scheduled: ScheduledEvent) -> list[Event]:
        """Add an event to the coming samples; return the true events in this stream."""
        if scheduled.channel not in (None, self._channel):
            return []
        make = self._makers.get(scheduled.kind)
        return make(scheduled) if make else []

    def read(self, first_sample: int, end_sample: int) -> Samples:
        """Return the next samples, shape (n_samples, 1), NaN where one is missing."""
        time_s = np.arange(first_sample, end_sample) / self.stream.sampling_rate
        body = self.muscle.read(first_sample, end_sample)
        body += self._beats.read(first_sample, end_sample)
        rest = self._noise.read(first_sample, time_s)
        rest += self._mains.read(time_s) + self._wander.read(time_s)
        received = self._contact.read(body, rest[:, np.newaxis], first_sample)
        return quantise(received, self._front_end.resolution)

    def _noise_at(self, sample: int) -> float:
        level = self._noise.level(np.array([sample / self.stream.sampling_rate]))
        return self._front_end.with_rounding(float(level[0]))

    def _beat(self, scheduled: ScheduledEvent) -> list[Event]:
        if not self._heart.is_seen:
            return []
        start, time_s = self._truth.span(scheduled.onset_s, LASTING_S)
        gain = float(random_draws(scheduled.draw, "beat").normal(1.0, 0.05))
        gain *= self._heart.gain(scheduled.onset_s)
        ectopic = scheduled.kind is EventKind.ECTOPIC
        wave = self._heart.potential(time_s, gain, ectopic=ectopic)
        self._beats.add(start, wave[:, np.newaxis])
        if self._contact.hides(start, len(wave)):
            return []
        return [self._truth.event(Kind.ARTEFACT, start, wave, Reason.ECG)]
