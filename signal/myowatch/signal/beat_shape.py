"""What one heart beat looks like below 100 Hz, and how well it explains a piece of signal.

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
# Noise that is left over is rarely so many times its mean over the middle of a shape.
_NOISE = 2.0
_HALF = 0.5


@dataclass(frozen=True, slots=True)
class Fit:
    """How well a shape explains a piece of signal.

    Parameters
    ----------
    piece
        Where the shape was fitted, longer by the lags that were tried.
    lag, place
        Frames into the piece at which the shape lies, and half frames after that.
    gain, aside
        Height relative to the shape's, and share of its slope.
    left
        Energy left over in the middle, relative to what a beat may leave: alike up to 1.
    height
        Largest magnitude of the fitted shape.
    sure
        How little of what is left is noise: the shape's own unlikeness over both.
    """

    piece: Samples
    lag: int
    place: int
    gain: float
    aside: float
    left: float
    height: float
    sure: float


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
        n_frames = len(course)
        # Before and after the middle there is little but the surroundings.
        self._middle = slice(n_frames // 5, n_frames - n_frames // 5)
        self._views = _views(n_frames)
        self._inner_views = np.ascontiguousarray(self._views[:, :, self._middle])
        self._ones = np.ones(self._middle.stop - self._middle.start)
        self._take(course)

    def _take(self, course: Samples) -> None:
        self._course = course
        self.height = float(np.abs(course).max())
        middle, steep = self._inner_views @ course
        own = (middle * middle) @ self._ones
        self._tilt = (steep * middle) @ self._ones / own
        steep -= middle * self._tilt[:, np.newaxis]
        self._per_own = 1 / own
        self._owns = own.tolist()
        self._steeps = np.maximum((steep * steep) @ self._ones, 1e-12).tolist()
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
        n_lags = len(piece) - len(self._course) + 1
        inner = piece[cuts(n_lags, self._middle.start, self._middle.stop)]
        products = inner @ self._basis
        energy = (inner * inner) @ self._ones + 1e-12
        # The place where most is explained; upside down is another shape.
        upright = np.maximum(products[:, :2], 0.0)
        share = upright * upright * self._per_own / energy[:, np.newaxis]
        lag, place = divmod(int(share.argmax()), 2)
        product, slanted = products[lag, place::2].tolist()
        own, steep = self._owns[place], self._steeps[place]
        # More than half a frame's worth of slope is another shape, not another place.
        gain = max(product / own, 0.0)
        aside = min(max(slanted / steep, -_HALF * gain), _HALF * gain)
        slant = aside * aside * steep
        unlike = _UNLIKE * (gain * gain * own + slant)
        left = float(energy[lag]) - gain * product - 2 * aside * slanted + slant
        noisy = _NOISE * noise * inner.shape[1] + 1e-12
        return Fit(
            piece=piece,
            lag=lag,
            place=place,
            gain=gain,
            aside=aside,
            left=max(left / (unlike + noisy), 0.0),
            height=gain * self.height,
            sure=unlike / (unlike + noisy),
        )

    def moved(self, fit: Fit) -> Samples:
        """Give what the shape was fitted to, moved to where the shape lies between frames."""
        course, slope = self._views[:, fit.place] @ self._course
        slope -= course * self._tilt[fit.place]
        rest = fit.piece[fit.lag : fit.lag + len(course)] - fit.gain * course - fit.aside * slope
        return np.asarray(fit.gain * self._course + rest)

    def adapt(self, fit: Fit, weight: float) -> None:
        """Move the shape towards what it was fitted to, which counts as far as it is no noise."""
        self._take(self._course + weight * fit.sure * (self.moved(fit) - self._course))


@lru_cache
def _views(n_frames: int) -> Samples:
    """Give matrices (2, 2, n, n): a course and its slope, both here and half a frame later."""
    here = np.eye(n_frames)
    spectrum = np.fft.rfft(here, axis=0)
    turn = np.exp(-1j * np.pi * np.arange(len(spectrum)) / n_frames)
    later = np.fft.irfft(spectrum * turn[:, np.newaxis], n_frames, axis=0)
    return np.array([[here, later], [np.gradient(here, axis=0), np.gradient(later, axis=0)]])
