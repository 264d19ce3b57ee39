"""How gravity lies on the sensor, as the limb is turned now and then."""

import numpy as np

from myowatch.acquisition.simulator.chance import log_uniform
from myowatch.signal.samples import AXES, Samples

TURN_RAD = (0.1, 1.2)


class Posture:
    """Gravity in the sensor's axes, read in order; a turn may last into what is read next."""

    def __init__(self, gravity: Samples) -> None:
        self._gravity = gravity
        self._turns: list[tuple[int, Samples]] = []

    def turn(self, start: int, share: Samples, rng: np.random.Generator) -> Samples:
        """Turn the limb by a random angle from sample `start`.

        Parameters
        ----------
        share
            How much of the angle, 0 to 1, at each sample; shape (n_samples,).

        Returns
        -------
        how far gravity has moved in g, shape (n_samples,)
        """
        before = self._turns[-1][1][-1] if self._turns else self._gravity
        angle = log_uniform(rng, TURN_RAD) * share[:, np.newaxis]
        aside = np.cross(before, rng.standard_normal(AXES))
        aside /= np.linalg.norm(aside)
        self._turns.append((start, np.cos(angle) * before + np.sin(angle) * aside))
        return np.asarray(2 * np.sin(angle[:, 0] / 2))

    def read(self, first_sample: int, end_sample: int) -> Samples:
        """Give gravity in g, shape (end_sample - first_sample, 3)."""
        gravity = np.tile(self._gravity, (end_sample - first_sample, 1))
        for start, path in self._turns:
            when = np.arange(first_sample, end_sample) - start
            turned = when >= 0
            gravity[turned] = path[np.minimum(when[turned], len(path) - 1)]
        while self._turns and self._turns[0][0] + len(self._turns[0][1]) <= end_sample:
            self._gravity = self._turns.pop(0)[1][-1]
        return gravity
