"""The shape of a heart beat below 100 Hz, and the residual after it is subtracted."""

from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from myowatch.signal.dsp.history import Indices
from myowatch.signal.model.samples import Samples

# A twitch on a beat says nothing of how much beats differ: it counts as so many times the usual.
_MOST = 4.0
# More than half a sample's worth of slope is another course, not another place.
_HALF = 0.5


@dataclass(frozen=True, slots=True)
class BeatResidual:
    """The residual of one beat, at each of its samples.

    Parameters
    ----------
    first
        Sample of the beat's piece at which its course begins.
    rest
        The signal without the course.
    energy
        Mean square of the rest over the window around each sample.
    usual
        The same as beats usually have it, noise and all.
    """

    first: int
    rest: Samples
    energy: Samples
    usual: Samples


class MeanBeat:
    """Mean of the beats' samples.

    Parameters
    ----------
    n_samples
        Its length.
    slack
        A beat's course may begin so many samples earlier or later than its shape says.
    window
        Samples over which energies are averaged.
    """

    def __init__(self, n_samples: int, slack: int, window: int) -> None:
        self._n_samples = n_samples
        self._slack = slack
        self._window = np.full(window, 1 / window)
        self._course: Samples = np.empty(0)
        self._usual: Samples = np.empty(0)

    def begin(self, pieces: list[Samples], firsts: list[int]) -> None:
        """Start with a few beats, in pieces that begin and end `slack` samples farther.

        Parameters
        ----------
        pieces
            Samples around each beat.
        firsts
            Where the course begins in each, within `slack`.
        """
        self._take(pieces[-1][firsts[-1] :][: self._n_samples])
        aligned = [self._aligned(p, f) for p, f in zip(pieces, firsts, strict=True)]
        self._take(np.median([p[f : f + self._n_samples] for p, f in aligned], axis=0))
        energies = [self._fitted(p, f).energy for p, f in aligned]
        self._usual = np.mean(energies, axis=0)

    def take(self, piece: Samples, first: int) -> BeatResidual:
        """Return the residual of a beat."""
        return self._fitted(*self._aligned(piece, first))

    def learn(self, left: BeatResidual, weight: float) -> None:
        """Move the mean towards a beat with this residual, by a weight of 0 to 1."""
        # A twitch on the beat says nothing of the course.
        most = np.sqrt(_MOST * self._usual)
        self._take(self._course + weight * np.minimum(np.maximum(left.rest, -most), most))

    def learn_typical_residual(self, left: BeatResidual, weight: float) -> None:
        """Learn the usual residual from one beat, by a weight of 0 to 1."""
        usual = self._usual
        self._usual = usual + weight * (np.minimum(left.energy, _MOST * usual) - usual)

    def _take(self, course: Samples) -> None:
        self._course = course
        slope = np.zeros(len(course))
        slope[1:-1] = 0.5 * (course[2:] - course[:-2])
        self._own = max(float(course @ course), 1e-12)
        self._slope = slope - course * (float(slope @ course) / self._own)
        self._steep = max(float(self._slope @ self._slope), 1e-12)

    def _aligned(self, piece: Samples, first: int) -> tuple[Samples, int]:
        """Return the piece, and the lag at which the mean fits best."""
        begin = max(first - self._slack, 0)
        end = first + self._slack + self._n_samples
        return piece, begin + int(np.correlate(piece[begin:end], self._course, "valid").argmax())

    def _fitted(self, piece: Samples, first: int) -> BeatResidual:
        part = piece[first : first + self._n_samples]
        gain = float(part @ self._course) / self._own
        aside = float(part @ self._slope) / self._steep
        aside = min(max(aside, -_HALF * abs(gain)), _HALF * abs(gain))
        rest = part - gain * self._course - aside * self._slope
        energy = np.convolve(rest * rest, self._window, "same")
        return BeatResidual(first, rest, energy, self._usual)


# Share of a beat's energy that may be left over: breathing turns the heart's axis by some degrees.
_UNLIKE = 0.04
# Noise that is left over is rarely so many times its mean over the middle of a shape.
_NOISE = 2.0


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
        How little of the residual is noise: the shape's own unlikeness over both.
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
    """Mean shape of the beats so far.

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
        """Fit the shape to a piece that is longer by the lags to try.

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
        """Return the fitted piece, moved to where the shape lies between frames."""
        course, slope = self._views[:, fit.place] @ self._course
        slope -= course * self._tilt[fit.place]
        rest = fit.piece[fit.lag : fit.lag + len(course)] - fit.gain * course - fit.aside * slope
        return np.asarray(fit.gain * self._course + rest)

    def adapt(self, fit: Fit, weight: float) -> None:
        """Move the shape towards the fitted piece, by how sure the fit is."""
        self._take(self._course + weight * fit.sure * (self.moved(fit) - self._course))


@lru_cache
def _views(n_frames: int) -> Samples:
    """Return matrices (2, 2, n, n): a shape and its slope, both here and half a frame later."""
    here = np.eye(n_frames)
    spectrum = np.fft.rfft(here, axis=0)
    turn = np.exp(-1j * np.pi * np.arange(len(spectrum)) / n_frames)
    later = np.fft.irfft(spectrum * turn[:, np.newaxis], n_frames, axis=0)
    return np.array([[here, later], [np.gradient(here, axis=0), np.gradient(later, axis=0)]])


def cuts(n_cuts: int, start: int, stop: int) -> Indices:
    """Return the indices of samples [start, stop) of each cut, shape (n_cuts, stop - start)."""
    return np.arange(n_cuts)[:, np.newaxis] + np.arange(start, stop)
