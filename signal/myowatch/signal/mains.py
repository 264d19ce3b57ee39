"""Mains hum taken away by fitting its sines, not by notches: nothing rings after a twitch.

Each tenth of a second holds a whole number of periods of 50 and of 60 Hz, so one short Fourier
transform gives the sine and cosine of every harmonic at once. What is subtracted from a block is
predicted from the ten blocks before it, turned forward by the drift of the mains frequency, as
the median of five pairs: two strong twitches within the second leave it untouched. Each harmonic
is shrunk by its own scatter, so that muscle activity, which has no steady phase, is not mistaken
for hum; a harmonic that is not there is multiplied by nearly nothing.
"""

import cmath

import numpy as np
import numpy.typing as npt
from scipy.signal import lfilter

from myowatch.signal.samples import Samples

BLOCK_S = 0.1
MAINS_HZ = (50.0, 60.0)
_PAST = 10
# A median of five pair means of pure noise has a squared length near 0.6 of their squared mean
# scatter; what is below `_SHRINK` of it is taken for noise.
_SHRINK = 1.2
# The drift of the mains is smoothed over about three seconds.
_SMOOTH = 0.033


class MainsCanceller:
    """Subtracts 50 or 60 Hz hum and its harmonics, found by itself.

    Parameters
    ----------
    sampling_rate
        Hz.
    mains_hz
        50 or 60 when it is known, None to find it.
    highest
        Harmonics above this frequency are left alone, Hz.

    Attributes
    ----------
    hum
        Mean square at the mains' harmonics in each tenth of a second completed by the last call.
    """

    def __init__(self, sampling_rate: float, mains_hz: float | None, *, highest: float) -> None:
        self.block_length = max(round(BLOCK_S * sampling_rate), 1)
        top = min(highest, 0.49 * sampling_rate)
        self._families = MAINS_HZ if mains_hz is None else (mains_hz,)
        each = [int(top // f) for f in self._families]
        self._orders = max(each)
        columns = [(i, h) for i, n in enumerate(each) for h in range(1, n + 1)]
        self._family = np.array([i for i, _ in columns], dtype=np.intp)
        self._order = np.array([h for _, h in columns], dtype=np.intp)
        self._first = np.flatnonzero(self._order == 1)
        advance = [self._families[i] * h * self.block_length / sampling_rate for i, h in columns]
        self._bins = np.array([round(a) for a in advance], dtype=np.intp)
        turn = [cmath.exp(2j * cmath.pi * a) for a in advance]
        self._turn = np.array([t.real for t in turn]), np.array([t.imag for t in turn])
        self.reset()

    def reset(self) -> None:
        """Forget the past."""
        self._tail: Samples = np.empty(0)
        self._template: Samples = np.zeros(self.block_length)
        self._past: Samples = np.zeros((_PAST + 1, 2, len(self._bins)))
        # Before anything is known the mains are taken to keep their frequency.
        steady = np.array([1.0] * len(self._first) + [0.0] * len(self._first))
        self._drift = (1 - _SMOOTH) * steady[np.newaxis]
        self._found = -1
        self._amplitude = 0.0
        self.hum = np.empty(0)

    @property
    def mains_hz(self) -> float | None:
        """Mains frequency of the hum found, None when there is none."""
        return None if self._found < 0 else self._families[self._found]

    @property
    def amplitude(self) -> float:
        """Amplitude of the hum being subtracted, in the unit of the samples."""
        return self._amplitude

    def process(self, samples: Samples) -> Samples:
        """Subtract the hum from the next samples, shape (n_samples,); same shape out."""
        self.hum = np.empty(0)
        if not len(self._bins) or not len(samples):
            return samples.copy()
        held = len(self._tail)
        known = np.concatenate([self._tail, samples])
        n_whole = len(known) // self.block_length
        hum = self._template
        if n_whole:
            whole = known[: n_whole * self.block_length].reshape(n_whole, self.block_length)
            templates = self._predict(whole)
            hum = np.concatenate([hum, templates.ravel()])
            self._template = templates[-1].copy()
            self._tail = known[n_whole * self.block_length :].copy()
        else:
            self._tail = known
        return samples - hum[held : held + len(samples)]

    def _predict(self, whole: Samples) -> Samples:
        """Hum in the block after each of these, both of shape (n_blocks, length)."""
        spectrum = np.fft.rfft(whole, axis=1)[:, self._bins] * (2.0 / self.block_length)
        self.hum = 0.5 * self._strongest(spectrum.real**2 + spectrum.imag**2)
        fits = np.concatenate([self._past, np.stack([spectrum.real, spectrum.imag], axis=1)])
        self._past = fits[-(_PAST + 1) :].copy()
        cosine, sine = self._shrunk_median(fits, len(whole))
        power = cosine**2 + sine**2
        family = self._choose(power)
        keep = self._family == family[:, np.newaxis]
        cosine, sine = cosine * keep, sine * keep
        self._found = int(family[-1])
        self._amplitude = float(np.sqrt((power[-1] * keep[-1]).sum()))
        spectrum = np.zeros((len(whole), self.block_length // 2 + 1), dtype=np.complex128)
        fitted = (cosine + 1j * sine) * (self.block_length / 2)
        for i in range(len(self._families)):
            own = self._family == i
            spectrum[:, self._bins[own]] += fitted[:, own]
        return np.fft.irfft(spectrum, self.block_length, axis=1)

    def _shrunk_median(self, fits: Samples, n_blocks: int) -> tuple[Samples, Samples]:
        turn_re, turn_im = self._block_turn(fits, n_blocks)
        pairs = []
        angle_re, angle_im = turn_re, turn_im
        for lag in range(1, _PAST + 1):
            begin = len(fits) - n_blocks + 1 - lag
            re, im = fits[begin : begin + n_blocks, 0], fits[begin : begin + n_blocks, 1]
            turned = (re * angle_re - im * angle_im, re * angle_im + im * angle_re)
            angle_re, angle_im = (
                angle_re * turn_re - angle_im * turn_im,
                angle_re * turn_im + angle_im * turn_re,
            )
            if lag % 2:
                odd = turned
            else:
                pairs.append((0.5 * (odd[0] + turned[0]), 0.5 * (odd[1] + turned[1])))
        cosines, sines = [p[0] for p in pairs], [p[1] for p in pairs]
        cosine, sine = _median_of_five(cosines), _median_of_five(sines)
        scatter = np.zeros_like(cosine)
        for re, im in pairs:
            scatter += np.abs(re - cosine) + np.abs(im - sine)
        scatter *= 1 / len(pairs)
        power = cosine**2 + sine**2
        gain = np.maximum(power - _SHRINK * scatter**2, 0.0) / np.maximum(power, 1e-300)
        return cosine * gain, sine * gain

    def _block_turn(self, fits: Samples, n_blocks: int) -> tuple[Samples, Samples]:
        """Phase that each harmonic gains from block to block: nominal, and the drift seen."""
        begin = len(fits) - n_blocks - _PAST
        re, im = fits[begin:, 0, self._first], fits[begin:, 1, self._first]
        turn_re, turn_im = self._turn[0][self._first], self._turn[1][self._first]
        past_re = re[:-1] * turn_re - im[:-1] * turn_im
        past_im = re[:-1] * turn_im + im[:-1] * turn_re
        step_re, step_im = _unit(
            re[1:] * past_re + im[1:] * past_im, im[1:] * past_re - re[1:] * past_im
        )
        median = np.concatenate(
            [_median_of_steps(step_re, n_blocks), _median_of_steps(step_im, n_blocks)], axis=1
        )
        smooth, self._drift = lfilter([_SMOOTH], [1, _SMOOTH - 1], median, axis=0, zi=self._drift)
        drift_re, drift_im = np.split(smooth, 2, axis=1)
        drift_re, drift_im = _unit(drift_re, drift_im)
        power_re, power_im = [drift_re], [drift_im]
        for _ in range(self._orders - 1):
            re, im = power_re[-1], power_im[-1]
            power_re.append(re * drift_re - im * drift_im)
            power_im.append(re * drift_im + im * drift_re)
        columns = list(zip(self._order - 1, self._family, strict=True))
        extra_re = np.stack([power_re[h][:, i] for h, i in columns], axis=1)
        extra_im = np.stack([power_im[h][:, i] for h, i in columns], axis=1)
        nominal_re, nominal_im = self._turn
        return (
            extra_re * nominal_re - extra_im * nominal_im,
            extra_re * nominal_im + extra_im * nominal_re,
        )

    def _strongest(self, power: Samples) -> Samples:
        strongest: Samples = self._totals(power).max(axis=1)
        return strongest

    def _totals(self, power: Samples) -> Samples:
        """Power in the harmonics of each family, shape (n_blocks, n_families)."""
        owned = [power * (self._family == i) for i in range(len(self._families))]
        return np.stack([np.ascontiguousarray(p).sum(axis=1) for p in owned], axis=1)

    def _choose(self, power: Samples) -> npt.NDArray[np.intp]:
        """Index of the mains family with more power in its own harmonics, -1 for none."""
        totals = self._totals(power)
        best: npt.NDArray[np.intp] = np.argmax(totals, axis=1)
        best[totals.max(axis=1) == 0] = -1
        return best


def _median_of_five(values: list[Samples]) -> Samples:
    a, b, c, d, e = values
    a, b = np.minimum(a, b), np.maximum(a, b)
    c, d = np.minimum(c, d), np.maximum(c, d)
    # The least of the four and the greatest of the four cannot be the median of five.
    low, high = np.maximum(a, c), np.minimum(b, d)
    low, high = np.minimum(low, high), np.maximum(low, high)
    return np.maximum(low, np.minimum(high, e))


def _median_of_steps(steps: Samples, n_blocks: int) -> Samples:
    """Median of five means of neighbouring pairs among the last ten rows up to each block."""
    pairs = 0.5 * (steps[1:] + steps[:-1])
    return _median_of_five([pairs[lag : lag + n_blocks] for lag in range(0, _PAST, 2)])


def _unit(re: Samples, im: Samples) -> tuple[Samples, Samples]:
    """Phasors brought to length one; those of length zero do not turn."""
    length = np.sqrt(re**2 + im**2)
    still = length == 0
    length = length + still
    return (re + still) / length, im / length
