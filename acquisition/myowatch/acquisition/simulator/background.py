"""What the electrodes pick up besides the muscle: noise, mains, wandering baseline, heart beat."""

import numpy as np
from scipy import signal

from myowatch.acquisition.simulator.chance import chance
from myowatch.acquisition.simulator.mixer import Mixer
from myowatch.acquisition.simulator.scene import Scene
from myowatch.signal.samples import Samples

HARMONICS = ((1, 1.0), (2, 0.15), (3, 0.4), (5, 0.2))
"""Order and share: rectifiers on the grid make odd ones."""
BEAT_S = (0.8, 1.1)


class Noise:
    """Noise of an electrode: half white, half coloured, its level stepping now and then."""

    def __init__(self, scene: Scene, seed: int, channel: int) -> None:
        self._scene, self._seed, self._channel = scene, seed, channel
        self._coloured = np.zeros(1)

    def level(self, time_s: Samples) -> Samples:
        """Give the RMS in uV at these times."""
        step_s = self._scene.noise_step_s
        last = int(time_s[-1] // step_s) if len(time_s) else 0
        level = np.empty_like(time_s)
        for number in range(max(int(time_s[0] // step_s) - 1, 0) if len(time_s) else 0, last + 1):
            rng = chance(self._seed, "noise level", self._channel, number)
            begins_s = (number + rng.random()) * step_s if number else 0.0
            level[time_s >= begins_s] = rng.uniform(*self._scene.noise_uv)
        return level

    def read(self, rng: np.random.Generator, time_s: Samples) -> Samples:
        """Give the next samples in uV; in order, for the colour has a memory."""
        white = rng.standard_normal((2, len(time_s)))
        # One pole at 0.8 turns unit noise into noise of variance 1 / (1 - 0.8**2).
        coloured, self._coloured = signal.lfilter([0.6], [1.0, -0.8], white[0], zi=self._coloured)
        return np.asarray(self.level(time_s) * (coloured + white[1]) * np.sqrt(0.5))


class Mains:
    """Hum of the mains: frequency and strength drift, each harmonic has its own phase."""

    def __init__(self, amplitude_uv: float, mains_hz: float, seed: int, channel: int) -> None:
        rng = chance(seed, "mains", channel)
        self._amplitude_uv, self._mains_hz = amplitude_uv, mains_hz
        self._phases = rng.random(len(HARMONICS))
        self._period_s = rng.uniform(60.0, 180.0)

    def read(self, time_s: Samples) -> Samples:
        """Give the hum in uV at these times."""
        slow = np.sin(2 * np.pi * time_s / self._period_s)
        cycles = self._mains_hz * time_s + 0.02 * self._period_s / (2 * np.pi) * slow
        hum = np.zeros_like(time_s)
        for (order, share), phase in zip(HARMONICS, self._phases, strict=True):
            hum += share * np.sin(2 * np.pi * (order * cycles + phase))
        return np.asarray(self._amplitude_uv * (1.0 + 0.3 * slow) * hum)


class Wander:
    """Slow drift of the electrode's potential, with breathing in it."""

    def __init__(self, amplitude_uv: float, seed: int, channel: int) -> None:
        rng = chance(seed, "wander", channel)
        self._amplitude_uv = amplitude_uv
        self._hertz = np.array([rng.uniform(0.2, 0.3), rng.uniform(0.03, 0.1), 0.011])
        self._phases = rng.random(3)

    def read(self, time_s: Samples) -> Samples:
        """Give the drift in uV at these times."""
        cycles = np.outer(time_s, self._hertz) + self._phases
        return np.asarray(self._amplitude_uv * np.sin(2 * np.pi * cycles) @ [0.3, 0.5, 0.2])


class Heart:
    """Heart beats as an electrode far from the heart sees them: mostly the QRS complex."""

    def __init__(self, amplitude_uv: float, sampling_rate: float, seed: int, channel: int) -> None:
        self._amplitude_uv, self._rate = amplitude_uv, sampling_rate
        self._strength = chance(seed, "heart strength", channel).uniform(0.6, 1.0)
        self._rng = chance(seed, "heart")
        self._next_s = 0.5
        self._beats = Mixer()

    def read(self, first_sample: int, end_sample: int) -> Samples:
        """Give the samples in uV, shape (n_samples,)."""
        while self._amplitude_uv > 0 and self._next_s * self._rate < end_sample:
            start = int(np.ceil(self._next_s * self._rate))
            time_s = (start + np.arange(int(0.5 * self._rate))) / self._rate - self._next_s
            wave = self._amplitude_uv * self._strength * _beat(time_s)
            self._beats.add(start, wave[:, np.newaxis])
            breathing = 0.04 * np.sin(2 * np.pi * 0.25 * self._next_s)
            self._next_s += 0.95 + breathing + 0.02 * self._rng.standard_normal()
        return self._beats.read(first_sample, end_sample)[:, 0]


def _beat(time_s: Samples) -> Samples:
    """Q, R, S and T as Gaussians, the R wave of height 1."""
    centre = np.array([0.035, 0.055, 0.075, 0.30])
    width = np.array([0.008, 0.009, 0.010, 0.045])
    height = np.array([-0.15, 1.0, -0.3, 0.2])
    return np.asarray(np.exp(-0.5 * ((time_s[:, np.newaxis] - centre) / width) ** 2) @ height)
