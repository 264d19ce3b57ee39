"""Shapes of potentials that were seen before, kept as running averages."""

import numpy as np

from myowatch.signal.samples import Samples

ALIKE = 0.9
"""Correlation from which two potentials are one shape, after what noise takes from it is given
back. Together with `AS_LARGE` 98 in 100 pairs of simulated potentials of one unit pass, and 4 in
100 of two units (docs/numbers.md)."""
AS_LARGE = 2.0
"""Their energies differ by no more than this factor: a unit keeps its size from one discharge to
the next, and another one of the same shape lies deeper or nearer."""
CLEAR = 4.0
"""Energy over that of the noise; less, and noise alone takes more than a tenth of the likeness."""
MOST_SHAPES = 64
"""More are no longer told from chance; the one seen least, and longest ago, makes room."""
_AVERAGED = 16
_LEAST = 1e-200


class Shapes:
    """Gives potentials that look alike one number.

    A potential is compared with the average of each shape, at whatever shift fits best. If the
    best is alike enough it joins and moves the average a little; else it begins a new shape. The
    outcome depends on the order, which is that of time.

    Parameters
    ----------
    core, slide
        See `SnippetCutter`.
    """

    def __init__(self, core: int, slide: int) -> None:
        self._core, self._slide = core, slide
        self._shifts = np.arange(2 * slide + 1)[:, np.newaxis] + np.arange(core)
        self.reset()

    def reset(self) -> None:
        """Forget the past."""
        self._cores: Samples = np.empty((0, self._core))
        self._energies: Samples = np.empty((0, 1))
        # Of each shape: its number, how often it was seen, and when last.
        self._seen: list[tuple[int, int, int]] = []
        self._numbers = self._time = 0

    def number(self, snippet: Samples, noise: float) -> int | None:
        """Give a snippet, (core + 2 slide,), its number: from 1 on; None if it is too faint.

        Parameters
        ----------
        noise
            Mean square of the noise in the snippet.
        """
        self._time += 1
        shifted = snippet[self._shifts]
        # Never nothing, so that silence beside a potential can be divided by.
        energies = np.maximum((shifted * shifted).sum(axis=1), _LEAST)
        energy = float(energies[self._slide])
        lost = noise * self._core / energy
        if lost > 1 / CLEAR or energy == _LEAST:
            return None
        place, shift, likeness = self._most_alike(shifted, energies)
        if likeness < ALIKE * (1 - lost) ** 0.5:
            place, shift = self._begin(), self._slide
        return self._join(place, shifted[shift])

    def _most_alike(self, shifted: Samples, energies: Samples) -> tuple[int, int, float]:
        """Find the shape that is most like a snippet, where it begins there, and how alike."""
        if not len(self._cores):
            return 0, 0, 0.0
        alike = (self._cores @ shifted.T) / np.sqrt(self._energies * energies)
        ratio = energies / self._energies
        alike[(ratio > AS_LARGE) | (ratio < 1 / AS_LARGE)] = 0.0
        place, shift = divmod(int(np.argmax(alike)), len(energies))
        return place, shift, float(alike[place, shift])

    def _begin(self) -> int:
        """Make a place for a new shape."""
        self._numbers += 1
        if len(self._seen) == MOST_SHAPES:
            place = min(range(MOST_SHAPES), key=lambda i: self._seen[i][1:])
        else:
            place = len(self._seen)
            self._seen.append((0, 0, 0))
            self._cores = np.append(self._cores, np.zeros((1, self._core)), axis=0)
            self._energies = np.append(self._energies, np.ones((1, 1)), axis=0)
        self._seen[place] = self._numbers, 0, 0
        self._cores[place] = 0.0
        return place

    def _join(self, place: int, core: Samples) -> int:
        """Add one potential to the average of a shape."""
        number, seen, _ = self._seen[place]
        self._seen[place] = number, seen + 1, self._time
        self._cores[place] += (core - self._cores[place]) / min(seen + 1, _AVERAGED)
        self._energies[place] = (self._cores[place] ** 2).sum()
        return number
