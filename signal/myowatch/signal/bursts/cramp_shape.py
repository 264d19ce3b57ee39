"""Distinguishes a cramp from a held contraction, and from one motor unit that keeps firing.

By how the strength goes. A muscle that is held on purpose is held: it may waver, but over a second
that evens out. A cramp swells, and dies away as its units tire and drop out one by one. Between
the discharges of a single unit that is merely active there is silence; in a cramp units fire fast.
"""

import numpy as np

from myowatch.signal.dsp.frames import Frames, frame_sums
from myowatch.signal.dsp.history import RecentValues
from myowatch.signal.model.samples import Samples

# Twenty minutes: what has lasted longer than any cramp (ten minutes) is judged by its end.
_KEPT_S = 1200.0
# A potential is shorter than a step; a stretch holds several discharges of whatever fires.
_STEP_S, _STRETCH = 0.02, 10
# The greatest strength, but for the strongest tenth: a twitch or two on top. What stays far below
# it at either end is no part of the contraction.
_TOP_QUANTILE, _PART = 0.9, 0.1
# Any contraction rises and falls, within 0.8 s as a rule; over a second wavering evens out.
_ENDS, _EVENS_OUT = 4, 5
# Spread of strength over its mean when wavering has evened out: 19 of 20 contractions of up to ten
# seconds stay under this, 19 of 20 cramps exceed it (on simulated muscles of two kinds).
_UNSTEADY = 0.11
# Hardly a muscle is held for longer at rest.
_LONG_S = 20.0
# After a twitch there is quiet. What holds three times the energy of the noise before it in every
# step thereafter, and is not far below its peak (17 dB; noise is 12 under its own), has only ended
# because the floor rose under it.
_GOES_ON, _UNDER_PEAK, _LEAST_STEPS = 3.0, 0.02, 2
# Spread of energy in steps over its mean. One unit at f Hz fills a share p = f x 20 ms of the
# steps and comes to ((1 - p) / p) ** 0.5, which is 1.5 at 15 Hz; units in a cramp fire faster.
_LONE_UNIT = 1.5


class CrampShape:
    """Keeps the energy of the filtered signal in steps of 20 ms.

    Parameters
    ----------
    sampling_rate
        Hz.
    """

    def __init__(self, sampling_rate: float) -> None:
        self._step = max(round(_STEP_S * sampling_rate), 1)
        self._kept = round(_KEPT_S * sampling_rate)
        self._long = round(_LONG_S * sampling_rate)
        self._steps = Frames(self._step)
        self._energy = RecentValues(self._step)
        self.reset()

    def reset(self) -> None:
        """Reset to the initial state."""
        self._steps.reset()
        self._n_samples = 0
        self._energy.reset()

    def process(self, samples: Samples) -> None:
        """Process the next filtered samples, shape (n_samples,)."""
        steps = self._steps.process(samples)
        self._energy.append(self._n_samples, frame_sums(steps * steps) * (1.0 / self._step))
        # Counted from before these samples: however long a block is, what came before it stays.
        self._energy.forget(self._n_samples - self._kept)
        self._n_samples += steps.size

    def unsteadiness(self, onset: int, offset: int, floor: float) -> float:
        """Return how much a long event swells and fades; 0 for a strength that is held."""
        energy = self._energy.between(onset, offset)
        n = len(energy) // _STRETCH
        stretches = energy[: n * _STRETCH].reshape(n, _STRETCH).mean(axis=1) - floor
        strength = np.sqrt(np.maximum(stretches, 0.0))
        if not strength.any():
            return 0.0
        part = np.flatnonzero(strength > _PART * np.quantile(strength, _TOP_QUANTILE))
        held = strength[part[0] + _ENDS : part[-1] + 1 - _ENDS]
        if len(held) <= _EVENS_OUT:
            return 0.0
        even = np.lib.stride_tricks.sliding_window_view(held, _EVENS_OUT).mean(axis=1)
        return float(even.std() / even.mean())

    def loneliness(self, onset: int, offset: int, floor: float) -> float:
        """Return how much of an event is silence between discharges."""
        energy = self._energy.between(onset, offset)
        if not len(energy):
            return 0.0
        return float(energy.std() / max(energy.mean() - floor, 1e-12))

    def goes_on(self, offset: int, known: int, peak: float, floor: float) -> bool:
        """Return whether something brief continues after its offset."""
        after = self._energy.between(offset, known - self._step + 1)
        quiet = max(_GOES_ON * floor, _UNDER_PEAK * peak**2)
        return len(after) >= _LEAST_STEPS and float(after.min()) > quiet

    def is_cramp(self, onset: int, offset: int, floor: float) -> bool:
        """Return whether a long event is no single unit, and swells and fades like a cramp."""
        if self.loneliness(onset, offset, floor) > _LONE_UNIT:
            return False
        long = offset - onset >= self._long
        return long or self.unsteadiness(onset, offset, floor) > _UNSTEADY
