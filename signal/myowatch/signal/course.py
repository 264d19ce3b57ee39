"""Tells a cramp from a contraction that is held and from one unit that fires on its own.

By how the strength goes. A muscle that is held on purpose is held: much of the time it is near
its greatest strength, which varies little. A cramp swells, and dies away as its units tire and
drop out one by one. Between the discharges of a single unit there is silence; a cramp has none.
"""

import numpy as np

from myowatch.signal.recent import Recent
from myowatch.signal.samples import Samples

_KEPT_S = 1200.0
# A potential is shorter than a step; a stretch holds several discharges of whatever fires.
_STEP_S, _STRETCH = 0.02, 10
# Share of the greatest strength above which a contraction is held.
_HELD = 0.85
_TOP_QUANTILE = 0.9
# Spread of strength over its mean, less the share of time held: contractions of up to ten seconds
# stay under this. Hardly a muscle is held for longer at rest.
_UNSTEADY = 0.05
_LONG_S = 12.0
# Spread of energy in steps over its mean: up to 1.2 where many units fire, mostly more for one.
_LONE_UNIT = 1.3


class Course:
    """Remembers the energy of the filtered signal in steps of 20 ms.

    Parameters
    ----------
    sampling_rate
        Hz.
    """

    def __init__(self, sampling_rate: float) -> None:
        self._step = max(round(_STEP_S * sampling_rate), 1)
        self._kept = round(_KEPT_S * sampling_rate)
        self._long = round(_LONG_S * sampling_rate)
        self._energy = Recent(self._step)
        self.reset()

    def reset(self) -> None:
        """Forget the past."""
        self._tail: Samples = np.empty(0)
        self._n_samples = 0
        self._energy.reset()

    def process(self, samples: Samples) -> None:
        """Take the next filtered samples, shape (n_samples,)."""
        known = np.concatenate([self._tail, samples])
        n_steps = len(known) // self._step
        self._tail = known[n_steps * self._step :]
        if not n_steps:
            return
        steps = known[: n_steps * self._step].reshape(n_steps, self._step)
        self._energy.append(self._n_samples, (steps**2).sum(axis=1) * (1.0 / self._step))
        self._n_samples += n_steps * self._step
        self._energy.forget(self._n_samples - self._kept)

    def unsteadiness(self, onset: int, offset: int, floor: float) -> float:
        """How much a long event swells and fades rather than being held, over noise energy."""
        energy = self._energy.between(onset, offset)
        n = len(energy) // _STRETCH
        if n < 2:  # noqa: PLR2004
            return 0.0
        stretches = energy[: n * _STRETCH].reshape(n, _STRETCH).mean(axis=1) - floor
        strength = np.sqrt(np.maximum(stretches, 0.0))
        held = (strength > _HELD * np.quantile(strength, _TOP_QUANTILE)).mean()
        return float(strength.std() / max(strength.mean(), 1e-12) - held)

    def loneliness(self, onset: int, offset: int, floor: float) -> float:
        """How much of an event, over noise energy, is silence between discharges."""
        energy = self._energy.between(onset, offset)
        if not len(energy):
            return 0.0
        return float(energy.std() / max(energy.mean() - floor, 1e-12))

    def is_cramp(self, onset: int, offset: int, floor: float) -> bool:
        """Whether what goes on for long is no lone unit, and swells and fades like a cramp."""
        if self.loneliness(onset, offset, floor) > _LONE_UNIT:
            return False
        long = offset - onset >= self._long
        return long or self.unsteadiness(onset, offset, floor) > _UNSTEADY
