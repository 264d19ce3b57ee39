"""Mains hum, fitted as sines and subtracted, and how far its phase has turned."""

import math
from collections.abc import Sequence
from itertools import accumulate

import numpy as np
import numpy.typing as npt

from myowatch.signal.dsp.frames import Frames, trailing_windows
from myowatch.signal.model.samples import Samples

PAST = 5
# Share of the way to the latest drift in each block: smooth over some fifteen blocks, three
# seconds, in which the mains keep their frequency to a few mHz.
_SMOOTH = 0.065


class MainsTurn:
    """Follows the phase of the mains from block to block.

    Parameters
    ----------
    nominal
        Angle by which each turns in a block beyond whole periods while the mains keep their
        frequency, rad.
    """

    def __init__(self, nominal: Sequence[float]) -> None:
        self._nominal = list(nominal)
        self.reset()

    def reset(self) -> None:
        """Reset to the initial state."""
        n = len(self._nominal)
        self._last: Samples = np.zeros((2, n, 1))
        # Before anything is known the mains are taken to keep their frequency.
        self._steps: Samples = np.zeros((n, PAST - 1))
        self._drift = [0.0] * n
        self._turned = [0.0] * n

    def process(self, fits: Samples) -> Samples:
        """Process the cosine and sine fitted to each block, shape (2, n, n_blocks).

        Returns
        -------
        the angle that each has turned since the reset, up to each of the blocks and up to the one
        after them, shape (n, n_blocks + 1), rad
        """
        known = np.concatenate([self._last, fits], axis=2)
        self._last = known[:, :, -1:].copy()
        cosine, sine = known
        along = cosine[:, 1:] * cosine[:, :-1] + sine[:, 1:] * sine[:, :-1]
        across = sine[:, 1:] * cosine[:, :-1] - cosine[:, 1:] * sine[:, :-1]
        angles = np.arctan2(across, along) - np.array(self._nominal)[:, np.newaxis]
        past, self._steps = trailing_windows(
            self._steps, angles - math.tau * np.rint(angles / math.tau)
        )
        steps = median_of_five(past).tolist()
        return np.array([self._add_up(family, each) for family, each in enumerate(steps)])

    def _add_up(self, family: int, steps: list[float]) -> list[float]:
        drifts = list(accumulate(steps, _smooth, initial=self._drift[family]))
        nominal = self._nominal[family]
        turned = list(accumulate((nominal + d for d in drifts[1:]), initial=self._turned[family]))
        self._drift[family], self._turned[family] = drifts[-1], turned[-1]
        return turned


def _smooth(drift: float, now: float) -> float:
    return drift + _SMOOTH * (now - drift)


def median_of_five(values: Samples) -> Samples:
    """Return the median over the first axis, which has five values.

    `numpy.median` takes 3 to 12 times as long.
    """
    a, b, c, d, e = values
    a, b = np.minimum(a, b), np.maximum(a, b)
    c, d = np.minimum(c, d), np.maximum(c, d)
    # The least of the four and the greatest of the four cannot be the median of five.
    low, high = np.maximum(a, c), np.minimum(b, d)
    low, high = np.minimum(low, high), np.maximum(low, high)
    median: Samples = np.maximum(low, np.minimum(high, e))
    return median


BLOCK_S = 0.2
MAINS_HZ = (50.0, 60.0)
# A median of five fits to pure noise has a squared length of 0.4 of their squared median scatter,
# and exceeds 1.6 of it one time in thirty: what is below that is taken for noise.
_SHRINK = 1.6


class MainsCanceller:
    """Finds 50 or 60 Hz hum and subtracts it with its harmonics.

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
        n_orders = [int(top // f) for f in self._families]
        ends = np.cumsum(n_orders).tolist()
        # Harmonics of all families stand in one row; each family owns a part of it.
        self._owned = [slice(end - n, end) for n, end in zip(n_orders, ends, strict=True)]
        self._family = np.repeat(np.arange(len(self._families)), n_orders)
        self._orders = np.concatenate([np.arange(1, n + 1) for n in n_orders])
        periods = np.array(self._families) * self.block_length / sampling_rate
        self._bins = np.rint(periods[self._family] * self._orders).astype(np.intp)
        self._turn = MainsTurn((math.tau * (periods - np.rint(periods))).tolist())
        self._blocks = Frames(self.block_length)
        self.reset()

    def reset(self) -> None:
        """Reset to the initial state."""
        self._blocks.reset()
        self._turn.reset()
        self._template: Samples = np.zeros(self.block_length)
        self._still: Samples = np.zeros((2, len(self._bins), PAST - 1))
        self._found = -1
        self._amplitude = 0.0
        self.hum = np.empty(0)

    @property
    def mains_hz(self) -> float | None:
        """Mains frequency of the hum; None if there is none."""
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
        held = self._blocks.n_left
        hum = self._template
        whole = self._blocks.process(samples)
        if len(whole):
            templates = self._predict(whole)
            hum = np.concatenate([hum, templates.ravel()])
            self._template = templates[-1].copy()
        return samples - hum[held : held + len(samples)]

    def _predict(self, whole: Samples) -> Samples:
        """Return the hum in the block after each of these, both of shape (n_blocks, length)."""
        found = np.fft.rfft(whole, axis=1)[:, self._bins].T
        fits = np.array([found.real, found.imag]) * (2.0 / self.block_length)
        turned = self._turn.process(fits[:, [own.start for own in self._owned]])
        angles = self._orders[:, np.newaxis] * turned[self._family]
        phasors = np.array([np.cos(angles), np.sin(angles)])
        median = self._shrunk_median(_times(fits, phasors[:, :, :-1] * _BACK))
        family = self._choose(median)
        keep = self._family[:, np.newaxis] == family
        return self._sines(_times(median, phasors[:, :, 1:]) * keep)

    def _shrunk_median(self, fits: Samples) -> Samples:
        """Return the median of the last five fits, shrunk where they scatter; same shape."""
        past, self._still = trailing_windows(self._still, fits)
        median = median_of_five(past)
        away = np.abs(past - median)
        scatter = median_of_five(away[:, 0] + away[:, 1])
        power = median[0] * median[0] + median[1] * median[1]
        noise = _SHRINK * scatter * scatter
        shrunk: Samples = median * (np.maximum(power - noise, 0.0) / np.maximum(power, 1e-300))
        return shrunk

    def _choose(self, fits: Samples) -> npt.NDArray[np.intp]:
        """Return the index of the mains family with more power in its harmonics; -1 for none."""
        power = (fits[0] * fits[0] + fits[1] * fits[1]).T
        # Rows of one length in one piece: else cutting would matter to how they are summed.
        owned = [np.ascontiguousarray(power[:, own]) for own in self._owned]
        totals = np.array([each.sum(axis=1) for each in owned])
        most = totals.max(axis=0)
        family: npt.NDArray[np.intp] = np.where(most > 0, totals.argmax(axis=0), -1)
        self.hum = np.sqrt(most)
        self._found, self._amplitude = int(family[-1]), float(self.hum[-1])
        return family

    def _sines(self, phasors: Samples) -> Samples:
        """Return the sum of the harmonics (2, m, n) over a block each, shape (n, length)."""
        cosines, sines = phasors.swapaxes(1, 2) * (self.block_length / 2)
        harmonics = cosines + 1j * sines
        spectrum = np.zeros((len(cosines), self.block_length // 2 + 1), dtype=np.complex128)
        for own in self._owned:
            spectrum[:, self._bins[own]] += harmonics[:, own]
        return np.fft.irfft(spectrum, self.block_length, axis=1)


# Phasors are pairs (cosine, sine) along the first axis: NumPy's complex products may round
# differently at the end of an array, and then cutting would matter.
_BACK = np.array([1.0, -1.0])[:, np.newaxis, np.newaxis]


def _times(a: Samples, b: Samples) -> Samples:
    """Return the product of two arrays of phasors."""
    product: Samples = a * b[0]
    product[0] -= a[1] * b[1]
    product[1] += a[0] * b[1]
    return product
