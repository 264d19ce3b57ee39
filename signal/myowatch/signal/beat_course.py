"""What is left of a heart beat's samples once their mean course is taken away.

The whole band is looked at, since a twitch on a beat shows best where the beat has no energy. How
much beats differ from their mean, when breathing turns the heart's axis, is learnt at each moment
of the beat rather than assumed.
"""

from dataclasses import dataclass

import numpy as np

from myowatch.signal.samples import Samples

# A twitch on a beat says nothing of how much beats differ: it counts as so many times the usual.
_MOST = 4.0
# More than half a sample's worth of slope is another course, not another place.
_HALF = 0.5


@dataclass(frozen=True, slots=True)
class Left:
    """What is left of one beat, at each of its samples.

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


class BeatCourse:
    """Mean course of the beats' samples.

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
        """Learn the course of a few beats, in pieces that begin and end `slack` samples farther.

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

    def take(self, piece: Samples, first: int) -> Left:
        """Give what is left of a beat."""
        return self._fitted(*self._aligned(piece, first))

    def learn(self, left: Left, weight: float) -> None:
        """Move the course towards a beat of which this is left, which counts so much, 0 to 1."""
        # A twitch on the beat says nothing of the course.
        most = np.sqrt(_MOST * self._usual)
        self._take(self._course + weight * np.minimum(np.maximum(left.rest, -most), most))

    def learn_usual(self, left: Left, weight: float) -> None:
        """Learn what beats usually leave from one, which counts so much, 0 to 1."""
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
        """Piece, and where the course lies best in it."""
        begin = max(first - self._slack, 0)
        end = first + self._slack + self._n_samples
        return piece, begin + int(np.correlate(piece[begin:end], self._course, "valid").argmax())

    def _fitted(self, piece: Samples, first: int) -> Left:
        part = piece[first : first + self._n_samples]
        gain = float(part @ self._course) / self._own
        aside = float(part @ self._slope) / self._steep
        aside = min(max(aside, -_HALF * abs(gain)), _HALF * abs(gain))
        rest = part - gain * self._course - aside * self._slope
        energy = np.convolve(rest * rest, self._window, "same")
        return Left(first, rest, energy, self._usual)
