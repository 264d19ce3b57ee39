"""One EMG channel: its muscle, its electrodes and its front end."""

import numpy as np

from myowatch.acquisition.simulator.background import Mains, Noise, Wander
from myowatch.acquisition.simulator.chance import chance
from myowatch.acquisition.simulator.electrode_contact import Contact
from myowatch.acquisition.simulator.muscle import Muscle
from myowatch.acquisition.simulator.scene import Happens, Scene
from myowatch.acquisition.simulator.timetable import LASTING_S, Happening, Heart
from myowatch.acquisition.simulator.true_events import Mixer, Witness
from myowatch.signal.model.events import Event, Kind, Reason
from myowatch.signal.model.samples import Samples, Stream, quantise

RESOLUTION_UV = 0.025
RAIL_UV = (2**23 - 1) * RESOLUTION_UV
"""Full scale of a 24-bit converter of that resolution, 210 mV."""


class EmgSensor:
    """Samples of one EMG channel, in order, and the events that are truly in them."""

    def __init__(self, stream: Stream, scene: Scene, seed: int, channel: int, mains_hz: float):
        self.stream, self._channel = stream, channel
        electrodes = scene.electrodes
        self._noise = Noise(electrodes, stream.sampling_rate, seed, channel)
        self._mains = Mains(electrodes, mains_hz, seed, channel)
        self._wander = Wander(electrodes.wander_uv, seed, channel)
        self._heart = Heart(electrodes.heart_uv, seed, channel)
        self._beats = Mixer()
        self._witness = Witness(stream, self._noise_at)
        observer, witness = self._noise.observer, self._witness
        self.muscle = Muscle(scene.twitching, seed, channel, observer, witness)
        loose_hum = Mains(electrodes, mains_hz, seed, "loose", channel)
        self._contact = Contact(loose_hum, RAIL_UV, witness)
        self._makers = {
            **self.muscle.makers,
            **self._contact.makers,
            Happens.BEAT: self._beat,
            Happens.ECTOPIC: self._beat,
        }

    def begin(self, happening: Happening) -> list[Event]:
        """Take something that happens into the samples to come; give its true events here."""
        if happening.channel not in (None, self._channel):
            return []
        make = self._makers.get(happening.kind)
        return make(happening) if make else []

    def read(self, first_sample: int, end_sample: int) -> Samples:
        """Give the next samples, shape (n_samples, 1), NaN where one is missing."""
        time_s = np.arange(first_sample, end_sample) / self.stream.sampling_rate
        body = self.muscle.read(first_sample, end_sample)
        body += self._beats.read(first_sample, end_sample)
        rest = self._noise.read(first_sample, time_s)
        rest += self._mains.read(time_s) + self._wander.read(time_s)
        arrives = self._contact.read(body, rest[:, np.newaxis], first_sample)
        return quantise(arrives, RESOLUTION_UV)

    def _noise_at(self, sample: int) -> float:
        return float(self._noise.level(np.array([sample / self.stream.sampling_rate]))[0])

    def _beat(self, happening: Happening) -> list[Event]:
        start, time_s = self._witness.span(happening.onset_s, LASTING_S)
        gain = float(chance(happening.draw, "beat").normal(1.0, 0.05))
        ectopic = happening.kind is Happens.ECTOPIC
        wave = self._heart.potential(time_s, gain, ectopic=ectopic)
        self._beats.add(start, wave[:, np.newaxis])
        if self._contact.hides(start, len(wave)):
            return []
        return [self._witness.event(Kind.ARTEFACT, start, wave, Reason.ECG)]
