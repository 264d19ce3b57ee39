"""A limb as an accelerometer measures it: tremor, movements, steps, taps, and posture."""

from functools import partial

import numpy as np
from scipy import signal

from myowatch.acquisition.simulator.background import ShapedNoise, Steps, pink
from myowatch.acquisition.simulator.contractions import smooth
from myowatch.acquisition.simulator.motor_unit import G_PER_MG
from myowatch.acquisition.simulator.ranges import USUAL_MOTION, LimbMotion, Range
from myowatch.acquisition.simulator.scene import Rest
from myowatch.acquisition.simulator.timetable import log_uniform, random_draws
from myowatch.acquisition.simulator.true_events import Mixer
from myowatch.signal.model.samples import AXES, Samples


class Posture:
    """Gravity in the sensor's axes, read in order; a turn may last into the next samples."""

    def __init__(self, gravity: Samples, turn_rad: Range = USUAL_MOTION.turn_rad) -> None:
        self._gravity, self._turn_rad = gravity, turn_rad
        self._turns: list[tuple[int, Samples]] = []

    def turn(self, start: int, share: Samples, rng: np.random.Generator) -> Samples:
        """Turn the limb by a random angle from sample `start`.

        Parameters
        ----------
        share
            Share of the angle at each sample, 0 to 1; shape (n_samples,).

        Returns
        -------
        how far gravity has moved in g, shape (n_samples,)
        """
        before = self._turns[-1][1][-1] if self._turns else self._gravity
        angle = log_uniform(rng, self._turn_rad) * share[:, np.newaxis]
        aside = np.cross(before, rng.standard_normal(AXES))
        aside /= np.linalg.norm(aside)
        self._turns.append((start, np.cos(angle) * before + np.sin(angle) * aside))
        return np.asarray(2 * np.sin(angle[:, 0] / 2))

    def read(self, first_sample: int, end_sample: int) -> Samples:
        """Return gravity in g, shape (end_sample - first_sample, 3)."""
        gravity = np.tile(self._gravity, (end_sample - first_sample, 1))
        for start, path in self._turns:
            when = np.arange(first_sample, end_sample) - start
            turned = when >= 0
            gravity[turned] = path[np.minimum(when[turned], len(path) - 1)]
        while self._turns and self._turns[0][0] + len(self._turns[0][1]) <= end_sample:
            self._gravity = self._turns.pop(0)[1][-1]
        return gravity


class RestingLimb:
    """What an accelerometer feels of a limb at rest, besides gravity, read in order.

    Noise of the sensor, tremor, and the pulse.

    Attributes
    ----------
    noise_g
        RMS of the sensor's noise, each axis.
    """

    def __init__(self, rest: Rest, seed: int, sampling_rate: float) -> None:
        self._seed, self._rate, self._rest = seed, sampling_rate, rest
        self.noise_g = rest.noise_mg * G_PER_MG
        draw = partial(log_uniform, between=rest.tremor_mg)
        self._tremor_level = Steps(draw, TREMOR_LEVEL_S, seed, "tremor level")
        self._tremor = _shaped(resting_tremor(sampling_rate), sampling_rate, AXES)
        self._coloured = _shaped(pink(sampling_rate), sampling_rate, AXES)
        rng = random_draws(seed, "line tremor")
        self._line_along = random_direction(rng)
        self._line = _shaped(line_tremor(rest.line_hz, rng, sampling_rate), sampling_rate, 1)
        draw_line = partial(log_uniform, between=rest.line_mg)
        self._line_level = Steps(draw_line, TREMOR_LEVEL_S, seed, "line tremor level")
        rng = random_draws(seed, "pulse")
        self._pulse_g = log_uniform(rng, rest.pulse_mg) * G_PER_MG
        self._pulse_along, self._pulses = random_direction(rng), Mixer(AXES)

    def add_to(self, felt: Samples, first_sample: int, end_sample: int) -> None:
        """Add the next samples in g to `felt`, shape (end_sample - first_sample, 3)."""
        n_samples = end_sample - first_sample
        rng = random_draws(self._seed, "accelerometer noise", first_sample)
        noise = rng.standard_normal((n_samples, AXES))
        time_s = np.arange(first_sample, end_sample) / self._rate
        tremor = self._tremor_g(time_s)[:, np.newaxis] * self._tremor.read(rng, n_samples)
        if self._rest.coloured:
            white, coloured = np.sqrt([1 - self._rest.coloured, self._rest.coloured])
            noise = white * noise + coloured * self._coloured.read(rng, n_samples)
        felt += self.noise_g * noise
        felt += tremor
        if self._rest.line_mg[1] > 0:
            shaking = self._line_g(time_s) * self._line.read(rng, n_samples)[:, 0]
            felt += np.outer(shaking, self._line_along)
        felt += self._pulses.read(first_sample, end_sample)

    def beat(self, start: int, time_s: Samples) -> None:
        """Add the pulse of a heart beat that begins at sample `start`."""
        if self._pulse_g > 0:
            wave = self._pulse_g * pulse(random_draws(self._seed, "pulse shape"), time_s)
            self._pulses.add(start, np.outer(wave, self._pulse_along))

    def rms_g(self, at_s: float) -> float:
        """Return the RMS of noise and tremor along one axis, without the pulse."""
        at = np.array([at_s])
        rms = np.hypot(self.noise_g, self._tremor_g(at)[0])
        return float(np.hypot(rms, self._line_g(at)[0] / np.sqrt(AXES)))

    def power(self, at_s: float, along: Samples) -> Samples:
        """Return the power along a direction as for `VisibilityTest`, without the pulse."""
        at, share = np.array([at_s]), self._rest.coloured
        noise = 1.0 - share + share * self._coloured.power if share else 1.0
        line_g = self._line_g(at)[0] * float(along @ self._line_along)
        power = self.noise_g**2 * noise + self._tremor_g(at)[0] ** 2 * self._tremor.power
        return np.asarray(power + line_g**2 * self._line.power)

    def _tremor_g(self, time_s: Samples) -> Samples:
        """Return the RMS of the tremor along each axis."""
        return np.asarray(self._tremor_level.at(time_s) * G_PER_MG / np.sqrt(AXES))

    def _line_g(self, time_s: Samples) -> Samples:
        return np.asarray(self._line_level.at(time_s) * G_PER_MG)


def _shaped(sos: Samples, sampling_rate: float, n_channels: int) -> ShapedNoise:
    return ShapedNoise(sos, sampling_rate, above_hz=COUNTED_HZ, n_channels=n_channels)


def random_direction(rng: np.random.Generator) -> Samples:
    """Return a unit vector, all directions being alike."""
    vector = rng.standard_normal(AXES)
    return np.asarray(vector / np.linalg.norm(vector))


TREMOR_LEVEL_S = 40.0
SHAKES_HZ = 15.0
POSTURE_HZ = 3.0
COUNTED_HZ = 2.0
"""The RMS of the tremor counts what is above this."""
TREMOR_HZ = (8.0, 30.0)
"""Of a cramp, and of a tensed muscle."""
STRIKE_HZ = (10.0, 25.0)
OTHER_LEG = 0.3


def resting_tremor(sampling_rate: float) -> Samples:
    """Return the spectrum of a resting limb's tremor, as second-order sections.

    In real arms on a table (`sync_acc_1`, `sync_acc_2` of biosignalsnotebooks 0.6.14) it is flat
    up to 15 Hz, with most of the power, and falls slowly above: 2.5 to 3 mg in all.
    """
    return np.asarray(signal.butter(1, SHAKES_HZ, "lowpass", fs=sampling_rate, output="sos"))


def line_tremor(between: Range, rng: np.random.Generator, sampling_rate: float) -> Samples:
    """Return the spectrum of a tremor with one frequency, as second-order sections."""
    centre_hz = log_uniform(rng, between)
    # A physiological tremor is 1 to 2 Hz wide.
    half_hz = rng.uniform(0.4, 1.0)
    band_hz = (centre_hz - half_hz, centre_hz + half_hz)
    return np.asarray(signal.butter(1, band_hz, "bandpass", fs=sampling_rate, output="sos"))


PULSE_S = 0.6


def pulse(rng: np.random.Generator, time_s: Samples) -> Samples:
    """Return what a heart beat does to a limb, of height 1; 0.1 s after the electric beat.

    Two or three waves of 2 to 10 Hz that fade: Starr 1939 (Am J Physiol 127:1) names them I to N.
    The same generator gives the same wave.
    """
    wave = np.zeros_like(time_s)
    for number in range(3):
        hertz, later = rng.uniform(2.0, 10.0), time_s - 0.1 - 0.06 * number
        there = np.maximum(later, 0.0)
        ring = np.sin(2 * np.pi * hertz * there) * (there * hertz) * np.exp(-3 * hertz * there)
        wave += rng.uniform(0.3, 1.0) * rng.choice([-1.0, 1.0]) * ring
    return np.asarray(wave / max(np.abs(wave).max(), 1e-9))


def tremor(
    rng: np.random.Generator, course: Samples, rate: float, motion: LimbMotion = USUAL_MOTION
) -> Samples:
    """Return the shaking of a tensed muscle in g, along one direction."""
    centre_hz = min(rng.uniform(TREMOR_HZ[0] + 2, TREMOR_HZ[1] - 3), 0.45 * rate - 3)
    band_hz = (centre_hz - 2, centre_hz + 3)
    sos = signal.butter(2, band_hz, "bandpass", fs=rate, output="sos")
    settle = int(2 * rate / band_hz[0]) + 1
    noise = signal.sosfilt(sos, rng.standard_normal(len(course) + settle))[settle:]
    rms = np.sqrt(np.mean(noise**2))
    return np.asarray(log_uniform(rng, motion.tension_g) * noise / rms * course)


def swing(
    rng: np.random.Generator, time_s: Samples, course: Samples, motion: LimbMotion = USUAL_MOTION
) -> Samples:
    """Return the acceleration in g of a swung limb, along one direction."""
    hertz = log_uniform(rng, motion.swing_hz)
    return np.asarray(
        log_uniform(rng, motion.swing_g) * np.sin(2 * np.pi * hertz * time_s) * course
    )


def walk(
    rng: np.random.Generator,
    time_s: Samples,
    at_s: Samples,
    rate: float,
    motion: LimbMotion = USUAL_MOTION,
) -> Samples:
    """Return the acceleration in g of a walking leg, along one direction."""
    lasting_s = float(time_s[-1])
    course = smooth(time_s / 0.5) * smooth((lasting_s - time_s) / 0.5)
    step_hz = 1 / float(np.mean(np.diff(at_s)))
    wave = rng.uniform(0.1, 0.3) * np.sin(np.pi * step_hz * time_s) * course
    wave += rng.uniform(0.05, 0.2) * np.sin(2 * np.pi * step_hz * time_s) * course
    strike_g, hertz = log_uniform(rng, motion.strike_g), log_uniform(rng, STRIKE_HZ)
    hertz = min(hertz, 0.4 * rate)
    for number, begins_s in enumerate(at_s):
        first, end = np.searchsorted(time_s, (begins_s, begins_s + 0.4))
        later = time_s[first:end] - begins_s
        height_g = strike_g * (OTHER_LEG if number % 2 else 1.0) * rng.uniform(0.8, 1.2)
        ring = np.sin(2 * np.pi * hertz * later) * np.exp(-later / 0.05)
        wave[first:end] += height_g * ring
    return np.asarray(wave)


def tap(
    rng: np.random.Generator,
    decay_s: float,
    time_s: Samples,
    rate: float,
    motion: LimbMotion = USUAL_MOTION,
) -> Samples:
    """Return a knock on the table or bed, in g along one direction."""
    hertz = min(log_uniform(rng, motion.tap_hz), 0.45 * rate)
    ring = np.sin(2 * np.pi * hertz * time_s + np.pi / 4) * np.exp(-time_s / decay_s)
    return np.asarray(log_uniform(rng, motion.tap_g) * ring)
