"""Mains hum taken away by fitting its sines, not by notches: nothing rings after a twitch.

Each fifth of a second holds a whole number of periods of 50 and of 60 Hz, so one short Fourier
transform gives the sine and cosine of every harmonic at once. What is subtracted from a block is
predicted from the five blocks before it, turned forward by the drift of the mains frequency, as
their median: twitches in two of them leave it untouched. Each harmonic is shrunk by its own
scatter, so that muscle activity, which has no steady phase, is not mistaken for hum; a harmonic
that is not there is multiplied by nearly nothing.
"""

import cmath
from collections.abc import Iterable

import numpy as np
import numpy.typing as npt
from scipy.signal import lfilter

from myowatch.signal.samples import Samples

BLOCK_S = 0.2
MAINS_HZ = (50.0, 60.0)
_PAST = 5
# A median of five fits to pure noise has a squared length of 0.4 of their squared median scatter,
# and exceeds 1.6 of it one time in thirty: what is below that is taken for noise.
_SHRINK = 1.6
# The drift of the mains is smoothed over about three seconds.
_SMOOTH = 0.065


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
        Amplitude of the hum found by the end of each fifth of a second completed by the last call.
    """

    def __init__(self, sampling_rate: float, mains_hz: float | None, *, highest: float) -> None:
        self.block_length = max(round(BLOCK_S * sampling_rate), 1)
        top = min(highest, 0.49 * sampling_rate)
        self._families = MAINS_HZ if mains_hz is None else (mains_hz,)
        each = [int(top // f) for f in self._families]
        self._orders = max(each)
        columns = [(i, h) for i, n in enumerate(each) for h in range(1, n + 1)]
        self._family = np.array([i for i, _ in columns], dtype=np.intp)
        ends = np.cumsum(each).tolist()
        self._owned = [slice(end - n, end) for n, end in zip(each, ends, strict=True)]
        self._first = np.array([i for i, (_, h) in enumerate(columns) if h == 1], dtype=np.intp)
        # Where a harmonic's power stands among those of all families.
        n_families = len(self._families)
        self._column = np.array([(h - 1) * n_families + i for i, h in columns], dtype=np.intp)
        advance = [self._families[i] * h * self.block_length / sampling_rate for i, h in columns]
        self._bins = np.array([round(a) for a in advance], dtype=np.intp)
        turn = [cmath.exp(2j * cmath.pi * a) for a in advance]
        self._turn = np.array([[t.real for t in turn], [t.imag for t in turn]])
        self.reset()

    def reset(self) -> None:
        """Forget the past."""
        self._tail: Samples = np.empty(0)
        self._template: Samples = np.zeros(self.block_length)
        self._past: Samples = np.zeros((2, _PAST + 1, len(self._bins)))
        # Before anything is known the mains are taken to keep their frequency.
        self._drift: Samples = np.zeros((2, 1, len(self._first)))
        self._drift[0] = 1 - _SMOOTH
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
        found = np.fft.rfft(whole, axis=1)[:, self._bins] * (2.0 / self.block_length)
        fitted = np.stack([found.real, found.imag])
        fits = np.concatenate([self._past, fitted], axis=1)
        self._past = fits[:, -(_PAST + 1) :].copy()
        shrunk = self._shrunk_median(fits, len(whole))
        power = _power(shrunk)
        family = self._choose(power)
        keep = self._family == family[:, np.newaxis]
        shrunk *= keep
        self._found = int(family[-1])
        self.hum = np.sqrt((power * keep).sum(axis=1))
        self._amplitude = float(self.hum[-1])
        spectrum = np.zeros((len(whole), self.block_length // 2 + 1), dtype=np.complex128)
        kept = (shrunk[0] + 1j * shrunk[1]) * (self.block_length / 2)
        for own in self._owned:
            spectrum[:, self._bins[own]] += kept[:, own]
        return np.fft.irfft(spectrum, self.block_length, axis=1)

    def _shrunk_median(self, fits: Samples, n_blocks: int) -> Samples:
        # The five blocks before each prediction, nearest first, turned to where they would be now.
        last = fits.shape[1] - n_blocks
        past = np.stack([fits[:, last - i : last - i + n_blocks] for i in range(_PAST)], axis=1)
        turned = _times(past, _powers(self._block_turn(fits, n_blocks), _PAST))
        median = _median_of_five(turned.swapaxes(0, 1))
        turned -= median[:, np.newaxis]
        away = np.abs(turned, out=turned)
        power = _power(median)
        noise = _SHRINK * _median_of_five(away[0] + away[1]) ** 2
        median *= np.maximum(power - noise, 0.0) / np.maximum(power, 1e-300)
        return median

    def _block_turn(self, fits: Samples, n_blocks: int) -> Samples:
        """Phase that each harmonic gains from block to block: nominal, and the drift seen."""
        first = fits[:, 1:, self._first]
        nominal = self._turn[:, np.newaxis, :]
        back = _times(first[:, :-1], nominal[:, :, self._first])
        back[1] *= -1
        step = _unit(_times(first[:, 1:], back))
        median = _median_of_five([step[:, i : i + n_blocks] for i in range(_PAST)])
        smooth, self._drift = lfilter([_SMOOTH], [1, _SMOOTH - 1], median, axis=1, zi=self._drift)
        powers = _powers(_unit(smooth), self._orders).swapaxes(1, 2).reshape(2, n_blocks, -1)
        return _times(powers[:, :, self._column], nominal)

    def _totals(self, power: Samples) -> Samples:
        """Power in the harmonics of each family, shape (n_blocks, n_families)."""
        owned = [np.ascontiguousarray(power[:, own]) for own in self._owned]
        return np.stack([p.sum(axis=1) for p in owned], axis=1)

    def _choose(self, power: Samples) -> npt.NDArray[np.intp]:
        """Index of the mains family with more power in its own harmonics, -1 for none."""
        totals = self._totals(power)
        best: npt.NDArray[np.intp] = np.argmax(totals, axis=1)
        best[totals.max(axis=1) == 0] = -1
        return best


def _median_of_five(values: Iterable[Samples]) -> Samples:
    a, b, c, d, e = values
    a, b = np.minimum(a, b), np.maximum(a, b)
    c, d = np.minimum(c, d), np.maximum(c, d)
    # The least of the four and the greatest of the four cannot be the median of five.
    low, high = np.maximum(a, c), np.minimum(b, d)
    low, high = np.minimum(low, high), np.maximum(low, high)
    return np.maximum(low, np.minimum(high, e))


# Phasors are pairs (cosine, sine) along the first axis: NumPy's complex products may round
# differently at the end of an array, and then cutting would matter.


def _times(a: Samples, b: Samples) -> Samples:
    """Product of two arrays of phasors."""
    product: Samples = a * b[0]
    product[0] -= a[1] * b[1]
    product[1] += a[0] * b[1]
    return product


def _power(phasors: Samples) -> Samples:
    """Squared length."""
    power: Samples = phasors[0] ** 2
    power += phasors[1] ** 2
    return power


def _unit(phasors: Samples) -> Samples:
    """Phasors brought to length one; those of length zero do not turn."""
    length = np.sqrt(_power(phasors))
    still = length == 0
    unit: Samples = phasors / (length + still)
    unit[0] += still
    return unit


def _powers(phasors: Samples, highest: int) -> Samples:
    """First to highest power of phasors (2, n, m), as (2, highest, n, m), by doubling."""
    powers = phasors[:, np.newaxis]
    while powers.shape[1] < highest:
        powers = np.concatenate([powers, _times(powers, powers[:, -1:])], axis=1)
    return powers[:, :highest]
