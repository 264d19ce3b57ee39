"""Whether a potential in one channel is another channel's, seen from afar.

The field of a motor unit reaches every electrode at the same instant and keeps its shape, only
weaker (Farina et al. 2004, J Appl Physiol 96:1486). So a burst that is, but for its size, what a
channel recorded with it shows at that moment, much larger, belongs to that channel.
"""

import numpy as np

from myowatch.signal.samples import Samples

# The larger one has at least twice the amplitude; nearly equal ones are a unit between the two.
_ENERGY_RATIO = 4.0
# Share of the energy that is the other channel's. A burst that only just rises out of the noise
# has a third of its energy from the noise.
_EXPLAINED = 0.6
# The field spreads at once, but electrodes see it from different sides.
MOST_LAG_S = 0.002


def is_crosstalk(own: Samples, other: Samples) -> bool:
    """Whether `other` at twice the size or more explains `own`.

    Parameters
    ----------
    own
        Filtered samples of the burst, shape (n_samples,).
    other
        Those of the other channel, with the same number more before and after them, shape
        (n_samples + 2 * most_lag,).
    """
    shifted = np.lib.stride_tricks.sliding_window_view(other, len(own))
    energies = (shifted**2).sum(axis=1)
    energy = float(own @ own)
    if not energy or energies.max() < _ENERGY_RATIO * energy:
        return False
    alike = (shifted @ own) ** 2 / np.maximum(energies * energy, 1e-300)
    best = int(np.argmax(alike))
    return bool(alike[best] >= _EXPLAINED and energies[best] >= _ENERGY_RATIO * energy)
