"""What one heart beat looks like, and what is left of a piece of signal without it.

A beat is allowed its own height, since breathing moves the heart, and to lie a part of a frame
beside where it was cut out: it is fitted by the shape and the shape's slope together.
"""

from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from myowatch.signal.candidates import cuts
from myowatch.signal.samples import Samples

# Share of a beat's energy that may be left over: breathing turns the heart's axis by some degrees.
_UNLIKE = 0.04
# Noise that is left over is rarely so many times its mean, over the middle of a shape, and at its
# worst over three frames.
_NOISE, _NOISE_BRIEFLY = 2.0, 6.0
_BRIEFLY = 3
_ADAPT = 0.1


@dataclass(frozen=True, slots=True)
class Fit:
    """How well a shape explains a piece of signal.

    Parameters
    ----------
    lag
        Frames into the piece at which the shape lies.
    gain
        Height relative to the shape's.
    left
        Energy left over in the middle, relative to what a beat may leave: alike up to 1.
    fitted, rest
        The shape as fitted, and what is left over, shape (n_frames,).
    noise
        Mean square of the noise.
    """

    lag: int
    gain: float
    left: float
    fitted: Samples
    rest: Samples
    noise: float

    @property
    def height(self) -> float:
        """Largest magnitude of the fitted shape."""
        return float(np.abs(self.fitted).max())

    def briefly(self) -> Samples:
        """Energy left over, as `left`, for every few frames; shape (n_frames,)."""
        over = np.convolve(self.rest**2, np.ones(_BRIEFLY), "same")
        power = float(np.convolve(self.fitted**2, np.ones(_BRIEFLY), "same").max())
        allowed = _UNLIKE * power + _NOISE_BRIEFLY * self.noise * _BRIEFLY
        return np.asarray(over / max(allowed, 1e-12))


class BeatShape:
    """Mean course of the beats so far.

    Parameters
    ----------
    course
        Shape (n_frames,), not all zero.

    Attributes
    ----------
    height
        Largest magnitude.
    """

    def __init__(self, course: Samples) -> None:
        self._middle = slice(len(course) // 5, len(course) - len(course) // 5)
        self._take(course)

    def _take(self, course: Samples) -> None:
        """Make ready what fits are made of: the course here and half a frame later, and slopes."""
        self._course = course
        self.height = float(np.abs(course).max())
        courses, slopes = _views(len(course)) @ course
        middle, steep = courses[:, self._middle], slopes[:, self._middle]
        self._own = (middle**2).sum(axis=1)
        slopes -= courses * ((steep * middle).sum(axis=1) / self._own)[:, np.newaxis]
        steep = slopes[:, self._middle]
        self._steep = np.maximum((steep**2).sum(axis=1), 1e-12)
        self._courses, self._slopes = courses, slopes
        self._basis = np.ascontiguousarray(np.concatenate([middle, steep]).T)

    def fit(self, piece: Samples, noise: float) -> Fit:
        """Fit the shape to a piece that is longer by the lags to be tried.

        Parameters
        ----------
        piece
            Shape (n_frames + n_lags,).
        noise
            Mean square of the noise.
        """
        n_frames = len(self._course)
        inner = piece[cuts(len(piece) - n_frames + 1, self._middle.start, self._middle.stop)]
        products = inner @ self._basis
        along = products[:, :2] / self._own
        # More than half a frame's worth of slope is another shape, not another place.
        most = 0.5 * np.abs(along)
        aside = np.clip(products[:, 2:] / self._steep, -most, most)
        energy = (inner**2).sum(axis=1)[:, np.newaxis] - along**2 * self._own
        left = energy - aside * (2 * products[:, 2:] - aside * self._steep)
        power = along**2 * self._own + aside**2 * self._steep
        share = left / np.maximum(_UNLIKE * power + _NOISE * noise * inner.shape[1], 1e-12)
        # Upside down is another shape.
        lag, place = divmod(int(np.argmin(np.where(along > 0, share, np.inf))), 2)
        gain = float(along[lag, place])
        fitted = gain * self._courses[place] + aside[lag, place] * self._slopes[place]
        share = max(float(share[lag, place]), 0.0)
        return Fit(lag, gain, share, fitted, piece[lag : lag + n_frames] - fitted, noise)

    def moved(self, fit: Fit) -> Samples:
        """Give what the shape was fitted to, moved to where the shape lies between frames."""
        return fit.gain * self._course + fit.rest

    def adapt(self, fit: Fit) -> None:
        """Move the shape a little towards what it was fitted to."""
        self._take(self._course + _ADAPT * (self.moved(fit) - self._course))


@lru_cache
def _views(n_frames: int) -> Samples:
    """Give matrices (2, 2, n, n) for a course here and half a frame later, and their slopes."""
    here = np.eye(n_frames)
    spectrum = np.fft.rfft(here, axis=0)
    turn = np.exp(-1j * np.pi * np.arange(len(spectrum)) / n_frames)
    later = np.fft.irfft(spectrum * turn[:, np.newaxis], n_frames, axis=0)
    return np.array([[here, later], [np.gradient(here, axis=0), np.gradient(later, axis=0)]])
