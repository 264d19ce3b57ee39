"""What one heart beat looks like, and what is left of a piece of signal without it.

A beat is allowed its own height, since breathing moves the heart, and to lie a part of a frame
beside where it was cut out: it is fitted by the shape and the shape's slope together.
"""

from dataclasses import dataclass

import numpy as np

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
    briefly
        The same for every few frames, shape (n_frames,).
    height
        Largest magnitude of the fitted shape.
    rest
        What is left over, shape (n_frames,).
    """

    lag: int
    gain: float
    left: float
    briefly: Samples
    height: float
    rest: Samples


class BeatShape:
    """Mean course of the beats so far.

    Parameters
    ----------
    course
        Shape (n_frames,), not all zero.
    """

    def __init__(self, course: Samples) -> None:
        self._course = course
        self._middle = slice(len(course) // 5, len(course) - len(course) // 5)

    def fit(self, piece: Samples, noise: float) -> Fit:
        """Fit the shape to a piece that is longer by the lags to be tried.

        Parameters
        ----------
        piece
            Shape (n_frames + n_lags,).
        noise
            Mean square of the noise.
        """
        cuts = np.lib.stride_tricks.sliding_window_view(piece, len(self._course))
        fits = [self._fit(cuts, course, noise) for course in (self._course, self._between())]
        return min(fits, key=lambda fit: fit.left)

    def _fit(self, cuts: Samples, course: Samples, noise: float) -> Fit:
        slope = np.gradient(course)
        middle, steep = course[self._middle], slope[self._middle]
        slope = slope - course * (steep @ middle) / (middle @ middle)
        steep = slope[self._middle]
        inner = cuts[:, self._middle]
        along = inner @ middle / (middle @ middle)
        aside = inner @ steep / max(float(steep @ steep), 1e-12)
        # More than half a frame's worth of slope is another shape, not another place.
        aside = np.clip(aside, -0.5 * np.abs(along), 0.5 * np.abs(along))
        left = (inner - along[:, np.newaxis] * middle - aside[:, np.newaxis] * steep) ** 2
        best = int(np.argmin(left.sum(axis=1)))
        fitted = along[best] * course + aside[best] * slope
        rest = cuts[best] - fitted
        over = np.convolve(rest**2, np.ones(_BRIEFLY), "same")
        power = np.convolve(fitted**2, np.ones(_BRIEFLY), "same").max()
        briefly = over / max(_UNLIKE * power + _NOISE_BRIEFLY * noise * _BRIEFLY, 1e-12)
        allowed = _UNLIKE * (fitted[self._middle] ** 2).sum() + _NOISE * noise * len(middle)
        share = float(left[best].sum() / max(allowed, 1e-12))
        return Fit(best, float(along[best]), share, briefly, float(np.abs(fitted).max()), rest)

    def _between(self) -> Samples:
        """Give the course half a frame later."""
        spectrum = np.fft.rfft(self._course)
        turn = np.exp(-1j * np.pi * np.arange(len(spectrum)) / len(self._course))
        return np.fft.irfft(spectrum * turn, len(self._course))

    def moved(self, fit: Fit) -> Samples:
        """Give what the shape was fitted to, moved to where the shape lies between frames."""
        return fit.gain * self._course + fit.rest

    def adapt(self, fit: Fit) -> None:
        """Move the shape a little towards what it was fitted to."""
        self._course = self._course + _ADAPT * (self.moved(fit) - self._course)


def alike(piece: Samples, others: Samples, n_lags: int, noise: float) -> tuple[Samples, Samples]:
    """How much others resemble a piece, as far as noise lets one see.

    Parameters
    ----------
    piece
        Shape (n_frames + n_lags,); its middle is compared.
    others
        Shape (n_others, n_frames + n_lags).
    n_lags
        Lags that are tried, even.
    noise
        Mean square of the noise.

    Returns
    -------
    correlation at the best lag relative to that of two equal courses under noise, and height
    relative to the piece's; both of shape (n_others,)
    """
    edge = n_lags // 2 + (len(piece) - n_lags) // 5
    middle = piece[edge : len(piece) - edge]
    around = others[:, edge - n_lags // 2 : len(piece) - edge + n_lags // 2]
    cuts = np.lib.stride_tricks.sliding_window_view(around, len(middle), axis=1)
    products = cuts @ middle
    powers = (cuts**2).sum(axis=2)
    own = float(middle @ middle)
    best = np.argmax(products / np.sqrt(np.maximum(powers, 1e-12)), axis=1)
    rows = np.arange(len(others))
    product, power = products[rows, best], powers[rows, best]
    floor = noise * len(middle)
    clean = np.maximum(power - floor, 0.1 * power) * max(own - floor, 0.1 * own)
    return product / np.sqrt(np.maximum(clean, 1e-12)), np.sqrt(power / max(own, 1e-12))
